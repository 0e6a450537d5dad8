/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_PXE_BOOT_H
#define NETSTACK_PXE_BOOT_H
/*
 * The question to a boot server, once there is an address (PXE 2.1, chapter 2; docs/boot-flow.md, step 4).
 *
 *     pxe_boot_ask_server(&ask, ip)                   BINL: the server that offered says on port 4011 what to boot
 *     pxe_boot_ask_item(&ask, &option, type)          discovery: who serves this entry of the menu?
 *     pxe_boot_init(&p, &ask, &who, our_ip, log, now, seed)
 *     the five verbs, as everywhere;  pxe_boot_rx() says whether a datagram for port 68 was an answer to us
 *     PXE_BOOT_DONE: p.answer is what the boot server said, p.answer.server who
 *
 * The ways of a discovery are multicast (4011), broadcast (67) and each server of the list (4011), as far as discovery
 * control lets us. The first round takes the first of these three, the second the next as well, then all: a broadcast
 * disturbs everybody, and a boot server that listens to its group answers at once. Four rounds of 1, 2, 3 and 4
 * seconds; then it has failed. REQUEST and INFORM take turns, since some servers know only one of them. In both ciaddr
 * is ours, and options 60, 93, 94 and 97 are DHCP's own.
 *
 * Only an ACK counts that has our number and MAC address, comes from somebody who was asked (or, with multicast and
 * broadcast, from a server of the list, if it names any for the type) and names the type that was asked for; of a
 * server of the list, if it answers from port 4011, the type is believed unsaid. An answer without anything to boot is
 * remembered, and waited on: another server may know more. Nothing of an answer is ever sent back.
 */
#include "netstack/dhcp.h"
#include "netstack/wire/pxe.h"

enum { PXE_BOOT_PORT = 4011, PXE_BOOT_SERVERS_MAX = 8 };

enum pxe_boot_status { PXE_BOOT_WORKING, PXE_BOOT_DONE, PXE_BOOT_FAILED };

/* Why it failed; the PXE code is what the screen says. */
enum pxe_boot_failure {
	PXE_BOOT_NO_FAILURE,
	PXE_BOOT_NO_REPLY,              /* PXE-E55: the server asked on 4011 is silent */
	PXE_BOOT_NOT_FOUND,             /* PXE-E78: no boot server of the type answered */
	PXE_BOOT_NO_MULTICAST,          /* PXE-E76: multicast is all that is allowed, and has no address */
	PXE_BOOT_NO_LIST,               /* PXE-E77: only listed servers may be asked, and none is listed */
	PXE_BOOT_NO_FILE,               /* PXE-E53: it answered, and named nothing to boot */
};

/* Whom to ask for what; made by the two functions below. */
struct pxe_boot_ask {
	bool     has_type;              /* a discovery */
	uint16_t type;
	uint32_t multicast_ip;          /* 0: not by multicast */
	bool     may_broadcast;
	uint32_t servers[PXE_BOOT_SERVERS_MAX]; /* each is asked, by unicast */
	unsigned server_count;
	bool     is_listed_only;        /* others than these are not believed */
	enum pxe_boot_failure impossible;       /* nobody may be asked, and why */
};

/* The whole state. Owners read what is marked public. */
struct pxe_boot {
	struct dhcp_lease answer;       /* public once done; address.ip is 0 */
	uint32_t answered_by;           /* public: who did, perhaps without a file; 0: nobody */
	bool     wants_credentials;     /* public: the answer's layer asks for some; we have none and go on */
	enum pxe_boot_failure failure;  /* public */
	uint32_t malformed, ignored, sent;              /* public: packets dropped, sent */
	const char *last_packet;        /* public: "boot server's answer", ...; "none" */

	struct pxe_boot_ask ask;
	struct dhcp_identity who;
	uint32_t client_ip, xid;
	struct log *log;
	struct random random;
	enum pxe_boot_status status;
	struct dhcp_lease incoming;     /* the packet being read: too large for a BIOS stack */
	unsigned round, way;            /* of the round under way; the way that is asked next */
	usec     started, due;
};

void pxe_boot_ask_server(struct pxe_boot_ask *ask, uint32_t server);
void pxe_boot_ask_item(struct pxe_boot_ask *ask, const struct pxe_option *o, uint16_t type);

void pxe_boot_init(struct pxe_boot *p, const struct pxe_boot_ask *ask, const struct dhcp_identity *who,
                   uint32_t client_ip, struct log *log, usec now, uint64_t seed);
/* False: not for us, perhaps for DHCP. */
bool pxe_boot_rx(struct pxe_boot *p, usec now, const struct datagram *in);
bool pxe_boot_tx(struct pxe_boot *p, usec now, struct wr *w, struct flow *flow);
usec pxe_boot_wake_at(const struct pxe_boot *p);
enum pxe_boot_status pxe_boot_status(const struct pxe_boot *p);
#endif
