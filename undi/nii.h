/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_NII_H
#define UNDI_NII_H
/*
 * A struct nic made of UNDI 3.1, UEFI's driver below the Simple Network Protocol.
 *
 *     verdict = nii_look(bang, &entry)        is this "!PXE" one we can call, and where
 *     nii_open(&card, &env)                   fills in card.nic; false: card.failed says which command said what
 *     card.nic.poll(), .send()                the frame path
 *     nii_close(&card)                        shut down and stopped: the next one starts it with callbacks of his own
 *     nii_quiet(&card)                        instead: the boot services end; it only stops hearing and sending
 *
 * There is no EFI type in here: the entry point comes as a function its owner gives (struct nii_env), and what the
 * driver may call back as the numbers of a struct nii_start, which firmware/efi/nii_env.c makes. So everything quirky
 * about the answers is judged where the host can test it, in 32 and 64 bits, against nii_fake.c.
 *
 * A command is called and done, as a rule; one that says it is queued is waited for, but not for ever: as long as it
 * has not ended the blocks of the command are the driver's, and no other is begun. Open and close may wait for
 * seconds, the frame path for NII_FINISH_MS at most; nothing uses an event, so all of it works at the task priority
 * of a Block IO call.
 *
 * UNDI does not copy what is sent, as SNP does not: undi/tx_ring.h.
 */
#include "undi/nii_api.h"
#include "undi/tx_ring.h"

enum {
	/*
	 * Frames we let be outstanding at first, and at most, if the driver does not say that its ring is shorter.
	 * iPXE's e1000 posts eight buffers, keeps what came in on a small heap, and hears nothing more for a while
	 * when that is full.
	 */
	NII_FRAMES_MAX = 24,
	NII_WINDOW_MAX = 32,
	NII_FRAMES_MIN = 4,             /* a ring said to be shorter than that is not believed */

	NII_FRAME_CRC = 4,              /* some leave the checksum behind a frame */
	NII_RX_BYTES  = 16 * 1024,      /* some write a whole frame, however long the room was said to be */
	NII_MEMORY_MAX = 16 << 20,      /* a driver that wants more for its buffers does not know what it says */
	NII_INITIALIZE_TRIES   = 10,
	NII_INITIALIZE_WAIT_MS = 200,
	NII_FINISH_MS      = 10,        /* what a command that is queued may take on the frame path, */
	NII_FINISH_OPEN_MS = 5000,      /* and while the card comes up: links are negotiated then */
	NII_SILENT_MS      = 5,         /* what a command may take that says nothing of its end */
	NII_LOOK_US     = 10,
	NII_DRAIN_TRIES = 50,           /* a millisecond each: what close waits for frames still leaving */
};

/* What nii_call answers besides enum nii_code: the command has not ended, or ended without a reason. */
enum { NII_UNFINISHED = 0x100, NII_UNKNOWN };

enum nii_verdict { NII_GOOD, NII_NO_BANG, NII_BAD_CHECKSUM, NII_HARDWARE, NII_NO_ENTRY };

struct nii_env {
	void (*call)(void *ctx, struct nii_cdb *cdb);
	/* Memory that the card may read and write, for as long as it is initialized; NULL: there is none. */
	void *(*memory)(void *ctx, uint32_t bytes);
	void (*memory_free)(void *ctx, void *memory, uint32_t bytes);
	void (*wait_us)(void *ctx, unsigned us);
	struct nii_start callbacks;
	uint16_t interface;             /* which card of the driver's */
	uint32_t implementation;        /* !PXE's flags */
	uint8_t  major, minor;          /* !PXE's version; for people */
	void *ctx;
};

/* What was done, what went wrong, and answers that make no sense. */
struct nii_counters {
	uint32_t calls, frames, sent;
	uint32_t send_failed, send_busy, receive_failed, status_failed, groups_refused, unfinished;
	uint32_t frame_too_long, frame_too_short;
};

/* The command as the specification names it, and its answer. */
struct nii_failure { const char *command; unsigned code; };

struct nii_card {
	struct nic nic;                 /* first: nic functions get their card back from it */
	const struct nii_env *env;
	bool     opened;
	bool     is_waited_for;         /* a command that has not ended: cdb, cpb and db are the driver's */
	bool     says_nothing;          /* it leaves StatFlags as they were; StatCode is all it says */
	bool     tells_media;
	bool     has_media;
	void    *memory;
	uint32_t memory_bytes;
	unsigned filters;               /* on, besides that of groups */
	uint16_t groups_max;            /* of a list of groups; 0: the driver knows no such list */
	struct nii_counters counted;
	struct nii_failure failed;
	char     driver[16];

	struct nii_cdb cdb;             /* not on the stack: what is queued is read, and answered, later */
	union {
		struct nii_start start;
		struct nii_initialize initialize;
		struct nii_groups groups;
		struct nii_transmit transmit;
		struct nii_receive receive;
	} cpb;
	union {
		struct nii_init_info info;
		struct nii_initialized initialized;
		struct nii_station station;
		struct nii_status status;
		struct nii_received received;
	} db;
	struct tx_ring tx;
	uint8_t  rx[NII_RX_BYTES];
};

/* *entry is where to call. The structure must lie where it was found: an entry point may be an offset from it. */
enum nii_verdict nii_look(const struct nii_bang *bang, uint64_t *entry);
const char *nii_verdict_text(enum nii_verdict verdict);

bool nii_open(struct nii_card *card, const struct nii_env *env);
void nii_close(struct nii_card *card);

/* In the notification of ExitBootServices: it frees nothing, waits for no frame, and lets be what is down already. */
void nii_quiet(struct nii_card *card);

/* For people: "not started". */
const char *nii_code_text(unsigned code);
#endif
