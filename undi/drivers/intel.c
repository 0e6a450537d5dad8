/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/drivers/intel.h"
#include "undi/drivers/pci.h"

/* Registers, all of the first base address (317453, 13). */
enum {
	CTRL = 0x0000, STATUS = 0x0008, ICR = 0x00c0, IMC = 0x00d8, RCTL = 0x0100, TCTL = 0x0400, TIPG = 0x0410,
	RDBAL = 0x2800, RDBAH = 0x2804, RDLEN = 0x2808, RDH = 0x2810, RDT = 0x2818,
	TDBAL = 0x3800, TDBAH = 0x3804, TDLEN = 0x3808, TDH = 0x3810, TDT = 0x3818,
	MTA = 0x5200, MTA_END = 0x5400, RAL = 0x5400, RAH = 0x5404,
};
#define CTRL_MASTER_DISABLE   (1u << 2)         /* of PCI Express only, as is STATUS_MASTER */
#define CTRL_LINK_RESET       (1u << 3)
#define CTRL_AUTO_SPEED       (1u << 5)
#define CTRL_LINK_UP          (1u << 6)
#define CTRL_RESET            (1u << 26)
#define CTRL_VLAN             (1u << 30)
#define CTRL_PHY_RESET        (1u << 31)
#define STATUS_LINK           (1u << 1)
#define STATUS_MASTER         (1u << 19)
#define RCTL_ENABLE           (1u << 1)
#define RCTL_LONG             (1u << 5)
#define RCTL_ALL_MULTICAST    (1u << 4)
#define RCTL_BROADCAST        (1u << 15)
#define RCTL_16K              (1u << 16 | 1u << 25)
#define RCTL_STRIP_CRC        (1u << 26)
#define TCTL_ENABLE           (1u << 1)
#define TCTL_PAD              (1u << 3)
#define TCTL_TIMES            (0x0fu << 4 | 0x40u << 12)        /* collision threshold and distance, full duplex */
#define TIPG_COPPER           (8u | 8u << 10 | 6u << 20)
#define RAH_VALID             (1u << 31)

/* Descriptors (317453, 3.2.3 and 3.3.3); little-endian, as every machine we run on. */
struct rx_desc { uint64_t address; uint16_t bytes, sum; uint8_t status, errors; uint16_t vlan; };
struct tx_desc { uint64_t address; uint16_t bytes; uint8_t sum_at, command, status, sum_from; uint16_t vlan; };
enum {
	RX_DONE = 1, RX_END = 2, RX_BROKEN = 0x97,      /* RXE, CXE, SEQ, SE, CE; not the sums of IP and TCP */
	TX_END = 1, TX_CRC = 2, TX_REPORT = 8, TX_DONE = 1,
};

enum {
	RING = 256, TX_BUFFERS = 32, BUFFER = 2048, BUFFER_JUMBO = 16384, PAGE = 4096,
	MTU = 1500, MTU_JUMBO = 9000, VLAN_TAG = 4,
	RESET_WAIT = 100 * USEC_PER_MS, MASTER_WAIT = 100 * USEC_PER_MS, DRAIN_WAIT = 10 * USEC_PER_MS,
	/* Of what is on its way before a reset, and of the EEPROM after it: it is no time to ask the card anything. */
	REST = 10 * USEC_PER_MS, EEPROM_WAIT = 100 * USEC_PER_MS,
	/*
	 * The tail is written, a word over the bus, once for so many frames, and not for the few of a short answer: in
	 * an emulator each write makes the one who brings the next frame wait.
	 */
	RX_TAIL_AFTER = 16, RX_SURE = RING - RX_TAIL_AFTER - 1,
};

struct intel {
	struct nic nic;                         /* first: a nic of ours is one of these */
	struct hardware *h;
	struct rx_desc *rx;
	struct tx_desc *tx;
	uint8_t *rx_buffers, *tx_buffers;
	size_t   buffer_bytes;
	bool     is_express;
	unsigned rx_next, rx_returned;          /* the next to come; those before this one are the card's, but one */
	bool     rx_held;                       /* the frame before rx_next is being read */
	bool     rx_drops;                      /* what comes is the rest of a frame that is dropped */
	unsigned tx_next, tx_oldest;            /* counted up, never round: to be filled next; not known to be sent */
	uint32_t rctl;
	struct card_counters counted;
};

static struct intel *card_of(struct nic *nic) { return (struct intel *)(void *)nic; }
static uint32_t get(const struct intel *c, uint32_t at) { return c->h->read(c->h, 0, at, 4); }
static void put(const struct intel *c, uint32_t at, uint32_t value) { c->h->write(c->h, 0, at, 4, value); }

/* ---- frames ---- */

/* What was read is the card's again. One stays ours: head and tail that are the same mean an empty ring. */
static void return_rx(struct intel *c)
{
	if ((c->rx_next + RING - c->rx_returned) % RING < RX_TAIL_AFTER)
		return;
	c->rx_returned = c->rx_next;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	put(c, RDT, (c->rx_next + RING - 1) % RING);
}

static void let_go(struct intel *c)
{
	if (!c->rx_held)
		return;
	c->rx_held = false;
	c->rx[(c->rx_next + RING - 1) % RING].status = 0;
}

/* Whether this descriptor ends a frame that can be read. */
static bool is_frame(struct intel *c, uint8_t status, uint8_t errors, size_t bytes)
{
	bool ends = status & RX_END, is_rest = c->rx_drops;

	c->rx_drops = !ends;
	if (!ends || is_rest || bytes > c->buffer_bytes) {
		c->counted.too_long += ends;
		return false;
	}
	if (errors & RX_BROKEN || bytes < FRAME_HEAD) {
		c->counted.broken++;
		return false;
	}
	return true;
}

static bool card_poll(struct nic *nic, struct rd *frame)
{
	struct intel *c = card_of(nic);

	let_go(c);
	return_rx(c);
	for (unsigned looks = 0; looks < RING; looks++) {
		struct rx_desc *d = &c->rx[c->rx_next];
		const unsigned n = c->rx_next;
		const uint8_t status = __atomic_load_n(&d->status, __ATOMIC_ACQUIRE);
		const size_t bytes = __atomic_load_n(&d->bytes, __ATOMIC_RELAXED);      /* once: it may change */

		if (!(status & RX_DONE))
			break;
		c->rx_next = (n + 1) % RING;
		c->rx_held = true;
		if (is_frame(c, status, d->errors, bytes)) {
			c->counted.received++;
			*frame = rd_over(c->rx_buffers + n * c->buffer_bytes, bytes);
			return true;
		}
		let_go(c);
	}
	return_rx(c);
	return false;
}

static void take_back_sent(struct intel *c)
{
	while (c->tx_oldest != c->tx_next
	       && __atomic_load_n(&c->tx[c->tx_oldest % RING].status, __ATOMIC_ACQUIRE) & TX_DONE)
		c->tx_oldest++;
}

static bool card_send(struct nic *nic, const void *frame, size_t len)
{
	struct intel *c = card_of(nic);
	const unsigned slot = c->tx_next % TX_BUFFERS, n = c->tx_next % RING;
	uint8_t *at = c->tx_buffers + slot * c->buffer_bytes;
	const size_t padded = len < FRAME_MIN ? FRAME_MIN : len;

	if (len < FRAME_HEAD || len > FRAME_HEAD + VLAN_TAG + (size_t)nic->mtu)
		return false;
	take_back_sent(c);
	if (c->tx_next - c->tx_oldest == TX_BUFFERS) {
		c->counted.busy++;
		return false;
	}
	memcpy(at, frame, len);
	memset(at + len, 0, padded - len);
	c->tx[n] = (struct tx_desc){
		.address = hardware_bus(c->h, at), .bytes = (uint16_t)padded, .command = TX_END | TX_CRC | TX_REPORT,
	};
	c->tx_next++;
	c->counted.sent++;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	put(c, TDT, c->tx_next % RING);
	return true;
}

static enum nic_link card_link(struct nic *nic)
{
	return get(card_of(nic), STATUS) & STATUS_LINK ? NIC_LINK_UP : NIC_LINK_DOWN;
}

/*
 * All groups or none: which of them are whose is looked at above us. What is so already is not told again: after each
 * write of RCTL QEMU's 82540EM takes no frame for a second (its set_rx_control).
 */
static bool card_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	struct intel *c = card_of(nic);
	const uint32_t rctl = count ? c->rctl | RCTL_ALL_MULTICAST : c->rctl & ~RCTL_ALL_MULTICAST;

	(void)macs;
	if (rctl != c->rctl)
		put(c, RCTL, rctl);
	c->rctl = rctl;
	return true;
}

/* ---- opening and closing ---- */

static bool wait_clear(const struct intel *c, uint32_t at, uint32_t bits, usec wait)
{
	usec end = c->h->now(c->h) + wait;

	while (get(c, at) & bits)
		if (c->h->now(c->h) >= end)
			return false;
	return true;
}

static void rest(const struct intel *c)
{
	usec end = c->h->now(c->h) + REST;

	while (c->h->now(c->h) < end)
		;
}

/* 317694, 10.2.2.1: what is reset in the middle of a transfer may hang. If none of them ends, the reset ends it. */
static void leave_bus(const struct intel *c)
{
	put(c, CTRL, get(c, CTRL) | CTRL_MASTER_DISABLE);
	wait_clear(c, STATUS, STATUS_MASTER, MASTER_WAIT);
}

/* Receiving and sending end, then all else. A card that was pulled reads as ones, and never ends. */
static bool reset(const struct intel *c)
{
	put(c, IMC, UINT32_MAX);
	put(c, RCTL, 0);
	put(c, TCTL, TCTL_PAD);
	rest(c);
	if (c->is_express)
		leave_bus(c);
	put(c, CTRL, get(c, CTRL) | CTRL_RESET);
	rest(c);
	if (!wait_clear(c, CTRL, CTRL_RESET, RESET_WAIT))
		return false;
	put(c, IMC, UINT32_MAX);
	get(c, ICR);
	return true;
}

/* The card reads it out of its EEPROM after a reset. */
static bool read_address(struct intel *c)
{
	usec end = c->h->now(c->h) + EEPROM_WAIT;
	uint32_t low, high;

	do {
		low  = get(c, RAL);
		high = get(c, RAH);
	} while (!(high & RAH_VALID) && c->h->now(c->h) < end);
	for (unsigned i = 0; i < sizeof c->nic.mac; i++)
		c->nic.mac[i] = (uint8_t)(i < 4 ? low >> 8 * i : high >> 8 * (i - 4));
	return high & RAH_VALID && !(c->nic.mac[0] & 1) && (low || high & 0xffff);
}

static void start_rx(struct intel *c, uint64_t ring, uint64_t buffers)
{
	const bool is_jumbo = c->buffer_bytes == BUFFER_JUMBO;

	for (unsigned n = 0; n < RING; n++)
		c->rx[n] = (struct rx_desc){ .address = buffers + n * c->buffer_bytes };
	put(c, RDBAL, (uint32_t)ring);
	put(c, RDBAH, (uint32_t)(ring >> 32));
	put(c, RDLEN, RING * sizeof(struct rx_desc));
	put(c, RDH, 0);
	put(c, RDT, RING - 1);
	for (uint32_t at = MTA; at < MTA_END; at += 4)
		put(c, at, 0);
	c->rctl = RCTL_ENABLE | RCTL_BROADCAST | RCTL_STRIP_CRC | (is_jumbo ? RCTL_LONG | RCTL_16K : 0);
	put(c, RCTL, c->rctl);
}

static void start_tx(struct intel *c, uint64_t ring)
{
	memset(c->tx, 0, RING * sizeof *c->tx);
	put(c, TDBAL, (uint32_t)ring);
	put(c, TDBAH, (uint32_t)(ring >> 32));
	put(c, TDLEN, RING * sizeof(struct tx_desc));
	put(c, TDH, 0);
	put(c, TDT, 0);
	put(c, TIPG, TIPG_COPPER);
	put(c, TCTL, TCTL_ENABLE | TCTL_PAD | TCTL_TIMES);
}

static const char *start(struct intel *c)
{
	if (!reset(c))
		return "it does not reset";
	if (!read_address(c))
		return "it has no address of its own";
	put(c, CTRL, (get(c, CTRL) & ~(CTRL_LINK_RESET | CTRL_PHY_RESET | CTRL_VLAN | CTRL_MASTER_DISABLE))
	             | CTRL_LINK_UP | CTRL_AUTO_SPEED);
	start_rx(c, hardware_bus(c->h, c->rx), hardware_bus(c->h, c->rx_buffers));
	start_tx(c, hardware_bus(c->h, c->tx));
	return NULL;
}

/* A last frame shall leave. */
static void drain(struct intel *c)
{
	usec end = c->h->now(c->h) + DRAIN_WAIT;

	do
		take_back_sent(c);
	while (c->tx_oldest != c->tx_next && c->h->now(c->h) < end);
}

static void card_close(struct nic *nic)
{
	struct intel *c = card_of(nic);

	drain(c);
	reset(c);
	pci_disable(c->h);              /* whatever the card thinks of a reset */
}

enum { RINGS_AT = PAGE, BUFFERS_AT = RINGS_AT + 2 * RING * 16, BUFFERS = RING + TX_BUFFERS };

static const char *open_as(const char *driver, bool is_express, struct hardware *h, struct nic **nic)
{
	const bool is_jumbo = h->memory_bytes >= BUFFERS_AT + (size_t)BUFFERS * BUFFER_JUMBO;
	struct intel *c = (struct intel *)(void *)h->memory;
	const char *why;

	_Static_assert(sizeof *c <= RINGS_AT, "the rings come behind it");
	if (h->memory_bytes < BUFFERS_AT + (size_t)BUFFERS * BUFFER)
		return "there is too little memory for it";
	if (!(h->bars & 1))
		return "its registers are nowhere";
	*c = (struct intel){
		.nic = {
			.send = card_send, .poll = card_poll, .link = card_link, .groups = card_groups,
			.mtu = is_jumbo ? MTU_JUMBO : MTU, .rx_frames_max = RX_SURE, .rx_window_max = RX_SURE,
			.driver = driver,
		},
		.h = h, .is_express = is_express, .buffer_bytes = is_jumbo ? BUFFER_JUMBO : BUFFER,
		.rx = (struct rx_desc *)(void *)(h->memory + RINGS_AT),
		.tx = (struct tx_desc *)(void *)(h->memory + RINGS_AT + RING * 16),
		.rx_buffers = h->memory + BUFFERS_AT,
	};
	c->tx_buffers = c->rx_buffers + RING * c->buffer_bytes;
	pci_enable(h);
	why = start(c);
	if (why) {
		card_close(&c->nic);
		return why;
	}
	*nic = &c->nic;
	return NULL;
}

static const char *open_82540em(struct hardware *h, struct nic **nic) { return open_as("e1000", false, h, nic); }
static const char *open_82574l(struct hardware *h, struct nic **nic) { return open_as("e1000e", true, h, nic); }

static const struct card_counters *card_counted(const struct nic *nic)
{
	return &((const struct intel *)(const void *)nic)->counted;
}

static const struct card_id ids_82540em[] = { { 0x8086, 0x100e, "Intel 82540EM" }, { 0 } };
static const struct card_id ids_82574l[] = { { 0x8086, 0x10d3, "Intel 82574L" }, { 0 } };

const struct card_driver intel_82540em = {
	.name = "e1000", .ids = ids_82540em, .open = open_82540em, .close = card_close, .counted = card_counted,
	.memory_bytes = BUFFERS_AT + BUFFERS * BUFFER,
};
const struct card_driver intel_82574l = {
	.name = "e1000e", .ids = ids_82574l, .open = open_82574l, .close = card_close, .counted = card_counted,
	.memory_bytes = BUFFERS_AT + BUFFERS * BUFFER,
};
