/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/packet_log.h"
#include "netstack/wire/eth.h"
#include "netstack/wire/udp.h"

enum { PORT_TFTP = 69 };

_Static_assert(sizeof(struct nic) == 5 * sizeof(void *) + 24, "struct nic has changed: pass on what is new in it");

/* Whole seconds and milliseconds; a division of 64 bits would need a library on i386. Three days are enough. */
static void say(const struct packet_log *l, struct log *to, const struct packet *p)
{
	usec t = p->at >> 3;
	uint32_t ms = (t > UINT32_MAX ? UINT32_MAX : (uint32_t)t) / (USEC_PER_MS >> 3);
	char text[PACKET_TEXT_MAX + 1];

	packet_text(text, rd_over(p->bytes, p->len), p->sent, l->tftp_port);
	log_line(to, LOG_ERROR, "  %u.%03u %s %s", ms / 1000, ms % 1000, p->sent ? "->" : "<-", text);
}

/* The port that a TFTP request leaves from is the only thing that tells the rest of its transfer from other UDP. */
static void note_tftp(struct packet_log *l, struct rd frame)
{
	struct eth_head eth;
	struct ipv4_head ip;
	struct udp_head udp;

	if (eth_parse(&frame, &eth) && eth.type == ETH_IPV4 && ipv4_parse(&frame, &ip) == IPV4_FINE
	    && ip.protocol == IPV4_UDP && udp_parse(&frame, &ip, &udp) == UDP_FINE && udp.dst_port == PORT_TFTP)
		l->tftp_port = udp.src_port;
}

static void note(struct packet_log *l, bool sent, struct rd frame)
{
	struct packet *p = &l->packets[l->count++ % PACKET_LOG_PACKETS];

	p->at   = l->port->now(l->port);
	p->sent = sent;
	p->len  = (uint16_t)min_size(rd_left(&frame), sizeof p->bytes);
	rd_bytes(&frame, p->bytes, p->len);
	if (sent)
		note_tftp(l, rd_over(p->bytes, p->len));
	if (l->is_shown)
		say(l, &l->port->log, p);
}

/* What the stack tells its card in the struct itself. */
static void pass_on(struct packet_log *l)
{
	l->card->rx_expected  = l->nic.rx_expected;
	l->card->rx_wait_us   = l->nic.rx_wait_us;
	l->card->poll_follows = l->nic.poll_follows;
}

static bool log_send(struct nic *nic, const void *frame, size_t len)
{
	struct packet_log *l = (struct packet_log *)nic;

	pass_on(l);
	if (!l->card->send(l->card, frame, len))
		return false;
	note(l, true, rd_over(frame, len));
	return true;
}

static bool log_poll(struct nic *nic, struct rd *frame)
{
	struct packet_log *l = (struct packet_log *)nic;

	pass_on(l);
	if (!l->card->poll(l->card, frame))
		return false;
	note(l, false, *frame);
	return true;
}

static enum nic_link log_link(struct nic *nic)
{
	struct packet_log *l = (struct packet_log *)nic;

	return l->card->link(l->card);
}

static bool log_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	struct packet_log *l = (struct packet_log *)nic;

	return l->card->groups(l->card, macs, count);
}

struct nic *packet_log_open(struct packet_log *l, struct nic *card, struct port *port)
{
	l->card = card;
	l->port = port;
	l->nic  = *card;
	l->nic.send = log_send;
	l->nic.poll = log_poll;
	l->nic.link = log_link;
	if (card->groups)
		l->nic.groups = log_groups;
	return &l->nic;
}

void packet_log_close(struct packet_log *l, struct net *net)
{
	pass_on(l);
	net->nic = l->card;
}

void packet_log_show(const struct packet_log *l, struct log *to, unsigned most)
{
	unsigned kept = l->count < PACKET_LOG_PACKETS ? l->count : PACKET_LOG_PACKETS;

	for (unsigned n = kept < most ? kept : most; n; n--)
		say(l, to, &l->packets[(l->count - n) % PACKET_LOG_PACKETS]);
}

void packet_log_toggle(struct packet_log *l)
{
	struct log *to = &l->port->log;

	l->is_shown = !l->is_shown;
	if (!l->is_shown) {
		log_line(to, LOG_ERROR, "%s", "packets are no longer shown (F2)");
		return;
	}
	log_line(to, LOG_ERROR, "the last %u packets of %u, and all that follow (F2: no more)",
	         l->count < PACKET_LOG_SHOWN ? l->count : (unsigned)PACKET_LOG_SHOWN, l->count);
	packet_log_show(l, to, PACKET_LOG_SHOWN);
}
