/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/link.h"
#include "lib/fmt.h"
#include "loader/steps.h"
#include "netstack/wire/eth.h"

/* DHCP's first try; a later one is sent anew only if the next is not due sooner than that. */
#define FIRST_TRY (4u * USEC_PER_S)

enum { CABLE_EVERY = 50 * USEC_PER_MS };

static const uint8_t groups[][6] = {
	{ 0x01, 0x80, 0xc2, 0, 0, 0 },          /* spanning tree */
	{ 0x01, 0x80, 0xc2, 0, 0, 2 },          /* the slow protocols: aggregation */
	{ 0x01, 0x80, 0xc2, 0, 0, 3 },          /* 802.1X */
};

static void link_rx(struct net_listener *listener, struct net *n, usec now, const struct eth_head *eth,
                    struct rd payload)
{
	struct link *l = (struct link *)listener;

	if (eth->type == ETH_EAP)
		l->eap++;
	else if (eth->type == ETH_SLOW)
		lacp_rx(l->lacp, n, now, payload);
	else if (memcmp(eth->dst, stp_group, sizeof stp_group) == 0)
		stp_rx(&l->stp, now, payload);
}

void link_init(struct boot *b)
{
	b->link = (struct link){
		.listener = { link_rx, groups, COUNT_OF(groups) }, .lacp = &b->attachment->lacp,
	};
	lacp_init(b->link.lacp);
	stp_init(&b->link.stp);
}

/* The configuration's overrules the firmware's. */
static uint16_t vlan_of(const struct boot *b) { return b->config.has_vlan ? b->config.vlan : b->platform->vlan; }

/* Frames that no switch port sends of itself. */
static uint32_t data_frames(const struct boot *b)
{
	const struct net_counters *n = &b->attachment->net.dropped;

	return n->frames - n->short_frame - n->foreign_mac - n->link_frames;
}

void link_watch(struct boot *b)
{
	struct net *net = &b->attachment->net;
	struct link *l = &b->link;

	net_set_vlan(net, vlan_of(b));
	l->is_told  = net_listen(net, &l->listener);
	l->data     = data_frames(b);
	l->doubted  = false;
	l->asked_at = boot_now(b);
}

void link_rest(struct boot *b) { net_listen(&b->attachment->net, lacp_listener(b->link.lacp)); }

static enum stp_port port_says(struct boot *b, usec now)
{
	struct link *l = &b->link;
	uint32_t data = data_frames(b);

	if (data != l->data)
		stp_heard_data(&l->stp);
	l->data = data;
	return stp_says(&l->stp, now);
}

static bool port_blocks(struct boot *b, usec now)
{
	return port_says(b, now) == STP_BLOCKS || lacp_blocks(b->link.lacp, now);
}

usec link_wake_at(const struct boot *b)
{
	usec now = boot_now(b);

	return min_u64(stp_until(&b->link.stp, now), lacp_until(b->link.lacp, now));
}

/* Asking the card costs a call of its driver: not each turn. */
static bool cable_is_out(struct boot *b, usec now)
{
	struct nic *nic = b->platform->nic;
	struct link *l = &b->link;

	if (now < l->cable_due)
		return false;
	l->cable_due = now + CABLE_EVERY;
	return nic->link(nic) == NIC_LINK_DOWN;
}

bool link_asked_in_vain(struct boot *b)
{
	struct link *l = &b->link;
	usec now = boot_now(b);
	bool was_doubted = l->doubted;

	if (b->attachment->dhcp.offer_count)
		return false;
	if (cable_is_out(b, now))
		return true;
	if (port_blocks(b, now))
		return !l->gives_up_at || now < l->gives_up_at;
	l->doubted = port_says(b, now) == STP_MAY_FORWARD;
	return was_doubted && !l->doubted && now - l->asked_at >= FIRST_TRY;
}

static void say_who_blocks(struct boot *b, usec now)
{
	const struct link *l = &b->link;

	if (stp_says(&l->stp, now) == STP_BLOCKS)
		log_line(b->log, LOG_STEP, "the switch port does not forward yet, says its spanning tree (bridge %s)",
		         mac_text(l->stp.bridge).s);
	else
		log_line(b->log, LOG_STEP, "the switch port is not in its bundle yet, says LACP (system %s)",
		         mac_text(l->lacp->partner.system).s);
}

/* False: Esc. */
static bool wait_for_port(struct boot *b)
{
	struct link *l = &b->link;
	usec now = boot_now(b), began = now;
	unsigned shown = 0;
	bool go_on = true;

	if (!port_blocks(b, now))
		return true;
	if (!l->gives_up_at)
		l->gives_up_at = now + (b->config.link_wait_s ? (usec)b->config.link_wait_s * USEC_PER_S : LINK_WAIT);
	say_who_blocks(b, now);
	for (; go_on && port_blocks(b, now) && now < l->gives_up_at; now = boot_now(b)) {
		unsigned left = boot_seconds_left(l->gives_up_at, now);

		if (left != shown)
			log_text(b->log, LOG_STEP, "\rwaiting for it, at most %u s; Esc gives the machine back  ",
			         left);
		shown = left;
		go_on = boot_turn(b, min_u64(l->gives_up_at, now + USEC_PER_S / 4));
	}
	log_line(b->log, LOG_STEP, "%s", "");
	if (go_on && port_blocks(b, now))
		log_line(b->log, LOG_STEP, "it still does not forward; asking all the same");
	else if (go_on)
		log_line(b->log, LOG_STEP, "it forwards after %u s", boot_seconds_left(now, began));
	return go_on;
}

/* STEP_LEASE: it is in. *was_out: it was not at first. */
static enum step wait_for_cable(struct boot *b, bool *was_out)
{
	struct nic *nic = b->platform->nic;
	usec patience = boot_now(b) + LINK_PATIENCE;
	bool gives_up = b->once || b->policy.what != CONFIG_RETRY;      /* the next device needs no cable */

	for (*was_out = false; nic->link(nic) == NIC_LINK_DOWN; *was_out = true) {
		if (boot_now(b) >= patience && gives_up)
			return boot_fail(b, FAILURE_NO_LINK, "no link at %s", mac_text(nic->mac).s);
		if (boot_now(b) >= patience) {
			log_line(b->log, LOG_STEP, "PXE-E61: no link yet; check the cable. Esc gives the machine back");
			patience = NEVER;
		}
		if (!boot_turn(b, boot_now(b) + CABLE_EVERY))
			return boot_cancel(b);
	}
	return STEP_LEASE;
}

/* A port that has just come up says so within a hello, if it has a tree. False: Esc. */
static bool listen_for_hello(struct boot *b)
{
	usec until = boot_now(b) + LINK_HELLO;
	uint32_t data = data_frames(b);
	struct link *l = &b->link;
	bool go_on = true;

	stp_init(&l->stp);
	while (go_on && boot_now(b) < until && port_says(b, boot_now(b)) == STP_SILENT && !l->lacp->is_heard
	       && data_frames(b) == data)
		go_on = boot_turn(b, until);
	return go_on;
}

enum step link_wait(struct boot *b)
{
	struct attachment *a = b->attachment;
	bool was_out, had_dhcp = a->has_dhcp;
	enum step next;

	a->has_dhcp = false;            /* or it would ask */
	next = wait_for_cable(b, &was_out);
	/* What the card has heard already is looked at, too. */
	if (next == STEP_LEASE
	    && (!(was_out ? listen_for_hello(b) : boot_turn(b, boot_now(b))) || !wait_for_port(b)))
		next = boot_cancel(b);
	if (next != STEP_LEASE)         /* a lease of the last try is given back */
		a->has_dhcp = had_dhcp && dhcp_status(&a->dhcp) == DHCP_BOUND;
	return next;
}

enum step step_link(struct boot *b)
{
	struct link *l = &b->link;

	link_watch(b);
	l->gives_up_at = 0;
	l->eap = 0;
	if (b->attachment->net.vlan)
		log_line(b->log, LOG_STEP, "in VLAN %u", (unsigned)b->attachment->net.vlan);
	if (!l->is_told)
		log_line(b->log, LOG_INFO, "the card cannot be told to listen to the switch; it may hear all the same");
	return link_wait(b);
}

/* ---- the error screen ---- */

static void explain_port(struct boot *b, struct log *to)
{
	const struct link *l = &b->link;
	struct mac_text bridge = mac_text(l->stp.bridge);
	usec now = boot_now(b);

	switch (stp_says(&l->stp, now)) {
	case STP_BLOCKS:
		log_line(to, LOG_ERROR, "  the switch port does not forward, says its spanning tree (bridge %s)",
		         bridge.s);
		break;
	case STP_MAY_FORWARD:
		log_line(to, LOG_ERROR, "  the switch port may not forward yet: its spanning tree (bridge %s) is an "
		         "old one; make it an edge port (PortFast)", bridge.s);
		break;
	case STP_SILENT:
	case STP_FORWARDS:
		break;
	}
	if (lacp_blocks(l->lacp, now))
		log_line(to, LOG_ERROR, "  the switch port is one of a bundle (LACP) and does not take us into it");
}

static void explain_vlan(const struct net *n, struct log *to)
{
	unsigned count = n->dropped.foreign_vlan;

	if (count && n->vlan)
		log_line(to, LOG_ERROR, "  %u frames were not in VLAN %u: is the port tagged, and with that one?",
		         count, (unsigned)n->vlan);
	else if (count)
		log_line(to, LOG_ERROR, "  %u frames had a VLAN's tag: if the port is a trunk, set the VLAN", count);
}

void link_explain(struct boot *b, struct log *to)
{
	const struct link *l = &b->link;

	if (l->eap)
		log_line(to, LOG_ERROR, "  the switch asks for 802.1X (%u frames); nothing was answered: it must let "
		         "this MAC address in", (unsigned)l->eap);
	if (b->failed_step <= STEP_LEASE)
		explain_port(b, to);
	explain_vlan(&b->attachment->net, to);
}
