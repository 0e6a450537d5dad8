/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/lease.h"
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include "lib/fmt.h"

enum { DATAGRAMS_PER_TURN = 16 };

static uint64_t seed_of(const uint8_t mac[6], usec now)
{
	struct rd r = rd_over(mac, 6);
	uint64_t high = rd_be32(&r);

	return (high << 16 | rd_be16(&r)) << 16 ^ now;
}

bool lease_resume(struct lease *l, struct kmsg *k, const struct handover *h, usec now)
{
	struct dhcp_identity who = {
		.architecture = h->arch, .undi_major = h->undi_major, .undi_minor = h->undi_minor,
		.id_is_uuid = h->id_is_uuid,
	};
	struct dhcp_lease lease = {
		.lease_s = h->lease.lease_s, .t1_s = h->lease.t1_s, .t2_s = h->lease.t2_s,
	};

	memset(l, 0, sizeof *l);
	l->udp = -1;
	if (!handover_ip_is_ipv4(&h->lease.server, &lease.server) || lease.server == 0
	    || !handover_ip_is_ipv4(&h->lease.address, &lease.address.ip))
		return false;
	memcpy(who.mac, h->mac, sizeof who.mac);
	memcpy(who.uuid, h->uuid, sizeof who.uuid);
	dhcp_resume(&l->dhcp, &who, NULL, &lease, now, seed_of(h->mac, now));
	l->kmsg = k;
	l->told = DHCP_BOUND;
	return true;
}

bool lease_open(struct lease *l, const struct card *card)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(DHCP_CLIENT_PORT) };
	const int yes = 1;

	l->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->udp >= 0
	    && setsockopt(l->udp, SOL_SOCKET, SO_BINDTODEVICE, card->name, (socklen_t)strlen(card->name)) == 0
	    && setsockopt(l->udp, SOL_SOCKET, SO_BROADCAST, &yes, sizeof yes) == 0
	    && setsockopt(l->udp, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0
	    && bind(l->udp, (struct sockaddr *)&any, sizeof any) == 0)
		return true;
	kmsg_error(l->kmsg, "open UDP port 68: the DHCP lease is not renewed");
	if (l->udp >= 0)
		close(l->udp);
	l->udp  = -1;
	l->kmsg = NULL;
	return false;
}

/* Once when it is lost, once when it is back. */
static void tell(struct lease *l)
{
	const struct dhcp_lease *lease = &l->dhcp.lease;
	struct ip_text ip = ip_text(lease->address.ip);
	enum dhcp_status status = dhcp_status(&l->dhcp);

	if (status == l->told)
		return;
	l->told = status;
	if (status == DHCP_BOUND)
		kmsg_step(l->kmsg, "%s is leased again, by %s, for %u s", ip.s, ip_text(lease->server).s,
		          lease->lease_s);
	else
		kmsg_wrong(l->kmsg, "%s %s. The disk needs it: it stays, and DHCP is asked for it again. "
		           "Another machine may be given it", ip.s, l->dhcp.failure == DHCP_NAKED
		           ? "was taken back by the DHCP server" : "is no longer leased: its time ran out");
}

void lease_hear(struct lease *l, usec now, uint32_t from, struct rd datagram)
{
	struct datagram in = {
		.src_ip = from, .src_port = DHCP_SERVER_PORT, .dst_port = DHCP_CLIENT_PORT, .payload = datagram,
	};

	dhcp_rx(&l->dhcp, now, &in);
	tell(l);
}

bool lease_say(struct lease *l, usec now, struct wr *w, struct flow *flow)
{
	bool said = dhcp_tx(&l->dhcp, now, w, flow);

	tell(l);
	return said;
}

void lease_rx(struct lease *l, usec now)
{
	for (unsigned n = 0; l->udp >= 0 && n < DATAGRAMS_PER_TURN; n++) {
		struct sockaddr_in from = { 0 };
		socklen_t from_len = sizeof from;
		ssize_t got = recvfrom(l->udp, l->room, sizeof l->room, 0, (struct sockaddr *)&from, &from_len);

		if (got < 0)
			return;
		if (from.sin_port == htons(DHCP_SERVER_PORT))
			lease_hear(l, now, ntohl(from.sin_addr.s_addr), rd_over(l->room, (size_t)got));
	}
}

/* What the socket refuses counts as lost by the network: it is asked again. */
void lease_tx(struct lease *l, usec now)
{
	struct wr w = wr_over(l->room, sizeof l->room);
	struct flow flow;

	while (l->udp >= 0 && lease_say(l, now, &w, &flow)) {
		struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(flow.dst_port) };

		to.sin_addr.s_addr = htonl(flow.dst_ip);
		sendto(l->udp, l->room, wr_used(&w, l->room), 0, (struct sockaddr *)&to, sizeof to);
		w = wr_over(l->room, sizeof l->room);
	}
}

usec lease_wake_at(const struct lease *l)
{
	return l->udp >= 0 ? dhcp_wake_at(&l->dhcp) : NEVER;
}
