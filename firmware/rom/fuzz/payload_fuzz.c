/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * Any bytes as a packed payload, in a block of their size and with room for just what they say they are. With an even
 * first byte the checksum is made right, as no fuzzer would: then what is good once is good again, and one byte less
 * is not.
 */
#include "firmware/rom/lzma.h"
#include "firmware/rom/payload.h"
#include "netstack/fuzz/fuzz.h"

enum { ROOM_MAX = 8192, CRC_AT = 4 };

static enum payload_verdict unpack(const uint8_t *bytes, size_t len, uint8_t *to, size_t room)
{
	static uint16_t odds[LZMA_ODDS];
	uint8_t *packed = fuzz_copy(bytes, len);
	size_t   got = 0;
	enum payload_verdict v = payload_unpack(rd_over(packed, len), odds, to, room, &got);

	free(packed);
	require(v != PAYLOAD_GOOD || got <= room);
	return v;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct payload_head head;
	struct rd r;
	struct wr w;
	uint8_t *packed, *to;
	size_t   room;

	if (len == 0)
		return 0;
	packed = fuzz_copy(bytes + 1, --len);
	r      = rd_over(packed, len);
	room   = payload_head(&r, &head) ? min_size(head.bytes, ROOM_MAX) : 1;
	to     = malloc(room);
	if (unpack(packed, len, to, room) == PAYLOAD_DAMAGED && bytes[0] % 2 == 0 && room == head.bytes
	    && len >= PAYLOAD_HEAD_BYTES) {
		w = wr_over(packed + CRC_AT, 4);
		wr_be32(&w, payload_crc(to, room));
	}
	if (unpack(packed, len, to, room) == PAYLOAD_GOOD) {
		require(unpack(packed, len, to, room) == PAYLOAD_GOOD);
		require(unpack(packed, len - 1, to, room) == PAYLOAD_DAMAGED);
		require(unpack(packed, len, to, room - 1) == PAYLOAD_NO_ROOM);
	}
	free(to);
	free(packed);
	return 0;
}
