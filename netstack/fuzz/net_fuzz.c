/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * The whole stack and whatever is on the wire: frames, each with two bytes in
 * front: what to make good (our MAC, our address, checksums) and its length.
 * The first byte of all says whether we have an address yet, and whether we are in a VLAN.
 */
#include "netstack/fuzz/fuzz.h"
#include "netstack/net.h"
#include "netstack/vlan.h"

enum { OUR_IP = 0x0a000005, OUR_PORT = 68, IP_AT = 14, FRAMES_MAX = 64 };

struct wire { struct nic nic; struct rd left; uint8_t *lent; };

static void make_good(uint8_t *frame, size_t len, uint8_t what)
{
	size_t head = len > IP_AT ? (size_t)(frame[IP_AT] & 15) * 4 : 0, end = len;

	if (what & 1 && len >= 6)
		memset(frame, 0xff, 6);
	if (what & 2 && len >= IP_AT + 20) {
		struct wr w = wr_over(frame + 12, 2);

		wr_be16(&w, 0x0800);
		w = wr_over(frame + IP_AT + 2, 2);
		wr_be16(&w, (uint16_t)(len - IP_AT));
		frame[IP_AT + 6] &= 0x40;
		frame[IP_AT + 7] = 0;
		w = wr_over(frame + IP_AT + 16, 4);
		wr_be32(&w, OUR_IP);
		fuzz_fix_checksum(frame + IP_AT, min_size(head, len - IP_AT), 10, 0);
		if (frame[IP_AT + 9] == 1 && IP_AT + head <= end)
			fuzz_fix_checksum(frame + IP_AT + head, end - IP_AT - head, 2, 0);
		if (frame[IP_AT + 9] == 17 && IP_AT + head + 8 <= end)
			memset(frame + IP_AT + head + 6, 0, 2);
	}
}

static bool wire_send(struct nic *nic, const void *frame, size_t len)
{
	struct wire *wire = (struct wire *)nic;

	free(wire->lent);
	wire->lent = NULL;
	require(frame && len >= 14 && len <= FRAME_MAX);
	return rd_left(&wire->left) % 7 != 0;
}

static bool wire_poll(struct nic *nic, struct rd *frame)
{
	struct wire *wire = (struct wire *)nic;
	uint8_t what = rd_u8(&wire->left);
	size_t len = min_size(rd_u8(&wire->left), rd_left(&wire->left));

	if (!rd_ok(&wire->left))
		return false;
	free(wire->lent);
	wire->lent = malloc(len ? len : 1);
	rd_bytes(&wire->left, wire->lent, len);
	make_good(wire->lent, len, what);
	*frame = rd_over(wire->lent, len);
	return true;
}

/* Reads all there is, and answers as link aggregation does. */
static void ear_rx(struct net_listener *l, struct net *n, usec now, const struct eth_head *eth, struct rd payload)
{
	uint8_t answer[60] = { 1, 0x80, 0xc2 };

	(void)l;
	(void)now;
	require(eth->vlan <= 0xfff);
	while (rd_left(&payload))
		rd_u8(&payload);
	vlan_send_untagged(n, answer, sizeof answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct net net;
	struct wire wire = {
		.nic = { .send = wire_send, .poll = wire_poll, .mac = { 2, 0, 0, 0, 0, 1 }, .mtu = 1500 },
		.left = rd_over(bytes, len),
	};
	struct net_address address = { .ip = OUR_IP, .mask = 0xffffff00 };
	struct flow flow = { 0x0a000006, OUR_PORT, 67 };
	static const uint8_t groups[1][6] = { { 1, 0x80, 0xc2, 0, 0, 0 } };
	struct net_listener ear = { ear_rx, groups, 1 };
	uint8_t how = rd_u8(&wire.left);
	struct datagram d;
	usec now = 0;

	net_init(&net, &wire.nic, NULL);
	net_open_port(&net, OUR_PORT);
	net_set_vlan(&net, how & 2 ? 5 : 0);
	net_listen(&net, how & 4 ? &ear : NULL);
	net_probe(&net, now, OUR_IP);
	if (how & 1)
		net_configure(&net, &address);
	for (int turns = 0; rd_left(&wire.left) && turns < FRAMES_MAX; turns++, now += 300 * USEC_PER_MS) {
		if (net_poll(&net, now, &d))
			while (rd_left(&d.payload))
				rd_u8(&d.payload);
		net_send(&net, now, &flow, 0);
	}
	free(wire.lent);
	return 0;
}
