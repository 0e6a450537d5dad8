/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/icmp.h"
#include "netstack/wire/icmp.h"
#include "netstack/wire/udp.h"

enum { ERROR_GAP = 100 * USEC_PER_MS, QUOTED_PAYLOAD = 8 };

static void send_icmp(struct net *n, usec now, uint32_t to, const struct icmp_message *m)
{
	struct ipv4_head head = { .dst = to, .protocol = IPV4_ICMP };
	uint8_t *payload = n->answer + IPV4_PAYLOAD_AT;
	struct wr w = wr_over(payload, sizeof n->answer - IPV4_PAYLOAD_AT);

	icmp_emit(&w, m);
	if (wr_ok(&w))
		ipv4_send(n, now, n->answer, &head, wr_used(&w, payload));
}

static void note_unreachable(struct net *n, const struct ipv4_head *ip, const struct icmp_message *m)
{
	struct rd quoted = m->body;
	struct ipv4_head ours;
	struct flow flow;

	if (!ipv4_parse_quoted(&quoted, &ours) || ours.protocol != IPV4_UDP || ours.src != n->address.ip)
		return;
	flow.dst_ip   = ours.dst;
	flow.src_port = rd_be16(&quoted);
	flow.dst_port = rd_be16(&quoted);
	if (!rd_ok(&quoted) || !net_is_open(n, flow.src_port))
		return;
	n->unreachable = (struct net_unreachable){
		.seen = true, .type = m->type, .code = m->code, .from = ip->src, .quoted = flow,
	};
	if (m->type == ICMP_UNREACHABLE && m->code == ICMP_FRAGMENTATION_NEEDED)
		n->unreachable.mtu = (uint16_t)m->rest;
}

void icmp_rx(struct net *n, usec now, const struct ipv4_head *ip, struct rd packet)
{
	struct icmp_message m;

	switch (icmp_parse(packet, &m)) {
	case ICMP_MALFORMED:    n->dropped.icmp_malformed++; return;
	case ICMP_BAD_CHECKSUM: n->dropped.icmp_checksum++;  return;
	case ICMP_FINE:         break;
	}
	n->last_packet = "ICMP message";
	if (n->address.ip == 0 || ip->dst != n->address.ip)
		return;                 /* a ping of everybody is answered by nobody */
	if (icmp_is_error(m.type))
		note_unreachable(n, ip, &m);
	if (m.type == ICMP_ECHO_REQUEST && m.code == 0) {
		m.type = ICMP_ECHO_REPLY;
		send_icmp(n, now, ip->src, &m);
	}
}

void icmp_port_closed(struct net *n, usec now, const struct ipv4_head *ip, struct rd packet)
{
	struct icmp_message m = { .type = ICMP_UNREACHABLE, .code = ICMP_PORT_UNREACHABLE };
	struct rd rest = packet;
	struct ipv4_head head;
	size_t quote;

	if (n->address.ip == 0 || ip->dst != n->address.ip || ip->src == 0 || now < n->unreachable_at)
		return;
	if (!ipv4_parse_quoted(&rest, &head))
		return;
	quote = rd_left(&packet) - rd_left(&rest) + QUOTED_PAYLOAD;
	m.body = rd_sub(&packet, min_size(quote, rd_left(&packet)));
	n->unreachable_at = now + ERROR_GAP;
	send_icmp(n, now, ip->src, &m);
}
