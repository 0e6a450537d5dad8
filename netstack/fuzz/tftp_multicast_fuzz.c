/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A multicast TFTP client and whatever is sent to it: a conversation of datagrams, each with two bytes in front: what
 * to do first and from whom, and its length.
 */
#include "netstack/fuzz/fuzz.h"
#include "netstack/tftp_multicast.h"

enum { ROOM = 600, TURNS_MAX = 100 };

static void turn(struct tftp_multicast *m, usec now, bool can_join)
{
	uint8_t packet[600];
	struct wr w = wr_over(packet, sizeof packet);
	struct flow flow;

	if (m->group)
		tftp_multicast_joined(m, now, can_join);
	for (int sends = 0; tftp_multicast_tx(m, now, &w, &flow); sends++) {
		require(wr_ok(&w) && sends < 3 && flow.dst_port);
		w = wr_over(packet, sizeof packet);
	}
	require(m->blocks.bytes <= ROOM && tftp_multicast_wake_at(m) > now);
	require(!m->group || m->group >> 28 == 0xe);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct tftp_multicast m;
	struct rd r = rd_over(bytes, len);
	uint8_t how = rd_u8(&r), *room = malloc(ROOM);
	usec now = 0;

	tftp_multicast_init(&m, 1, "file", room, ROOM, how & 1 ? 64 : 512, NULL, now, 1);
	turn(&m, now, true);
	for (int turns = 0; rd_left(&r) && turns < TURNS_MAX; turns++) {
		uint8_t what = rd_u8(&r);
		size_t said_len = rd_u8(&r);
		struct datagram in = { .src_ip = what & 2 ? 2 : 1, .src_port = (uint16_t)(1 + (what >> 3)) };

		if (what & 1 && tftp_multicast_wake_at(&m) != NEVER)
			now = tftp_multicast_wake_at(&m);
		turn(&m, now, !(how & 2));
		in.dst_port = what & 4 ? m.group_port : m.port;
		in.payload = rd_sub(&r, min_size(said_len, rd_left(&r)));
		tftp_multicast_rx(&m, now, &in);
		turn(&m, now, !(how & 2));
	}
	for (int turns = 0; tftp_multicast_wake_at(&m) != NEVER; turns++) {
		require(turns < 100);
		turn(&m, tftp_multicast_wake_at(&m), true);
	}
	require(tftp_multicast_status(&m) != TFTP_MULTICAST_WORKING);
	free(room);
	return 0;
}
