/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_NIC_H
#define NETSTACK_NIC_H
/*
 * What the stack wants from a network card; undi/ and firmware/host make one.
 *
 * Whole Ethernet frames without the checksum, polled. Nothing here blocks,
 * allocates or calls back. The maker owns the frame memory.
 */
#include "lib/bytes.h"

enum { FRAME_HEAD = 14, FRAME_MIN = 60, FRAME_MAX = 1514, NIC_GROUPS_MAX = 8 };

enum nic_link { NIC_LINK_UNKNOWN, NIC_LINK_DOWN, NIC_LINK_UP };

struct nic {
	/* Sends a frame of 14..1514 bytes, padding it to 60; false: busy, the caller tries again next turn. */
	bool (*send)(struct nic *nic, const void *frame, size_t len);

	/*
	 * The next received frame, readable until the next call of any of these; false: this turn's are all taken.
	 * A card may have more of them in the next turn.
	 */
	bool (*poll)(struct nic *nic, struct rd *frame);

	/* Whether the cable is in. Cards that cannot tell say NIC_LINK_UNKNOWN and are treated as up. */
	enum nic_link (*link)(struct nic *nic);

	/*
	 * Which multicast groups to hear besides broadcasts, at most NIC_GROUPS_MAX; replaces the last list. NULL or
	 * false: this card cannot be told. Most cards hear more than they were told, so whoever asked still looks at
	 * where a frame goes to.
	 */
	bool (*groups)(struct nic *nic, const uint8_t (*macs)[6], unsigned count);

	uint8_t  mac[6];
	uint16_t mtu;                   /* IP bytes in a frame: 1500 */
	uint16_t rx_frames_max;         /* frames the card surely holds while nobody polls: windows begin with it, */
	uint16_t rx_window_max;         /* and grow to this as long as nothing is lost; never below rx_frames_max */
	/*
	 * Frames that are surely on their way, said by whoever polls; 0: not known. A card that pays for each look
	 * stops looking when so many have come.
	 */
	uint16_t rx_expected;
	uint32_t rx_wait_us;            /* so long whoever polls only waits for them: a card may look again; 0: not */
	/*
	 * Said by whoever sends: a poll is the next call, whatever send says. A card that pays for each call may do
	 * both in one then; that it took the frame is a promise.
	 */
	bool poll_follows;
	const char *driver;             /* for people: "undi (iPXE)", "tap" */
};
#endif
