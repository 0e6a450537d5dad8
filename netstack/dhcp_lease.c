/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/dhcp_lease.h"
#include "lib/scan.h"

enum {
	LEASE_S_MIN = 8,                /* shorter ones would have us renew all the time */
	MTU_MIN     = 576,              /* every host must take that much: less is a mistake */
	ROUTES_ROOM = 255,              /* more than we keep: the default route may stand last */
	TAG_MTFTP_IP = 1, TAG_MTFTP_DELAY = 5, TAG_DISCOVERY = 6, TAG_PROMPT = 10,      /* inside option 43 */
};

static uint32_t number_of(const struct dhcp_packet *p, enum dhcp_option code)
{
	uint8_t bytes[4];
	struct rd r = rd_over(bytes, dhcp_option(p, code, bytes, sizeof bytes));

	return rd_be32(&r);             /* half an address is no address */
}

static bool is_seen(const uint8_t options_seen[32], unsigned code)
{
	return options_seen[code / 8] >> code % 8 & 1;
}

bool dhcp_lease_saw(const struct dhcp_lease *l, enum dhcp_option code)
{
	return is_seen(l->options_seen, (unsigned)code);
}

bool dhcp_lease_is_host(uint32_t ip)
{
	uint32_t net = ip >> 24;

	return net != 0 && net != 127 && net < 224;
}

/* Option texts come without a NUL, fields with or without one. */
static void read_text(char *to, size_t size, const struct dhcp_packet *p, enum dhcp_option code, struct rd field)
{
	size_t len = dhcp_option(p, code, to, size - 1);

	if (len == 0) {
		len = min_size(rd_left(&field), size - 1);
		rd_bytes(&field, to, len);
	}
	to[len] = '\0';
	/* Anybody may send an offer; what it says stands on screen, serial line and in the log server's files. */
	for (size_t i = 0; to[i]; i++)
		if ((uint8_t)to[i] < ' ' || to[i] == 0x7f)
			to[i] = '?';
}

static uint32_t mask_of_length(unsigned bits)
{
	return bits ? UINT32_MAX << (32 - bits) : 0;
}

static uint32_t mask_of_class(uint32_t ip)
{
	return mask_of_length(ip >> 31 == 0 ? 8 : ip >> 30 == 2 ? 16 : 24);
}

/* Longest mask first, so that the first match is the best; the last place is kept for the default route. */
static void add_route(struct net_address *a, struct route r)
{
	unsigned at = a->route_count;

	if (a->route_count == NET_ROUTES_MAX || (r.mask && a->route_count == NET_ROUTES_MAX - 1))
		return;
	if (r.mask == 0 && at && a->routes[at - 1].mask == 0)
		return;                 /* the first default route stays */
	for (; at && a->routes[at - 1].mask < r.mask; at--)
		a->routes[at] = a->routes[at - 1];
	r.dst &= r.mask;
	a->routes[at] = r;
	a->route_count++;
}

/* RFC 3442: prefix length, as many octets as that needs, router. */
static void read_classless_routes(struct net_address *a, struct rd r)
{
	while (rd_left(&r)) {
		struct route route = { 0 };
		unsigned bits = rd_u8(&r);

		for (unsigned octet = 0; octet * 8 < bits && octet < 4; octet++)
			route.dst |= (uint32_t)rd_u8(&r) << (24 - octet * 8);
		route.via = rd_be32(&r);
		if (!rd_ok(&r) || bits > 32)
			return;
		route.mask = mask_of_length(bits);
		add_route(a, route);
	}
}

/* Older than masks: a destination that is a network of its class means that, any other one host. */
static void read_static_routes(struct net_address *a, struct rd r)
{
	while (rd_left(&r)) {
		struct route route = { .dst = rd_be32(&r) };
		uint32_t mask = mask_of_class(route.dst);

		route.via  = rd_be32(&r);
		route.mask = route.dst & ~mask ? UINT32_MAX : mask;
		if (rd_ok(&r) && route.dst)
			add_route(a, route);
	}
}

/* 121 alone if it is there; else 33 and 3, and failing these the relay that brought us the answer. */
static void read_routes(struct net_address *a, const struct dhcp_packet *p)
{
	uint8_t bytes[ROUTES_ROOM];

	if (is_seen(p->options_seen, OPT_ROUTES)) {
		read_classless_routes(a, rd_over(bytes, dhcp_option(p, OPT_ROUTES, bytes, sizeof bytes)));
		return;
	}
	read_static_routes(a, rd_over(bytes, dhcp_option(p, OPT_STATIC_ROUTES, bytes, sizeof bytes)));
	if (number_of(p, OPT_ROUTER))
		add_route(a, (struct route){ .via = number_of(p, OPT_ROUTER) });
	else if (p->relay_ip && ((p->relay_ip ^ a->ip) & a->mask) == 0)
		add_route(a, (struct route){ .via = p->relay_ip });
}

static void read_address(struct net_address *a, const struct dhcp_packet *p)
{
	uint8_t bytes[2];
	struct rd r = rd_over(bytes, dhcp_option(p, OPT_MTU, bytes, sizeof bytes));
	uint16_t mtu = rd_be16(&r);

	a->ip   = p->your_ip;
	a->mask = number_of(p, OPT_NETMASK);
	if (a->mask == 0)
		a->mask = mask_of_class(a->ip);
	a->mtu  = mtu >= MTU_MIN ? mtu : 0;
	read_routes(a, p);
}

static void read_times(struct dhcp_lease *l, const struct dhcp_packet *p)
{
	l->lease_s = number_of(p, OPT_LEASE_TIME);
	if (l->lease_s == 0)
		l->lease_s = UINT32_MAX;        /* BOOTP leases do not end */
	if (l->lease_s < LEASE_S_MIN)
		l->lease_s = LEASE_S_MIN;
	l->t1_s = number_of(p, OPT_T1);
	l->t2_s = number_of(p, OPT_T2);
	if (l->t2_s == 0 || l->t2_s >= l->lease_s)
		l->t2_s = l->lease_s - l->lease_s / 8;
	if (l->t1_s == 0 || l->t1_s >= l->t2_s)
		l->t1_s = l->lease_s / 2;
	if (l->t1_s >= l->t2_s)
		l->t1_s = l->t2_s - l->t2_s / 2;
}

/* Where the boot file is: siaddr, else what is named as server if that is an address, else who answered. */
static void find_next_server(struct dhcp_lease *l, const struct dhcp_packet *p)
{
	char field[65];
	struct rd name = p->server_name;
	size_t len = min_size(rd_left(&name), sizeof field - 1);

	rd_bytes(&name, field, len);
	field[len] = '\0';
	l->next_server = p->next_ip;
	if (l->next_server == 0 && !scan_ip(l->server_name, &l->next_server) && !scan_ip(field, &l->next_server))
		l->next_server = l->server;
}

/* Option 43 as PXE fills it: discovery tags 6 to 10, or the multicast TFTP tags of older servers, 1 to 5. */
static enum dhcp_pxe_kind read_vendor(struct dhcp_lease *l, struct rd r)
{
	bool has_mtftp = false, has_discovery = false;

	while (rd_left(&r)) {
		uint8_t tag = rd_u8(&r);
		struct rd value;

		if (tag == OPT_PAD)
			continue;
		if (tag == OPT_END)
			break;
		value = rd_sub(&r, rd_u8(&r));
		if (!rd_ok(&r) || !rd_ok(&value))
			break;
		if (tag == TAG_DISCOVERY)
			l->pxe_discovery = rd_u8(&value);
		has_discovery = has_discovery || (tag >= TAG_DISCOVERY && tag <= TAG_PROMPT);
		has_mtftp = has_mtftp || (tag >= TAG_MTFTP_IP && tag <= TAG_MTFTP_DELAY);
	}
	return has_discovery ? DHCP_PXE_DISCOVERY : has_mtftp ? DHCP_PXE_MTFTP : DHCP_PXE_BINL;
}

static enum dhcp_pxe_kind read_pxe(struct dhcp_lease *l, const struct dhcp_packet *p)
{
	static const char pxe_client[] = "PXEClient";
	char class[sizeof pxe_client - 1];

	l->is_pxe = dhcp_option(p, OPT_CLASS, class, sizeof class) == sizeof class
	         && memcmp(class, pxe_client, sizeof class) == 0;
	if (!l->is_pxe)
		return DHCP_PXE_NONE;
	l->vendor_len = (uint8_t)dhcp_option(p, OPT_VENDOR, l->vendor, sizeof l->vendor);
	return read_vendor(l, rd_over(l->vendor, l->vendor_len));
}

enum dhcp_pxe_kind dhcp_lease_read(struct dhcp_lease *l, const struct dhcp_packet *p, uint32_t src_ip)
{
	const struct rd none = rd_over("", 0);
	uint8_t bytes[sizeof l->dns];
	struct rd r;

	memset(l, 0, sizeof *l);
	l->server = number_of(p, OPT_SERVER_ID);
	if (!dhcp_lease_is_host(l->server))
		l->server = src_ip;
	if (p->your_ip)
		read_address(&l->address, p);
	for (unsigned i = 0; i < l->address.route_count; i++)
		if (l->address.routes[i].mask == 0)
			l->router = l->address.routes[i].via;
	r = rd_over(bytes, dhcp_option(p, OPT_DNS, bytes, sizeof bytes));
	for (size_t i = 0; i < COUNT_OF(l->dns); i++)
		l->dns[i] = rd_be32(&r);
	l->log_server = number_of(p, OPT_LOG_SERVER);
	read_times(l, p);
	read_text(l->boot_file, sizeof l->boot_file, p, OPT_BOOT_FILE, p->boot_file);
	read_text(l->root_path, sizeof l->root_path, p, OPT_ROOT_PATH, none);
	read_text(l->server_name, sizeof l->server_name, p, OPT_SERVER_NAME, p->server_name);
	read_text(l->host_name, sizeof l->host_name, p, OPT_HOST_NAME, none);
	read_text(l->domain, sizeof l->domain, p, OPT_DOMAIN, none);
	find_next_server(l, p);
	memcpy(l->options_seen, p->options_seen, sizeof l->options_seen);
	return read_pxe(l, p);
}

void dhcp_lease_take_times(struct dhcp_lease *l, const struct dhcp_lease *from)
{
	if (!dhcp_lease_saw(from, OPT_LEASE_TIME))
		return;
	l->lease_s = from->lease_s;
	l->t1_s    = from->t1_s;
	l->t2_s    = from->t2_s;
}

void dhcp_lease_complete(struct dhcp_lease *l, const struct dhcp_lease *offer)
{
	bool has_address = l->address.route_count && dhcp_lease_saw(l, OPT_NETMASK);

	dhcp_lease_merge_boot_data(l, offer);
	if (!l->root_path[0])
		memcpy(l->root_path, offer->root_path, sizeof l->root_path);
	if (!has_address && l->address.ip == offer->address.ip) {
		l->address = offer->address;
		l->router  = offer->router;
	}
	if (!dhcp_lease_saw(l, OPT_LEASE_TIME))
		dhcp_lease_take_times(l, offer);
}

static bool is_ours(const char *text)
{
	return strlen(text) >= 7 && memcmp(text, "rill://", 7) == 0;
}

bool dhcp_lease_has_boot_data(const struct dhcp_lease *l)
{
	return l->boot_file[0] || is_ours(l->root_path) || is_ours(l->server_name);
}

void dhcp_lease_merge_boot_data(struct dhcp_lease *l, const struct dhcp_lease *from)
{
	if (dhcp_lease_has_boot_data(l) || !dhcp_lease_has_boot_data(from))
		return;
	l->next_server   = from->next_server;
	l->is_pxe        = from->is_pxe;
	l->pxe_discovery = from->pxe_discovery;
	l->vendor_len    = from->vendor_len;
	memcpy(l->vendor, from->vendor, sizeof l->vendor);
	memcpy(l->boot_file, from->boot_file, sizeof l->boot_file);
	memcpy(l->server_name, from->server_name, sizeof l->server_name);
	if (from->root_path[0])
		memcpy(l->root_path, from->root_path, sizeof l->root_path);
}
