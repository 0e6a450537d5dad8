/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_TX_RING_H
#define UNDI_TX_RING_H
/*
 * Frames that are being sent by a driver that does not copy them: a buffer is the driver's until it has said it back.
 *
 *     if (!tx_ring_is_ready(&r))      the next one is still his: ask what came back, and
 *             tx_ring_back(&r, p)             for each buffer he names
 *     at = tx_ring_fill(&r, frame, len, &bytes);      a copy, padded; NULL: none is free
 *     tx_ring_gone(&r, at)            he took it
 *     tx_ring_forget(&r)              he was shut down: all are ours again
 *
 * Nothing is trusted: a buffer that is none of ours, or is named twice, is counted and passed over.
 */
#include "netstack/nic.h"

enum {
	TX_RING_BUFFERS = 16,           /* a turn sends about four; the card has some turns' time to give them back */
	/*
	 * A driver that never gives a buffer back has copied it, or forgotten it. After so many sends that found none
	 * free (the stack tries again each millisecond) the oldest is used again; at worst one frame leaves spoilt.
	 */
	TX_RING_REFUSALS_MAX = 250,
};

struct tx_ring {
	bool     gave_back;             /* this driver does give buffers back */
	uint32_t under_way;             /* a bit for each buffer that is the driver's */
	unsigned next;                  /* the buffer whose turn it is */
	unsigned refusals;              /* sends in a row that found no buffer free */
	uint32_t back, foreign, forced; /* counted: came back, were none of ours, used again too early */
	uint8_t  frames[TX_RING_BUFFERS][(FRAME_MAX + 7) / 8 * 8];
};

static inline bool tx_ring_is_free(const struct tx_ring *r, unsigned n) { return !(r->under_way >> n & 1); }
static inline bool tx_ring_is_ready(const struct tx_ring *r) { return tx_ring_is_free(r, r->next); }

/* Somebody still waits for one: worth waiting for, before the memory is gone. */
static inline bool tx_ring_waits(const struct tx_ring *r) { return r->gave_back && r->under_way; }

/* Which of ours that is; TX_RING_BUFFERS: none. */
static inline unsigned tx_ring_place(const struct tx_ring *r, const void *buffer)
{
	unsigned n = 0;

	while (n < TX_RING_BUFFERS && buffer != r->frames[n])
		n++;
	return n;
}

static inline void tx_ring_back(struct tx_ring *r, const void *buffer)
{
	unsigned n = tx_ring_place(r, buffer);

	if (n == TX_RING_BUFFERS || tx_ring_is_free(r, n)) {
		r->foreign++;                   /* of who had the card before us, or told twice */
		return;
	}
	r->under_way &= ~((uint32_t)1 << n);
	r->gave_back = true;
	r->back++;
}

/* Those that come back out of order are found all the same. */
static inline unsigned tx_ring_choose(struct tx_ring *r)
{
	for (unsigned i = 0; i < TX_RING_BUFFERS; i++) {
		unsigned n = (r->next + i) % TX_RING_BUFFERS;

		if (tx_ring_is_free(r, n))
			return n;
	}
	if (r->gave_back && ++r->refusals < TX_RING_REFUSALS_MAX)
		return TX_RING_BUFFERS;
	r->forced++;
	return r->next;
}

static inline void *tx_ring_fill(struct tx_ring *r, const void *frame, size_t len, size_t *bytes)
{
	unsigned n = tx_ring_choose(r);

	if (n == TX_RING_BUFFERS)
		return NULL;
	r->refusals = 0;
	*bytes = len < FRAME_MIN ? FRAME_MIN : len;
	memcpy(r->frames[n], frame, len);
	memset(r->frames[n] + len, 0, *bytes - len);
	return r->frames[n];
}

/* The driver went down: every buffer is ours again. */
static inline void tx_ring_forget(struct tx_ring *r) { r->under_way = 0; }

static inline void tx_ring_gone(struct tx_ring *r, const void *buffer)
{
	unsigned n = tx_ring_place(r, buffer);

	r->under_way |= (uint32_t)1 << n;
	r->next = (n + 1) % TX_RING_BUFFERS;
}
#endif
