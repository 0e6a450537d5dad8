/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_ATTACHMENT_H
#define LOADER_ATTACHMENT_H
/*
 * All that stays in memory when the operating system has started: the card's
 * stack, the lease, the stream, the disks on it, INT 13h, the hand-over block.
 *
 *     attachment_init(&a, port, nic, seed)            when there is a card
 *     the five verbs                                  while booting: boot.c turns it with its own endpoints
 *     attachment_open(&a, &config, &grant, now)       the disk is there
 *     attachment_silence(&a)                          from here on nothing of the boot is used: no log, no key
 *     attachment_int13(&a, &regs)                     for ever
 *
 * Nothing in here runs by itself. Time passes between calls of INT 13h without
 * us, so each call first renews what is due, and a blocking read turns the
 * network until its bytes are there. Only resident code is called from here.
 */
#include "loader/disk_cache.h"
#include "loader/disk_overlay.h"
#include "loader/disk_stream.h"
#include "loader/int13.h"
#include "loader/port.h"
#include "netstack/dhcp.h"
#include "netstack/stream.h"
#include "netstack/wire/handover.h"

/* A datagram that could not leave yet (ARP under way, card busy): it goes first. */
struct attachment_unsent {
	bool     waiting;
	struct flow flow;
	size_t   len;
	uint8_t  bytes[UDP_PAYLOAD_MAX];
};

/* What the hand-over block says, as far as turns can change it. */
struct attachment_told {
	struct stream_ticket ticket;
	unsigned server;
	uint32_t ip;
	usec     bound_at;
};

struct attachment {
	struct port *port;
	struct net   net;
	struct dhcp  dhcp;
	bool         has_dhcp;                  /* there is a lease to keep */
	usec         configured_at;             /* bound_at of the lease the stack was configured with */
	bool         lost;                      /* the lease is gone: nothing is sent but DHCP */

	bool         is_open;
	struct stream stream;
	uint16_t     client_port;
	usec         patience;                  /* how long a read may wait in silence; NEVER: for ever */
	struct disk_stream  streamed;
	struct disk_cache   cache;
	struct disk_overlay overlay;
	struct int13        int13;
	struct guest_ram    ram;                /* set by the platform before attach */
	struct attachment_unsent unsent;

	struct { uint8_t *room; size_t size; uint16_t pci; uint8_t uuid[16]; char build[TLV_NAME_MAX + 1];
		struct attachment_told told; struct handover_time times[BOOT_TIMES_MAX]; unsigned time_count;
		struct handover block; } handover;
};

/* The uppermost disk: what INT 13h and Block IO show. */
static inline struct disk *attachment_disk(struct attachment *a) { return &a->overlay.disk; }

void attachment_init(struct attachment *a, struct port *port, struct nic *nic);
/* The network is the lease's from here on. */
void attachment_configure(struct attachment *a, const struct dhcp_lease *lease);
/* The granted disk, with everything above it. client_port: where the login was sent from. */
void attachment_open(struct attachment *a, const struct stream_config *config, const struct login_grant *grant,
                     uint16_t client_port, usec now);
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

/* INT 13h: what firmware/bios calls for each interrupt, in the caller's time. */
bool attachment_int13(struct attachment *a, struct int13_regs *r);
#endif
