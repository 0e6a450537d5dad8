/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "sim/air.h"
#include <stdlib.h>

/* Ethernet, IPv4 and UDP around a datagram, with the gap between frames. */
enum { WIRE_OVERHEAD = 66 };

void air_init(struct air *a, const struct air_weather *weather, uint64_t seed)
{
	*a = (struct air){ .random = random_from(seed), .weather = *weather };
}

void air_free(struct air *a)
{
	while (a->count)
		free(a->heap[--a->count]);
	free(a->heap);
	a->heap = NULL;
}

static bool is_earlier(const struct air_packet *a, const struct air_packet *b)
{
	return a->at != b->at ? a->at < b->at : a->number < b->number;
}

static void push(struct air *a, struct air_packet *p)
{
	size_t i = a->count++;

	if (a->count > a->room) {
		a->room = a->room ? a->room * 2 : 64;
		a->heap = realloc(a->heap, a->room * sizeof *a->heap);
		if (!a->heap)
			abort();
	}
	for (; i && is_earlier(p, a->heap[(i - 1) / 2]); i = (i - 1) / 2)
		a->heap[i] = a->heap[(i - 1) / 2];
	a->heap[i] = p;
}

static struct air_packet *pop(struct air *a)
{
	struct air_packet *first = a->heap[0], *last = a->heap[--a->count];
	size_t i = 0, child;

	while ((child = i * 2 + 1) < a->count) {
		if (child + 1 < a->count && is_earlier(a->heap[child + 1], a->heap[child]))
			child++;
		if (!is_earlier(a->heap[child], last))
			break;
		a->heap[i] = a->heap[child];
		i = child;
	}
	if (a->count)
		a->heap[i] = last;
	return first;
}

static bool chance(struct air *a, unsigned of_1000)
{
	return random_below(&a->random, 1000) < of_1000;
}

/* When the last byte is on the wire; 0: the queue before it is full. */
static usec leave_at(struct air *a, usec now, unsigned from, unsigned to, size_t len)
{
	const struct air_weather *w = &a->weather;
	uint64_t time_ns = (len + WIRE_OVERHEAD) * w->ns_per_byte, *free_ns = &a->wire_free_ns[from][to];

	if (*free_ns < now * 1000)
		*free_ns = now * 1000;
	if (w->queue_max && time_ns && *free_ns - now * 1000 > (uint64_t)w->queue_max * 1500 * w->ns_per_byte)
		return 0;
	*free_ns += time_ns;
	return (*free_ns + 999) / 1000;
}

static void damage(struct air *a, struct air_packet *p)
{
	if (p->len && chance(a, a->weather.corrupt)) {
		uint32_t bit = random_below(&a->random, (uint32_t)p->len * 8);

		p->bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		p->is_damaged = true;
		a->counts.corrupted++;
	}
	if (p->len && chance(a, a->weather.truncate)) {
		p->len = random_below(&a->random, (uint32_t)p->len);
		p->is_damaged = true;
		a->counts.truncated++;
	}
}

/* Puts one copy on its way; false: it is lost, or damaged. */
static bool fly(struct air *a, usec now, const struct air_packet *original, bool is_copy)
{
	const struct air_weather *w = &a->weather;
	struct air_packet *p;
	bool is_whole;

	if (w->bytes_max && original->len > w->bytes_max) {
		a->counts.too_long++;
		return false;
	}
	if (a->is_cut[original->from] || a->is_cut[original->to] || chance(a, w->lose)) {
		a->counts.lost++;
		return false;
	}
	p = malloc(sizeof *p + original->len);
	if (!p)
		abort();
	memcpy(p, original, sizeof *p + original->len);
	p->is_copy = is_copy;
	p->at      = leave_at(a, now, p->from, p->to, p->len);
	if (!p->at) {
		a->counts.overflowed++;
		free(p);
		return false;
	}
	p->at += w->delay + (w->jitter ? random_below(&a->random, (uint32_t)w->jitter) : 0);
	a->counts.delayed += w->delay > 0;
	if (chance(a, w->reorder))
		p->at += random_below(&a->random, (uint32_t)w->reorder_by);
	damage(a, p);
	is_whole = !p->is_damaged;
	push(a, p);
	return is_whole;
}

void air_send(struct air *a, usec now, unsigned from, unsigned to, uint32_t tag, const void *bytes, size_t len)
{
	struct air_packet *p = malloc(sizeof *p + len);
	bool arrives;

	if (!p)
		abort();
	*p = (struct air_packet){ .number = a->number++, .from = from, .to = to, .tag = tag, .len = len };
	memcpy(p->bytes, bytes, len);
	a->counts.sent++;
	arrives = fly(a, now, p, false);
	if (chance(a, a->weather.duplicate)) {
		a->counts.duplicated++;
		arrives |= fly(a, now, p, true);
	}
	if (!arrives && a->on_harm)
		a->on_harm(a->who, from, tag, p->bytes, p->len);
	free(p);
}

usec air_next(const struct air *a)
{
	return a->count ? a->heap[0]->at : NEVER;
}

struct air_packet *air_take(struct air *a, usec now)
{
	struct air_packet *p;
	uint64_t *newest;

	if (air_next(a) > now)
		return NULL;
	p = pop(a);
	newest = &a->newest[p->from][p->to];
	if (p->number + 1 < *newest)
		a->counts.reordered++;
	else
		*newest = p->number + 1;
	a->counts.arrived++;
	return p;
}
