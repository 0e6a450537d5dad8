/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_ATTACHMENT_H
#define LOADER_ATTACHMENT_H
/*
 * All that stays in memory when the operating system has started: the card's
 * stack, the lease, the stream, the disks on it, the hand-over block.
 *
 *     attachment_init(&a, port, nic)                  when there is a card
 *     the five verbs                                  while booting: boot.c turns it with its own endpoints
 *     attachment_open(&a, &config, &grant)            the disk is there
 *     attachment_silence(&a)                          from here on nothing of the boot is used: no log, no key
 *     disk_read(attachment_disk(&a), ...)             for ever: what INT 13h and Block IO are made of
 *
 * Nothing in here runs by itself. Time passes between the system's calls without
 * us, so each call must first renew what is due, and a blocking read turns the
 * network until its bytes are there. Only resident code is called from here.
 */
#include "loader/disk_cache.h"
#include "loader/disk_overlay.h"
#include "loader/disk_stream.h"
#include "loader/port.h"
#include "netstack/dhcp.h"
#include "netstack/lacp.h"
#include "netstack/stream.h"
#include "netstack/wire/handover.h"

/* One port for a session, firmware and driver (handed over); a session number tells old answers from new. */
enum { STREAM_CLIENT_PORT = 6911 };

/*
 * A datagram that could not leave yet (ARP under way, card busy). Its bytes wait in the stack; it goes first.
 * Nobody else can send meanwhile, so it is given up at drop_at: a dead host must not hold up those that live.
 */
struct attachment_unsent { bool waiting; struct flow flow; size_t len; usec again_at, drop_at; };

/* What the hand-over block says, as far as turns can change it. */
struct attachment_told {
	struct stream_ticket ticket;
	unsigned server;
	uint32_t ip, next_request;
	usec     bound_at;
};

struct attachment {
	struct port *port;
	struct net   net;
	struct lacp  lacp;                      /* of the boot's; it listens as long as the port is one of a bundle */
	struct dhcp  dhcp;
	bool         has_dhcp;                  /* it is turned */
	bool         keeps_lease;               /* and followed: renewed, configured, found again when it is lost */
	usec         configured_at;             /* bound_at of the lease the stack was configured with, */
	uint32_t     configured_ip;             /* and its address */
	bool         lost;                      /* the lease is gone: nothing is sent but DHCP */

	bool         is_open;
	struct stream stream;
	char         build[TLV_NAME_MAX + 1];
	usec         patience;                  /* how long a read may wait in silence; NEVER: for ever */
	struct disk_stream  streamed;
	struct disk_cache   cache;
	struct disk_overlay overlay;
	struct disk         front;              /* the overlay, each read or write being a call of the system's */
	uint8_t             drive;              /* INT 13h's number for it, set by the platform's attach; 0: has none */
	struct attachment_unsent unsent;

	struct attachment_told told;
	struct handover handover;               /* as it was last written */
	uint8_t     *handover_room;             /* NULL: nobody wants one */
	size_t       handover_size;
	uint32_t     handovers;                 /* how often it was: who copied it compares */
};
_Static_assert(sizeof(struct attachment) <= ATTACHMENT_BYTES_MAX, "limits.h: what stays resident");

/* The uppermost disk: what INT 13h and Block IO show. */
static inline struct disk *attachment_disk(struct attachment *a) { return &a->overlay.disk; }
/* The same for who has nothing else to do around a call: it enters and leaves by itself. */
static inline struct disk *attachment_front(struct attachment *a) { return &a->front; }

void attachment_init(struct attachment *a, struct port *port, struct nic *nic);
/* The network is the lease's from here on. */
void attachment_configure(struct attachment *a, const struct dhcp_lease *lease);
/* The granted disk, with everything above it. The login was sent from STREAM_CLIENT_PORT. */
void attachment_open(struct attachment *a, const struct stream_config *config, const struct login_grant *grant);
/* Ends the session; the disk is gone, the network stays. */
void attachment_close(struct attachment *a, const char *why);
void attachment_silence(struct attachment *a);

/* A datagram that arrived; false: not for us. */
bool attachment_rx(struct attachment *a, usec now, const struct datagram *d);
/* Lets the endpoints send what is due; bounded. */
void attachment_tx(struct attachment *a, usec now);
/* Sends a datagram whose payload was written at net_payload(); kept and sent again if it cannot leave now. */
void attachment_send(struct attachment *a, usec now, const struct flow *flow, size_t len);
/* False while an unsent datagram waits: nobody may write the next one. */
bool attachment_can_send(const struct attachment *a);
usec attachment_wake_at(const struct attachment *a);

/* One turn of everything that is resident. */
void attachment_turn(struct attachment *a);
/* Until something comes or is due, at the latest at `until`. */
void attachment_idle(struct attachment *a, usec until);
/* A turn when something has come or is due, or at `until`: for who waits for nothing else. */
void attachment_wait(struct attachment *a, usec until);

/* Around each call of the system's, in its time: what is due comes first, what was wanted ahead leaves at the end. */
void attachment_enter(struct attachment *a);
void attachment_leave(struct attachment *a);
#endif
