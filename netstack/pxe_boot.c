/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/pxe_boot.h"
#include "lib/fmt.h"
#include "netstack/dhcp_lease.h"

enum { WAIT_SPREAD = USEC_PER_S / 4, ITEM_ROOM = 8 };

static const uint8_t round_wait_s[] = { 1, 2, 3, 4 };

static bool is_multicast(uint32_t ip) { return ip >> 28 == 0xe; }

/* ---- whom to ask ---- */

void pxe_boot_ask_server(struct pxe_boot_ask *ask, uint32_t server)
{
	*ask = (struct pxe_boot_ask){ .is_listed_only = true };
	if (dhcp_lease_is_host(server))
		ask->servers[ask->server_count++] = server;
	else
		ask->impossible = PXE_BOOT_NO_REPLY;
}

/* The servers of a type; true: anybody of that type is welcome, too, because the list says so or names none. */
static bool take_servers(struct pxe_boot_ask *ask, struct rd list)
{
	struct pxe_servers s;
	bool is_open = true;

	while (pxe_next_servers(&list, &s)) {
		if (s.type != ask->type)
			continue;
		is_open = rd_left(&s.addresses) == 0;
		while (rd_left(&s.addresses) && ask->server_count < PXE_BOOT_SERVERS_MAX) {
			uint32_t ip = rd_be32(&s.addresses);

			if (dhcp_lease_is_host(ip))
				ask->servers[ask->server_count++] = ip;
		}
	}
	return is_open;
}

static enum pxe_boot_failure why_impossible(const struct pxe_boot_ask *ask, uint8_t control)
{
	if (ask->multicast_ip || ask->may_broadcast || ask->server_count)
		return PXE_BOOT_NO_FAILURE;
	return control & PXE_NO_MULTICAST ? PXE_BOOT_NO_LIST : PXE_BOOT_NO_MULTICAST;
}

void pxe_boot_ask_item(struct pxe_boot_ask *ask, const struct pxe_option *o, uint16_t type)
{
	const uint8_t control = o->discovery;
	bool is_open;

	*ask = (struct pxe_boot_ask){ .has_type = true, .type = type };
	is_open = take_servers(ask, o->servers);
	ask->is_listed_only = (control & PXE_ONLY_LISTED) || !is_open;
	if ((control & PXE_ONLY_LISTED) && !ask->server_count) {
		ask->impossible = PXE_BOOT_NO_LIST;
		return;
	}
	if (!(control & PXE_NO_MULTICAST) && is_multicast(o->discovery_ip))
		ask->multicast_ip = o->discovery_ip;
	ask->may_broadcast = !(control & PXE_NO_BROADCAST);
	ask->impossible = why_impossible(ask, control);
}

/* ---- the client ---- */

static void end(struct pxe_boot *p, enum pxe_boot_status status, enum pxe_boot_failure failure)
{
	p->status  = status;
	p->failure = failure;
	p->due     = NEVER;
}

void pxe_boot_init(struct pxe_boot *p, const struct pxe_boot_ask *ask, const struct dhcp_identity *who,
                   uint32_t client_ip, struct log *log, usec now, uint64_t seed)
{
	memset(p, 0, sizeof *p);
	p->ask       = *ask;
	p->who       = *who;
	p->client_ip = client_ip;
	p->log       = log;
	p->random    = random_from(seed);
	p->xid       = random_u32(&p->random);
	p->started   = p->due = now;
	p->last_packet = "none";
	if (ask->impossible)
		end(p, PXE_BOOT_FAILED, ask->impossible);
}

static bool is_asked_server(const struct pxe_boot *p, uint32_t ip)
{
	for (unsigned i = 0; i < p->ask.server_count; i++)
		if (p->ask.servers[i] == ip)
			return true;
	return false;
}

static bool may_answer(const struct pxe_boot *p, const struct datagram *in)
{
	return (in->src_port == PXE_BOOT_PORT || in->src_port == DHCP_SERVER_PORT)
	    && (!p->ask.is_listed_only || is_asked_server(p, in->src_ip));
}

/*
 * Whether the answer is to what was asked. A DHCP server takes the broadcast for a renewal or an INFORM, and answers
 * with its own boot file, from its own port: that one must say the type, also if a boot server runs beside it.
 */
static bool is_of_type(const struct pxe_boot *p, const struct pxe_option *o, const struct datagram *in)
{
	if (!p->ask.has_type)
		return true;
	if (!o->has_item)
		return in->src_port == PXE_BOOT_PORT && is_asked_server(p, in->src_ip);
	return o->item_type == p->ask.type;
}

/* A file; for who asked a server what there is, a menu will do as well. */
static bool says_what_to_boot(const struct pxe_boot *p, const struct pxe_option *o)
{
	return dhcp_lease_has_boot_data(&p->incoming) || (!p->ask.has_type && pxe_has(o, PXE_MENU));
}

static void take(struct pxe_boot *p, const struct pxe_option *o, uint32_t from)
{
	p->answered_by = from;
	p->last_packet = "boot server's answer";
	if (!says_what_to_boot(p, o)) {
		p->ignored++;
		log_line(p->log, LOG_INFO, "boot server %s answers, but names no file", ip_text(from).s);
		return;
	}
	p->answer = p->incoming;
	p->wants_credentials = o->has_item && (o->item_layer & PXE_CREDENTIALS_WANTED);
	log_line(p->log, LOG_INFO, "boot server %s: boot file \"%s\" on %s", ip_text(from).s, p->answer.boot_file,
	         ip_text(p->answer.next_server).s);
	if (p->wants_credentials)
		log_line(p->log, LOG_STEP, "boot server %s wants to prove who it is; that is ignored", ip_text(from).s);
	end(p, PXE_BOOT_DONE, PXE_BOOT_NO_FAILURE);
}

bool pxe_boot_rx(struct pxe_boot *p, usec now, const struct datagram *in)
{
	struct dhcp_packet packet;
	struct pxe_option o;

	(void)now;
	if (!dhcp_parse(in->payload, &packet)) {
		p->malformed += in->src_port == PXE_BOOT_PORT;
		return in->src_port == PXE_BOOT_PORT;
	}
	if (packet.xid != p->xid || memcmp(packet.mac, p->who.mac, sizeof packet.mac) != 0)
		return false;
	if (p->status != PXE_BOOT_WORKING || packet.type != DHCP_ACK || !p->sent || !may_answer(p, in)) {
		p->ignored++;
		return true;
	}
	dhcp_lease_read(&p->incoming, &packet, in->src_ip);
	if (!pxe_parse(rd_over(p->incoming.vendor, p->incoming.vendor_len), &o))
		p->malformed++;
	else if (!is_of_type(p, &o, in))
		p->ignored++;
	else
		take(p, &o, in->src_ip);
	return true;
}

/* ---- sending ---- */

/* What is asked next: the place of the way among multicast, broadcast, and the servers. False: there are no more. */
static bool next_way(const struct pxe_boot *p, unsigned way, struct flow *flow)
{
	const struct pxe_boot_ask *a = &p->ask;

	*flow = (struct flow){ .src_port = DHCP_CLIENT_PORT, .dst_port = PXE_BOOT_PORT };
	if (a->multicast_ip && way-- == 0) {
		flow->dst_ip = a->multicast_ip;
		return true;
	}
	if (a->may_broadcast && way-- == 0) {
		flow->dst_ip   = IP_BROADCAST;
		flow->dst_port = DHCP_SERVER_PORT;
		return true;
	}
	if (way >= a->server_count)
		return false;
	flow->dst_ip = a->servers[way];
	return true;
}

/* One way in the first round, two in the second, then all; the servers of a list are as one. */
static unsigned ways_of_round(const struct pxe_boot *p)
{
	unsigned wide = (p->ask.multicast_ip ? 1u : 0) + (p->ask.may_broadcast ? 1u : 0);

	return p->round <= wide ? p->round : wide + p->ask.server_count;
}

static void say(struct pxe_boot *p, usec now, struct wr *w)
{
	struct pxe_option item = { .has_item = true, .item_type = p->ask.type };
	uint8_t room[ITEM_ROOM];
	struct wr option = wr_over(room, sizeof room);
	struct dhcp_question q = {
		.type = p->round % 2 ? DHCP_REQUEST : DHCP_INFORM, .xid = p->xid, .client_ip = p->client_ip,
		.secs = dhcp_secs(p->started, now), .architecture = p->who.architecture,
		.undi_major = p->who.undi_major, .undi_minor = p->who.undi_minor, .user_class = "Rill",
		.id_is_uuid = p->who.id_is_uuid,
	};

	memcpy(q.mac, p->who.mac, sizeof q.mac);
	memcpy(q.uuid, p->who.uuid, sizeof q.uuid);
	if (p->ask.has_type) {
		pxe_emit(&option, &item);
		q.vendor = rd_over(room, wr_used(&option, room));
	}
	dhcp_emit(w, &q);
	p->sent++;
}

/* The rounds are over. */
static void give_up(struct pxe_boot *p)
{
	if (p->answered_by)
		end(p, PXE_BOOT_FAILED, PXE_BOOT_NO_FILE);
	else
		end(p, PXE_BOOT_FAILED, p->ask.has_type ? PXE_BOOT_NOT_FOUND : PXE_BOOT_NO_REPLY);
}

bool pxe_boot_tx(struct pxe_boot *p, usec now, struct wr *w, struct flow *flow)
{
	if (p->status != PXE_BOOT_WORKING || now < p->due)
		return false;
	if (p->way == 0 && p->round++ == COUNT_OF(round_wait_s)) {
		give_up(p);
		return false;
	}
	next_way(p, p->way++, flow);
	say(p, now, w);
	if (p->way >= ways_of_round(p) || !next_way(p, p->way, &(struct flow){ 0 })) {
		p->way = 0;
		p->due = now + random_around(&p->random, round_wait_s[p->round - 1] * USEC_PER_S, WAIT_SPREAD);
	}
	return true;
}

usec pxe_boot_wake_at(const struct pxe_boot *p) { return p->due; }

enum pxe_boot_status pxe_boot_status(const struct pxe_boot *p) { return p->status; }
