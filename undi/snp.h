/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_SNP_H
#define UNDI_SNP_H
/*
 * A struct nic made of UEFI's Simple Network Protocol.
 *
 *     snp_open(&card, &env)           fills in card.nic; false: card.failed says which call said what
 *     card.nic.poll(), .send()        the frame path
 *     snp_close(&card)                the card goes back in the state it was found in
 *     snp_quiet(&card)                instead: the boot services end; it only stops hearing and sending
 *
 * There is no EFI type in here: the protocol comes as functions its owner gives
 * (struct snp_env), which firmware/efi/snp_env.c makes of the firmware's table.
 * So everything quirky about the answers is judged where the host can test it,
 * in 32 and 64 bits, against snp_fake.c, and <efi.h> stays in firmware/efi.
 *
 * Nothing here waits but open and close, both bounded; nothing uses an event, so
 * all of it works at the task priority of a Block IO call.
 *
 * SNP does not copy what is sent: a buffer is the card's until GetStatus gives it
 * back, and sending it again before is an error on VirtioNetDxe (undi/tx_ring.h).
 */
#include "undi/tx_ring.h"

enum {
	/*
	 * Frames we let be outstanding at first, and at most. VirtioNetDxe has 64 receive buffers and drops without
	 * a word what comes when they are full; a quarter of them is for others' broadcasts.
	 */
	SNP_FRAMES_MAX = 40,
	SNP_WINDOW_MAX = 48,

	SNP_FRAME_CRC  = 4,             /* some leave the checksum behind a frame */
	SNP_RX_BYTES   = 16 * 1024,     /* more than any Ethernet frame: what does not fit would stay for ever */
	SNP_INITIALIZE_TRIES   = 10,
	SNP_INITIALIZE_WAIT_MS = 200,
	SNP_DRAIN_TRIES = 50,           /* a millisecond each: what close waits for frames still leaving */
};

enum snp_status {
	SNP_SUCCESS,
	SNP_NOT_READY,                  /* no frame; or no room for one to send */
	SNP_BUFFER_TOO_SMALL,
	SNP_ALREADY_STARTED,
	SNP_NOT_STARTED,
	SNP_INVALID_PARAMETER,
	SNP_DEVICE_ERROR,
	SNP_UNSUPPORTED,
	SNP_OTHER,
};

/* What is said of a card's state, and what a filter is made of; the protocol's numbers. */
enum snp_state { SNP_STOPPED, SNP_STARTED, SNP_INITIALIZED };
enum { SNP_UNICAST = 1, SNP_MULTICAST = 2, SNP_BROADCAST = 4, SNP_PROMISCUOUS = 8, SNP_ALL_MULTICAST = 16 };

/* The protocol's Mode, as far as we ask. */
struct snp_mode {
	enum snp_state state;
	uint32_t address_bytes, header_bytes, packet_max;
	uint32_t filters_possible, filters, groups_max;
	uint8_t  mac[6], permanent_mac[6];
	uint8_t  hardware_type;         /* 1: Ethernet */
	bool     tells_media, has_media;
};

struct snp_env {
	enum snp_status (*start)(void *ctx);
	enum snp_status (*initialize)(void *ctx);
	enum snp_status (*shutdown)(void *ctx);
	enum snp_status (*stop)(void *ctx);
	enum snp_status (*filters)(void *ctx, uint32_t enable, uint32_t disable);
	/* ReceiveFilters, too: multicast on for these groups and no others; with none off, and the list emptied. */
	enum snp_status (*groups)(void *ctx, const uint8_t (*macs)[6], unsigned count);
	/* GetStatus: brings has_media up to date; *done is a buffer that was sent, or NULL. */
	enum snp_status (*status)(void *ctx, void **done);
	enum snp_status (*transmit)(void *ctx, void *frame, size_t len);
	/* *len is the room, then the frame's length. */
	enum snp_status (*receive)(void *ctx, void *room, size_t *len);
	void (*mode)(void *ctx, struct snp_mode *mode);
	void (*wait_ms)(void *ctx, unsigned ms);
	void *ctx;
};

/* What was done, what went wrong, and answers that make no sense. */
struct snp_counters {
	uint32_t frames, sent, restarted;
	uint32_t send_failed, send_busy, receive_failed, status_failed, filters_refused, groups_refused;
	uint32_t frame_too_long, frame_too_short;
};

/* The call as the specification names it, and its answer. */
struct snp_failure { const char *call; enum snp_status status; };

struct snp_card {
	struct nic nic;                         /* first: nic functions get their card back from it */
	const struct snp_env *env;
	bool     opened;
	enum snp_state found;                   /* as it was; close leaves it so */
	uint32_t found_filters;
	uint8_t  groups[NIC_GROUPS_MAX][6];     /* told, and to be told again when it was down */
	unsigned group_count;
	struct snp_counters counted;
	struct snp_failure failed;
	char     driver[32];
	struct tx_ring tx;
	uint8_t  rx[SNP_RX_BYTES];
};

bool snp_open(struct snp_card *card, const struct snp_env *env);
void snp_close(struct snp_card *card);

/* In the notification of ExitBootServices: it waits for nothing, and calls nothing if the card is down already. */
void snp_quiet(struct snp_card *card);

/* For people: "not ready". */
const char *snp_status_text(enum snp_status status);
#endif
