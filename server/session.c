/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "server/session.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SHARDS = 16, SLOTS_MIN = 8 };

struct shard {
	pthread_mutex_t lock;
	size_t          used;
	struct session *slots;
};

struct sessions {
	unsigned        max;
	size_t          slots;          /* per shard; a power of two, so that at most half are used on average */
	uint64_t        salt;           /* odd */
	_Atomic unsigned count;
	struct shard    shards[SHARDS];
};

struct sessions *sessions_open(unsigned max, uint64_t salt)
{
	struct sessions *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->max   = max;
	s->salt  = salt | 1;
	s->slots = SLOTS_MIN;
	while (s->slots * SHARDS < (size_t)max * 2)
		s->slots *= 2;
	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_init(&s->shards[i].lock, NULL);
		s->shards[i].slots = calloc(s->slots, sizeof(struct session));
		if (!s->shards[i].slots) {
			sessions_close(s);
			return NULL;
		}
	}
	return s;
}

void sessions_close(struct sessions *s)
{
	for (size_t i = 0; s && i < SHARDS; i++)
		free(s->shards[i].slots);
	free(s);
}

unsigned sessions_count(struct sessions *s)
{
	return atomic_load(&s->count);
}

static uint64_t mix(const struct sessions *s, uint64_t id)
{
	uint64_t h = id * s->salt;

	h ^= h >> 32;
	return h * s->salt;
}

static struct shard *shard_of(struct sessions *s, uint64_t id)
{
	return &s->shards[mix(s, id) >> 60];
}

static size_t home_of(const struct sessions *s, uint64_t id)
{
	return (mix(s, id) >> 20) & (s->slots - 1);
}

/* The session's slot, or the free one where it would be. One slot is always free, so this ends. */
static struct session *find(struct sessions *s, struct shard *shard, uint64_t id)
{
	size_t at = home_of(s, id);

	while (shard->slots[at].id != 0 && shard->slots[at].id != id)
		at = (at + 1) & (s->slots - 1);
	return &shard->slots[at];
}

static bool take_place(struct sessions *s, struct shard *shard)
{
	if (shard->used + 1 >= s->slots)
		return false;
	if (atomic_fetch_add(&s->count, 1) >= s->max) {
		atomic_fetch_sub(&s->count, 1);
		return false;
	}
	shard->used++;
	return true;
}

/* Linear probing without tombstones: what follows moves up if that brings it nearer to its home. */
static void erase(struct sessions *s, struct shard *shard, struct session *slot)
{
	size_t mask = s->slots - 1, hole = (size_t)(slot - shard->slots), at = hole;

	for (;;) {
		at = (at + 1) & mask;
		if (shard->slots[at].id == 0)
			break;
		size_t home = home_of(s, shard->slots[at].id);
		if (((at - home) & mask) >= ((at - hole) & mask)) {
			shard->slots[hole] = shard->slots[at];
			hole = at;
		}
	}
	shard->slots[hole].id = 0;
	shard->used--;
	atomic_fetch_sub(&s->count, 1);
}

enum session_verdict sessions_login(struct sessions *s, usec now, struct session *it)
{
	struct shard *shard = shard_of(s, it->id);
	enum session_verdict verdict = SESSION_KNOWN;

	pthread_mutex_lock(&shard->lock);
	struct session *slot = find(s, shard, it->id);
	if (slot->id == 0 && !take_place(s, shard)) {
		verdict = SESSION_FULL;
	} else if (slot->id == 0) {
		*slot = (struct session){ .id = it->id, .since = now, .told = now };
		verdict = SESSION_NEW;
	} else if (slot->mac_known && memcmp(slot->mac, it->mac, sizeof slot->mac) != 0) {
		verdict = SESSION_OTHER_MAC;
	}
	if (verdict == SESSION_NEW || verdict == SESSION_KNOWN) {
		memcpy(slot->mac, it->mac, sizeof slot->mac);
		memcpy(slot->disk, it->disk, sizeof slot->disk);
		slot->mac_known = true;
		slot->address   = it->address;
		slot->stage     = it->stage > slot->stage ? it->stage : slot->stage;
		slot->heard     = now;
		slot->quiet     = false;
		*it = *slot;
	}
	pthread_mutex_unlock(&shard->lock);
	return verdict;
}

static unsigned note(struct session *slot, usec now, const struct session_news *news)
{
	unsigned changes = SESSION_SAME;

	/* A firmware's datagram that comes late does not turn the driver back into the firmware. */
	if (news->stage > slot->stage) {
		slot->stage = news->stage;
		changes |= SESSION_STAGE;
	}
	if (memcmp(slot->address.ip, news->from->ip, sizeof slot->address.ip) != 0)
		changes |= SESSION_MOVED;
	slot->address = *news->from;
	slot->heard   = now;
	slot->quiet   = false;
	slot->bytes[news->stage == STAGE_DRIVER] += news->bytes;
	slot->reads  += news->read;
	slot->continued += news->continued;
	slot->errors += news->error;
	return changes;
}

unsigned sessions_note(struct sessions *s, usec now, const struct session_news *news, struct session *it)
{
	struct shard *shard = shard_of(s, news->id);
	unsigned changes = SESSION_SAME;

	if (news->id == 0)
		return changes;
	pthread_mutex_lock(&shard->lock);
	struct session *slot = find(s, shard, news->id);
	if (slot->id == 0 && take_place(s, shard)) {
		*slot = (struct session){ .id = news->id, .since = now, .told = now, .stage = news->stage,
		                          .address = *news->from };
		strncpy(slot->disk, news->disk ? news->disk : "", sizeof slot->disk - 1);
		changes |= SESSION_RESUMED;
	}
	if (slot->id != 0)
		changes |= note(slot, now, news);
	if (changes)
		*it = *slot;
	pthread_mutex_unlock(&shard->lock);
	return changes;
}

bool sessions_end(struct sessions *s, uint64_t id, struct session *it)
{
	struct shard *shard = shard_of(s, id);

	if (id == 0)
		return false;
	pthread_mutex_lock(&shard->lock);
	struct session *slot = find(s, shard, id);
	bool known = slot->id != 0;
	if (known) {
		*it = *slot;
		erase(s, shard, slot);
	}
	pthread_mutex_unlock(&shard->lock);
	return known;
}

static uint64_t seconds_since(usec now, usec then)
{
	return now > then ? (now - then) / USEC_PER_S : 0;
}

static enum session_due judge(struct session *slot, usec now, uint32_t silence_s)
{
	uint64_t silent_s = seconds_since(now, slot->heard);
	uint64_t bytes    = slot->bytes[0] + slot->bytes[1];

	if (silent_s >= silence_s)
		return SESSION_EXPIRED;
	if (silent_s >= SESSION_QUIET_S && !slot->quiet) {
		slot->quiet = true;
		return SESSION_QUIET;
	}
	if (seconds_since(now, slot->told) >= SESSION_PROGRESS_S && bytes != slot->told_bytes) {
		slot->told       = now;
		slot->told_bytes = bytes;
		return SESSION_PROGRESS;
	}
	return SESSION_NONE;
}

enum session_due sessions_due(struct sessions *s, usec now, uint32_t expires_s, size_t *cursor, struct session *it)
{
	bool     crowded   = (uint64_t)sessions_count(s) * 4 > (uint64_t)s->max * 3;
	uint32_t silence_s = crowded && expires_s > SESSION_QUIET_S ? SESSION_QUIET_S : expires_s;

	for (; *cursor < SHARDS * s->slots; ++*cursor) {
		struct shard *shard = &s->shards[*cursor / s->slots];
		enum session_due due = SESSION_NONE;

		pthread_mutex_lock(&shard->lock);
		struct session *slot = &shard->slots[*cursor % s->slots];
		if (slot->id != 0)
			due = judge(slot, now, silence_s);
		if (due != SESSION_NONE)
			*it = *slot;
		if (due == SESSION_EXPIRED)
			erase(s, shard, slot);
		pthread_mutex_unlock(&shard->lock);
		if (due != SESSION_NONE)
			return due;
	}
	return SESSION_NONE;
}

bool sessions_take(struct sessions *s, size_t *cursor, struct session *it)
{
	for (; *cursor < SHARDS * s->slots; ++*cursor) {
		struct shard *shard = &s->shards[*cursor / s->slots];

		pthread_mutex_lock(&shard->lock);
		struct session *slot = &shard->slots[*cursor % s->slots];
		bool there = slot->id != 0;
		if (there) {
			*it = *slot;
			erase(s, shard, slot);
		}
		pthread_mutex_unlock(&shard->lock);
		if (there)
			return true;
	}
	return false;
}
