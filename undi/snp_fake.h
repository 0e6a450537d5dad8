/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_SNP_FAKE_H
#define UNDI_SNP_FAKE_H
/*
 * A Simple Network Protocol that behaves as badly as any driver we know of.
 *
 *     snp_fake_init(&f);  set what is odd about it;  snp_fake_receives(&f, bytes, len, SNP_SUCCESS)
 *     snp_open(&card, &f.env)
 *     f.wire, f.sent, f.calls...      what it was asked to do
 *
 * As VirtioNetDxe does, it keeps each buffer it was given to send until GetStatus has told it, calls sending one of
 * those a device error, and reads it only when it "leaves".
 */
#include "undi/snp.h"

enum { SNP_FAKE_TX = 32, SNP_FAKE_RX = 80 };

struct snp_fake_frame { const uint8_t *bytes; size_t len; enum snp_status status; };

struct snp_fake {
	struct snp_env  env;
	struct snp_mode mode;

	/* What is odd about it. */
	enum snp_status start_says, initialize_says, filters_say, transmit_says, status_says;
	unsigned initialize_failures;           /* so often first, with initialize_says */
	bool     initialize_lies;               /* it succeeds and says it did not */
	uint32_t filters_known;                 /* a filter with other bits is refused */
	bool     refuses_off;                   /* a filter that turns something off is refused */
	bool     groups_refused;
	unsigned tx_room;                       /* frames it takes before it is not ready */
	bool     is_slow;                       /* nothing is sent until the test says so */
	bool     never_gives_back;              /* it copies, and tells nothing */
	bool     gives_back_backwards;
	void    *foreign;                       /* a buffer of somebody else's that it names first */
	bool     tells_for_ever;                /* it names the same buffer again and again */

	/* What happened. */
	unsigned starts, initializes, shutdowns, stops, filter_calls, transmits, statuses, receives, waited_ms;
	unsigned group_calls, group_count;
	uint8_t  groups[NIC_GROUPS_MAX][6];
	unsigned reused;                        /* a buffer that was still its own came again */
	void    *held[SNP_FAKE_TX];             /* given, not given back */
	size_t   held_len[SNP_FAKE_TX];
	unsigned held_count;
	uint8_t  wire[FRAME_MAX];               /* the last frame that left */
	size_t   wire_len;
	unsigned wire_frames;

	struct snp_fake_frame frames[SNP_FAKE_RX];
	unsigned frame_count, frame_next;
};

void snp_fake_init(struct snp_fake *f);
/* The next Receive gives that frame; with another status than SNP_SUCCESS, that. What does not fit stays, for ever. */
void snp_fake_receives(struct snp_fake *f, const uint8_t *bytes, size_t len, enum snp_status status);
#endif
