/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_DHCP_H
#define NETSTACK_WIRE_DHCP_H
/*
 * DHCP and BOOTP messages (RFC 951, 2131, 2132, 3004, 3396, 4578).
 *
 * dhcp_parse() checks a packet as a whole and gives its fixed fields;
 * dhcp_option() gives one option's value, put together from all its pieces:
 * options, then the file field, then the sname field if they are overloaded.
 * dhcp_emit() writes what a client says; dhcp_emit_ack() what a server says,
 * for a program that is to find the answer that we were given.
 */
#include "lib/bytes.h"

enum dhcp_type {
	DHCP_BOOTP, DHCP_DISCOVER, DHCP_OFFER, DHCP_REQUEST, DHCP_DECLINE, DHCP_ACK, DHCP_NAK, DHCP_RELEASE,
	DHCP_INFORM,
};

enum dhcp_option {
	OPT_PAD = 0, OPT_NETMASK = 1, OPT_ROUTER = 3, OPT_DNS = 6, OPT_LOG_SERVER = 7, OPT_HOST_NAME = 12,
	OPT_DOMAIN = 15, OPT_ROOT_PATH = 17, OPT_MTU = 26, OPT_STATIC_ROUTES = 33, OPT_VENDOR = 43,
	OPT_REQUESTED_IP = 50, OPT_LEASE_TIME = 51, OPT_OVERLOAD = 52, OPT_TYPE = 53, OPT_SERVER_ID = 54,
	OPT_PARAMETERS = 55, OPT_MESSAGE = 56, OPT_MAX_SIZE = 57, OPT_T1 = 58, OPT_T2 = 59, OPT_CLASS = 60,
	OPT_CLIENT_ID = 61, OPT_SERVER_NAME = 66, OPT_BOOT_FILE = 67, OPT_USER_CLASS = 77, OPT_ARCHITECTURE = 93,
	OPT_INTERFACE = 94, OPT_UUID = 97, OPT_ROUTES = 121, OPT_END = 255,
};

enum {
	DHCP_SIZE_MIN = 300,            /* what we pad to: BOOTP relays drop shorter ones */
	DHCP_SIZE_MAX = 1472,           /* what we say we take: option 57 */
	DHCP_OPTION_MAX = 1024,         /* the longest value we put together */
};

/* A packet that passed every check. Addresses in host order; the readers see the packet's own bytes. */
struct dhcp_packet {
	enum dhcp_type type;            /* DHCP_BOOTP: without option 53 */
	uint32_t xid, client_ip, your_ip, next_ip, relay_ip;
	uint8_t  mac[6];
	struct rd server_name, boot_file;       /* the fields, empty where overloaded */
	struct rd areas[3];             /* where options are, in the order they count */
	uint8_t  options_seen[32];      /* one bit an option */
};

/*
 * True if it is a well-formed BOOTREPLY for an Ethernet client, and its option 53, if any, one byte that is not 0.
 * Whose, the caller asks: mac, xid.
 */
bool dhcp_parse(struct rd packet, struct dhcp_packet *p);

/* One option's whole value into room; its length, at most size. 0: absent or empty. */
size_t dhcp_option(const struct dhcp_packet *p, enum dhcp_option code, void *room, size_t size);

/* RFC 2131's secs: a division of 64 bits would need a library on i386, and 18 hours are enough. */
static inline uint16_t dhcp_secs(usec start, usec now)
{
	usec passed = (now - start) >> 6;
	uint32_t seconds = passed > UINT32_MAX ? UINT16_MAX : (uint32_t)passed / (USEC_PER_S >> 6);

	return seconds > UINT16_MAX ? UINT16_MAX : (uint16_t)seconds;
}

/* What a client says. Fields that are 0 are left out where they are options. */
struct dhcp_question {
	enum dhcp_type type;
	uint32_t xid, client_ip, requested_ip, server_id;
	uint16_t secs;
	bool     broadcast;             /* ask for a broadcast answer */
	uint8_t  mac[6], uuid[16];
	uint16_t architecture;
	uint8_t  undi_major, undi_minor;
	bool     id_is_uuid;            /* option 61 is the UUID (type 0), if there is one, not the MAC (type 1) */
	const char *user_class;         /* option 77, in RFC 3004's form; NULL: none */
	const char *message;            /* option 56, for the server's log; NULL: none */
	struct rd vendor;               /* option 43's value; empty: none */
};

void dhcp_emit(struct wr *w, const struct dhcp_question *q);

struct dhcp_route { uint32_t dst, mask, via; };  /* via 0: on the link */

/* An ACK. Options that are 0, NULL or empty are left out. */
struct dhcp_ack {
	uint32_t xid, your_ip, relay_ip;
	uint8_t  mac[6];
	uint32_t next_ip;               /* siaddr, and as a text option 66 */
	const char *boot_file;          /* option 67, and the file field if it fits */
	const struct dhcp_packet *options_from; /* all other options are this packet's; NULL: they are those below */
	uint32_t server_id, netmask, router, lease_s;
	uint16_t mtu;
	const struct dhcp_route *routes;        /* option 121: route_count of them */
	unsigned route_count;
	const uint32_t *dns;            /* dns_count of them, up to the first 0 */
	unsigned dns_count;
	const char *host_name, *domain, *root_path;
};

void dhcp_emit_ack(struct wr *w, const struct dhcp_ack *r);
#endif
