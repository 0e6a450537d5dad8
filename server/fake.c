/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "server/fake.h"
#include <sodium.h>
#include <stdlib.h>

uint8_t fake_byte(uint64_t offset)
{
	return (uint8_t)(offset * 167 + (offset >> 8) * 13 + (offset >> 16));
}

static bool read_disk(struct disk *disk, uint64_t offset, const struct iovec *pieces, int count,
                      struct disk_fault *fault)
{
	struct fake_disk *d = (struct fake_disk *)disk;

	fault->text[0] = 0;
	if (d->broken && !d->reads)
		memcpy(fault->text, "the fake is broken", 19);
	d->reads++;
	for (int i = 0; i < count; i++)
		for (size_t n = 0; n < pieces[i].iov_len; n++, offset++)
			((uint8_t *)pieces[i].iov_base)[n] = fake_byte(offset);
	return !d->broken;
}

static bool usable(struct disk *disk, enum stream_deny *reason, struct disk_fault *why)
{
	*reason = DENY_EMPTY_DISK;
	memcpy(why->text, "the fake is empty", 18);
	return !((struct fake_disk *)disk)->empty;
}

static uint8_t *room(struct server_out *out, size_t len)
{
	struct fake *f = (struct fake *)((uint8_t *)out - offsetof(struct fake, out));

	f->room = len;
	return len <= (size_t)SERVER_ROOM_MAX - f->used ? f->bytes + f->used : NULL;
}

static void keep(struct server_out *out, size_t len)
{
	struct fake *f = (struct fake *)((uint8_t *)out - offsetof(struct fake, out));

	if (len > f->room || f->count == FAKE_REPLIES)
		abort();                /* the server sends what it has no room for */
	f->replies[f->count].at    = f->used;
	f->replies[f->count++].len = len;
	f->used += len;
	f->room -= len;
}

static void write_log(struct journal *j, const char *line, size_t len)
{
	struct fake *f = (struct fake *)((uint8_t *)j - offsetof(struct fake, journal));

	if (len > JOURNAL_LINE_BYTES)
		abort();
	if (f->log_len + len >= sizeof f->log)
		f->log_len = 0;
	memcpy(f->log + f->log_len, line, len);
	f->log_len += len;
	f->log[f->log_len] = 0;
}

static void make_disk(struct fake *f, unsigned i, const char *name, uint64_t size)
{
	struct fake_disk *d = &f->disks[i];

	*d = (struct fake_disk){ .disk = { .size = size, .read = read_disk, .usable = usable },
	                         .empty = size == 0 };
	memcpy(d->disk.name, name, strlen(name) + 1);
	memset(d->disk.content.id, name[0], sizeof d->disk.content.id);
	f->table[i] = &d->disk;
}

struct fake *fake_open(void)
{
	struct fake *f = calloc(1, sizeof *f);
	uint8_t key[TICKET_KEY_BYTES];

	if (!f || sodium_init() < 0)
		abort();
	memset(key, 7, sizeof key);
	make_disk(f, 0, "a", FAKE_DISK_BYTES);
	make_disk(f, 1, "b", FAKE_DISK_BYTES);
	make_disk(f, 2, "hollow", 0);
	f->now     = FAKE_START;
	f->bytes   = malloc(SERVER_ROOM_MAX);
	f->out     = (struct server_out){ .room = room, .send = keep };
	f->journal = (struct journal){ .write = write_log };
	f->server  = (struct server){
		.disks = f->table, .disk_count = FAKE_DISKS, .default_disk = f->table[0],
		.sessions = sessions_open(64, 1), .journal = &f->journal,
	};
	ticket_key_init(&f->server.key, key);
	return f;
}

void fake_close(struct fake *f)
{
	sessions_close(f->server.sessions);
	free(f->bytes);
	free(f);
}

struct fake_client fake_client(uint8_t number)
{
	return (struct fake_client){
		.address = stream_address_ipv4(0x0a000000u + number, 1068), .mac = { 0x52, 0x54, 0, 0, 0, number },
		.stage = STAGE_FIRMWARE, .request = 100,
	};
}

void fake_rx(struct fake *f, const struct stream_address *from, const void *datagram, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	if (len)
		memcpy(copy, datagram, len);
	f->used = f->room = f->count = 0;
	server_rx(&f->server, f->now, from, rd_over(copy, len), &f->out);
	free(copy);
}

void fake_sealed(struct fake *f, const struct stream_address *from, uint8_t *datagram, size_t len)
{
	stream_seal(datagram, len, NULL);
	fake_rx(f, from, datagram, len);
}

struct rd fake_reply(const struct fake *f, unsigned i)
{
	return i < f->count ? rd_over(f->bytes + f->replies[i].at, f->replies[i].len) : rd_over(f->bytes, 0);
}

struct stream_head fake_head(const struct fake *f, unsigned i, struct rd *body)
{
	struct stream_head head = { 0 };

	if (!stream_open(fake_reply(f, i), &head, body))
		abort();                /* no such reply, or a wrong check */
	return head;
}

unsigned fake_error(const struct fake *f)
{
	struct rd body;

	if (f->count != 1 || fake_head(f, 0, &body).type != STREAM_RERROR)
		return 0;
	uint16_t code = rd_be16(&body);
	return rd_done(&body) ? code : 0;
}

size_t fake_login_write(const struct fake_client *c, const struct stream_cookie *cookie, const char *disk,
                        fake_more *more, void *with, uint8_t *into, size_t size)
{
	struct stream_head head = { .type = STREAM_TLOGIN, .flags = c->flags, .request = c->request,
	                            .session = c->session, .generation = c->generation };
	struct wr w = wr_over(into, size);

	wr_stream_head(&w, &head);
	if (cookie)
		wr_tlv(&w, TLV_COOKIE, cookie->bytes, sizeof cookie->bytes);
	wr_tlv(&w, TLV_MAC, c->mac, sizeof c->mac);
	wr_tlv_u16(&w, TLV_ARCH, 0);
	wr_tlv_u8(&w, TLV_STAGE, c->stage);
	wr_tlv_text(&w, TLV_BUILD, "fake 1");
	wr_tlv_u16(&w, TLV_WINDOW, 16);
	wr_tlv_u16(&w, TLV_SEGMENT, STREAM_SEGMENT_BYTES);
	if (disk)
		wr_tlv_text(&w, TLV_DISK, disk);
	if (more)
		more(&w, with);
	if (wr_used(&w, into) < STREAM_LOGIN_BYTES_MIN)
		wr_tlv_pad(&w, STREAM_LOGIN_BYTES_MIN - wr_used(&w, into));
	return wr_used(&w, into);
}

static void learn(struct fake_client *c, uint64_t session, struct rd tlvs)
{
	struct tlv_set set;

	if (tlv_read_set(tlvs, &set) != TLV_OK)
		abort();
	c->session = session;
	c->content = set.content;
	c->ticket  = set.ticket;
	c->size    = set.size;
}

enum stream_type fake_login_with(struct fake *f, struct fake_client *c, const char *disk, fake_more *more,
                                 void *with)
{
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX];
	struct stream_cookie cookie;
	struct rd body;

	c->request++;
	fake_sealed(f, &c->address, datagram, fake_login_write(c, NULL, disk, more, with, datagram,
	                                                       sizeof datagram));
	if (fake_head(f, 0, &body).type != STREAM_RCOOKIE || !rd_stream_cookie(body, &cookie))
		abort();
	c->request++;
	fake_sealed(f, &c->address, datagram, fake_login_write(c, &cookie, disk, more, with, datagram,
	                                                       sizeof datagram));
	struct stream_head head = fake_head(f, 0, &body);
	if (head.type == STREAM_RLOGIN)
		learn(c, head.session, body);
	return (enum stream_type)head.type;
}

enum stream_type fake_login(struct fake *f, struct fake_client *c, const char *disk)
{
	return fake_login_with(f, c, disk, NULL, NULL);
}

void fake_read(struct fake *f, struct fake_client *c, uint64_t offset, uint32_t length, uint16_t segment,
               uint64_t want)
{
	struct stream_head head = { .type = STREAM_TREAD, .flags = c->flags, .generation = c->generation,
	                            .request = ++c->request, .session = c->session };
	struct stream_read read = { .content = c->content, .offset = offset, .length = length, .segment = segment,
	                            .want = want, .ticket = c->ticket };
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX];
	struct wr w = wr_over(datagram, sizeof datagram);

	wr_stream_read(&w, &head, &read);
	fake_sealed(f, &c->address, datagram, wr_used(&w, datagram));
}

void fake_tell(struct fake *f, struct fake_client *c, enum stream_type type, const char *text)
{
	struct stream_head head = { .type = (uint8_t)type, .flags = c->flags, .request = ++c->request,
	                            .session = c->session };
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX];
	struct wr w = wr_over(datagram, sizeof datagram);

	wr_stream_head(&w, &head);
	wr_stream_ticket(&w, &c->ticket);
	if (text)
		wr_tlv_text(&w, TLV_TEXT, text);
	fake_sealed(f, &c->address, datagram, wr_used(&w, datagram));
}
