/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_DHCP_H
#define NETSTACK_DHCP_H
/*
 * A lease: DISCOVER to ACK with the PXE options, then renewed (RFC 2131, 4578).
 *
 *     dhcp_init(&d, &who, log, now, seed);
 *     every turn:  dhcp_rx(&d, now, &datagram)         a datagram for port 68
 *                  dhcp_tx(&d, now, &w, &flow)         true: send what was written
 *                  dhcp_wake_at(&d)                    nothing happens before
 *                  dhcp_status(&d)
 *     DHCP_BOUND:  d.lease is filled in; keep turning, and it is renewed at T1
 *
 * The choice among offers is that of PXE ROMs and of EDK2: all are kept, a decision
 * is made as soon as no better one can come: an address with boot data is taken
 * at once, an address without waits two seconds for a proxy, then is taken as
 * it is (and whoever plans the boot says PXE-E53). It does not configure the
 * stack: its owner does, from d.lease. Reads no clock; of pointers it keeps
 * only the log's. What it does and why: docs/dhcp.md.
 */
#include "lib/random.h"
#include "netstack/net.h"
#include "netstack/wire/dhcp.h"

enum { DHCP_CLIENT_PORT = 68, DHCP_SERVER_PORT = 67, DHCP_OFFERS_MAX = 16 };

enum dhcp_status { DHCP_WORKING, DHCP_BOUND, DHCP_FAILED, DHCP_LOST };

/* Why it failed, and what the screen says: the PXE code is part of the text. */
enum dhcp_failure {
	DHCP_NO_FAILURE,
	DHCP_NO_OFFER,          /* PXE-E51 */
	DHCP_PROXY_ONLY,        /* PXE-E52 */
	DHCP_NO_ACK,            /* offers came, the request was never answered */
	DHCP_NAKED,             /* the server took the offer back again and again */
};

/* What the machine says of itself. */
struct dhcp_identity {
	uint8_t  mac[6];
	uint8_t  uuid[16];              /* SMBIOS byte order; all 0 if unknown */
	uint16_t architecture;          /* option 93: 0 BIOS, 7 x64 UEFI, 11 ARM64 UEFI */
	uint8_t  undi_major, undi_minor;
	bool     id_is_uuid;            /* option 61: the UUID, where there is one; else the MAC */
	uint32_t proxy_wait_ms;         /* for boot data, once there is an address; 0: 2000 */
	uint32_t start_spread_ms;       /* the first DISCOVER waits for a random part of it */
};

/* All we keep of the network's answer. Addresses in host order, 0: not given. Texts end with NUL. */
struct dhcp_lease {
	struct net_address address;
	uint32_t server, next_server, router;
	uint32_t dns[4], log_server;
	uint32_t lease_s, t1_s, t2_s;   /* UINT32_MAX: it does not end */
	usec     bound_at;
	char     boot_file[256];        /* option 67 wins over the file field */
	char     root_path[256];        /* option 17 */
	char     server_name[128];      /* option 66, else the sname field */
	char     host_name[64], domain[64];
	bool     is_pxe;                /* option 60 says PXEClient */
	uint32_t proxy;                 /* who said what to boot, if it was not the server; 0: it was, or nobody */
	uint8_t  pxe_discovery;         /* option 43.6, 0 if absent */
	uint8_t  vendor[255], vendor_len;       /* option 43 of a PXE server as it came, for netstack/wire/pxe.h */
	uint8_t  options_seen[32];      /* one bit an option: what an E53 screen lists */
};

/* Best first, as EDK2 ranks them (PxeBcSelectDhcp4Offer); last an address without any boot data. */
enum {
	DHCP_RANK_UNUSABLE, DHCP_RANK_PXE, DHCP_RANK_MTFTP, DHCP_RANK_PROXY_PXE, DHCP_RANK_PROXY_MTFTP,
	DHCP_RANK_BINL, DHCP_RANK_PROXY_BINL, DHCP_RANK_FILE, DHCP_RANK_BOOTP, DHCP_RANK_ADDRESS_ONLY,
};

/* What option 43 says of a PXE server; BINL is option 60 without such an option 43. */
enum dhcp_pxe_kind { DHCP_PXE_NONE, DHCP_PXE_DISCOVERY, DHCP_PXE_MTFTP, DHCP_PXE_BINL };

struct dhcp_offer {
	struct dhcp_lease lease;        /* address.ip 0: a proxy's */
	enum dhcp_pxe_kind kind;
	bool is_bootp;
	unsigned rank;
	const char *unusable;           /* why rank is 0, in words; NULL while it is not */
};

enum dhcp_state {
	DHCP_DISCOVERING, DHCP_REQUESTING, DHCP_HOLDING, DHCP_RENEWING, DHCP_REBINDING,
	DHCP_PAUSING,           /* before starting over: after a NAK, or 10 s after DECLINE */
	DHCP_ENDED,
};

/* The whole state. Owners read status by dhcp_status(), and the fields marked public. */
struct dhcp {
	struct dhcp_lease lease;        /* public once bound */
	enum dhcp_failure failure;      /* public */
	struct dhcp_offer offers[DHCP_OFFERS_MAX];      /* public: for the screen */
	unsigned offer_count, proxy_count;              /* public */
	uint8_t  options_seen[32];      /* public: of all offers, one bit an option */
	uint32_t malformed, foreign, ignored, sent;     /* public: packets dropped, and why; packets sent */
	const char *last_packet;        /* public: "DHCPOFFER", ...; "none" */

	struct dhcp_identity who;
	struct log *log;
	struct random random;
	enum dhcp_state state;
	enum dhcp_status status;
	bool clings;                    /* resumed: a lost lease is asked for again, for ever */
	enum dhcp_type parting;         /* DECLINE or RELEASE still to be sent, or DHCP_BOOTP: none */
	struct dhcp_offer incoming;     /* the packet being read: too large for a BIOS stack */
	bool     took;                  /* it was an answer to what was asked, and not ignored */
	unsigned chosen;                /* which offer is being requested */
	unsigned sends, naks;
	uint32_t xid;
	uint16_t discover_secs;         /* what the last DISCOVER said in secs */
	usec started, asked_at, due, decide_at;
};

void             dhcp_init(struct dhcp *d, const struct dhcp_identity *who, struct log *log, usec now, uint64_t seed);

/*
 * Instead of dhcp_init: begins with a lease that somebody else was given at lease->bound_at, by the same identity,
 * and whose address cannot be given up. It is renewed as always. When it is lost (it ran out, a NAK, another address
 * in an ACK) that is not the end: the status is DHCP_LOST, failure says why, and any server is asked for the same
 * address after 4, 8, 16, 32 and then every 60 seconds, until one says yes (DHCP_BOUND).
 */
void             dhcp_resume(struct dhcp *d, const struct dhcp_identity *who, struct log *log,
                             const struct dhcp_lease *lease, usec now, uint64_t seed);

void             dhcp_rx(struct dhcp *d, usec now, const struct datagram *in);
bool             dhcp_tx(struct dhcp *d, usec now, struct wr *w, struct flow *flow);
usec             dhcp_wake_at(const struct dhcp *d);
enum dhcp_status dhcp_status(const struct dhcp *d);

/* The address is in use by somebody else: says so, waits ten seconds and starts over. */
void             dhcp_decline(struct dhcp *d, usec now);

/* Gives the lease back; after dhcp_tx has sent that, it is over (DHCP_LOST). */
void             dhcp_release(struct dhcp *d, usec now);
#endif
