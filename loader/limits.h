/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_LIMITS_H
#define LOADER_LIMITS_H
/*
 * Every size and count in the loader, with its reason.
 *
 * What stays resident is struct attachment and the code that serves it, at
 * most 4 MiB together (docs/memory-map.md):
 *
 *     cache       CACHE_LINES x CACHE_LINE_BYTES              2 MiB
 *     overlay     OVERLAY_BLOCKS x OVERLAY_BLOCK_BYTES        1 MiB
 *     all else    network, lease, stream, tables            < 64 KiB
 *
 * which leaves most of a MiB for code, stack and the card's rings. attachment.c asserts it.
 */
#include "lib/types.h"

enum {
	/*
	 * The cache. A line is what one request can ask for: 46 datagrams at MTU 1500, so that asking
	 * costs little beside answering. 32 lines hold GRUB's modules and a file system's directories
	 * beside what is read ahead.
	 */
	CACHE_LINE_BYTES = 64 * 1024,
	CACHE_LINES      = 32,

	/*
	 * Sequential readers followed at once: GRUB reads a file and its extent tree in turn;
	 * a fourth place keeps a stray read from pushing out one that matters.
	 */
	CACHE_READERS    = 4,

	/* Who leaves out no more than so many sectors still reads in order. */
	CACHE_SKIP_SECTORS = 32,

	/*
	 * Lines fetched ahead of a reader: 1, from his third read in order on 2. With the rest of his own line
	 * these are more than a full window of 64 datagrams, and 128 KiB cover what 1 Gb/s brings in a millisecond.
	 */
	CACHE_AHEAD_FIRST = 1,
	CACHE_AHEAD_MAX   = 2,

	/*
	 * The overlay: what the loader writes (GRUB's environment block, a dirty flag of a FAT) is a few
	 * blocks; 1 MiB is two orders of magnitude more. Blocks of 4 KiB are the file systems' own.
	 */
	OVERLAY_BLOCK_BYTES = 4096,
	OVERLAY_BLOCKS      = 256,
	OVERLAY_SLOTS       = 512,      /* of the hash table: a power of two, never more than half full */

	ATTACHMENT_BYTES_MAX = 3 * 1024 * 1024 + 64 * 1024,

	/* Texts a boot keeps. DHCP's own limit for a boot file is 255. */
	BOOT_FILE_MAX  = 255,
	BOOT_TEXT_MAX  = 255,

	BOOT_TIMES_MAX = 16,            /* a step's time each; boot steps are fewer than this */
};

/* From a retry to the next: doubled from 5 s to 60 s, with up to a quarter at random (a class room starts at once). */
#define RETRY_FIRST (5u * USEC_PER_S)
#define RETRY_MOST  (60u * USEC_PER_S)

/* Before a reboot: time to read the screen. Before the next device, which people may wait for, less. */
#define REBOOT_WAIT      (50u * USEC_PER_S)
#define NEXT_DEVICE_WAIT (10u * USEC_PER_S)

/* How long the cable may be out before the screen says so; it is waited for all the same. */
#define LINK_PATIENCE (5u * USEC_PER_S)

/* How long a switch port that says it does not forward is waited for; then DHCP asks all the same. */
#define LINK_WAIT (120u * USEC_PER_S)
/* A port that has just come up says hello within so long, if it has a spanning tree: every 2 s, and a little late. */
#define LINK_HELLO (2500u * USEC_PER_MS)

/* Two address probes this far apart, and as long again to hear an answer: 200 ms in all. */
#define PROBE_APART (100u * USEC_PER_MS)

/* A datagram waits so long for its receiver's MAC address: for two ARP questions, since the first is often lost. */
#define UNSENT_PATIENCE (400u * USEC_PER_MS)

/* Giving the lease back may take so long, when Esc was pressed. */
#define RELEASE_PATIENCE (500u * USEC_PER_MS)

/* Without an answer to a login for so long the step fails, is explained, and tried again. */
#define LOGIN_PATIENCE (15u * USEC_PER_S)
/* ... and for so long each where there are several. */
#define LOGIN_PATIENCE_EACH (5u * USEC_PER_S)
#endif
