/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A TFTP client and whatever is sent to it: a conversation of datagrams, each
 * with two bytes in front: what to do first and from whom, and its length.
 */
#include "netstack/fuzz/fuzz.h"
#include "netstack/tftp.h"

enum { ROOM = 4096, TURNS_MAX = 100 };     /* three short windows fit, so that a far server is found out */

/* Who pulls has one block in his room at most, and takes it when he likes. */
static void pull(struct tftp *t, uint32_t *taken, bool takes)
{
	require(t->blocks - *taken <= 1 && t->received <= t->window.block_size);
	if (!takes)
		return;
	*taken = t->blocks;
	tftp_emptied(t);
}

static void turn(struct tftp *t, usec now)
{
	uint8_t packet[600];
	struct wr w = wr_over(packet, sizeof packet);
	struct flow flow;

	for (int sends = 0; tftp_tx(t, now, &w, &flow); sends++) {
		require(wr_ok(&w) && sends < 6);
		w = wr_over(packet, sizeof packet);
	}
	require(t->received <= ROOM && memchr(t->error_text, 0, sizeof t->error_text) != NULL);
	require(tftp_wake_at(t) > now);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct tftp t;
	struct rd r = rd_over(bytes, len);
	uint8_t how = rd_u8(&r), *room = malloc(ROOM);
	const bool pulls = how & 128;
	struct tftp_profile profile = { .block_size = how & 1 ? 64 : 0, .window = how & 32 ? 64 : how & 2 ? 4 : 1,
	                                .window_near = how & 64 ? 0 : 16, .probe_size = how & 4 };
	uint32_t taken = 0;
	usec now = 0;

	if (pulls)
		profile.window = 1;
	tftp_init(&t, 1, "file", room, ROOM, &profile, NULL, now, 1);
	if (pulls)
		tftp_pull(&t);
	turn(&t, now);
	for (int turns = 0; rd_left(&r) && turns < TURNS_MAX; turns++) {
		uint8_t what = rd_u8(&r);
		size_t said_len = rd_u8(&r);
		struct datagram in = { .src_ip = what & 2 ? 2 : 1, .src_port = (uint16_t)(what >> 2),
		                       .dst_port = t.port };

		if (what & 1 && tftp_wake_at(&t) != NEVER)
			now = max_u64(now, tftp_wake_at(&t));
		if (in.src_port == 63)          /* a server with one port; one that comes too late */
			in.src_port = TFTP_SERVER_PORT;
		if (in.src_port == 62)
			in.dst_port = t.old_port;
		if (!(how & 16))
			turn(&t, now);
		/* As if 65,535 blocks had come: no conversation is so long. */
		if (how & 8 && t.state == TFTP_READING && t.window.expected == 1)
			t.window.expected = 0;
		in.payload = rd_sub(&r, min_size(said_len, rd_left(&r)));
		tftp_rx(&t, now, &in);
		turn(&t, now);
		if (pulls)
			pull(&t, &taken, said_len & 1);
	}
	if (pulls)
		pull(&t, &taken, true);
	for (int turns = 0; tftp_wake_at(&t) != NEVER; turns++) {
		require(turns < 100);
		turn(&t, max_u64(now, tftp_wake_at(&t)));
	}
	require(tftp_status(&t) != TFTP_WORKING);
	free(room);
	return 0;
}
