/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef PXE_API_BENCH_H
#define PXE_API_BENCH_H
/*
 * What the API's tests share: a megabyte of a program's memory, a card, a clock, and another machine on the wire.
 *
 *     fresh, done                      set-up and end of each test
 *     CALL(opcode, block)              as a program makes it; AX. expect(opcode, block, status) says what it must be
 *     peer_tx(from, to, bytes, len)    the other machine sends a datagram from one port to one of ours
 *     peer_rx = function               it is given what it gets, while the API idles
 *
 * Host only.
 */
#include "lib/test.h"
#include "netstack/nic_fake.h"
#include "pxe/ops.h"

enum {
	MEMORY = 0x100000, BLOCK_AT = 0x20000, DATA_AT = 0x30000,
	HOLE = 0x98000, HOLE_BYTES = 0x8000, FRAME_AT = 0x98000, PACKETS_AT = 0x9a000,
	OUR_IP = 0x0a000005, PEER_IP = 0x0a000001, MASK = (int)0xffffff00,
};

static const uint8_t our_mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 }, peer_mac[6] = { 2, 0, 0, 0, 0, 1 };

static uint8_t *memory;
static struct guest_ram ram;
static struct nic_fake card;
static struct pxe_setup setup;
static struct pxe_api api;

/* The machine: its clock goes on by itself, as clocks do, and whoever waits lets the other one work. */
static struct machine {
	struct pxe_host host;           /* first */
	usec now;
	bool is_chained, card_fails;
	unsigned ups, downs, interrupts_on, interrupts_off, idles;
} machine;

/* The other machine. So many of 256 datagrams are lost each way, and what the card has no room for. */
static struct peer {
	struct nic nic;                 /* first */
	struct net net;
	size_t   seen;                  /* of the card's frames */
	uint32_t loss;
	struct random random;
	void (*rx)(const struct datagram *d);
	void (*idle)(void);
} peer;

static inline bool is_lost(void) { return random_below(&peer.random, 256) < peer.loss; }

static inline bool peer_send(struct nic *nic, const void *frame, size_t len)
{
	struct fake_frame *to;

	(void)nic;
	if (is_lost() || card.in_count - card.in_at == FAKE_FRAMES)
		return true;
	to = fake_next_in(&card);
	memcpy(to->bytes, frame, len);
	to->len = len < FRAME_MIN ? FRAME_MIN : len;
	return true;
}

static inline bool peer_poll(struct nic *nic, struct rd *frame)
{
	static uint8_t *lent;
	const struct fake_frame *from = &card.out[peer.seen % FAKE_FRAMES];

	(void)nic;
	free(lent);
	lent = NULL;
	if (peer.seen == card.out_count)
		return false;
	peer.seen++;
	lent = exact_copy(from->bytes, from->len);
	*frame = rd_over(lent, from->len);
	return true;
}

static inline void peer_work(void)
{
	struct datagram d;

	while (net_poll(&peer.net, machine.now, &d))
		if (!is_lost() && peer.rx)
			peer.rx(&d);
	if (peer.idle)
		peer.idle();
}

static inline void peer_tx(uint16_t src_port, uint16_t dst_port, const void *bytes, size_t len)
{
	struct flow flow = { .dst_ip = OUR_IP, .src_port = src_port, .dst_port = dst_port };
	struct wr w = net_payload(&peer.net);
	enum net_sent sent;

	wr_bytes(&w, bytes, len);
	sent = net_send(&peer.net, machine.now, &flow, len);
	assert_true(sent == NET_SENT || sent == NET_RESOLVING);
}

static inline usec machine_now(struct pxe_host *h)
{
	(void)h;
	return machine.now += 5;
}

static inline void machine_idle(struct pxe_host *h, usec until)
{
	(void)h;
	machine.idles++;
	peer_work();
	if (card.in_at == card.in_count && until != NEVER && until > machine.now)
		machine.now = min_u64(until, machine.now + 50 * USEC_PER_MS);
	machine.now += 10;
}

static inline bool machine_is_chained(struct pxe_host *h) { return ((struct machine *)h)->is_chained; }

static inline bool machine_card(struct pxe_host *h, bool up)
{
	struct machine *m = (struct machine *)h;

	if (up && m->card_fails)
		return false;
	*(up ? &m->ups : &m->downs) += 1;
	return true;
}

static inline void machine_interrupts(struct pxe_host *h, bool on)
{
	struct machine *m = (struct machine *)h;

	*(on ? &m->interrupts_on : &m->interrupts_off) += 1;
}

static inline struct pxe_far far_to(uint32_t at)
{
	return (struct pxe_far){ .seg = (uint16_t)(at >> 4), .off = (uint16_t)(at & 15) };
}

static inline uint32_t linear(struct pxe_far at) { return (uint32_t)at.seg * 16 + at.off; }

static inline void peer_init(void)
{
	const struct net_address address = { .ip = PEER_IP, .mask = (uint32_t)MASK,
	                                     .routes = { { .via = OUR_IP } }, .route_count = 1 };

	peer = (struct peer){
		.nic = { .send = peer_send, .poll = peer_poll, .mtu = 1500 }, .random = random_from(11),
	};
	memcpy(peer.nic.mac, peer_mac, sizeof peer_mac);
	net_init(&peer.net, &peer.nic, NULL);
	net_configure(&peer.net, &address);
	peer.net.hears_every_port = true;
}

static inline void start(void)
{
	pxe_api_init(&api, &setup);
}

static inline void start_without_lease(void)
{
	setup.address = (struct net_address){ 0 };
	start();
}

static inline int fresh(void **state)
{
	(void)state;
	memory = calloc(1, MEMORY);
	ram = (struct guest_ram){ .base = memory, .size = MEMORY, .hole = HOLE, .hole_size = HOLE_BYTES };
	fake_init(&card, our_mac);
	machine = (struct machine){ .host = {
		.now = machine_now, .idle = machine_idle, .is_chained = machine_is_chained, .card = machine_card,
		.interrupts = machine_interrupts }, .now = USEC_PER_S };
	peer_init();
	setup = (struct pxe_setup){
		.host = &machine.host, .nic = &card.nic, .frame = memory + FRAME_AT, .frame_at = far_to(FRAME_AT),
		.packets = (uint8_t (*)[PXE_CACHED_BYTES])(memory + PACKETS_AT), .packets_at = far_to(PACKETS_AT),
		.facts = { .irq = 11, .vendor = 0x1af4, .device = 0x1000, .pci_address = 0x18, .class_base = 2 },
		.address = { .ip = OUR_IP, .mask = (uint32_t)MASK,
		             .routes = { { .via = 0x0a000002 } }, .route_count = 1 },
		.seed = 7,
	};
	start();
	return 0;
}

static inline int done(void **state)
{
	(void)state;
	fake_take_back(&card);
	free(memory);
	return 0;
}

static inline uint16_t call_at(uint32_t at, uint16_t opcode, void *block, size_t len)
{
	uint16_t ax;

	memcpy(memory + at, block, len);
	ax = pxe_api_call(&api, &ram, opcode, at);
	memcpy(block, memory + at, len);
	return ax;
}

#define CALL(opcode, block) call_at(BLOCK_AT, opcode, &(block), sizeof(block))

static inline void expect_at(uint32_t at, uint16_t opcode, void *block, size_t len, uint16_t status)
{
	const struct pxe_plain *p = block;

	assert_int_equal(call_at(at, opcode, block, len), status ? PXE_EXIT_FAILURE : PXE_EXIT_SUCCESS);
	assert_int_equal(p->status, status);
}

#define expect(opcode, block, status) expect_at(BLOCK_AT, opcode, &(block), sizeof(block), status)

static inline void expect_plain(uint16_t opcode, uint16_t status)
{
	struct pxe_plain block = { 0xfefe };

	expect(opcode, block, status);
}

/* A frame for the card to receive. */
static inline void receive(const uint8_t dst[6], uint16_t type, size_t len)
{
	struct fake_frame *f = fake_next_in(&card);
	struct wr w = wr_over(f->bytes, sizeof f->bytes);

	wr_bytes(&w, dst, 6);
	wr_bytes(&w, peer_mac, 6);
	wr_be16(&w, type);
	for (size_t i = FRAME_HEAD; i < len; i++)
		wr_u8(&w, (uint8_t)(i * 7));
	f->len = len;
}
#endif
