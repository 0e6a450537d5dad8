/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/tftp_blocks.h"

void tftp_blocks_init(struct tftp_blocks *b, uint8_t *room, size_t room_size, uint16_t block_size)
{
	memset(b, 0, sizeof *b);
	b->room       = room;
	b->room_size  = room_size;
	b->block_size = block_size;
}

/* A last block has a length of its own, and one that comes again may be longer than it and than the room. */
static bool is_same(const struct tftp_blocks *b, uint16_t number, struct rd payload, size_t at)
{
	size_t len = number == b->last ? b->last_len : b->block_size;

	return rd_left(&payload) == len && rd_is(&payload, b->room + at, len);
}

enum tftp_taken tftp_blocks_take(struct tftp_blocks *b, uint16_t number, struct rd payload)
{
	size_t len = rd_left(&payload), at = (size_t)(number - 1) * b->block_size;
	bool is_last = len < b->block_size;

	if (number == 0 || len > b->block_size || (b->last && number > b->last)
	    || (is_last && (number < b->highest || (b->last && number != b->last))))
		return TFTP_TAKEN_WRONG;
	if (tftp_blocks_have(b, number))
		return is_same(b, number, payload, at) ? TFTP_TAKEN_AGAIN : TFTP_TAKEN_OTHER;
	if (at > b->room_size || len > b->room_size - at)
		return TFTP_TAKEN_TOO_BIG;
	rd_bytes(&payload, b->room + at, len);
	b->there[number / 8] |= (uint8_t)(1u << number % 8);
	b->bytes += len;
	if (number > b->highest)
		b->highest = number;
	if (is_last) {
		b->last     = number;
		b->last_len = (uint16_t)len;
	}
	while (b->before_hole < b->highest && tftp_blocks_have(b, (uint16_t)(b->before_hole + 1)))
		b->before_hole++;
	return TFTP_TAKEN_NEW;
}
