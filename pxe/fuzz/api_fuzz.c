/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A program that asks the PXE API for anything, and a network that says anything.
 *
 * The first byte says what machine it is. Then calls: which of the table, where its block lies, and how many bytes of
 * it are said. Bytes from F0h on are for whoever polls the card next: ARP's answer, a datagram (for TFTP's port, if
 * there is one), any bytes, or that there is nothing now. The window and the rooms are heap blocks of exactly their
 * size; what is not the program's must be as it was.
 */
#include "netstack/fuzz/fuzz.h"
#include "netstack/wire/arp.h"
#include "netstack/wire/eth.h"
#include "netstack/wire/udp.h"
#include "pxe/api.h"

enum {
	RAM = 0x10000, HOLE = 0xc000, HOLE_BYTES = 0x1000, BLOCK_AT = 0x1000, CALLS_MAX = 40,
	OUR_IP = 0x0a000005, PEER_IP = 0x0a000001, FRAMES_FROM = 0xf0,
};

static const uint8_t peer_mac[6] = { 2, 0, 0, 0, 0, 1 };

struct machine {
	struct pxe_host host;           /* first */
	struct nic nic;
	struct rd said;
	usec now;
	uint8_t how;
	bool is_up;
	uint8_t *lent;
	struct guest_ram ram;
};

static struct machine machine;
static struct pxe_api api;

static usec now(struct pxe_host *h)
{
	(void)h;
	return machine.now += 10;
}

static void call(const struct guest_ram *ram);

/* Where the program may be interrupted, and its handler call. */
static void idle(struct pxe_host *h, usec until)
{
	static bool is_nested;

	(void)h;
	if (machine.how & 64 && !is_nested && rd_left(&machine.said)) {
		is_nested = true;
		call(&machine.ram);
		is_nested = false;
	}
	if (until != NEVER && until > machine.now)
		machine.now = until;
	machine.now += USEC_PER_MS;
}

static bool is_chained(struct pxe_host *h) { (void)h; return machine.how & 1; }

static bool card(struct pxe_host *h, bool up)
{
	(void)h;
	machine.is_up = up && !(machine.how & 2);
	return !up || machine.is_up;
}

static void interrupts(struct pxe_host *h, bool on) { (void)h; (void)on; }

static bool nic_send(struct nic *nic, const void *frame, size_t len)
{
	(void)nic;
	require(machine.is_up);         /* a card that is quiet is another driver's by now */
	require(frame && len >= FRAME_HEAD && len <= FRAME_MAX);
	return rd_left(&machine.said) % 11 != 0;
}

static enum nic_link nic_link(struct nic *nic) { (void)nic; return machine.how & 4 ? NIC_LINK_DOWN : NIC_LINK_UP; }

static bool nic_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	(void)nic;
	require(macs && count <= NIC_GROUPS_MAX);
	return true;
}

static void put_eth(struct wr *w, uint16_t type)
{
	struct eth_head head = { .type = type };

	memcpy(head.dst, machine.nic.mac, 6);
	memcpy(head.src, peer_mac, 6);
	eth_emit(w, &head);
}

static void put_arp(struct wr *w)
{
	struct arp_packet a = { .op = ARP_REPLY, .sender_ip = PEER_IP, .target_ip = OUR_IP };

	memcpy(a.sender_mac, peer_mac, 6);
	memcpy(a.target_mac, machine.nic.mac, 6);
	put_eth(w, ETH_ARP);
	arp_emit(w, &a);
}

/* From any port of the peer's to the one that waits for it, or to any. */
static void put_udp(struct wr *w, struct rd payload, uint8_t port, bool any)
{
	struct ipv4_head ip = { .src = PEER_IP, .dst = OUR_IP, .protocol = IPV4_UDP, .ttl = 64 };
	struct udp_head udp = { .src_port = port ? port : 69, .dst_port = any ? port : api.tftp.client.port };

	put_eth(w, ETH_IPV4);
	ipv4_emit(w, &ip, UDP_HEAD + rd_left(&payload));
	udp_emit(w, &udp, &ip, payload);
	wr_rest(w, payload);
}

static bool nic_poll(struct nic *nic, struct rd *frame)
{
	struct rd next = machine.said, payload;
	uint8_t bytes[400], what = rd_u8(&next), port, size;
	struct wr w = wr_over(bytes, sizeof bytes);

	(void)nic;
	require(machine.is_up);
	free(machine.lent);
	machine.lent = NULL;
	if (what < FRAMES_FROM)
		return false;
	port = rd_u8(&next);
	size = rd_u8(&next);
	payload = rd_sub(&next, min_size(size, rd_left(&next)));
	machine.said = next;
	switch (what & 7) {
	case 0:  put_arp(&w); break;
	case 1:  put_udp(&w, payload, port, false); break;
	case 2:  put_udp(&w, payload, port, true); break;
	case 3:  wr_rest(&w, payload); break;
	default: return false;
	}
	require(wr_ok(&w));
	machine.lent = fuzz_copy(bytes, wr_used(&w, bytes));
	*frame = rd_over(machine.lent, wr_used(&w, bytes));
	return true;
}

static void start(const struct pxe_setup *setup)
{
	uint8_t long_one[1472];
	struct rd said = machine.said;

	pxe_api_init(&api, setup);
	for (size_t i = 0; i < sizeof long_one; i++)
		long_one[i] = rd_left(&said) ? rd_u8(&said) : (uint8_t)i;
	pxe_cached_set(&api.cached, PXE_CACHED_ACK, rd_over(long_one, machine.how & 8 ? sizeof long_one : 300));
}

static void call(const struct guest_ram *ram)
{
	uint8_t which = rd_u8(&machine.said), where = rd_u8(&machine.said), size = rd_u8(&machine.said);
	const struct pxe_call *c = pxe_api_table(which);
	uint32_t at = where & 1 ? rd_be32(&machine.said) : BLOCK_AT;
	uint8_t *block = guest_flat(ram, at, size + 2u);
	struct rd bytes = rd_sub(&machine.said, min_size(size, rd_left(&machine.said)));
	uint16_t ax, status;

	if (block) {
		memset(block, 0, size + 2u);
		rd_bytes(&bytes, block + 2, rd_left(&bytes));
	}
	ax = pxe_api_call(&api, ram, c ? c->opcode : which, at);
	block = guest_flat(ram, at, c ? c->bytes : sizeof status);
	require(block || ax == PXE_EXIT_FAILURE);
	if (block && !api.restarted) {
		memcpy(&status, block, sizeof status);
		require(ax == (status == PXE_STATUS_SUCCESS ? PXE_EXIT_SUCCESS : PXE_EXIT_FAILURE));
	}
	require(!api.restarted || (c && c->opcode == PXE_RESTART_TFTP));
	require(machine.is_up ? api.is_up : api.undi < PXE_UNDI_INITIALIZED && !api.udp.is_open && !api.tftp.is_open);
	/* What TFTP_READ gives next: one block, of the size that TFTP_OPEN has told. */
	require(!api.tftp.is_open || api.tftp.client.received <= api.tftp.client.window.block_size);
	require(!api.tftp.is_open || api.tftp.client.blocks - api.tftp.given <= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct guest_ram ram = { .base = calloc(1, RAM), .size = RAM, .hole = HOLE, .hole_size = HOLE_BYTES };
	uint8_t *frame = malloc(FRAME_MAX);
	uint8_t (*packets)[PXE_CACHED_BYTES] = malloc(PXE_CACHED_COUNT * sizeof packets[0]);
	struct pxe_setup setup = {
		.host = &machine.host, .nic = &machine.nic, .frame = frame, .frame_at = { 0, HOLE / 16 },
		.packets = packets, .packets_at = { 0x800, HOLE / 16 }, .relay = PEER_IP, .seed = 1,
	};

	machine = (struct machine){
		.host = { now, idle, is_chained, card, interrupts },
		.nic = { .send = nic_send, .poll = nic_poll, .link = nic_link, .groups = nic_groups, .mtu = 1500,
		         .mac = { 2, 0, 0, 0, 0, 5 }, .rx_window_max = 4 },
		.said = rd_over(bytes, len), .is_up = true,
	};
	machine.how = rd_u8(&machine.said);
	machine.ram = ram;
	if (machine.how & 16)
		machine.host.interrupts = NULL;
	if (!(machine.how & 32))
		setup.address = (struct net_address){ .ip = OUR_IP, .mask = 0xffffff00 };
	start(&setup);
	for (unsigned n = 0; n < CALLS_MAX && rd_left(&machine.said); n++)
		call(&ram);
	for (size_t i = 0; i < HOLE_BYTES; i++)
		require(ram.base[HOLE + i] == 0);
	free(machine.lent);
	free(packets);
	free(frame);
	free(ram.base);
	return 0;
}
