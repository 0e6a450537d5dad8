/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/config.h"
#include "lib/log.h"
#include "netstack/wire/tlv.h"

/* NULL, or what is wrong with it. */
static const char *read_uri(struct rd value, struct config *c)
{
	size_t len = rd_left(&value);

	if (len > CONFIG_URI_MAX)
		return "the URI is longer than 255 bytes; shorten it";
	for (size_t i = 0; i < len; i++) {
		uint8_t ch = rd_u8(&value);

		if (ch <= ' ' || ch > '~')
			return "the URI has a blank or a byte that is no text; write rill://server/disk";
		c->uri[i] = (char)ch;
	}
	c->uri[len] = 0;
	return NULL;
}

/* Whole numbers, as many bytes in the block as in struct config. */
static const struct number { uint16_t type, min, max; uint8_t bytes; size_t at; const char *wrong; } numbers[] = {
	{ TLV_CONFIG_VLAN, 0, 4094, 2, offsetof(struct config, vlan),
	  "the VLAN is not 2 bytes from 0 to 4094; rill-config --vlan sets the switch port's" },
	{ TLV_CONFIG_CLIENT_ID, 0, CONFIG_ID_UUID, 1, offsetof(struct config, client_id),
	  "the client id is not one byte from 0 to 1; rill-config --client-id mac or uuid sets it" },
	{ TLV_CONFIG_LINK_WAIT, 1, 600, 2, offsetof(struct config, link_wait_s),
	  "the wait for the link is not 2 bytes from 1 to 600; rill-config --link-wait sets it" },
	{ TLV_CONFIG_PROXY_WAIT, 100, 11000, 2, offsetof(struct config, proxy_wait_ms),
	  "the wait for a proxy is not 2 bytes from 100 to 11000; rill-config --proxy-wait sets it" },
	{ TLV_CONFIG_LOGIN_WAIT, 1, 300, 2, offsetof(struct config, login_wait_s),
	  "the wait for a login is not 2 bytes from 1 to 300; rill-config --login-wait sets it" },
	{ TLV_CONFIG_START_DELAY, 0, 300, 2, offsetof(struct config, start_delay_s),
	  "the start delay is not 2 bytes from 0 to 300; rill-config --start-delay sets it" },
	{ TLV_CONFIG_POLICY, 0, CONFIG_NEXT_DEVICE, 1, offsetof(struct config, policy),
	  "the policy is not one byte from 0 to 2; rill-config --policy retry, reboot or next sets it" },
	{ TLV_CONFIG_TRIES, 0, 255, 1, offsetof(struct config, tries),
	  "the number of tries is not one byte from 0 to 255; rill-config --tries sets it" },
	{ TLV_CONFIG_MULTICAST, 0, 1, 1, offsetof(struct config, multicast),
	  "multicast is not one byte from 0 to 1; rill-config --multicast off or on sets it" },
};

static const char *read_number(const struct number *n, struct rd value, struct config *c)
{
	uint8_t *field = (uint8_t *)c + n->at;
	uint8_t one = 0;
	uint16_t v;

	if (n->bytes == 1)
		v = one = rd_u8(&value);
	else
		v = rd_be16(&value);
	if (!rd_done(&value) || v < n->min || v > n->max)
		return n->wrong;
	if (n->bytes == 1)
		memcpy(field, &one, sizeof one);
	else
		memcpy(field, &v, sizeof v);
	return NULL;
}

/* address[16]; all 0 is none, and 0. False: it is no IPv4 address. */
static bool read_ip(struct rd *value, uint32_t *ip)
{
	static const uint8_t none[16];
	struct stream_address a = { .port = 0 };

	*ip = 0;
	rd_bytes(value, a.ip, sizeof a.ip);
	return memcmp(a.ip, none, sizeof none) == 0 || stream_address_is_ipv4(&a, ip);
}

/* Not "this network", loopback, multicast or beyond. */
static bool is_host(uint32_t ip)
{
	return ip >> 24 != 0 && ip >> 24 != 127 && ip >> 24 < 224;
}

/* And not the network's own name or its broadcast address. */
static bool is_host_within(uint32_t ip, uint32_t mask)
{
	return is_host(ip) && (ip & ~mask) != 0 && (ip & ~mask) != ~mask;
}

static const char *read_address(struct rd value, struct config *c)
{
	struct config_address *a = &c->address;
	bool is_ipv4 = read_ip(&value, &a->ip);
	uint8_t prefix = rd_u8(&value);

	is_ipv4 = read_ip(&value, &a->router) && is_ipv4;
	if (!rd_done(&value) || !is_ipv4)
		return "the static address is not address[16] prefix[1] router[16] of IPv4; "
		       "rill-config --address 10.0.0.5/24,10.0.0.1 sets it";
	if (prefix < 8 || prefix > 30)
		return "the static address's prefix is not from 8 to 30; /24 is the mask 255.255.255.0";
	a->mask = UINT32_MAX << (32 - prefix);
	if (!is_host_within(a->ip, a->mask))
		return "no machine of that network can have the static address; give another, or correct its prefix";
	if (a->router && (!is_host_within(a->router, a->mask) || a->router == a->ip
	                  || ((a->router ^ a->ip) & a->mask) != 0))
		return "the static address's router is not another machine of its network; correct router or prefix";
	return NULL;
}

/* Addresses up to `most`, in the reader's order; the rest of the room is 0. */
static bool read_hosts(struct rd value, uint32_t *ips, size_t most)
{
	size_t n = 0;

	memset(ips, 0, most * sizeof *ips);
	for (; rd_left(&value) && n < most; n++)
		if (!read_ip(&value, &ips[n]) || !is_host(ips[n]))
			return false;
	return n && rd_done(&value);
}

static const char *read_one(const struct tlv *t, struct config *c)
{
	struct rd value = t->value;

	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		if (t->type == numbers[i].type) {
			c->has_vlan = c->has_vlan || t->type == TLV_CONFIG_VLAN;
			return read_number(&numbers[i], value, c);
		}
	switch (t->type) {
	case TLV_CONFIG_URI:
		return read_uri(value, c);
	case TLV_CONFIG_VERBOSITY:
		c->has_verbosity = true;
		c->verbosity = rd_u8(&value);
		if (!rd_done(&value) || c->verbosity > LOG_DEBUG)
			return "the verbosity is not one byte from 0 to 3";
		return NULL;
	case TLV_CONFIG_SERIAL:
		c->has_serial  = true;
		c->serial_port = rd_be16(&value);
		c->serial_baud = rd_be32(&value);
		if (!rd_done(&value))
			return "the serial port is not 6 bytes: I/O port and speed";
		if (c->serial_port && (c->serial_baud < 50 || c->serial_baud > 115200 || 115200 % c->serial_baud))
			return "the serial speed is none a PC has; 115200 or a whole fraction of it";
		return NULL;
	case TLV_CONFIG_DRIVER:
		c->driver = rd_u8(&value);
		if (!rd_done(&value) || c->driver > CONFIG_DRIVER_OWN)
			return "the driver is not one byte from 0 to 3";
		return NULL;
	case TLV_CONFIG_ADDRESS:
		return read_address(value, c);
	case TLV_CONFIG_DNS:
		return read_hosts(value, c->dns, COUNT_OF(c->dns)) ? NULL
		     : "the DNS servers are not 1 to 4 IPv4 addresses of hosts; rill-config --dns 10.0.0.1 sets them";
	case TLV_CONFIG_LOG_SERVER:
		return read_hosts(value, &c->log_server, 1) ? NULL
		     : "the log server is not the IPv4 address of a host; rill-config --log-server 10.0.0.1 sets it";
	default:
		return t->must ? "it demands something this firmware does not know; use a newer firmware" : NULL;
	}
}

/* How many TLVs of a type there are. */
static unsigned times(struct rd tlvs, uint16_t type)
{
	unsigned n = 0;
	struct tlv t;

	while (rd_tlv(&tlvs, &t))
		n += t.type == type;
	return n;
}

static const char *read_all(struct rd tlvs, struct config *c, size_t *left)
{
	struct rd all = tlvs;
	const char *wrong = NULL;
	struct tlv t;

	for (*left = rd_left(&tlvs); rd_tlv(&tlvs, &t); *left = rd_left(&tlvs)) {
		wrong = read_one(&t, c);
		if (!wrong && t.type >= TLV_CONFIG_URI && t.type < TLV_CONFIG_END && times(all, t.type) > 1)
			wrong = "an entry is there twice; keep one of them";
		if (wrong)
			return wrong;
	}
	return rd_done(&tlvs) ? NULL : "an entry is longer than the block; write the block anew";
}

enum config_verdict config_add(struct rd block, struct config *config, struct config_complaint *c)
{
	struct rd magic = rd_sub(&block, 8), tlvs;
	uint16_t version = rd_be16(&block), bytes = rd_be16(&block);
	struct config with = *config;
	size_t left = 0;

	*c = (struct config_complaint){ .at = 0 };
	tlvs = rd_sub(&block, bytes);
	if (!rd_is(&magic, CONFIG_MAGIC, 8))
		c->what = "it does not begin with " CONFIG_MAGIC "; it was damaged, take a fresh one";
	else if (version != CONFIG_VERSION)
		*c = (struct config_complaint){ 8, "its version is not 1; use the tool of its release" };
	else if (!rd_ok(&block) || bytes > CONFIG_BYTES_MAX)
		*c = (struct config_complaint){ 10, "it says it is longer than its room; write the block anew" };
	else {
		c->what = read_all(tlvs, &with, &left);
		c->at   = CONFIG_HEAD_BYTES + bytes - left;
	}
	if (c->what)
		return CONFIG_BAD;
	*config = with;
	return bytes ? CONFIG_OK : CONFIG_NONE;
}

enum config_verdict config_read(struct rd block, struct config *config, struct config_complaint *c)
{
	*config = (struct config){ 0 };
	return config_add(block, config, c);
}
