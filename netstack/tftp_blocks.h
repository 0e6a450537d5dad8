/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_TFTP_BLOCKS_H
#define NETSTACK_TFTP_BLOCKS_H
/*
 * A file whose TFTP blocks come in any order, and which of them are missing: who joins a multicast transfer begins in
 * the middle, and fills the holes later.
 *
 *     tftp_blocks_init(&b, room, room_size, block_size);
 *     tftp_blocks_take(&b, number, payload)    straight to its place in the room
 *     tftp_blocks_before_hole(&b)              an ACK of it asks for the first that is missing
 *     tftp_blocks_are_whole(&b)                b.bytes are in the room
 *
 * Block numbers do not wrap here: in a transfer without an order nobody could tell the second 1 from the first. So a
 * file has 65,535 blocks at most.
 */
#include "lib/bytes.h"

enum { TFTP_BLOCKS_MAX = 65535 };

enum tftp_taken {
	TFTP_TAKEN_NEW,
	TFTP_TAKEN_AGAIN,       /* it was there */
	TFTP_TAKEN_OTHER,       /* it was there, with other bytes: these are blocks of two files */
	TFTP_TAKEN_WRONG,       /* not this file's: no such number or length, or a last before one that came */
	TFTP_TAKEN_TOO_BIG,     /* it lies beyond the room */
};

struct tftp_blocks {
	size_t   bytes;                 /* public: taken so far */
	uint8_t *room;
	size_t   room_size;
	uint16_t block_size, last_len;
	uint32_t highest;               /* the largest number of them */
	uint32_t last;                  /* 0: not known yet */
	uint32_t before_hole;           /* all up to it are there */
	uint8_t  there[(TFTP_BLOCKS_MAX + 8) / 8];      /* bit n: block n */
};

void            tftp_blocks_init(struct tftp_blocks *b, uint8_t *room, size_t room_size, uint16_t block_size);
enum tftp_taken tftp_blocks_take(struct tftp_blocks *b, uint16_t number, struct rd payload);

static inline bool tftp_blocks_have(const struct tftp_blocks *b, uint16_t number)
{
	return b->there[number / 8] >> number % 8 & 1;
}

static inline uint16_t tftp_blocks_before_hole(const struct tftp_blocks *b) { return (uint16_t)b->before_hole; }

static inline bool tftp_blocks_are_whole(const struct tftp_blocks *b) { return b->last && b->before_hole == b->last; }
#endif
