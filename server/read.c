/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Tread -> Rdata (protocol chapter 5): nothing is looked up but the disk, nothing is kept but figures. */
#include "server/core.h"

static struct disk *disk_of_content(const struct server *s, const struct stream_content *content)
{
	for (unsigned i = 0; i < s->disk_count; i++)
		if (memcmp(s->disks[i]->content.id, content->id, sizeof content->id) == 0)
			return s->disks[i];
	return NULL;
}

/* Where segment data goes: each behind the head of its datagram, all datagrams back to back. */
struct layout {
	struct iovec pieces[STREAM_SEGMENTS_MAX];       /* by datagram */
	uint8_t      indices[STREAM_SEGMENTS_MAX];      /* which segment it is */
	int          count;
	size_t       bytes;                             /* heads and data */
	uint32_t     data_bytes;
};

static void plan(const struct stream_read *read, struct layout *l)
{
	l->count = 0;
	l->bytes = l->data_bytes = 0;
	for (unsigned i = 0; i < STREAM_SEGMENTS_MAX; i++) {
		uint32_t len = stream_segment_bytes(read->length, read->segment, i);

		if (!(read->want >> i & 1))
			continue;
		l->indices[l->count]        = (uint8_t)i;
		l->pieces[l->count].iov_len = len;
		l->count++;
		l->bytes      += STREAM_DATA_HEAD_BYTES + len;
		l->data_bytes += len;
	}
}

static void place(struct layout *l, uint8_t *room)
{
	for (int i = 0; i < l->count; i++) {
		l->pieces[i].iov_base = room + STREAM_DATA_HEAD_BYTES;
		room += STREAM_DATA_HEAD_BYTES + l->pieces[i].iov_len;
	}
}

/* One disk read for each run of neighbouring segments. */
static bool fill(struct disk *disk, const struct stream_read *read, const struct layout *l, struct disk_fault *fault)
{
	for (int first = 0, next; first < l->count; first = next) {
		uint64_t offset = read->offset + (uint64_t)l->indices[first] * read->segment;

		for (next = first + 1; next < l->count && l->indices[next] == l->indices[next - 1] + 1; next++)
			;
		if (!disk->read(disk, offset, &l->pieces[first], next - first, fault))
			return false;
	}
	return true;
}

static void send_data(const struct server_call *c, const struct stream_read *read, const struct layout *l,
                      uint8_t *room)
{
	struct stream_head head = server_reply_head(c, STREAM_RDATA);

	for (int i = 0; i < l->count; i++) {
		size_t    len = STREAM_DATA_HEAD_BYTES + l->pieces[i].iov_len;
		struct wr w   = wr_over(room, STREAM_DATA_HEAD_BYTES);

		wr_stream_data_head(&w, &head, read->offset + (uint64_t)l->indices[i] * read->segment);
		stream_seal(room, len, &read->content);
		c->out->send(c->out, len);
		room += len;
	}
	c->out->counts.data       += (uint64_t)l->count;
	c->out->counts.data_bytes += l->data_bytes;
}

static void log_fault(const struct server_call *c, const struct disk *disk, const struct disk_fault *fault)
{
	if (!fault->text[0])
		return;
	struct journal_line l = journal_begin(c->server->journal, c->now, "broken");
	journal_text(&l, "disk", disk->name);
	journal_text(&l, "text", fault->text);
	journal_end(&l);
}

/* 0, or why it cannot be answered (M24). */
static enum stream_error serve(const struct server_call *c, const struct stream_read *read, struct disk *disk,
                               uint32_t *bytes)
{
	struct disk_fault fault = { "" };
	struct layout l;

	if (!disk)
		return ERROR_NO_SUCH_CONTENT;
	if (read->offset > disk->size || read->length > disk->size - read->offset)
		return ERROR_OUT_OF_RANGE;
	plan(read, &l);
	uint8_t *room = c->out->room(c->out, l.bytes);
	if (!room)
		return 0;               /* as if it were lost on the way */
	place(&l, room);
	if (!fill(disk, read, &l, &fault)) {
		log_fault(c, disk, &fault);
		return ERROR_IO;
	}
	send_data(c, read, &l, room);
	*bytes = l.data_bytes;
	return 0;
}

bool read_answer(const struct server_call *c)
{
	struct stream_read read;
	struct ticket_claim claim = { c->head.session, c->from, &read.content };
	uint32_t bytes = 0;

	if (!rd_stream_read(c->body, &read))
		return false;
	c->out->counts.reads++;
	c->out->counts.continued += c->head.generation > 0;
	if (!(ticket_rights(&c->server->key, &read.ticket, server_now_s(c), &claim) & TICKET_READ)) {
		server_send_error(c, ERROR_LOGIN_AGAIN);        /* and nothing noted: anybody can send this */
		return true;
	}
	struct disk *disk = disk_of_content(c->server, &read.content);
	enum stream_error error = serve(c, &read, disk, &bytes);
	if (error)
		server_send_error(c, error);
	server_note(c, disk ? disk->name : "", (struct session_news){
		.bytes = bytes, .read = true, .continued = c->head.generation > 0, .error = error != 0 });
	return true;
}
