/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_NII_FAKE_H
#define UNDI_NII_FAKE_H
/*
 * A UNDI 3.1 that behaves as badly as any driver we know of.
 *
 *     nii_fake_init(&f);  set what is odd about it;  nii_fake_receives(&f, bytes, len, NII_SUCCESS)
 *     nii_open(&card, &f.env)
 *     f.wire, f.state, f.commands[]...        what it was asked to do
 *
 * It holds its caller to appendix E: a CDB of another interface, of a size no block has, or while one is still queued
 * is counted as wrong. It keeps each buffer it was given to send until GET_STATUS has told it.
 */
#include "undi/nii.h"

enum { NII_FAKE_TX = 32, NII_FAKE_RX = 80, NII_FAKE_OPCODES = NII_RECEIVE + 1, NII_FAKE_INTERFACE = 3 };

struct nii_fake_frame { const uint8_t *bytes; size_t len; uint16_t code; };

struct nii_fake {
	struct nii_env env;
	struct nii_init_info info;
	struct nii_station station;
	unsigned state;

	/* What is odd about it. */
	uint16_t says[NII_FAKE_OPCODES];        /* not NII_SUCCESS: that is all this command does */
	unsigned so_often[NII_FAKE_OPCODES];    /* 0: for ever */
	uint16_t info_flags;
	bool     says_nothing;                  /* it leaves StatFlags as they were */
	bool     fails_without_a_code;
	bool     hides_state;                   /* GET_STATE says stopped, whatever it is */
	bool     no_media;
	unsigned queue_looks;                   /* a command ends when it was looked at so often */
	uint16_t queue_only;                    /* with 0: every command */
	unsigned filters_known;                 /* a filter with other bits is refused */
	unsigned tx_room;
	uint16_t full_code;                     /* what it says when that is used up */
	bool     is_slow;                       /* nothing is sent until the test says so */
	bool     never_gives_back;              /* it copies, and tells nothing */
	bool     gives_back_one;                /* one for each GET_STATUS, the last first */
	bool     lies_none_written;             /* it names buffers and says it did not */
	void    *foreign;                       /* a buffer of somebody else's that it names first */
	bool     tells_for_ever;                /* it names that again and again */
	bool     has_no_memory;                 /* there is none to be had */

	/* What happened. */
	unsigned commands[NII_FAKE_OPCODES], calls, wrong, waited_us, memories, memories_freed;
	unsigned reused;                        /* a buffer that was still its own came again */
	unsigned filters;
	struct nii_groups groups;
	unsigned group_count;
	uint64_t started_with;                  /* START's unique id */
	struct nii_initialize initialized_with;
	const uint8_t *held[NII_FAKE_TX];       /* given, not given back */
	size_t   held_len[NII_FAKE_TX];
	unsigned held_count;
	uint8_t  wire[FRAME_MAX];               /* the last frame that left */
	size_t   wire_len;
	unsigned wire_frames;

	struct nii_cdb *queued;                 /* ends when it was looked at often enough */
	uint16_t queued_flags;
	unsigned looks_left;
	uint8_t  memory[4096];

	struct nii_fake_frame frames[NII_FAKE_RX];
	unsigned frame_count, frame_next;
};

void nii_fake_init(struct nii_fake *f);
/* The next RECEIVE gives that frame; with another code than NII_SUCCESS, that. Of a long one, what fits. */
void nii_fake_receives(struct nii_fake *f, const uint8_t *bytes, size_t len, uint16_t code);
#endif
