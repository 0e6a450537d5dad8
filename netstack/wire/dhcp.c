/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/dhcp.h"
#include "lib/fmt.h"

enum {
	BOOT_REQUEST = 1, BOOT_REPLY = 2, HARDWARE_ETHERNET = 1, MAC_LEN = 6, CHADDR_LEN = 16, SNAME_LEN = 64,
	FILE_LEN = 128, FLAG_BROADCAST = 0x8000, MAGIC_COOKIE = 0x63825363, OVERLOAD_FILE = 1, OVERLOAD_SNAME = 2,
	CLASS_ROOM = 40, UUID_LEN = 16, UUID_IS_GUID = 0, ID_IS_UUID = 0, INTERFACE_UNDI = 1,
};

/* What we ask for: what EDK2 and iPXE ask for. 121 stands before 3, as RFC 3442 wants it. */
static const uint8_t parameters[] = {
	1, 121, 2, 3, 4, 5, 6, 7, 12, 13, 15, 17, 18, 22, 23, 26, 28, 33, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66,
	67, 97, 119, 128, 129, 130, 131, 132, 133, 134, 135, 175, 203,
};

static const uint8_t zero[SNAME_LEN + FILE_LEN];

/* False at the end of the area, which is then empty; bad if an option does not fit into it. */
static bool next_option(struct rd *area, uint8_t *code, struct rd *value)
{
	do {
		if (rd_left(area) == 0)
			return false;
		*code = rd_u8(area);
	} while (*code == OPT_PAD);
	if (*code == OPT_END) {
		rd_skip(area, rd_left(area));
		return false;
	}
	*value = rd_sub(area, rd_u8(area));
	return rd_ok(area) && rd_ok(value);
}

/* Whether an area is well-formed; notes what is in it. */
static bool walk(struct rd area, struct dhcp_packet *p, uint8_t *overload)
{
	struct rd value;
	uint8_t code;

	while (next_option(&area, &code, &value)) {
		p->options_seen[code / 8] = (uint8_t)(p->options_seen[code / 8] | 1u << code % 8);
		if (code == OPT_OVERLOAD)
			*overload = rd_u8(&value);
		if (code != OPT_TYPE)
			continue;
		p->type = rd_u8(&value);
		if (!rd_done(&value) || p->type == DHCP_BOOTP)
			return false;           /* BOOTP is what has no such option */
	}
	return rd_ok(&area);
}

static bool read_options(struct dhcp_packet *p)
{
	uint8_t overload = 0, again = 0;

	if (!walk(p->areas[0], p, &overload))
		return false;
	if (overload & OVERLOAD_FILE) {
		p->areas[1]  = p->boot_file;
		p->boot_file = rd_sub(&p->boot_file, 0);
	}
	if (overload & OVERLOAD_SNAME) {
		p->areas[2]    = p->server_name;
		p->server_name = rd_sub(&p->server_name, 0);
	}
	return walk(p->areas[1], p, &again) && walk(p->areas[2], p, &again);
}

bool dhcp_parse(struct rd packet, struct dhcp_packet *p)
{
	struct rd *r = &packet;
	uint8_t  op, hardware, mac_len;
	uint32_t magic;

	memset(p, 0, sizeof *p);
	op           = rd_u8(r);
	hardware     = rd_u8(r);
	mac_len      = rd_u8(r);
	rd_skip(r, 1);                  /* hops */
	p->xid       = rd_be32(r);
	rd_skip(r, 4);                  /* secs, flags */
	p->client_ip = rd_be32(r);
	p->your_ip   = rd_be32(r);
	p->next_ip   = rd_be32(r);
	p->relay_ip  = rd_be32(r);
	rd_bytes(r, p->mac, sizeof p->mac);
	rd_skip(r, CHADDR_LEN - MAC_LEN);
	p->server_name = rd_sub(r, SNAME_LEN);
	p->boot_file   = rd_sub(r, FILE_LEN);
	magic          = rd_be32(r);
	p->areas[0]    = *r;
	return rd_ok(r) && op == BOOT_REPLY && hardware == HARDWARE_ETHERNET && mac_len == MAC_LEN
	    && magic == MAGIC_COOKIE && read_options(p);
}

size_t dhcp_option(const struct dhcp_packet *p, enum dhcp_option code, void *room, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < COUNT_OF(p->areas); i++) {
		struct rd area = p->areas[i], value;
		uint8_t found;

		while (next_option(&area, &found, &value)) {
			size_t len = min_size(rd_left(&value), size - used);

			if (found != code)
				continue;
			rd_bytes(&value, (uint8_t *)room + used, len);
			used += len;
		}
	}
	return used;
}

static void emit_option(struct wr *w, enum dhcp_option code, const void *value, size_t len)
{
	wr_u8(w, (uint8_t)code);
	wr_u8(w, (uint8_t)len);
	wr_bytes(w, value, len);
}

static void emit_ip(struct wr *w, enum dhcp_option code, uint32_t ip)
{
	if (ip == 0)
		return;
	wr_u8(w, (uint8_t)code);
	wr_u8(w, 4);
	wr_be32(w, ip);
}

static void emit_text(struct wr *w, enum dhcp_option code, const char *text)
{
	if (text && text[0])
		emit_option(w, code, text, strlen(text));
}

/* SMBIOS: all 00 is no UUID, all FF one that nobody has set. All such machines would be one client to the server. */
static bool is_unique(const uint8_t uuid[UUID_LEN])
{
	bool same = uuid[0] == 0x00 || uuid[0] == 0xff;

	for (unsigned i = 1; i < UUID_LEN; i++)
		same = same && uuid[i] == uuid[0];
	return !same;
}

/* In every message the same, or the server takes us for two clients. */
static void emit_client_id(struct wr *w, const struct dhcp_question *q)
{
	bool is_uuid = q->id_is_uuid && is_unique(q->uuid);

	wr_u8(w, OPT_CLIENT_ID);
	wr_u8(w, 1 + (is_uuid ? UUID_LEN : MAC_LEN));
	wr_u8(w, is_uuid ? ID_IS_UUID : HARDWARE_ETHERNET);
	if (is_uuid)
		wr_bytes(w, q->uuid, sizeof q->uuid);
	else
		wr_bytes(w, q->mac, sizeof q->mac);
}

/* What makes a DHCP client a PXE client: RFC 4578, and the class text that servers look for. */
static void emit_pxe(struct wr *w, const struct dhcp_question *q)
{
	char class[CLASS_ROOM];

	emit_option(w, OPT_PARAMETERS, parameters, sizeof parameters);
	wr_u8(w, OPT_MAX_SIZE);
	wr_u8(w, 2);
	wr_be16(w, DHCP_SIZE_MAX);
	fmt_text(class, sizeof class, "PXEClient:Arch:%05u:UNDI:%03u%03u",
	         q->architecture, q->undi_major, q->undi_minor);
	emit_option(w, OPT_CLASS, class, strlen(class));
	wr_u8(w, OPT_ARCHITECTURE);
	wr_u8(w, 2);
	wr_be16(w, q->architecture);
	emit_option(w, OPT_INTERFACE, (const uint8_t[]){ INTERFACE_UNDI, q->undi_major, q->undi_minor }, 3);
	wr_u8(w, OPT_UUID);
	wr_u8(w, 1 + UUID_LEN);
	wr_u8(w, UUID_IS_GUID);
	wr_bytes(w, q->uuid, sizeof q->uuid);
	if (rd_left(&q->vendor)) {
		wr_u8(w, OPT_VENDOR);
		wr_u8(w, (uint8_t)rd_left(&q->vendor));
		wr_rest(w, q->vendor);
	}
	if (q->user_class) {
		size_t len = strlen(q->user_class);

		wr_u8(w, OPT_USER_CLASS);
		wr_u8(w, (uint8_t)(len + 1));
		wr_u8(w, (uint8_t)len);
		wr_bytes(w, q->user_class, len);
	}
}

void dhcp_emit(struct wr *w, const struct dhcp_question *q)
{
	const struct wr start = *w;

	wr_u8(w, BOOT_REQUEST);
	wr_u8(w, HARDWARE_ETHERNET);
	wr_u8(w, MAC_LEN);
	wr_u8(w, 0);                    /* hops */
	wr_be32(w, q->xid);
	wr_be16(w, q->secs);
	wr_be16(w, q->broadcast ? FLAG_BROADCAST : 0);
	wr_be32(w, q->client_ip);
	wr_bytes(w, zero, 12);          /* your, next and relay address */
	wr_bytes(w, q->mac, sizeof q->mac);
	wr_bytes(w, zero, CHADDR_LEN - MAC_LEN);
	wr_bytes(w, zero, SNAME_LEN + FILE_LEN);
	wr_be32(w, MAGIC_COOKIE);

	emit_option(w, OPT_TYPE, (const uint8_t[]){ (uint8_t)q->type }, 1);
	emit_ip(w, OPT_REQUESTED_IP, q->requested_ip);
	emit_ip(w, OPT_SERVER_ID, q->server_id);
	emit_client_id(w, q);
	emit_text(w, OPT_MESSAGE, q->message);
	if (q->type == DHCP_DISCOVER || q->type == DHCP_REQUEST || q->type == DHCP_INFORM)
		emit_pxe(w, q);
	wr_u8(w, OPT_END);
	while (wr_ok(w) && wr_used(w, start.at) < DHCP_SIZE_MIN)
		wr_u8(w, OPT_PAD);
}

/* All but those that say what to boot: they are ours to say; and overloading is undone. */
static void emit_options_of(struct wr *w, const struct dhcp_packet *p)
{
	for (size_t i = 0; i < COUNT_OF(p->areas); i++) {
		struct rd area = p->areas[i], value;
		uint8_t code;

		while (next_option(&area, &code, &value)) {
			if (code == OPT_OVERLOAD || code == OPT_SERVER_NAME || code == OPT_BOOT_FILE)
				continue;
			wr_u8(w, code);
			wr_u8(w, (uint8_t)rd_left(&value));
			wr_rest(w, value);
		}
	}
}

/* RFC 3442; who reads this does not read option 3. */
static void emit_routes(struct wr *w, const struct dhcp_ack *r)
{
	uint8_t room[255];
	struct wr routes = wr_over(room, sizeof room);

	for (unsigned i = 0; i < r->route_count; i++) {
		const struct dhcp_route *route = &r->routes[i];
		uint8_t bits = 0;

		while (bits < 32 && route->mask << bits >> 31)
			bits++;
		wr_u8(&routes, bits);
		for (unsigned octet = 0; octet * 8 < bits; octet++)
			wr_u8(&routes, (uint8_t)(route->dst >> (24 - octet * 8)));
		wr_be32(&routes, route->via);
	}
	if (r->route_count && wr_ok(&routes))
		emit_option(w, OPT_ROUTES, room, wr_used(&routes, room));
}

static void emit_own_options(struct wr *w, const struct dhcp_ack *r)
{
	unsigned servers = 0;

	emit_option(w, OPT_TYPE, (const uint8_t[]){ DHCP_ACK }, 1);
	emit_ip(w, OPT_SERVER_ID, r->server_id);
	emit_ip(w, OPT_LEASE_TIME, r->lease_s);
	emit_ip(w, OPT_NETMASK, r->netmask);
	emit_routes(w, r);
	emit_ip(w, OPT_ROUTER, r->router);
	if (r->mtu)
		emit_option(w, OPT_MTU, (const uint8_t[]){ (uint8_t)(r->mtu >> 8), (uint8_t)r->mtu }, 2);
	while (servers < r->dns_count && r->dns[servers])
		servers++;
	if (servers) {
		wr_u8(w, OPT_DNS);
		wr_u8(w, (uint8_t)(4 * servers));
		for (unsigned i = 0; i < servers; i++)
			wr_be32(w, r->dns[i]);
	}
	emit_text(w, OPT_HOST_NAME, r->host_name);
	emit_text(w, OPT_DOMAIN, r->domain);
	emit_text(w, OPT_ROOT_PATH, r->root_path);
}

void dhcp_emit_ack(struct wr *w, const struct dhcp_ack *r)
{
	const struct wr start = *w;
	size_t file_len = strlen(r->boot_file);

	if (file_len >= FILE_LEN)       /* with its NUL it does not fit */
		file_len = 0;
	wr_u8(w, BOOT_REPLY);
	wr_u8(w, HARDWARE_ETHERNET);
	wr_u8(w, MAC_LEN);
	wr_u8(w, 0);                    /* hops */
	wr_be32(w, r->xid);
	wr_be32(w, 0);                  /* secs, flags */
	wr_be32(w, 0);                  /* the client's address: it had none when it asked */
	wr_be32(w, r->your_ip);
	wr_be32(w, r->next_ip);
	wr_be32(w, r->relay_ip);
	wr_bytes(w, r->mac, sizeof r->mac);
	wr_bytes(w, zero, CHADDR_LEN - MAC_LEN + SNAME_LEN);
	wr_bytes(w, r->boot_file, file_len);
	wr_bytes(w, zero, FILE_LEN - file_len);
	wr_be32(w, MAGIC_COOKIE);

	if (r->options_from)
		emit_options_of(w, r->options_from);
	else
		emit_own_options(w, r);
	if (r->next_ip)
		emit_text(w, OPT_SERVER_NAME, ip_text(r->next_ip).s);
	emit_text(w, OPT_BOOT_FILE, r->boot_file);
	wr_u8(w, OPT_END);
	while (wr_ok(w) && wr_used(w, start.at) < DHCP_SIZE_MIN)
		wr_u8(w, OPT_PAD);
}
