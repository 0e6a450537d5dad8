/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_DRIVERS_VIRTIO_FAKE_H
#define UNDI_DRIVERS_VIRTIO_FAKE_H
/*
 * A virtio network card behind PCI as the standard describes it (virtio 1.1), at the level of registers and of what it
 * reads and writes in memory; and everything that may be wrong with one. Host only; for *_test.c.
 *
 *     fake_init(&f, is_legacy);  set what is odd;  virtio_net.open(&f.h, &nic)
 *     fake_receives(&f, bytes, len)    a frame from the cable; false: it has no buffer
 *     fake_sends(&f)                   it looks at its transmit queue; f.wire is the last frame
 *
 * It refuses what no driver may do: a queue that moves while the card runs, a buffer outside of the driver's memory, a
 * feature it did not offer.
 */
#include "lib/test.h"
#include "undi/drivers/virtio_net.h"

enum {
	FAKE_MEMORY = 4 << 20, FAKE_CAPS_AT = 0x40, FAKE_COMMON = 0x000, FAKE_ISR = 0x1000, FAKE_DEVICE = 0x2000,
	FAKE_NOTIFY = 0x3000, FAKE_NOTIFY_STEP = 4, FAKE_BAR = 4, FAKE_QUEUES = 3,
};
#define FAKE_BUS 0x7800000000u          /* where the card sees the driver's memory */

struct fake_queue {
	uint16_t size, limit;                   /* set; and at most */
	bool     enabled;
	uint64_t desc, avail, used;
	uint16_t seen, said;                    /* of avail's entries; in used */
	unsigned notices;
};

struct fake {
	struct hardware h;
	uint8_t  *memory;
	usec     clock;

	/* What is odd about it. */
	bool     is_legacy;
	uint64_t offers;
	uint16_t link_status, mtu;
	uint8_t  mac[6];
	bool     never_resets, refuses_features, keeps_page, never_answers, answers_no;
	bool     is_transitional;               /* legacy, and has the capabilities as well */
	unsigned caps_loop;                     /* the list of capabilities goes round */
	uint32_t notify_bytes;
	uint8_t  notify_type;                   /* of that capability: 2 */

	/* What happened. */
	uint16_t command;                       /* PCI's */
	uint8_t  status;
	uint64_t accepted;
	uint32_t feature_select, driver_select;
	unsigned queue_select, resets;
	struct fake_queue queues[FAKE_QUEUES];
	uint8_t  wire[10000];
	size_t   wire_len;
	unsigned wire_frames;
	uint8_t  all_multicast;
};

void fake_init(struct fake *f, bool is_legacy);
void fake_end(struct fake *f);
bool fake_receives(struct fake *f, const void *bytes, size_t len);
/* The next used entry of the receive queue, whatever the driver gave: id and length are the test's. */
void fake_lies(struct fake *f, uint32_t id, uint32_t len);
/* The same of the transmit queue. */
void fake_lies_of_sent(struct fake *f, uint32_t id);
void fake_sends(struct fake *f);
#endif
