/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * Packets of the slow protocols one after the other, each with a byte of time and its length in front: no answer comes
 * unasked, none is anything else than one, and there are never more than ten a second.
 */
#include "netstack/fuzz/fuzz.h"
#include "netstack/lacp.h"

enum { FRAME_BYTES = 14 + LACP_BYTES, ANSWERS_MAX = 10 };

struct wire { struct nic nic; unsigned sent; };

static bool wire_send(struct nic *nic, const void *frame, size_t len)
{
	struct rd r = rd_over(frame, len);

	((struct wire *)nic)->sent++;
	require(len == FRAME_BYTES && rd_is(&r, slow_group, sizeof slow_group) && rd_is(&r, nic->mac, 6));
	require(rd_be16(&r) == 0x8809 && slow_parse(&r) != SLOW_UNKNOWN);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct net net;
	struct wire wire = { .nic = { .send = wire_send, .mac = { 2, 0, 0, 0, 0, 1 } } };
	struct rd all = rd_over(bytes, len);
	usec now = 0, second = 0;
	unsigned sent_before = 0;
	struct lacp l;

	net_init(&net, &wire.nic, NULL);
	lacp_init(&l);
	while (rd_left(&all)) {
		uint8_t tenths = rd_u8(&all), n = rd_u8(&all);
		struct rd one = rd_sub(&all, min_size(n, rd_left(&all)));
		uint8_t *copy = fuzz_copy(one.at, rd_left(&one));
		unsigned sent = wire.sent;

		now += (usec)(tenths & 15) * 100 * USEC_PER_MS;
		if (now - second >= USEC_PER_S) {
			second = now;
			sent_before = wire.sent;
		}
		lacp_rx(&l, &net, now, rd_over(copy, rd_left(&one)));
		free(copy);
		require(wire.sent - sent <= 1 && wire.sent - sent_before <= 2 * ANSWERS_MAX);
		require(lacp_blocks(&l, now) == (lacp_until(&l, now) != NEVER));
		require(!lacp_blocks(&l, now + 5 * (usec)USEC_PER_S));
		require((lacp_listener(&l) != NULL) == l.is_heard);
	}
	return 0;
}
