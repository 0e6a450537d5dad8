/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_DRIVERS_VIRTQUEUE_H
#define UNDI_DRIVERS_VIRTQUEUE_H
/*
 * A virtio split queue, laid out as devices before 1.0 prescribe (virtio 1.1,
 * 2.6 and 2.6.2), whose buffers are of one descriptor each, or of two.
 *
 *     bytes = virtqueue_bytes(size)                    of memory, aligned to 4096 and zeroed
 *     virtqueue_init(&q, memory, size)
 *     virtqueue_buffer(&q, n, bus, bytes, card_writes)     once for each
 *     virtqueue_chain(&q, n, m)        m, which the card writes, is the second half of n
 *     virtqueue_give(&q, n)            the card's; then, after some: if (virtqueue_wants_notice(&q)) tell the card
 *     n = virtqueue_take(&q, &bytes)   ours again, with what the card says it wrote; VIRTQUEUE_NONE
 *
 * A buffer the card gives back that it does not have, or twice, is dropped and
 * counted: what a card writes is input.
 */
#include "lib/bytes.h"

enum { VIRTQUEUE_SIZE_MAX = 1024, VIRTQUEUE_NONE = 0xffff };

struct virtq_desc;
struct virtq_avail;
struct virtq_used;

struct virtqueue {
	struct virtq_desc  *desc;
	struct virtq_avail *avail;
	struct virtq_used  *used;
	uint16_t size;
	uint16_t given, taken;                  /* indices as the card counts them */
	uint32_t lies;                          /* buffers that came back and were not out */
	uint8_t  out[VIRTQUEUE_SIZE_MAX / 8];   /* a bit for each buffer that is the card's */
};

size_t   virtqueue_bytes(unsigned size);
void     virtqueue_init(struct virtqueue *q, uint8_t *memory, unsigned size);
void     virtqueue_buffer(struct virtqueue *q, unsigned n, uint64_t bus, uint32_t bytes, bool card_writes);
void     virtqueue_chain(struct virtqueue *q, unsigned n, unsigned m);
void     virtqueue_give(struct virtqueue *q, unsigned n);
bool     virtqueue_wants_notice(const struct virtqueue *q);
unsigned virtqueue_take(struct virtqueue *q, uint32_t *bytes);
bool     virtqueue_is_out(const struct virtqueue *q, unsigned n);
#endif
