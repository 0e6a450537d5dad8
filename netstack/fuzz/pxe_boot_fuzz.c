/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A question to boot servers and whatever is answered: the first byte says who is asked; then the length of an option
 * 43 and the option, if it is a discovery; then datagrams, each with two bytes in front: what to do first and from
 * whom, and how long its options are. xid, MAC and magic are made good, or nothing would be heard.
 */
#include "netstack/fuzz/fuzz.h"
#include "netstack/pxe_boot.h"

enum { HEAD = 240, TURNS_MAX = 64, CLIENT = 0x0a000032 };

static const struct dhcp_identity who = { .mac = { 2, 0, 0, 0, 0, 1 }, .architecture = 7, .undi_major = 3 };

static void turn(struct pxe_boot *p, usec now)
{
	static uint8_t room[DHCP_SIZE_MAX];
	struct wr w = wr_over(room, sizeof room);
	struct flow flow;

	for (unsigned sends = 0; pxe_boot_tx(p, now, &w, &flow); sends++) {
		require(wr_ok(&w) && sends < 2 + PXE_BOOT_SERVERS_MAX && flow.dst_ip != 0);
		w = wr_over(room, sizeof room);
	}
	require(pxe_boot_wake_at(p) > now);
	require((pxe_boot_status(p) == PXE_BOOT_FAILED) == (p->failure != PXE_BOOT_NO_FAILURE));
	require(pxe_boot_status(p) != PXE_BOOT_DONE || p->answered_by);
	require(memchr(p->answer.boot_file, 0, sizeof p->answer.boot_file) != NULL);
}

static void say(struct pxe_boot *p, usec now, uint8_t what, struct rd said)
{
	uint8_t *packet = calloc(1, HEAD + rd_left(&said));
	struct datagram in = {
		.src_ip = what & 2 ? 0x0a000002 : 0x0a000001, .src_port = what & 4 ? 67 : PXE_BOOT_PORT,
		.payload = rd_over(packet, HEAD + rd_left(&said)),
	};
	struct wr w = wr_over(packet, HEAD + rd_left(&said));

	wr_be32(&w, what & 0x80 ? 0x01010600 : 0x02010600);
	wr_be32(&w, p->xid);
	memcpy(packet + 28, who.mac, sizeof who.mac);
	w = wr_over(packet + 236, 4 + rd_left(&said));
	wr_be32(&w, what & 0x40 ? 0 : 0x63825363);
	wr_rest(&w, said);
	pxe_boot_rx(p, now, &in);
	free(packet);
}

static void choose(struct pxe_boot_ask *ask, struct rd *r)
{
	uint8_t how = rd_u8(r);
	struct rd value = rd_sub(r, min_size(rd_u8(r), rd_left(r)));
	struct pxe_option o;

	if (how & 1)
		pxe_boot_ask_server(ask, how & 2 ? 0x0a000001 : how);
	else if (pxe_parse(value, &o))
		pxe_boot_ask_item(ask, &o, how >> 4);
	else
		pxe_boot_ask_server(ask, 0);
	require(ask->server_count <= PXE_BOOT_SERVERS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct pxe_boot p;
	uint8_t *copy = fuzz_copy(bytes, len);
	struct rd r = rd_over(copy, len);
	struct pxe_boot_ask ask;
	usec now = 0;

	choose(&ask, &r);
	pxe_boot_init(&p, &ask, &who, CLIENT, NULL, now, 1);
	turn(&p, now);
	for (int turns = 0; rd_left(&r) && turns < TURNS_MAX; turns++) {
		uint8_t what = rd_u8(&r);
		size_t said_len = rd_u8(&r);

		if (what & 1 && pxe_boot_wake_at(&p) != NEVER)
			now = pxe_boot_wake_at(&p);
		turn(&p, now);
		say(&p, now, what, rd_sub(&r, min_size(said_len, rd_left(&r))));
		turn(&p, now);
	}
	for (int turns = 0; pxe_boot_wake_at(&p) != NEVER; turns++) {
		require(turns < 8);
		turn(&p, pxe_boot_wake_at(&p));
	}
	require(pxe_boot_status(&p) != PXE_BOOT_WORKING);
	free(copy);
	return 0;
}
