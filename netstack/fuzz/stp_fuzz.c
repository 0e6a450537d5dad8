/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* BPDUs one after the other, each with the seconds since the last and its length in front: what they tell ends. */
#include "netstack/fuzz/fuzz.h"
#include "netstack/stp.h"

enum { HELLO_BELIEVED_MAX = 30, DELAY_MAX = 60 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct rd all = rd_over(bytes, len);
	struct stp s;
	usec now = 0, until;

	stp_init(&s);
	while (rd_left(&all)) {
		uint8_t seconds = rd_u8(&all), how = rd_u8(&all);
		struct rd one = rd_sub(&all, min_size(how & 0x7f, rd_left(&all)));
		size_t n = rd_left(&one);
		uint8_t *copy = fuzz_copy(one.at, n);

		now += (usec)(seconds & 15) * USEC_PER_S;
		if (n >= 5 && how & 0x80)
			memcpy(copy, "\x42\x42\x03\0\0", 5);
		stp_rx(&s, now, rd_over(copy, n));
		free(copy);
		if (seconds & 0x80)
			stp_heard_data(&s);
		until = stp_until(&s, now);
		require(until == NEVER || (until > now && until <= now + DELAY_MAX * (usec)USEC_PER_S));
		if (stp_says(&s, now) == STP_BLOCKS)
			require(until <= now + HELLO_BELIEVED_MAX * (usec)USEC_PER_S);
		require((stp_says(&s, now) == STP_BLOCKS || stp_says(&s, now) == STP_MAY_FORWARD) == (until != NEVER));
	}
	require(stp_says(&s, now + DELAY_MAX * (usec)USEC_PER_S) <= STP_FORWARDS);
	return 0;
}
