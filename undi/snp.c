/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/fmt.h"
#include "undi/snp.h"

enum { ETHERNET = 1 };

const char *snp_status_text(enum snp_status status)
{
	static const char *const texts[] = {
		[SNP_SUCCESS] = "success", [SNP_NOT_READY] = "not ready", [SNP_BUFFER_TOO_SMALL] = "buffer too small",
		[SNP_ALREADY_STARTED] = "already started", [SNP_NOT_STARTED] = "not started",
		[SNP_INVALID_PARAMETER] = "invalid parameter", [SNP_DEVICE_ERROR] = "device error",
		[SNP_UNSUPPORTED] = "unsupported", [SNP_OTHER] = "an error",
	};

	return texts[status];
}

static struct snp_mode mode_of(struct snp_card *card)
{
	struct snp_mode mode = { 0 };

	card->env->mode(card->env->ctx, &mode);
	return mode;
}

static bool fail(struct snp_card *card, const char *call, enum snp_status status)
{
	card->failed = (struct snp_failure){ call, status };
	return false;
}

/* ---- sending ---- */

/* Takes back every buffer that was sent. Bounded: a driver that names one for ever is believed only so often. */
static void take_back(struct snp_card *card)
{
	for (unsigned tries = 0; tries < 2 * TX_RING_BUFFERS; tries++) {
		void *done = NULL;

		if (card->env->status(card->env->ctx, &done) != SNP_SUCCESS) {
			card->counted.status_failed++;
			return;
		}
		if (!done)
			return;
		tx_ring_back(&card->tx, done);
	}
}

static bool card_send(struct nic *nic, const void *frame, size_t len)
{
	struct snp_card *card = (struct snp_card *)nic;
	enum snp_status status;
	size_t bytes;
	void *at;

	if (!card->opened || len < FRAME_HEAD || len > FRAME_MAX)
		return false;
	if (!tx_ring_is_ready(&card->tx))
		take_back(card);
	at = tx_ring_fill(&card->tx, frame, len, &bytes);
	if (!at) {
		card->counted.send_busy++;
		return false;
	}
	status = card->env->transmit(card->env->ctx, at, bytes);
	if (status == SNP_NOT_READY) {          /* its ring is shorter than ours */
		take_back(card);
		status = card->env->transmit(card->env->ctx, at, bytes);
	}
	if (status != SNP_SUCCESS) {
		card->counted.send_busy   += status == SNP_NOT_READY;
		card->counted.send_failed += status != SNP_NOT_READY;
		return false;
	}
	tx_ring_gone(&card->tx, at);
	card->counted.sent++;
	return true;
}

/* ---- opening and closing ---- */

/*
 * Directed and broadcast frames, nobody else's: each costs a call. Some refuse to turn anything off, some only know
 * promiscuous; what must be is that broadcasts come.
 */
static bool set_filters(struct snp_card *card)
{
	const struct snp_env *env = card->env;
	uint32_t possible = mode_of(card).filters_possible, wanted = SNP_UNICAST | SNP_BROADCAST;
	const struct { uint32_t on, off; } ways[] = {
		{ wanted, possible & ~wanted }, { wanted, 0 }, { wanted | SNP_PROMISCUOUS, 0 }, { SNP_PROMISCUOUS, 0 },
	};
	enum snp_status status = SNP_UNSUPPORTED;

	for (unsigned i = 0; i < COUNT_OF(ways); i++) {
		uint32_t on = possible ? ways[i].on & possible : ways[i].on;

		if (on & (SNP_BROADCAST | SNP_PROMISCUOUS))
			status = env->filters(env->ctx, on, ways[i].off);
		if (status == SNP_SUCCESS)
			return true;
		card->counted.filters_refused++;
	}
	if (mode_of(card).filters & (SNP_BROADCAST | SNP_PROMISCUOUS))
		return true;                    /* refused, but it hears what we need */
	return fail(card, "ReceiveFilters", status);
}

/* Drivers whose cable was just plugged in fail at first; some are in the wanted state and say so by an error. */
static bool initialize(struct snp_card *card)
{
	const struct snp_env *env = card->env;
	enum snp_status status = SNP_SUCCESS;

	for (unsigned tries = 0; tries < SNP_INITIALIZE_TRIES; tries++) {
		if (tries)
			env->wait_ms(env->ctx, SNP_INITIALIZE_WAIT_MS);
		status = env->initialize(env->ctx);
		if (status == SNP_SUCCESS || mode_of(card).state == SNP_INITIALIZED)
			return true;
	}
	return fail(card, "Initialize", status);
}

static bool bring_up(struct snp_card *card)
{
	const struct snp_env *env = card->env;

	if (mode_of(card).state == SNP_STOPPED) {
		enum snp_status status = env->start(env->ctx);

		if (status != SNP_SUCCESS && status != SNP_ALREADY_STARTED)
			return fail(card, "Start", status);
	}
	if (mode_of(card).state != SNP_INITIALIZED && !initialize(card))
		return false;
	return set_filters(card);
}

/* Down as far as it was when we came. */
static void put_down(struct snp_card *card, enum snp_state to)
{
	const struct snp_env *env = card->env;

	if (mode_of(card).state == SNP_INITIALIZED && to < SNP_INITIALIZED)
		env->shutdown(env->ctx);
	if (mode_of(card).state == SNP_STARTED && to < SNP_STARTED)
		env->stop(env->ctx);
}

static bool tell_groups(struct snp_card *card)
{
	const struct snp_env *env = card->env;

	if (env->groups(env->ctx, card->groups, card->group_count) == SNP_SUCCESS)
		return true;
	card->counted.groups_refused++;
	return false;
}

/*
 * Multicast with a list is asked for where Mode says it is possible, or says nothing at all. Never all groups, and
 * never promiscuous: what is heard that way costs a call a frame.
 */
static bool card_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	struct snp_card *card = (struct snp_card *)nic;
	struct snp_mode mode;

	if (!card->opened || count > NIC_GROUPS_MAX)
		return false;
	mode = mode_of(card);
	if (mode.filters_possible && (!(mode.filters_possible & SNP_MULTICAST) || count > mode.groups_max))
		return false;
	if (count)
		memcpy(card->groups, macs, count * sizeof card->groups[0]);
	card->group_count = count;
	return tell_groups(card);
}

/* Down and up again: its rings are made anew, and every buffer is ours again. */
static void restart(struct snp_card *card)
{
	put_down(card, SNP_STARTED);
	tx_ring_forget(&card->tx);
	card->counted.restarted++;
	card->opened = bring_up(card);
	if (card->opened && card->group_count)
		tell_groups(card);
	if (!card->opened)
		put_down(card, SNP_STOPPED);    /* half up it would receive, with nobody to stop it */
}

/* ---- receiving ---- */

static bool take(struct snp_card *card, size_t len, struct rd *frame)
{
	if (len < FRAME_HEAD) {
		card->counted.frame_too_short++;
		return false;
	}
	if (len > FRAME_MAX + SNP_FRAME_CRC) {
		card->counted.frame_too_long++;
		return false;
	}
	card->counted.frames++;
	*frame = rd_over(card->rx, min_size(len, FRAME_MAX));
	return true;
}

/* What cannot be used is passed over, but a call looks at no more frames than a ring holds. */
static bool card_poll(struct nic *nic, struct rd *frame)
{
	struct snp_card *card = (struct snp_card *)nic;

	for (unsigned looks = 0; card->opened && looks < SNP_WINDOW_MAX; looks++) {
		size_t len = sizeof card->rx;
		enum snp_status status = card->env->receive(card->env->ctx, card->rx, &len);

		if (status == SNP_NOT_READY)
			return false;
		if (status == SNP_BUFFER_TOO_SMALL) {   /* no Ethernet frame; and nothing comes past it */
			card->counted.frame_too_long++;
			restart(card);
			return false;
		}
		if (status != SNP_SUCCESS) {
			card->counted.receive_failed++;
			return false;
		}
		if (take(card, len, frame))
			return true;
	}
	return false;
}

/* GetStatus is what looks at the cable; the buffers it names on the way are ours to note. */
static enum nic_link card_link(struct nic *nic)
{
	struct snp_card *card = (struct snp_card *)nic;
	struct snp_mode mode;

	if (!card->opened)
		return NIC_LINK_UNKNOWN;
	take_back(card);
	mode = mode_of(card);
	if (!mode.tells_media)
		return NIC_LINK_UNKNOWN;
	return mode.has_media ? NIC_LINK_UP : NIC_LINK_DOWN;
}

static bool is_zero(const uint8_t mac[6])
{
	static const uint8_t none[6];

	return memcmp(mac, none, 6) == 0;
}

static bool know(struct snp_card *card)
{
	struct snp_mode mode = mode_of(card);

	if (mode.hardware_type != ETHERNET || mode.address_bytes != 6)
		return fail(card, "Mode (no Ethernet)", SNP_UNSUPPORTED);
	memcpy(card->nic.mac, is_zero(mode.mac) ? mode.permanent_mac : mode.mac, 6);
	/* MaxPacketSize is the payload; some tell the frame. */
	card->nic.mtu = mode.packet_max >= 576 && mode.packet_max < 1500 ? (uint16_t)mode.packet_max : 1500;
	card->found = mode.state;
	card->found_filters = mode.filters;
	fmt_text(card->driver, sizeof card->driver, "snp");
	card->nic.driver = card->driver;
	return true;
}

bool snp_open(struct snp_card *card, const struct snp_env *env)
{
	memset(card, 0, sizeof *card);
	card->nic = (struct nic){ .send = card_send, .poll = card_poll, .link = card_link, .groups = card_groups,
	                          .rx_frames_max = SNP_FRAMES_MAX, .rx_window_max = SNP_WINDOW_MAX };
	card->env = env;
	if (!know(card))
		return false;
	card->opened = bring_up(card);
	if (!card->opened)
		put_down(card, card->found);
	return card->opened;
}

/* Its owner's filters, as far as it lets itself be told. His list of groups is lost: he tells it anew when he joins. */
static void restore_filters(struct snp_card *card)
{
	struct snp_mode mode;

	if (card->group_count) {
		card->group_count = 0;
		tell_groups(card);
	}
	mode = mode_of(card);
	if (mode.filters != card->found_filters)
		card->env->filters(card->env->ctx, card->found_filters, mode.filters & ~card->found_filters);
}

void snp_close(struct snp_card *card)
{
	const struct snp_env *env = card->env;

	if (!card->opened)
		return;
	/* A last frame (the lease given back) shall leave; and the buffers are part of this program. */
	take_back(card);
	for (unsigned tries = 0; tx_ring_waits(&card->tx) && tries < SNP_DRAIN_TRIES; tries++) {
		env->wait_ms(env->ctx, 1);
		take_back(card);
	}
	if (card->found == SNP_INITIALIZED && card->tx.under_way)
		restart(card);
	if (card->found == SNP_INITIALIZED && card->opened)
		restore_filters(card);
	put_down(card, card->found);
	card->opened = false;
}

void snp_quiet(struct snp_card *card)
{
	if (!card->opened)
		return;
	card->opened = false;
	put_down(card, SNP_STOPPED);
}
