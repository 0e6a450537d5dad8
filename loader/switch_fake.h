/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_SWITCH_FAKE_H
#define LOADER_SWITCH_FAKE_H
/*
 * A switch port between the machine and the network of lan_fake.h: it forwards from a moment on, and may say so.
 *
 *     lan_init();  port_init();  port.forwards_at = ...;  port.tree = PORT_RAPID;  boot_init(...)
 *
 * Until then it drops both ways; what it has to say itself it says all the same. Host only.
 */
#include "loader/lan_fake.h"
#include "netstack/lacp.h"
#include "netstack/wire/eth.h"
#include "netstack/wire/stp_fake.h"

enum port_tree { PORT_SILENT, PORT_OLD, PORT_RAPID };

static struct port_fake {
	/* what the test wants */
	usec   forwards_at, speaks_at, silent_at;       /* silent_at 0: never */
	usec   cable_at, pulled_at, cable_back_at;      /* the cable is out before, and from then on until then */
	enum port_tree tree;
	bool   is_bundle;               /* it forwards when it was answered, and only then */
	bool   wants_eap, has_talkers;  /* talkers: somebody beyond it broadcasts now and then */
	uint16_t vlan;                  /* what it takes and gives is tagged with that; 0: nothing is */

	/* what the test saw */
	unsigned passed, dropped, answers, wrong_tags, early_discovers;
	uint8_t groups[NIC_GROUPS_MAX][6];
	unsigned group_count, group_calls;
	uint8_t bundle_state;
	usec   next_at, passed_first_at;
	uint8_t *lent;
} port;

static const uint8_t port_mac[6] = { 0x00, 0x1b, 0x54, 0xaa, 0xbb, 0x05 };

static inline bool port_has_cable(void)
{
	return lan.clock >= port.cable_at
	    && !(port.pulled_at && lan.clock >= port.pulled_at && lan.clock < port.cable_back_at);
}

static inline bool port_forwards(void)
{
	return lan.clock >= port.forwards_at && (!port.is_bundle || port.bundle_state & LACP_DISTRIBUTING);
}

/* ---- what it says itself ---- */

static inline void port_bpdu(struct wr *w)
{
	struct eth_head eth = { .type = FAKE_BPDU_BYTES };
	uint8_t flags = port_forwards() ? STP_ROLE | STP_LEARNING | STP_FORWARDING : STP_ROLE;

	memcpy(eth.dst, stp_group, 6);
	memcpy(eth.src, port_mac, 6);
	eth_emit(w, &eth);
	fake_bpdu(w, port.tree == PORT_RAPID ? STP_RAPID : STP_CONFIG, flags, 2, 15);
}

static inline void port_lacpdu(struct wr *w)
{
	struct eth_head eth = { .type = ETH_SLOW };
	struct lacp_pdu p = { .actor = { .key = 3, .port = 5, .state = port.bundle_state } };

	memcpy(eth.dst, slow_group, 6);
	memcpy(eth.src, port_mac, 6);
	memcpy(p.actor.system, port_mac, 6);
	eth_emit(w, &eth);
	lacp_emit(w, &p);
}

static inline void port_eap(struct wr *w)
{
	struct eth_head eth = { .dst = { 1, 0x80, 0xc2, 0, 0, 3 }, .type = ETH_EAP };

	memcpy(eth.src, port_mac, 6);
	eth_emit(w, &eth);
	wr_bytes(w, "\2\0\0\5\1\1\0\5\1", 9);   /* version 2, a packet: request 1, identity */
}

/* Somebody else asks for somebody else. */
static inline void port_talk(struct wr *w)
{
	struct eth_head eth = { .type = ETH_ARP };
	struct arp_packet a = { .op = ARP_REQUEST, .sender_ip = LAN_SERVER + 7, .target_ip = LAN_SERVER + 8 };

	memcpy(eth.dst, eth_broadcast, 6);
	memcpy(eth.src, port_mac, 6);
	memcpy(a.sender_mac, port_mac, 6);
	eth_emit(w, &eth);
	arp_emit(w, &a);
}

/* In front of what the network has queued. */
static inline void port_speak(void)
{
	void (*const words[])(struct wr *w) = {
		port.tree ? port_bpdu : NULL, port.is_bundle ? port_lacpdu : NULL, port.wants_eap ? port_eap : NULL,
		port.has_talkers && port_forwards() ? port_talk : NULL,
	};

	for (unsigned i = 0; i < COUNT_OF(words); i++) {
		uint8_t frame[FRAME_MAX] = { 0 };
		struct wr w = wr_over(frame, sizeof frame);

		if (!words[i])
			continue;
		words[i](&w);
		if (wr_used(&w, frame) < FRAME_MIN)
			w.at = frame + FRAME_MIN;
		lan_queue(&w, frame);
	}
}

/* ---- the machine's card ---- */

/* It asks to be answered, and is in the bundle when it heard that its partner is in sync, and then that he collects. */
static inline void port_hear_lacp(struct rd payload)
{
	struct lacp_pdu p;

	assert_int_equal(slow_parse(&payload), SLOW_LACP);
	assert_true(lacp_parse(payload, &p));
	assert_memory_equal(p.partner.system, port_mac, 6);
	assert_false(p.actor.state & LACP_ACTIVE);
	port.answers++;
	if (p.actor.state & LACP_IN_SYNC)
		port.bundle_state |= LACP_IN_SYNC | LACP_COLLECTING;
	if (p.actor.state & LACP_COLLECTING)
		port.bundle_state |= LACP_DISTRIBUTING;
}

static inline bool port_send(struct nic *nic, const void *frame, size_t len)
{
	struct rd r = rd_over(frame, len);
	uint8_t plain[FRAME_MAX];
	struct wr w = wr_over(plain, sizeof plain);
	struct eth_head eth;

	assert_true(eth_parse(&r, &eth));
	assert_int_not_equal(eth.type, ETH_EAP);
	assert_true(port_has_cable());
	if (eth.type == ETH_SLOW) {
		assert_false(eth.is_tagged);
		port_hear_lacp(r);
		return true;
	}
	if (eth.vlan != port.vlan || eth.is_tagged != (port.vlan != 0)) {
		port.wrong_tags++;
		return true;
	}
	if (!port_forwards()) {
		port.dropped++;
		port.early_discovers += eth.type == ETH_IPV4;
		return true;
	}
	if (!port.passed++)
		port.passed_first_at = lan.clock;
	eth_emit(&w, &eth);
	wr_rest(&w, r);
	return lan_send(nic, plain, wr_used(&w, plain));
}

static inline bool is_of_the_port(struct rd frame)
{
	rd_skip(&frame, 6);
	return rd_is(&frame, port_mac, 6);
}

static inline bool port_poll(struct nic *nic, struct rd *frame)
{
	uint8_t tagged[FRAME_MAX + ETH_TAG];
	struct wr w = wr_over(tagged, sizeof tagged);

	free(port.lent);
	port.lent = NULL;
	if (lan.clock >= port.next_at && lan.clock >= max_u64(port.speaks_at, port.cable_at)
	    && (!port.silent_at || lan.clock < port.silent_at)) {
		port_speak();
		port.next_at = lan.clock + (port.is_bundle ? 1 : 2) * (usec)USEC_PER_S;
	}
	if (!lan_poll(nic, frame))
		return false;
	if (!port.vlan || is_of_the_port(*frame))
		return true;
	eth_emit_tagged(&w, *frame, port.vlan);
	port.lent = exact_copy(tagged, wr_used(&w, tagged));
	*frame = rd_over(port.lent, wr_used(&w, tagged));
	return true;
}

static inline bool port_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	(void)nic;
	assert_true(count <= NIC_GROUPS_MAX);
	port.group_calls++;
	port.group_count = count;
	for (unsigned i = 0; i < count; i++)
		memcpy(port.groups[i], macs[i], 6);
	return true;
}

static inline enum nic_link port_link(struct nic *nic)
{
	(void)nic;
	return port_has_cable() ? NIC_LINK_UP : NIC_LINK_DOWN;
}

/* A frame of its own ends a wait, too. */
static inline void port_idle(struct port *p, usec until)
{
	usec speaks = max_u64(port.next_at, max_u64(port.speaks_at, port.cable_at));
	bool will_speak = (port.tree || port.is_bundle || port.wants_eap || port.has_talkers)
	               && (!port.silent_at || speaks < port.silent_at);

	lan_idle(p, will_speak ? min_u64(until, max_u64(speaks, lan.clock)) : until);
}

static inline void port_init(void)
{
	memset(&port, 0, sizeof port);
	lan.nic.send = port_send;
	lan.nic.poll = port_poll;
	lan.nic.link = port_link;
	lan.nic.groups = port_groups;
	lan.port.idle = port_idle;
	port.bundle_state = LACP_ACTIVE | LACP_AGGREGATABLE;
}

static inline void port_end(void)
{
	free(port.lent);
	port.lent = NULL;
}
#endif
