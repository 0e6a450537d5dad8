/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/arp.h"
#include "lib/fmt.h"
#include "netstack/vlan.h"
#include "netstack/wire/arp.h"

enum {
	TRIES_MAX  = 4,                         /* PXE-E11 */
	FIRST_WAIT = 250 * USEC_PER_MS,         /* doubles to a second: four tries are over after 2.75 s */
	LAST_WAIT  = 1000 * USEC_PER_MS,
	HOLD_OFF   = 1000 * USEC_PER_MS,        /* after giving up: so long it is "nobody" without asking */
	SERVES     = 60 * USEC_PER_S,
	DEFEND     = 10 * USEC_PER_S,           /* RFC 5227 DEFEND_INTERVAL */
};

static const uint8_t nobody[6];

static bool send_arp(struct net *n, const uint8_t to[6], const struct arp_packet *a)
{
	uint8_t frame[ETH_HEAD + ARP_SIZE];
	struct wr w = wr_over(frame, sizeof frame);
	struct eth_head eth = { .type = ETH_ARP };

	memcpy(eth.dst, to, sizeof eth.dst);
	memcpy(eth.src, n->nic->mac, sizeof eth.src);
	eth_emit(&w, &eth);
	arp_emit(&w, a);
	return vlan_send(n, frame, sizeof frame);
}

static bool ask(struct net *n, uint32_t sender_ip, uint32_t target_ip)
{
	struct arp_packet a = { .op = ARP_REQUEST, .sender_ip = sender_ip, .target_ip = target_ip };

	memcpy(a.sender_mac, n->nic->mac, sizeof a.sender_mac);
	return send_arp(n, eth_broadcast, &a);
}

void arp_probe(struct net *n, uint32_t ip)  { ask(n, 0, ip); }
void arp_announce(struct net *n)            { ask(n, n->address.ip, n->address.ip); }

static void reply(struct net *n, const struct arp_packet *to)
{
	struct arp_packet a = { .op = ARP_REPLY, .sender_ip = n->address.ip, .target_ip = to->sender_ip };

	memcpy(a.sender_mac, n->nic->mac, sizeof a.sender_mac);
	memcpy(a.target_mac, to->sender_mac, sizeof a.target_mac);
	send_arp(n, to->sender_mac, &a);
}

static struct arp_entry *find(struct net *n, uint32_t ip)
{
	for (size_t i = 0; i < ARP_ENTRIES; i++)
		if (ip && n->arp[i].ip == ip)
			return &n->arp[i];
	return NULL;
}

/* A free entry, or the one unheard of for longest. */
static struct arp_entry *make_room(struct net *n, uint32_t ip)
{
	struct arp_entry *e = &n->arp[0];

	for (size_t i = 1; i < ARP_ENTRIES && e->ip; i++)
		if (!n->arp[i].ip || n->arp[i].heard < e->heard)
			e = &n->arp[i];
	*e = (struct arp_entry){ .ip = ip };
	return e;
}

static void learn(struct arp_entry *e, usec now, const uint8_t mac[6])
{
	memcpy(e->mac, mac, sizeof e->mac);
	e->known = true;
	e->tries = 0;
	e->due   = NEVER;
	e->heard = now;
}

/* Somebody else says that our address, or the one we are about to take, is his. */
static bool is_conflict(const struct net *n, const struct arp_packet *a)
{
	if (memcmp(a->sender_mac, n->nic->mac, sizeof a->sender_mac) == 0)
		return false;
	if (n->probed_ip && a->op == ARP_REQUEST && a->sender_ip == 0 && a->target_ip == n->probed_ip)
		return true;            /* he probes for it, too */
	return a->sender_ip && (a->sender_ip == n->address.ip || a->sender_ip == n->probed_ip);
}

static void note_conflict(struct net *n, usec now, const struct arp_packet *a)
{
	if (!n->address_conflict)
		log_line(n->log, LOG_ERROR, "address %s is also used by %s",
		         ip_text(a->sender_ip ? a->sender_ip : a->target_ip).s, mac_text(a->sender_mac).s);
	n->address_conflict = true;
	memcpy(n->conflict_mac, a->sender_mac, sizeof n->conflict_mac);
	if (n->address.ip && a->sender_ip == n->address.ip && now >= n->defended_at) {
		n->defended_at = now + DEFEND;
		arp_announce(n);
	}
}

void arp_rx(struct net *n, usec now, struct rd packet)
{
	struct arp_packet a;
	struct arp_entry *e;
	bool for_us;

	if (!arp_parse(packet, &a) || (a.sender_mac[0] & 1) || memcmp(a.sender_mac, nobody, sizeof nobody) == 0) {
		n->dropped.arp_malformed++;
		return;
	}
	n->last_packet = a.op == ARP_REPLY ? "ARP reply" : "ARP request";
	if (is_conflict(n, &a)) {
		note_conflict(n, now, &a);
		return;
	}
	for_us = n->address.ip && a.target_ip == n->address.ip;
	e = find(n, a.sender_ip);
	if (!e && for_us && a.op == ARP_REQUEST && a.sender_ip)
		e = make_room(n, a.sender_ip);
	if (e)
		learn(e, now, a.sender_mac);
	if (for_us && a.op == ARP_REQUEST)
		reply(n, &a);
}

/* One more question for this entry, or the end of its patience. */
static void ask_again(struct net *n, usec now, struct arp_entry *e)
{
	usec wait = (usec)FIRST_WAIT << e->tries;

	if (e->tries >= TRIES_MAX) {
		n->dropped.arp_gave_up++;
		log_line(n->log, LOG_INFO, "no ARP answer for %s", ip_text(e->ip).s);
		e->known = false;
		e->due   = now + HOLD_OFF;
		e->tries = TRIES_MAX + 1;
		return;
	}
	if (!ask(n, n->address.ip, e->ip)) {
		e->due = now + USEC_PER_MS;
		e->tries = e->tries ? e->tries : 1;
		return;
	}
	e->tries++;
	e->due = now + min_u64(wait, LAST_WAIT);
}

static bool has_given_up(const struct arp_entry *e) { return e->tries > TRIES_MAX; }

enum arp_answer arp_lookup(struct net *n, usec now, uint32_t ip, uint8_t mac[6])
{
	struct arp_entry *e = find(n, ip);

	if (e && has_given_up(e) && now >= e->due)
		e = NULL;               /* held off long enough: ask anew */
	if (!e) {
		e = find(n, ip);
		if (e)
			*e = (struct arp_entry){ .ip = ip, .heard = now };
		else
			e = make_room(n, ip);
		e->heard = now;
		ask_again(n, now, e);
	}
	if (e->known && e->tries == 0 && now - e->heard >= SERVES)
		ask_again(n, now, e);
	if (!e->known)
		return has_given_up(e) ? ARP_NOBODY : ARP_ASKING;
	memcpy(mac, e->mac, sizeof e->mac);
	return ARP_KNOWN;
}

void arp_tick(struct net *n, usec now)
{
	for (size_t i = 0; i < ARP_ENTRIES; i++) {
		struct arp_entry *e = &n->arp[i];

		if (e->tries && e->ip && !has_given_up(e) && now >= e->due)     /* seldom: nearly all are known */
			ask_again(n, now, e);
	}
}

usec arp_wake_at(const struct net *n)
{
	usec soonest = NEVER;

	for (size_t i = 0; i < ARP_ENTRIES; i++)
		if (n->arp[i].ip && n->arp[i].tries && !has_given_up(&n->arp[i]))
			soonest = min_u64(soonest, n->arp[i].due);
	return soonest;
}
