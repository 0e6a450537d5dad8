/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_PXE_H
#define UNDI_PXE_H
/*
 * A struct nic made of a PXE ROM's UNDI.
 *
 *     pxe_open(&card, &env)           fills in card.nic; false: card.failed says which call said what
 *     pxe_open_new(&card, &env)       the same for a UNDI that nobody has started yet (START_UNDI only)
 *     card.nic.poll(), .send()        the frame path
 *     pxe_close(&card)                drains and closes; the ROM's API stays usable for somebody else
 *
 * The ROM is called through two functions its owner gives: one call, and one
 * burst of UNDI_ISR calls that leaves results and frames in a ring of records
 * (a switch to 32-bit per frame costs more than the frame).
 * When nic.poll_follows, a frame to send waits for the burst that comes next.
 * Everything quirky about the answers is judged here, where the host can test
 * it. Nothing here waits, except open, which may try INITIALIZE ten times
 * 200 ms apart. Each quirk has a line in docs/pxe-notes.md; those that go by the
 * card's PCI id are in pxe_quirks.h, and a ROM that is stuck is opened anew when
 * pxe_watchdog.h says so.
 */
#include "netstack/nic.h"
#include "undi/pxe_api.h"
#include "undi/pxe_watchdog.h"

enum {
	/*
	 * Records of a burst: one switch to real mode takes at most so many frames. Sixteen: a 16 KiB read at MTU
	 * 1500 is 12 frames, and the ring's 24 KiB of base memory leaves a boot loader what it needs below 512 KiB.
	 */
	PXE_RECORDS      = 16,
	PXE_RECORD_DATA  = 1536,
	/*
	 * Frames we let be outstanding. iPXE posts 8 receive buffers to the card and refills them at every call, so
	 * while one burst is worked on 8 more may come in; with what the burst holds that is 16 in a turn's time.
	 */
	PXE_FRAMES_MAX   = 16,
	/*
	 * Frames we ask for as long as none is lost: four bursts. While one is worked on the next ones wait or are on
	 * their way, so that no call finds nothing. With 16 half of the time went by waiting for the server.
	 */
	PXE_WINDOW_MAX   = 64,
	/*
	 * A burst that waits for frames comes back without one after so many looks, or when something is due. An
	 * answer takes 0.1 ms or two, a look half of that: it has had the time of four answers then.
	 */
	PXE_LOOKS_MAX    = 8,
	/* Longer than the watchdog needs to open a stuck ROM anew; then it is the frame that is not wanted. */
	PXE_UNSENT_TRIES = 2 * PXE_WATCHDOG_POLLS,
	PXE_INITIALIZE_TRIES   = 10,
	PXE_INITIALIZE_WAIT_MS = 200,
	PXE_PCI_UNKNOWN  = 0xffff,
};

/* What one UNDI_ISR call of a burst left. */
struct pxe_record { struct pxe_isr isr; uint8_t bytes[PXE_RECORD_DATA]; };

/* What is done at once, without coming back in between: a frame sent, if there is one, and records taken. */
struct pxe_burst {
	const struct pxe_transmit *send;        /* NULL: none */
	uint16_t function;                      /* of the first UNDI_ISR call; the others are GET_NEXT */
	uint16_t max, looks;                    /* records; answers that nothing is there, as long as no frame came */
	uint32_t wait_us;                       /* from the burst's beginning: later such an answer ends it */
	uint16_t empty;                         /* out: how many there were, */
	uint16_t send_exit, exit;               /* TRANSMIT's exit code, and the last call's */
};

struct pxe_env {
	/* One call; the block is copied to where the ROM can reach it, and back. Returns PXENV_EXIT. */
	uint16_t (*call)(void *ctx, uint16_t function, void *block, size_t len);

	/* TRANSMIT, then UNDI_ISR calls as long as they succeed and answer RECEIVE or TRANSMIT; before a frame has come
	   PROCESS again after DONE, `looks` times in all, and no more once `wait_us` have gone by. Returns how many
	   records were written, 1 to `max`. */
	unsigned (*burst)(void *ctx, struct pxe_burst *burst);

	void (*wait_ms)(void *ctx, unsigned ms);
	void *ctx;

	const struct pxe_record *records;       /* PXE_RECORDS of them */
	uint8_t        *frame;                  /* room the ROM can reach for a frame to send: FRAME_MAX bytes */
	struct pxe_tbd *tbd;                    /* and its descriptor */
	struct pxe_far  frame_at, tbd_at;       /* the same two as the ROM sees them */
};

/* What was done, what went wrong, and answers that make no sense or carry nothing. */
struct pxe_counters {
	uint32_t frames, sent, sent_done, reopened;
	uint32_t call_failed, send_failed;
	uint32_t busy, unknown_answer, empty_frame, fragment_too_long, fragment_lost, frame_too_long, frame_too_short;
};

struct pxe_failure { uint16_t function, exit, status; };

struct pxe_card {
	struct nic nic;                         /* first: nic functions get their card back from it */
	const struct pxe_env *env;
	uint16_t next_function;                 /* PROCESS, or GET_NEXT while the ROM has more for us */
	unsigned at, count;                     /* the burst's records not looked at yet */
	uint16_t burst_exit;
	bool     has_unsent;                    /* a frame waits in env->frame for the next burst */
	unsigned unsent_tries;                  /* refused so often; whoever asked asks again, so it may be dropped */
	struct pxe_transmit unsent;
	bool     gave;                          /* the last poll gave a frame of this burst: the turn is not over */
	struct pxe_watchdog watchdog;
	size_t   got, want;                     /* a frame being put together from fragments */
	uint8_t  whole[PXE_RECORD_DATA];
	bool     opened, started;               /* what close has to undo */
	struct pxe_counters counted;
	struct pxe_failure failed;
	uint16_t irq, pci_address;              /* bus[8] device[5] function[3], or PXE_PCI_UNKNOWN */
	uint32_t services;
	struct pxe_groups groups;               /* told, or to be told by the next OPEN */
	char     driver[32];
};

bool pxe_open(struct pxe_card *card, const struct pxe_env *env);
bool pxe_open_new(struct pxe_card *card, const struct pxe_env *env);
void pxe_close(struct pxe_card *card);
#endif
