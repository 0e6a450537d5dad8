/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/export.h"
#include <errno.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

void export_init(struct export *e, struct kmsg *k, struct stream *s, uint64_t size,
                 const int *sockets, unsigned count)
{
	memset(e, 0, sizeof *e);
	e->kmsg     = k;
	e->stream   = s;
	e->size     = size;
	e->connection_count = count;
	for (unsigned i = 0; i < count; i++)
		e->connections[i].socket = sockets[i];
}

static struct export_job *free_job(struct export *e)
{
	for (unsigned i = 0; i < EXPORT_JOBS; i++)
		if (e->jobs[i].state == EXPORT_JOB_FREE)
			return &e->jobs[i];
	return NULL;
}

static void release(struct export_job *j)
{
	if (j->bytes && j->bytes != j->room)
		munmap(j->bytes, j->length);
	j->bytes = NULL;
	j->state = EXPORT_JOB_FREE;
}

static void finish(struct export *e, struct export_job *j)
{
	struct wr w = wr_over(j->head, sizeof j->head);

	wr_nbd_reply(&w, j->error, j->cookie);
	j->state = EXPORT_JOB_DONE;
	if (j->error) {
		e->errors++;
		kmsg_wrong(e->kmsg, "%u bytes at %llu of the disk: %s (nbd error %u)", j->length,
		         (unsigned long long)j->offset, j->error == NBD_EIO ? "the server cannot read its image there"
		         : "a request this disk does not answer", (unsigned)j->error);
	}
}

/* Requests in a row that are larger than usual cost a mapping each, which is locked as all our memory is. */
static bool find_room(struct export_job *j)
{
	j->bytes = j->room;
	if (j->length > sizeof j->room)
		j->bytes = mmap(NULL, j->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (j->bytes != MAP_FAILED)
		return true;
	j->bytes = NULL;
	return false;
}

static void close_connection(struct export_connection *c)
{
	if (c->socket >= 0)
		close(c->socket);
	c->socket = -1;
}

/* A whole request has come on connection i. */
static void start(struct export *e, unsigned i, struct export_job *j)
{
	struct export_connection *c = &e->connections[i];
	struct nbd_request r;
	enum nbd_error error;
	enum nbd_verdict verdict;

	c->in_len = 0;
	if (!rd_nbd_request(rd_over(c->in, sizeof c->in), &r)) {
		kmsg_wrong(e->kmsg, "the kernel sent something that is no nbd request; closing its socket");
		close_connection(c);
		return;
	}
	verdict = nbd_judge(&r, e->size, &error);
	if (verdict == NBD_GOODBYE) {
		close_connection(c);
		return;
	}
	if (verdict == NBD_REFUSE_DATA)
		c->discard = r.length;
	e->requests++;
	j->connection = i;
	j->number = e->next_number++;
	j->cookie = r.cookie;
	j->offset = r.offset;
	j->length = r.length;
	j->asked  = 0;
	j->parts  = 0;
	j->error  = error;
	j->bytes  = NULL;
	j->state  = EXPORT_JOB_READING;
	if (verdict == NBD_SERVE_READ && !find_room(j))
		j->error = NBD_ENOMEM;
	if (verdict != NBD_SERVE_READ || j->error)
		finish(e, j);
}

/* Up to `room` bytes of a connection's stream. False: nothing now. */
static bool receive(struct export_connection *c, void *into, size_t room, size_t *got)
{
	ssize_t n = recv(c->socket, into, room, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		close_connection(c);
		return false;
	}
	*got = (size_t)n;
	return true;
}

static void hear(struct export *e, unsigned i)
{
	struct export_connection *c = &e->connections[i];
	static uint8_t thrown_away[4096];
	struct export_job *j;
	size_t got;

	while (c->socket >= 0 && (j = free_job(e))) {
		if (c->discard) {
			if (!receive(c, thrown_away, min_size(sizeof thrown_away, (size_t)c->discard), &got))
				return;
			c->discard -= got;
			continue;
		}
		if (!receive(c, c->in + c->in_len, sizeof c->in - c->in_len, &got))
			return;
		c->in_len += got;
		if (c->in_len == sizeof c->in)
			start(e, i, j);
	}
}

/* The oldest job with something left to ask for. */
static struct export_job *next_to_ask(struct export *e)
{
	struct export_job *oldest = NULL;

	for (unsigned i = 0; i < EXPORT_JOBS; i++) {
		struct export_job *j = &e->jobs[i];

		if (j->state == EXPORT_JOB_READING && !j->error && j->asked < j->length
		    && (!oldest || j->number < oldest->number))
			oldest = j;
	}
	return oldest;
}

static void ask(struct export *e, usec now)
{
	uint32_t part_max = stream_request_bytes_max(e->stream);
	struct export_job *j;

	while ((j = next_to_ask(e))) {
		uint32_t part = (uint32_t)min_u64(j->length - j->asked, part_max);
		int id = stream_want(e->stream, now, j->offset + j->asked, part, j->bytes + j->asked);

		if (id < 0)
			return;
		e->owner[id] = j;
		j->asked += part;
		j->parts++;
	}
}

static void take(struct export *e)
{
	for (int id = 0; id < STREAM_REQUESTS_MAX; id++) {
		struct export_job *j = e->owner[id];
		enum stream_want_state state;

		if (!j)
			continue;
		state = stream_take(e->stream, id);
		if (state == STREAM_UNDER_WAY)
			continue;
		e->owner[id] = NULL;
		j->parts--;
		if (state != STREAM_READY)
			j->error = state == STREAM_BAD_RANGE ? NBD_EINVAL : NBD_EIO;
		if (j->parts == 0 && (j->error || j->asked == j->length))
			finish(e, j);
	}
}

static struct export_job *next_to_send(struct export *e, unsigned i)
{
	struct export_job *oldest = NULL;

	for (unsigned n = 0; n < EXPORT_JOBS; n++) {
		struct export_job *j = &e->jobs[n];

		if (j->state == EXPORT_JOB_DONE && j->connection == i && (!oldest || j->number < oldest->number))
			oldest = j;
	}
	return oldest;
}

/* As much of the reply as the socket takes. True: all of it. */
static bool send_reply(struct export_connection *c)
{
	struct export_job *j = c->sending;
	size_t data  = j->bytes && !j->error ? j->length : 0;
	size_t total = sizeof j->head + data;

	while (c->sent < total) {
		size_t head_sent = min_size(c->sent, sizeof j->head);
		size_t data_sent = c->sent - head_sent;
		struct iovec parts[2] = {
			{ j->head + head_sent, sizeof j->head - head_sent },
			{ data ? j->bytes + data_sent : NULL, data - data_sent },
		};
		struct msghdr m = { .msg_iov = parts, .msg_iovlen = 2 };
		ssize_t n = sendmsg(c->socket, &m, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			close_connection(c);
		if (n < 0)
			return false;
		c->sent += (size_t)n;
	}
	return true;
}

static void answer(struct export *e, unsigned i)
{
	struct export_connection *c = &e->connections[i];

	while (c->socket >= 0) {
		if (!c->sending) {
			c->sending = next_to_send(e, i);
			c->sent = 0;
		}
		if (!c->sending || !send_reply(c))
			break;
		release(c->sending);
		c->sending = NULL;
	}
}

/* Jobs whose kernel has gone: what is under way comes to its end first, since the stream writes into it. */
static void drop_orphans(struct export *e)
{
	for (unsigned n = 0; n < EXPORT_JOBS; n++) {
		struct export_job *j = &e->jobs[n];

		if (j->state != EXPORT_JOB_FREE && e->connections[j->connection].socket < 0) {
			for (int id = 0; id < STREAM_REQUESTS_MAX; id++)
				if (e->owner[id] == j) {
					stream_drop(e->stream, id);
					e->owner[id] = NULL;
				}
			release(j);
		}
	}
}

bool export_turn(struct export *e, usec now)
{
	bool attached = false;

	take(e);
	for (unsigned i = 0; i < e->connection_count; i++) {
		answer(e, i);
		if (e->connections[i].socket >= 0)
			hear(e, i);
		answer(e, i);           /* what needs no reading is answered at once */
		attached = attached || e->connections[i].socket >= 0;
	}
	drop_orphans(e);
	ask(e, now);
	return attached;
}

short export_poll_events(const struct export *e, unsigned i)
{
	const struct export_connection *c = &e->connections[i];
	short events = c->sending ? POLLOUT : 0;

	for (unsigned n = 0; n < EXPORT_JOBS; n++)
		if (e->jobs[n].state == EXPORT_JOB_FREE)
			return (short)(events | POLLIN);
	return events;
}

void export_polled(struct export *e, unsigned i, short events)
{
	if (events & (POLLHUP | POLLERR))
		close_connection(&e->connections[i]);
}
