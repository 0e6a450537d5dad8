/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/drivers/virtqueue.h"

/* Little-endian, as every machine we run on. */
struct virtq_desc { uint64_t address; uint32_t bytes; uint16_t flags, next; };
struct virtq_avail { uint16_t flags, index, ring[]; };
struct virtq_used_entry { uint32_t id, bytes; };
struct virtq_used { uint16_t flags, index; struct virtq_used_entry ring[]; };

enum { DESC_NEXT = 1, DESC_CARD_WRITES = 2, AVAIL_NO_INTERRUPT = 1, USED_NO_NOTIFY = 1, USED_ALIGN = 4096 };

static size_t used_at(unsigned size)
{
	size_t end = size * sizeof(struct virtq_desc) + sizeof(struct virtq_avail) + (size + 1) * sizeof(uint16_t);

	return (end + USED_ALIGN - 1) / USED_ALIGN * USED_ALIGN;
}

size_t virtqueue_bytes(unsigned size)
{
	size_t end = used_at(size) + sizeof(struct virtq_used) + size * sizeof(struct virtq_used_entry)
	           + sizeof(uint16_t);

	return (end + USED_ALIGN - 1) / USED_ALIGN * USED_ALIGN;
}

void virtqueue_init(struct virtqueue *q, uint8_t *memory, unsigned size)
{
	*q = (struct virtqueue){ .size = (uint16_t)size };
	q->desc  = (struct virtq_desc *)(void *)memory;
	q->avail = (struct virtq_avail *)(void *)(memory + size * sizeof(struct virtq_desc));
	q->used  = (struct virtq_used *)(void *)(memory + used_at(size));
	q->avail->flags = AVAIL_NO_INTERRUPT;
}

void virtqueue_buffer(struct virtqueue *q, unsigned n, uint64_t bus, uint32_t bytes, bool card_writes)
{
	q->desc[n] = (struct virtq_desc){ .address = bus, .bytes = bytes, .flags = card_writes ? DESC_CARD_WRITES : 0 };
}

void virtqueue_chain(struct virtqueue *q, unsigned n, unsigned m)
{
	q->desc[n].flags |= DESC_NEXT;
	q->desc[n].next   = (uint16_t)m;
}

bool virtqueue_is_out(const struct virtqueue *q, unsigned n) { return q->out[n / 8] >> n % 8 & 1; }

void virtqueue_give(struct virtqueue *q, unsigned n)
{
	q->avail->ring[q->given % q->size] = (uint16_t)n;
	q->out[n / 8] = (uint8_t)(q->out[n / 8] | 1u << n % 8);
	q->given++;
	/* The card must see the entry, and what is in the buffer, before the index. */
	__atomic_store_n(&q->avail->index, q->given, __ATOMIC_RELEASE);
}

bool virtqueue_wants_notice(const struct virtqueue *q)
{
	/* The card looks at the index after it has said that it wants to be told, we the other way round. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return !(__atomic_load_n(&q->used->flags, __ATOMIC_RELAXED) & USED_NO_NOTIFY);
}

unsigned virtqueue_take(struct virtqueue *q, uint32_t *bytes)
{
	for (unsigned looks = 0; looks < q->size; looks++) {
		const struct virtq_used_entry *e = &q->used->ring[q->taken % q->size];
		uint32_t id;

		if (q->taken == __atomic_load_n(&q->used->index, __ATOMIC_ACQUIRE))
			break;
		q->taken++;
		/* Read once: the card can change it between two looks. */
		id = __atomic_load_n(&e->id, __ATOMIC_RELAXED);
		if (id < q->size && virtqueue_is_out(q, id)) {
			q->out[id / 8] = (uint8_t)(q->out[id / 8] & ~(1u << id % 8));
			*bytes = __atomic_load_n(&e->bytes, __ATOMIC_RELAXED);
			return id;
		}
		q->lies++;
	}
	return VIRTQUEUE_NONE;
}
