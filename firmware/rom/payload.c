/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/rom/payload.h"
#include "firmware/rom/lzma.h"

enum { CALL = 0xe8, JUMP = 0xe9, OPERAND = 4 };
#define CRC_POLYNOMIAL 0xedb88320u

bool payload_head(struct rd *packed, struct payload_head *head)
{
	head->bytes = rd_be32(packed);
	head->crc   = rd_be32(packed);
	return rd_ok(packed) && head->bytes != 0 && head->bytes <= PAYLOAD_BYTES_MAX;
}

/* Bit by bit: a table would need an address, and it is done once. */
uint32_t payload_crc(const uint8_t *bytes, size_t len)
{
	uint32_t crc = UINT32_MAX;

	while (len--) {
		crc ^= *bytes++;
		for (unsigned i = 0; i < 8; i++)
			crc = crc >> 1 ^ (CRC_POLYNOMIAL & (0u - (crc & 1)));
	}
	return ~crc;
}

static uint32_t get(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static void put(uint8_t *p, uint32_t v)
{
	for (unsigned i = 0; i < OPERAND; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/*
 * The packer made of a relative operand at `at` the place it goes to, if that is in the file; and of what would then
 * be mistaken for one, -at to 0, that place plus the file's length: each value has one that stands for it.
 */
static void make_calls_relative(uint8_t *file, size_t bytes)
{
	for (size_t at = 0; at + 1 + OPERAND <= bytes; at++) {
		uint32_t place, here = (uint32_t)at, all = (uint32_t)bytes;

		if (file[at] != CALL && file[at] != JUMP)
			continue;
		place = get(file + at + 1);
		if (place < all)
			place -= here;
		else if (place + here < here)
			place += all;
		put(file + at + 1, place);
		at += OPERAND;
	}
}

enum payload_verdict payload_unpack(struct rd packed, uint16_t *odds, uint8_t *to, size_t room, size_t *bytes)
{
	struct payload_head head;

	if (!payload_head(&packed, &head))
		return PAYLOAD_DAMAGED;
	if (head.bytes > room)
		return PAYLOAD_NO_ROOM;
	if (!lzma_unpack(packed, odds, to, head.bytes))
		return PAYLOAD_DAMAGED;
	make_calls_relative(to, head.bytes);
	if (payload_crc(to, head.bytes) != head.crc)
		return PAYLOAD_DAMAGED;
	if (bytes)
		*bytes = head.bytes;
	return PAYLOAD_GOOD;
}
