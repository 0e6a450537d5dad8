/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * An MTFTP client and whatever is sent to it: a conversation of datagrams, each with three bytes in front: what to do
 * first and from whom, how much of a block of 512 bytes to append, and its length.
 */
#include "netstack/fuzz/fuzz.h"
#include "netstack/mtftp.h"

enum { ROOM = 1600, TURNS_MAX = 100 };

static void turn(struct mtftp *m, usec now)
{
	uint8_t packet[600];
	struct wr w = wr_over(packet, sizeof packet);
	struct flow flow;

	for (int sends = 0; mtftp_tx(m, now, &w, &flow); sends++) {
		require(wr_ok(&w) && sends < 3 && flow.dst_port);
		w = wr_over(packet, sizeof packet);
	}
	require(m->blocks.bytes <= ROOM && mtftp_wake_at(m) > now);
}

/* The bytes as they are, and so many zeroes behind them: 4 bytes make a whole block. */
static void receive(struct mtftp *m, usec now, struct datagram *in, struct rd said, size_t zeroes)
{
	size_t len = rd_left(&said) + zeroes;
	uint8_t *packet = calloc(1, len ? len : 1);
	struct wr w = wr_over(packet, len);

	wr_rest(&w, said);
	in->payload = rd_over(packet, len);
	mtftp_rx(m, now, in);
	free(packet);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct mtftp m;
	struct rd r = rd_over(bytes, len);
	uint8_t times = rd_u8(&r), *room = malloc(ROOM);
	const struct pxe_mtftp how = { 0xefff0001, 1, 2, times & 15, times >> 4 };
	usec now = 0;

	require(mtftp_is_offered(&how));
	mtftp_init(&m, 1, &how, "file", room, ROOM, NULL, now, 1);
	turn(&m, now);
	for (int turns = 0; rd_left(&r) && turns < TURNS_MAX; turns++) {
		uint8_t what = rd_u8(&r);
		size_t zeroes = rd_u8(&r) * (size_t)4, said_len = rd_u8(&r);
		struct datagram in = { .src_ip = what & 2 ? 2 : 1, .src_port = (uint16_t)(1 + (what >> 2)) };

		if (what & 1 && mtftp_wake_at(&m) != NEVER)
			now = mtftp_wake_at(&m);
		turn(&m, now);
		receive(&m, now, &in, rd_sub(&r, min_size(said_len, rd_left(&r))), zeroes);
		turn(&m, now);
	}
	for (int turns = 0; mtftp_wake_at(&m) != NEVER; turns++) {
		require(turns < 100);
		turn(&m, mtftp_wake_at(&m));
	}
	require(mtftp_status(&m) != MTFTP_WORKING);
	free(room);
	return 0;
}
