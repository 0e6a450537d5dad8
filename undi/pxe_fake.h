/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_PXE_FAKE_H
#define UNDI_PXE_FAKE_H
/*
 * An UNDI that behaves as badly as any ROM we know of. pxe_bench.h is how the tests use it.
 *
 *     pxe_fake_init(&f);  set what is odd about it;  fake_says(&f, answer...)
 *     pxe_open(&card, &f.env)
 *     f.asked[0 .. f.asked_count - 1], f.wire, f.isr[]     what it was asked to do
 */
#include "undi/pxe.h"

enum { FAKE_ANSWERS = 80, FAKE_ASKED = 64, FAKE_ISR = 160 };

/* What one UNDI_ISR call answers; bytes are what stands at Frame. */
struct fake_answer {
	uint16_t exit, function, buffer_bytes, frame_bytes;
	const uint8_t *bytes;
};

struct pxe_fake {
	struct pxe_env env;

	/* What is odd about it. */
	bool     open_until_closed;             /* OPEN is refused while the base code has it open */
	bool     isr_needs_open;                /* UNDI_ISR fails while it is closed */
	bool     open_refused;                  /* OPEN never works */
	bool     never_started;                 /* everything but GET_* is refused before INITIALIZE */
	bool     unknown_before;                /* and GET_*, too */
	unsigned initialize_failures;           /* INITIALIZE fails so often first */
	uint16_t initialize_status;
	bool     station_refused, groups_refused;
	uint32_t services;                      /* GET_IFACE says */
	bool     nonsense_status;               /* Status is garbage although the call succeeded */
	bool     no_information, no_iface, no_nic_type;
	bool     only_with_header_stripped;     /* TRANSMIT knows no P_UNKNOWN */
	unsigned transmit_failures;
	bool     repeats;                       /* the last answer is given for ever */
	struct pxe_info info;
	struct pxe_nic_type type;
	struct fake_answer answers[FAKE_ANSWERS];
	unsigned answer_count, answer_next;
	unsigned look_us;                       /* how long an answer that nothing is there takes */

	/* What happened. */
	uint16_t asked[FAKE_ASKED];
	unsigned asked_count;
	uint16_t isr[FAKE_ISR];
	unsigned isr_count, bursts;
	unsigned waited_ms;
	bool     open, initialized;
	uint16_t filter;
	struct pxe_groups groups;
	uint8_t  wire[FRAME_MAX];               /* the frame as it left, header and all */
	size_t   wire_len;
	unsigned wire_frames;

	struct pxe_record records[PXE_RECORDS];
	uint8_t  frame[FRAME_MAX];
	struct pxe_tbd tbd;
};

void pxe_fake_init(struct pxe_fake *f);
void fake_says(struct pxe_fake *f, struct fake_answer answer);
unsigned fake_asked(const struct pxe_fake *f, uint16_t function);       /* how often */
#endif
