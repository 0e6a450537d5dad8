/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A DHCP client and whatever is sent to it: a conversation of datagrams, each
 * with two bytes in front: what to do first, and its length. It begins with
 * yiaddr, siaddr, giaddr and 8 bytes for the fields sname and file; the rest is
 * options. xid, our MAC and the magic are made good, or nothing would be heard.
 * If bit 3 of the first byte is set the client goes on with a lease of 10.0.0.9
 * that it cannot give up.
 */
#include "netstack/fuzz/fuzz.h"
#include "netstack/dhcp_answer.h"

enum { HEAD = 240, TURNS_MAX = 64 };

static const struct dhcp_identity who = {
	.mac = { 2, 0, 0, 0, 0, 1 }, .uuid = { 1 }, .undi_major = 2, .undi_minor = 1, .id_is_uuid = true,
};

static void turn(struct dhcp *d, usec now)
{
	static uint8_t room[DHCP_SIZE_MAX];
	struct wr w = wr_over(room, sizeof room);
	struct flow flow;

	for (int sends = 0; dhcp_tx(d, now, &w, &flow); sends++) {
		require(wr_ok(&w) && sends < 4);
		w = wr_over(room, sizeof room);
	}
	require(dhcp_status(d) != DHCP_FAILED || d->failure != DHCP_NO_FAILURE);
	require(dhcp_wake_at(d) > now);
}

/* What a program is given that is started now: an ACK, whatever came. */
static void give(const struct dhcp_answer *a, const struct dhcp_lease *l)
{
	static uint8_t room[DHCP_SIZE_MAX];
	struct dhcp_packet p;
	size_t size = dhcp_answer_ack(a, l, 0x0a000002, l->boot_file, room);

	require(size >= DHCP_SIZE_MIN && size <= sizeof room && dhcp_parse(rd_over(room, size), &p));
	require(p.type == DHCP_ACK && p.your_ip == l->address.ip && p.next_ip == 0x0a000002);
}

static void say(struct dhcp *d, struct dhcp_answer *a, usec now, struct rd said)
{
	uint8_t *packet = calloc(1, HEAD + rd_left(&said));
	struct datagram in = { .src_ip = 0x0a000001, .payload = rd_over(packet, HEAD + rd_left(&said)) };
	struct wr w = wr_over(packet, HEAD + rd_left(&said));
	const struct rd fields = rd_sub(&said, min_size(12, rd_left(&said)));
	const struct rd texts = rd_sub(&said, min_size(8, rd_left(&said)));

	wr_be32(&w, 0x02010600);
	wr_be32(&w, d->xid);
	wr_be64(&w, 0);
	wr_rest(&w, fields);            /* yiaddr, siaddr, giaddr */
	memcpy(packet + 28, who.mac, sizeof who.mac);
	w = wr_over(packet + 44, 64);
	wr_rest(&w, texts);
	w = wr_over(packet + 108, 128);
	wr_rest(&w, texts);
	w = wr_over(packet + 236, 4 + rd_left(&said));
	wr_be32(&w, 0x63825363);
	wr_rest(&w, said);
	dhcp_rx(d, now, &in);
	dhcp_answer_note(a, d, in.payload);
	give(a, &d->lease);
	require(memchr(d->lease.boot_file, 0, sizeof d->lease.boot_file) != NULL);
	require(d->lease.address.route_count <= NET_ROUTES_MAX && d->offer_count <= DHCP_OFFERS_MAX);
	free(packet);
}

static void begin(struct dhcp *d, bool has_lease)
{
	static const struct dhcp_lease lease = {
		.address = { .ip = 0x0a000009 }, .server = 0x0a000001, .lease_s = 600, .t1_s = 300, .t2_s = 525,
	};

	if (has_lease)
		dhcp_resume(d, &who, NULL, &lease, 0, 1);
	else
		dhcp_init(d, &who, NULL, 0, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct dhcp d;
	static struct dhcp_answer a;
	struct rd r = rd_over(bytes, len);
	usec now = 0;

	begin(&d, len && bytes[0] & 8);
	memset(&a, 0, sizeof a);
	turn(&d, now);
	for (int turns = 0; rd_left(&r) && turns < TURNS_MAX; turns++) {
		uint8_t what = rd_u8(&r);
		size_t said_len = rd_u8(&r);

		if (what & 1 && dhcp_wake_at(&d) != NEVER)
			now = dhcp_wake_at(&d);
		if ((what & 0xf0) == 0xf0)
			dhcp_decline(&d, now);
		if ((what & 0xf0) == 0xe0)
			dhcp_release(&d, now);
		turn(&d, now);
		say(&d, &a, now, rd_sub(&r, min_size(said_len, rd_left(&r))));
		turn(&d, now);
	}
	for (int turns = 0; dhcp_wake_at(&d) != NEVER && !(d.clings && dhcp_status(&d) == DHCP_LOST); turns++) {
		require(turns < 200);   /* sixteen servers asked four times each, and then a BOOTP lease for ever */
		turn(&d, dhcp_wake_at(&d));
	}
	return 0;
}
