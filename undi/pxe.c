/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/fmt.h"
#include "undi/pxe.h"
#include "undi/pxe_quirks.h"

enum { BURSTS_TO_DRAIN = 8, ETHERTYPE_AT = 12, ETHERTYPE_IP = 0x0800, ETHERTYPE_ARP = 0x0806, BUS_PCI = 2 };

/* One call; remembers what failed. Some stacks leave nonsense in Status on success: the exit code decides. */
static bool ask(struct pxe_card *card, uint16_t function, void *block, size_t len)
{
	const struct pxe_plain *answer = block;
	uint16_t exit = card->env->call(card->env->ctx, function, block, len);

	if (exit == PXE_EXIT_SUCCESS)
		return true;
	card->counted.call_failed++;
	card->failed = (struct pxe_failure){ function, exit, answer->status };
	return false;
}

static bool ask_plain(struct pxe_card *card, uint16_t function)
{
	struct pxe_plain block = { 0 };

	return ask(card, function, &block, sizeof block);
}

/* ---- receiving ---- */

static void forget_fragments(struct pxe_card *card)
{
	if (card->got)
		card->counted.fragment_lost++;
	card->got = card->want = 0;
}

static bool whole_frame(struct pxe_card *card, const uint8_t *bytes, size_t len, struct rd *frame)
{
	if (len < FRAME_HEAD) {
		card->counted.frame_too_short++;
		return false;
	}
	pxe_watchdog_frame(&card->watchdog);
	card->counted.frames++;
	*frame = rd_over(bytes, len);
	return true;
}

/* A RECEIVE answer: a whole frame, a piece of one, or nonsense. */
static bool take_fragment(struct pxe_card *card, const struct pxe_record *r, struct rd *frame)
{
	size_t piece = r->isr.buffer_bytes, total = r->isr.frame_bytes;

	if (total == 0) {               /* VMware answers RECEIVE with nothing in it */
		card->counted.empty_frame++;
		forget_fragments(card);
		return false;
	}
	if (piece > total) {            /* VMware again: a piece longer than the frame it belongs to */
		card->counted.fragment_too_long++;
		forget_fragments(card);
		return false;
	}
	if (total > PXE_RECORD_DATA) {
		card->counted.frame_too_long++;
		forget_fragments(card);
		return false;
	}
	if (card->got && total != card->want)
		forget_fragments(card);
	if (!card->got && piece == total)
		return whole_frame(card, r->bytes, total, frame);
	if (piece > total - card->got) {
		card->counted.fragment_too_long++;
		forget_fragments(card);
		return false;
	}
	memcpy(card->whole + card->got, r->bytes, piece);
	card->got += piece;
	card->want = total;
	if (card->got < total)
		return false;
	card->got = card->want = 0;
	return whole_frame(card, card->whole, total, frame);
}

/* What one record means: true if it completes a frame. */
static bool take(struct pxe_card *card, const struct pxe_record *r, bool failed, struct rd *frame)
{
	card->next_function = PXE_ISR_PROCESS;
	if (failed) {
		card->counted.call_failed++;
		pxe_watchdog_idle(&card->watchdog, 1);  /* as after an OPEN that failed: it must be tried again */
		forget_fragments(card);
		return false;
	}
	switch (r->isr.function) {
	case PXE_ISR_RECEIVE:
		pxe_watchdog_received(&card->watchdog);
		card->next_function = PXE_ISR_GET_NEXT;
		return take_fragment(card, r, frame);
	case PXE_ISR_TRANSMIT:          /* never waited for: Intel's stacks do not say it */
		pxe_watchdog_told_sent(&card->watchdog);
		card->next_function = PXE_ISR_GET_NEXT;
		card->counted.sent_done++;
		return false;
	case PXE_ISR_BUSY:
		card->counted.busy++;
		break;
	case PXE_ISR_DONE:              /* refill() has told the watchdog */
		forget_fragments(card);
		return false;
	default:                        /* VMware invents some; there is nothing to do but ask anew */
		card->counted.unknown_answer++;
		break;
	}
	pxe_watchdog_idle(&card->watchdog, 1);
	forget_fragments(card);
	return false;
}

static bool open_undi(struct pxe_card *card);

/* CLOSE and OPEN make its rings anew. */
static void open_anew(struct pxe_card *card)
{
	pxe_watchdog_restart(&card->watchdog);
	card->next_function = PXE_ISR_PROCESS;
	forget_fragments(card);
	ask_plain(card, PXE_UNDI_CLOSE);
	if (open_undi(card))
		card->counted.reopened++;
}

/*
 * Records worth asking for: the frames that are expected, and the ends of those we sent. A ROM that never tells the end
 * of one is asked for all it has; one that tells an end too many, of what was sent before us, is owed nothing.
 */
static uint16_t worth_asking(const struct pxe_card *card)
{
	int32_t ends = (int32_t)(card->counted.sent - card->counted.sent_done) + card->has_unsent;
	uint32_t due = card->nic.rx_expected + (uint32_t)(ends > 0 ? ends : 0);

	return card->nic.rx_expected && due < PXE_RECORDS ? (uint16_t)due : PXE_RECORDS;
}

/* Once, unless frames are on their way; and who has something better to do has no time for a second look. */
static uint16_t looks_for(const struct pxe_card *card)
{
	return card->nic.rx_expected ? PXE_LOOKS_MAX : 1;
}

static bool count_sent(struct pxe_card *card, bool was_sent)
{
	if (was_sent) {
		card->counted.sent++;
		pxe_watchdog_sent(&card->watchdog);
	} else {
		card->counted.send_failed++;
		pxe_watchdog_refused(&card->watchdog);
	}
	return was_sent;
}

static void refill(struct pxe_card *card)
{
	struct pxe_burst b = { .looks = looks_for(card), .max = worth_asking(card),
	                       .wait_us = card->nic.rx_wait_us, .send = card->has_unsent ? &card->unsent : NULL };

	if (pxe_watchdog_expired(&card->watchdog))
		open_anew(card);
	b.function = card->next_function;
	card->at = 0;
	card->count = card->env->burst(card->env->ctx, &b);
	if (card->count > b.max)
		card->count = b.max;
	card->burst_exit = b.exit;
	if (b.send)
		card->has_unsent = !count_sent(card, b.send_exit == PXE_EXIT_SUCCESS)
		                && ++card->unsent_tries < PXE_UNSENT_TRIES;
	pxe_watchdog_idle(&card->watchdog, b.empty);
}

/* A turn's frames are those of one burst: it ends however much comes, and no call is made to hear that it did. */
static bool card_poll(struct nic *nic, struct rd *frame)
{
	struct pxe_card *card = (struct pxe_card *)nic;
	bool gave = card->gave;

	card->gave = false;
	if (!card->opened)
		return false;
	if (card->at == card->count && !gave)
		refill(card);
	while (card->at < card->count && !card->gave) {
		const struct pxe_record *r = &card->env->records[card->at++];
		bool last = card->at == card->count;

		card->gave = take(card, r, last && card->burst_exit != PXE_EXIT_SUCCESS, frame);
	}
	return card->gave;
}

/* ---- sending ---- */

static struct pxe_far far_plus(struct pxe_far at, uint16_t bytes)
{
	return (struct pxe_far){ .off = (uint16_t)(at.off + bytes), .seg = at.seg };
}

/*
 * IP and ARP from our own address go without their Ethernet header, which the ROM makes again: some stacks
 * cannot send a frame that has one. Everything else goes as it is.
 */
static uint8_t protocol_of(const struct pxe_card *card, const uint8_t *frame)
{
	unsigned type = (unsigned)frame[ETHERTYPE_AT] << 8 | frame[ETHERTYPE_AT + 1];

	if (memcmp(frame + 6, card->nic.mac, 6) != 0)
		return PXE_PROTOCOL_UNKNOWN;
	if (type == ETHERTYPE_IP)
		return PXE_PROTOCOL_IP;
	if (type == ETHERTYPE_ARP)
		return PXE_PROTOCOL_ARP;
	return PXE_PROTOCOL_UNKNOWN;
}

/* One call for it alone. False: the ROM does not take it now. What it writes into the block is not for the next try. */
static bool send_now(struct pxe_card *card, struct pxe_transmit block)
{
	return count_sent(card, ask(card, PXE_UNDI_TRANSMIT, &block, sizeof block));
}

/* The block for the frame that stands in env->frame, and its descriptor. */
static struct pxe_transmit prepare(struct pxe_card *card, size_t bytes)
{
	static const uint8_t everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	const struct pxe_env *env = card->env;
	struct pxe_transmit block = { .address = env->frame_at, .descriptor = env->tbd_at,
	                              .protocol = protocol_of(card, env->frame) };
	size_t skip = 0;

	if (block.protocol != PXE_PROTOCOL_UNKNOWN) {
		skip = FRAME_HEAD;
		block.to = memcmp(env->frame, everyone, 6) == 0 ? PXE_TO_ALL : PXE_TO_ADDRESS;
	}
	memset(env->tbd, 0, sizeof *env->tbd);
	env->tbd->immediate_bytes = (uint16_t)(bytes - skip);
	env->tbd->immediate = far_plus(env->frame_at, (uint16_t)skip);
	return block;
}

static bool card_send(struct nic *nic, const void *frame, size_t len)
{
	struct pxe_card *card = (struct pxe_card *)nic;
	size_t padded = len < FRAME_MIN ? FRAME_MIN : len;

	if (!card->opened || len < FRAME_HEAD || len > FRAME_MAX)
		return false;
	if (card->has_unsent && !send_now(card, card->unsent) && ++card->unsent_tries < PXE_UNSENT_TRIES)
		return false;
	memcpy(card->env->frame, frame, len);
	memset(card->env->frame + len, 0, padded - len);
	card->unsent = prepare(card, padded);
	card->unsent_tries = 0;
	card->has_unsent = nic->poll_follows;
	return card->has_unsent || send_now(card, card->unsent);
}

/* UNDI says whether there is a link only while it is initialized, by failing. */
static enum nic_link card_link(struct nic *nic)
{
	struct pxe_card *card = (struct pxe_card *)nic;

	if (!card->opened)
		return card->failed.status == PXE_STATUS_MEDIA_TEST ? NIC_LINK_DOWN : NIC_LINK_UNKNOWN;
	return NIC_LINK_UNKNOWN;
}

/*
 * UNDI has no filter of its own for groups: a list is all there is, given with OPEN or, while it is open, with
 * SET_MCAST_ADDRESS. A ROM that says it serves none is not asked, and none is closed and opened for this: that may
 * restart the link, and with it the very wait that somebody wants to hear of.
 */
static bool card_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	struct pxe_card *card = (struct pxe_card *)nic;
	struct pxe_set_groups block = { .groups = { .count = (uint16_t)count } };

	if (!card->opened || count > PXE_GROUPS_MAX || (card->services && !(card->services & PXE_SERVES_GROUPS)))
		return false;
	for (unsigned i = 0; i < count; i++)
		memcpy(block.groups.macs[i], macs[i], 6);
	card->groups = block.groups;
	return ask(card, PXE_UNDI_SET_GROUPS, &block, sizeof block);
}

/* ---- opening and closing ---- */

static bool is_zero(const uint8_t mac[6])
{
	static const uint8_t none[6];

	return memcmp(mac, none, 6) == 0;
}

static bool get_information(struct pxe_card *card)
{
	struct pxe_info info = { 0 };

	if (!ask(card, PXE_UNDI_GET_INFO, &info, sizeof info))
		return false;
	if (info.address_bytes != 6) {  /* not Ethernet: nothing above us could use it */
		card->failed = (struct pxe_failure){ PXE_UNDI_GET_INFO, 0, PXE_STATUS_UNSUPPORTED };
		return false;
	}
	memcpy(card->nic.mac, is_zero(info.mac) ? info.permanent_mac : info.mac, 6);
	/* Some report the frame, not the payload. */
	card->nic.mtu = info.mtu >= 576 && info.mtu < 1500 ? info.mtu : 1500;
	card->irq = info.irq;
	return true;
}

/* What this card's kind cannot stand. */
static void heed(struct pxe_card *card, const struct pxe_quirks *q)
{
	if (q->frames_max)
		card->nic.rx_frames_max = card->nic.rx_window_max = q->frames_max;
	if (q->mtu_max && card->nic.mtu > q->mtu_max)
		card->nic.mtu = q->mtu_max;
	card->watchdog.goes_deaf = q->goes_deaf;
}

/* A name for people, a place on the bus, and what the id says; a ROM that cannot answer is still a card. */
static void identify(struct pxe_card *card)
{
	struct pxe_iface iface = { 0 };
	struct pxe_nic_type type = { 0 };

	if (ask(card, PXE_UNDI_GET_IFACE, &iface, sizeof iface))
		card->services = iface.services;
	card->pci_address = PXE_PCI_UNKNOWN;
	fmt_text(card->driver, sizeof card->driver, "undi");
	if (ask(card, PXE_UNDI_GET_NIC_TYPE, &type, sizeof type) && type.bus_type == BUS_PCI) {
		fmt_text(card->driver, sizeof card->driver, "undi %04x:%04x", type.vendor, type.device);
		card->pci_address = type.bus_dev_fn;
		heed(card, pxe_quirks_of(type.vendor, type.device));
	}
	card->nic.driver = card->driver;
}

static bool know(struct pxe_card *card)
{
	if (!get_information(card))
		return false;
	identify(card);
	return true;
}

static bool open_undi(struct pxe_card *card)
{
	/* No PROMISCUOUS: every frame costs a call of 0.1 ms, so nobody else's may come. */
	struct pxe_open block = { .filter = PXE_FILTER_DIRECTED | PXE_FILTER_BROADCAST, .groups = card->groups };
	struct pxe_station station = { 0 };

	memcpy(station.mac, card->nic.mac, 6);
	ask(card, PXE_UNDI_SET_STATION, &station, sizeof station);      /* refused while open: no harm */
	return ask(card, PXE_UNDI_OPEN, &block, sizeof block);
}

/* Cards whose cable was just plugged in, or whose switch port is slow, fail INITIALIZE at first. */
static bool initialize(struct pxe_card *card)
{
	ask_plain(card, PXE_UNDI_STARTUP);
	for (unsigned tries = 0; tries < PXE_INITIALIZE_TRIES; tries++) {
		struct pxe_initialize block = { 0 };

		if (tries)
			card->env->wait_ms(card->env->ctx, PXE_INITIALIZE_WAIT_MS);
		if (ask(card, PXE_UNDI_INITIALIZE, &block, sizeof block)) {
			card->started = true;
			return true;
		}
	}
	return false;
}

/* Undoes initialize(): the ROM gets back what it gave. */
static void stop(struct pxe_card *card)
{
	if (card->started) {
		ask_plain(card, PXE_UNDI_SHUTDOWN);
		ask_plain(card, PXE_UNDI_CLEANUP);
	}
	card->started = false;
}

static void begin(struct pxe_card *card, const struct pxe_env *env)
{
	*card = (struct pxe_card){
		.nic = { .send = card_send, .poll = card_poll, .link = card_link, .groups = card_groups,
		         .rx_frames_max = PXE_FRAMES_MAX, .rx_window_max = PXE_WINDOW_MAX },
		.env = env, .next_function = PXE_ISR_PROCESS,
	};
}

/* Whether the card is open; if it is not, nothing of ours stays with the ROM. */
static bool judge_open(struct pxe_card *card)
{
	const struct pxe_failure why = card->failed;

	card->failed = (struct pxe_failure){ 0 };
	if (!card->opened) {
		stop(card);
		card->failed = why;
	}
	return card->opened;
}

/*
 * The ROM's base code has usually left UNDI open for itself: then OPEN may succeed at once, or be refused until
 * CLOSE. Only a ROM that never started its UNDI needs STARTUP and INITIALIZE, which lose the link for seconds.
 */
bool pxe_open(struct pxe_card *card, const struct pxe_env *env)
{
	begin(card, env);
	if (!know(card))
		return false;
	card->opened = open_undi(card);
	if (!card->opened) {
		ask_plain(card, PXE_UNDI_CLOSE);
		card->opened = open_undi(card);
	}
	if (!card->opened && initialize(card) && know(card))
		card->opened = open_undi(card);
	return judge_open(card);
}

/* What it is need not be known before INITIALIZE. */
bool pxe_open_new(struct pxe_card *card, const struct pxe_env *env)
{
	begin(card, env);
	if (initialize(card) && know(card))
		card->opened = open_undi(card);
	return judge_open(card);
}

void pxe_close(struct pxe_card *card)
{
	struct rd frame;

	if (!card->opened)
		return;
	for (unsigned i = 0; i < BURSTS_TO_DRAIN * PXE_RECORDS; i++)     /* some hang if closed with events waiting */
		if (!card_poll(&card->nic, &frame) && !card_poll(&card->nic, &frame))
			break;          /* no more of a burst, and then no burst */
	ask_plain(card, PXE_UNDI_CLOSE);
	stop(card);
	card->opened = false;
}
