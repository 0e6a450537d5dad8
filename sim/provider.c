/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "sim/provider.h"
#include <sodium.h>
#include <stdlib.h>
#include "sim/image.h"

static const usec epoch = (usec)1800000000 * USEC_PER_S;

static struct provider *of_disk(struct disk *d)
{
	return (struct provider *)((uint8_t *)d - offsetof(struct provider, disk));
}

static struct provider *of_out(struct server_out *out)
{
	return (struct provider *)((uint8_t *)out - offsetof(struct provider, out));
}

static bool read_disk(struct disk *d, uint64_t offset, const struct iovec *pieces, int count, struct disk_fault *fault)
{
	struct provider *p = of_disk(d);

	fault->text[0] = 0;
	for (int i = 0; i < count; i++) {
		image_fill(p->image, offset, pieces[i].iov_base, pieces[i].iov_len);
		offset += pieces[i].iov_len;
	}
	return !p->is_broken;
}

static bool is_usable(struct disk *d, enum stream_deny *reason, struct disk_fault *why)
{
	(void)d;
	(void)reason;
	(void)why;
	return true;
}

static uint8_t *give_room(struct server_out *out, size_t len)
{
	struct provider *p = of_out(out);

	p->room_at   = 0;
	p->room_left = len;
	return p->room;
}

static void send(struct server_out *out, size_t len)
{
	struct provider *p = of_out(out);
	const uint8_t *datagram = p->room + p->room_at;

	if (len > p->room_left || len < STREAM_HEAD_BYTES)
		abort();
	p->room_at   += len;
	p->room_left -= len;
	if (datagram[1] == STREAM_RDATA) {
		p->data_sent++;
		p->data_for_copies += p->for_copy;
	}
	p->emit(p, datagram, len);
}

static void set_key(struct provider *p, uint64_t key)
{
	uint8_t bytes[TICKET_KEY_BYTES] = { 0 };

	memcpy(bytes, &key, sizeof key);
	ticket_key_init(&p->server.key, bytes);
}

void provider_open(struct provider *p, uint64_t image, uint64_t size, uint64_t key)
{
	if (sodium_init() < 0)
		abort();
	*p = (struct provider){ .image = image, .room = malloc(SERVER_ROOM_MAX) };
	if (!p->room)
		abort();
	p->disk = (struct disk){ .name = "simulated", .size = size, .read = read_disk, .usable = is_usable };
	memcpy(p->disk.content.id, &image, sizeof image);
	p->table[0] = &p->disk;
	p->out      = (struct server_out){ .room = give_room, .send = send };
	p->server   = (struct server){ .disks = p->table, .disk_count = 1, .default_disk = &p->disk };
	provider_restart(p, key);
}

void provider_restart(struct provider *p, uint64_t key)
{
	if (p->server.sessions)
		sessions_close(p->server.sessions);
	p->server.sessions = sessions_open(16, key);
	set_key(p, key);
}

void provider_close(struct provider *p)
{
	sessions_close(p->server.sessions);
	free(p->room);
	free(p->seen);
}

/* Whether this packet came before; from now on it has. */
static bool came_before(struct provider *p, uint64_t number)
{
	uint8_t bit = (uint8_t)(1u << number % 8);
	bool before;

	if (number / 8 >= p->seen_bytes) {
		uint64_t bytes = number / 8 * 2 + 64;

		p->seen = realloc(p->seen, bytes);
		if (!p->seen)
			abort();
		memset(p->seen + p->seen_bytes, 0, bytes - p->seen_bytes);
		p->seen_bytes = bytes;
	}
	before = (p->seen[number / 8] & bit) != 0;
	p->seen[number / 8] |= bit;
	return before;
}

void provider_rx(struct provider *p, usec now, const struct stream_address *from, uint64_t number,
                 const uint8_t *datagram, size_t len)
{
	if (p->is_down)
		return;
	p->for_copy = came_before(p, number);
	server_rx(&p->server, epoch + now, from, rd_over(datagram, len), &p->out);
}
