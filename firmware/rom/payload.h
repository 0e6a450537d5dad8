/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_ROM_PAYLOAD_H
#define FIRMWARE_ROM_PAYLOAD_H
/*
 * rill.kpxe as it is packed in an option ROM (docs/rom.md); build/rom writes it.
 *
 *     payload = bytes[4] crc[4] stream[...]            numbers with the most significant byte first
 *
 *     payload_head(packed, &head);                     how long it will be
 *     verdict = payload_unpack(packed, odds, to, room, &bytes);
 *
 * The stream is LZMA (lzma.h). In what comes out of it the operand of each call and near jump is the place in the file
 * where it goes to, so that many calls of one function look alike; payload_unpack makes them relative again. crc is
 * zlib's CRC-32 of the result. Nothing is ever written outside of to[room] and odds, and what is not PAYLOAD_GOOD
 * must not be used.
 */
#include "lib/bytes.h"

enum { PAYLOAD_HEAD_BYTES = 8, PAYLOAD_BYTES_MAX = 480 << 10 };

enum payload_verdict {
	PAYLOAD_GOOD,
	PAYLOAD_DAMAGED,                /* cut off, overwritten, or something else altogether */
	PAYLOAD_NO_ROOM,
};

struct payload_head { uint32_t bytes, crc; };

bool payload_head(struct rd *packed, struct payload_head *head);
/* odds: LZMA_ODDS of them. bytes may be NULL. */
enum payload_verdict payload_unpack(struct rd packed, uint16_t *odds, uint8_t *to, size_t room, size_t *bytes);
uint32_t payload_crc(const uint8_t *bytes, size_t len);
#endif
