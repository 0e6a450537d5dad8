/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/packet_text.h"
#include "lib/fmt.h"
#include "netstack/wire/arp.h"
#include "netstack/wire/dhcp.h"
#include "netstack/wire/dhcp_name.h"
#include "netstack/wire/eth.h"
#include "netstack/wire/icmp.h"
#include "netstack/wire/tftp.h"
#include "netstack/wire/tlv.h"
#include "netstack/wire/udp.h"

enum {
	TEXT_ROOM = PACKET_TEXT_MAX + 1, WHAT_ROOM = 40, ERROR_ROOM = 24,
	PORT_DHCP_SERVER = 67, PORT_DHCP_CLIENT = 68, PORT_TFTP = 69, PORT_SYSLOG = 514, PORT_PXE = 4011,
};

static void arp_text(char *room, struct rd packet)
{
	struct arp_packet a;

	if (!arp_parse(packet, &a))
		fmt_text(room, TEXT_ROOM, "%s", "ARP, malformed");
	else if (a.op == ARP_REPLY)
		fmt_text(room, TEXT_ROOM, "ARP reply %s is %s", ip_text(a.sender_ip).s, mac_text(a.sender_mac).s);
	else if (a.sender_ip == 0)
		fmt_text(room, TEXT_ROOM, "ARP probe: has anybody %s?", ip_text(a.target_ip).s);
	else
		fmt_text(room, TEXT_ROOM, "ARP request for %s by %s", ip_text(a.target_ip).s, ip_text(a.sender_ip).s);
}

static void dhcp_text(char *what, struct rd payload)
{
	const char *name = dhcp_name(payload);
	struct dhcp_packet p;

	if (!name)
		fmt_text(what, WHAT_ROOM, "%s", "DHCP, malformed");
	else if (dhcp_parse(payload, &p) && p.your_ip)
		fmt_text(what, WHAT_ROOM, "%s of %s", name, ip_text(p.your_ip).s);
	else
		fmt_text(what, WHAT_ROOM, "%s", name);
}

static void tftp_text(char *what, struct rd payload)
{
	char error[ERROR_ROOM];
	struct tftp_message m;

	if (!tftp_parse(payload, &m)) {
		fmt_text(what, WHAT_ROOM, "%s", "TFTP, malformed");
		return;
	}
	switch (m.op) {
	case TFTP_DATA:
		fmt_text(what, WHAT_ROOM, "TFTP DATA %u, %zu bytes", (unsigned)m.block, rd_left(&m.rest));
		break;
	case TFTP_ACK:
		fmt_text(what, WHAT_ROOM, "TFTP ACK %u", (unsigned)m.block);
		break;
	case TFTP_ERROR:
		rd_tlv_text(m.rest, error, sizeof error);
		fmt_text(what, WHAT_ROOM, "TFTP ERROR %u %s", (unsigned)m.error, error);
		break;
	case TFTP_OACK:
	case TFTP_RRQ:
	case TFTP_WRQ:
		fmt_text(what, WHAT_ROOM, "%s", "TFTP OACK");
		break;
	}
}

static bool is_either(const struct udp_head *h, uint16_t port) { return h->src_port == port || h->dst_port == port; }

static void payload_text(char *what, const struct udp_head *h, struct rd payload, uint16_t tftp_port)
{
	struct stream_head head;
	struct rd body;

	if (is_either(h, PORT_DHCP_SERVER) || is_either(h, PORT_DHCP_CLIENT) || is_either(h, PORT_PXE))
		dhcp_text(what, payload);
	else if (h->dst_port == PORT_TFTP)
		fmt_text(what, WHAT_ROOM, "%s", "TFTP request");
	else if (tftp_port && is_either(h, tftp_port))
		tftp_text(what, payload);
	else if (h->dst_port == PORT_SYSLOG)
		fmt_text(what, WHAT_ROOM, "%s", "syslog line");
	else if (is_either(h, STREAM_PORT) && stream_open(payload, &head, &body))
		fmt_text(what, WHAT_ROOM, "%s, %zu bytes", stream_type_text(head.type), rd_left(&payload));
	else
		fmt_text(what, WHAT_ROOM, "UDP, %zu bytes", rd_left(&payload));
}

static void udp_text(char *room, const struct ipv4_head *ip, struct rd segment, bool sent, uint16_t tftp_port)
{
	char what[WHAT_ROOM] = "";
	struct udp_head h;
	enum udp_verdict verdict = udp_parse(&segment, ip, &h);

	if (verdict == UDP_MALFORMED)
		fmt_text(what, sizeof what, "%s", "UDP, malformed");
	else if (verdict == UDP_BAD_CHECKSUM)
		fmt_text(what, sizeof what, "%s", "UDP, wrong checksum");
	else
		payload_text(what, &h, segment, tftp_port);
	fmt_text(room, TEXT_ROOM, "%s %s %s:%u", what, sent ? "to" : "from", ip_text(sent ? ip->dst : ip->src).s,
	         (unsigned)(sent ? h.dst_port : h.src_port));
}

static void icmp_text(char *room, const struct ipv4_head *ip, struct rd packet, bool sent)
{
	struct ip_text other = ip_text(sent ? ip->dst : ip->src);
	struct icmp_message m;

	if (icmp_parse(packet, &m) != ICMP_FINE)
		fmt_text(room, TEXT_ROOM, "ICMP, malformed, %s %s", sent ? "to" : "from", other.s);
	else if (m.type == ICMP_UNREACHABLE)
		fmt_text(room, TEXT_ROOM, "ICMP unreachable, code %u, %s %s", (unsigned)m.code, sent ? "to" : "from",
		         other.s);
	else
		fmt_text(room, TEXT_ROOM, "ICMP %s%u %s %s", m.type == ICMP_ECHO_REQUEST ? "ping, type "
		         : m.type == ICMP_ECHO_REPLY ? "pong, type " : "type ", (unsigned)m.type, sent ? "to" : "from",
		         other.s);
}

static void ipv4_text(char *room, struct rd packet, bool sent, uint16_t tftp_port)
{
	static const char *const wrong[] = {
		[IPV4_MALFORMED] = "malformed", [IPV4_BAD_CHECKSUM] = "wrong checksum", [IPV4_FRAGMENT] = "a fragment",
	};
	struct ipv4_head ip;
	enum ipv4_verdict verdict = ipv4_parse(&packet, &ip);

	if (verdict != IPV4_FINE)
		fmt_text(room, TEXT_ROOM, "IP, %s", wrong[verdict]);
	else if (ip.protocol == IPV4_UDP)
		udp_text(room, &ip, packet, sent, tftp_port);
	else if (ip.protocol == IPV4_ICMP)
		icmp_text(room, &ip, packet, sent);
	else
		fmt_text(room, TEXT_ROOM, "IP protocol %u %s %s", (unsigned)ip.protocol, sent ? "to" : "from",
		         ip_text(sent ? ip.dst : ip.src).s);
}

void packet_text(char room[PACKET_TEXT_MAX + 1], struct rd frame, bool sent, uint16_t tftp_port)
{
	struct eth_head eth;

	if (!eth_parse(&frame, &eth))
		fmt_text(room, TEXT_ROOM, "%s", "a frame cut short");
	else if (eth.type == ETH_ARP)
		arp_text(room, frame);
	else if (eth.type == ETH_IPV4)
		ipv4_text(room, frame, sent, tftp_port);
	else if (eth.type == ETH_VLAN)
		fmt_text(room, TEXT_ROOM, "a frame of another VLAN %s %s", sent ? "to" : "from",
		         mac_text(sent ? eth.dst : eth.src).s);
	else
		fmt_text(room, TEXT_ROOM, "Ethernet type %04x to %s", (unsigned)eth.type, mac_text(eth.dst).s);
}
