/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_TLV_H
#define NETSTACK_WIRE_TLV_H
/*
 * Types, lengths and values: login, status, hand-over block, configuration block.
 *
 *     while (rd_tlv(&r, &tlv))
 *             switch (tlv.type) ...
 *     if (!rd_done(&r)) malformed
 *
 * One reader and one writer for all (protocol chapter 3). struct tlv_set reads a whole
 * message into values at once and enforces M9 and M10.
 */
#include "netstack/wire/stream.h"

enum { TLV_MUST = 0x8000, TLV_TEXT_MAX = 255, TLV_NAME_MAX = 63, TLV_SERVERS_MAX = 8, TLV_MENU_MAX = 9,
       TLV_MENU_BYTES_MAX = 112 };

enum tlv_type {
	TLV_PAD, TLV_COOKIE, TLV_MAC, TLV_UUID, TLV_ARCH, TLV_STAGE, TLV_BUILD, TLV_DISK, TLV_CONTENT, TLV_WINDOW,
	TLV_SEGMENT, TLV_TICKET, TLV_SIZE, TLV_MODE, TLV_VERSION, TLV_SERVER, TLV_ROOT_HASH, TLV_PERSONALITY,
	TLV_EXPIRES, TLV_REASON, TLV_TEXT, TLV_WAIT_MS, TLV_MENU, TLV_CHOICE, TLV_PROFILE, TLV_STEP, TLV_COUNTERS,
	TLV_MULTICAST, TLV_KEY_ID, TLV_NONCE, TLV_PROOF,

	/* The hand-over block, docs/handover.md. Addresses are 16 bytes as everywhere. */
	TLV_LEASE = 256,        /* address[16] prefix[1] router[16] lease_s[4] t1_s[4] t2_s[4] server[16] */
	TLV_DNS,                /* address[16]; repeats */
	TLV_CARD,               /* mac[6] pci_bus_dev_fn[2] (FFFFh unknown) */
	TLV_SESSION,            /* session[8] next_request[4] */
	TLV_SERVER_CURRENT,     /* address[16] port[2] */
	TLV_CLIENT_PORT,        /* port[2] */
	TLV_TIMES,              /* {step[1] milliseconds[4]} x n, since power-on */
	TLV_DRIVE,              /* drive[1]: the INT 13h number */
	TLV_MTU,                /* mtu[2] */
	TLV_HOST_NAME,          /* text */
	TLV_CLIENT_ID,          /* kind[1]: option 61 is 0 the MAC, 1 the UUID; not there: the MAC */
	TLV_VLAN,               /* id[2]: 802.1Q; not there: none. A must: untagged nothing would be heard */
	TLV_UNDI,               /* major[1] minor[1], as in DHCP's options 60 and 94 */

	/* The configuration block patched into an image, docs/configuration.md. */
	TLV_CONFIG_URI = 512,   /* text: rill://... */
	TLV_CONFIG_VERBOSITY,   /* level[1]: enum log_level */
	TLV_CONFIG_SERIAL,      /* io_port[2] baud[4]; io_port 0: none */
	TLV_CONFIG_DRIVER,      /* driver[1]: enum config_driver */
	TLV_CONFIG_VLAN,        /* id[2]; 0: untagged */
	TLV_CONFIG_ADDRESS,     /* address[16] prefix[1] router[16] */
	TLV_CONFIG_DNS,         /* address[16] x 1 to 4 */
	TLV_CONFIG_CLIENT_ID,   /* kind[1]: enum config_client_id */
	TLV_CONFIG_LOG_SERVER,  /* address[16] */
	TLV_CONFIG_LINK_WAIT,   /* seconds[2] */
	TLV_CONFIG_PROXY_WAIT,  /* milliseconds[2] */
	TLV_CONFIG_LOGIN_WAIT,  /* seconds[2] */
	TLV_CONFIG_START_DELAY, /* seconds[2] */
	TLV_CONFIG_POLICY,      /* policy[1]: enum config_policy */
	TLV_CONFIG_TRIES,       /* failures[1] */
	TLV_CONFIG_MULTICAST,   /* on[1]: 0 or 1 */
	TLV_CONFIG_END,         /* no type: one more than the last */
};

struct tlv { uint16_t type; bool must; struct rd value; };

/* The next TLV; false at the end or when the rest is malformed (then the reader is bad). */
bool rd_tlv(struct rd *r, struct tlv *t);
struct stream_address rd_tlv_address(struct rd *value);
/* A text as a NUL-terminated one, cut to its room; control characters become '?'. */
void rd_tlv_text(struct rd value, char *text, size_t size);

void wr_tlv(struct wr *w, uint16_t type, const void *value, size_t len);
void wr_tlv_u8(struct wr *w, uint16_t type, uint8_t v);
void wr_tlv_u16(struct wr *w, uint16_t type, uint16_t v);
void wr_tlv_u32(struct wr *w, uint16_t type, uint32_t v);
void wr_tlv_u64(struct wr *w, uint16_t type, uint64_t v);
void wr_tlv_text(struct wr *w, uint16_t type, const char *text);
void wr_tlv_address(struct wr *w, uint16_t type, const struct stream_address *a);

/* A PAD of len bytes in all, at least 4. */
void wr_tlv_pad(struct wr *w, size_t len);

struct tlv_counters { uint64_t bytes; uint32_t requests, requests_again, datagrams_dropped, failovers; };
void wr_tlv_counters(struct wr *w, const struct tlv_counters *c);

/* Every protocol TLV (types below 256) of one message, as values. Texts end with NUL. */
struct tlv_set {
	uint32_t has;                           /* bit n: type n was there */
	struct stream_cookie cookie;
	uint8_t  mac[6], uuid[16];
	uint16_t arch, window, segment, reason;
	uint8_t  stage, mode, choice, step;
	char     build[TLV_NAME_MAX + 1], disk[TLV_NAME_MAX + 1], text[TLV_TEXT_MAX + 1];
	struct stream_content content;
	struct stream_ticket  ticket;
	uint64_t size;
	uint32_t version, expires_s, wait_ms;
	struct stream_address servers[TLV_SERVERS_MAX];
	unsigned server_count;                  /* further ones are skipped */
	uint8_t  root_hash_algorithm, root_hash[64], root_hash_len;
	struct tlv_counters counters;
};

enum tlv_verdict { TLV_OK, TLV_MALFORMED, TLV_DEMANDS_MORE /* M9: a must-understand type we do not know */ };

enum tlv_verdict tlv_read_set(struct rd tlvs, struct tlv_set *set);

static inline bool tlv_has(const struct tlv_set *set, enum tlv_type type) { return set->has >> type & 1; }
#endif
