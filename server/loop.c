/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "server/loop.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "server/socket.h"

enum { TROUBLE_PAUSE_S = 10, ERROR_PAUSE_US = 10000 };

usec loop_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (usec)t.tv_sec * USEC_PER_S + (usec)t.tv_nsec / 1000;
}

/* A batch as recvmmsg() fills it. */
struct batch {
	struct mmsghdr       messages[LOOP_BATCH];
	struct iovec         iovs[LOOP_BATCH];
	union outbox_address from[LOOP_BATCH];
	_Alignas(struct cmsghdr) uint8_t control[LOOP_BATCH][OUTBOX_CONTROL];
};

static void prepare(struct batch *b, uint8_t *datagrams)
{
	for (size_t i = 0; i < LOOP_BATCH; i++) {
		b->iovs[i]     = (struct iovec){ datagrams + i * LOOP_DATAGRAM_BYTES, LOOP_DATAGRAM_BYTES };
		b->messages[i] = (struct mmsghdr){ .msg_hdr = {
			.msg_name = &b->from[i], .msg_namelen = sizeof b->from[i],
			.msg_iov = &b->iovs[i], .msg_iovlen = 1,
			.msg_control = b->control[i], .msg_controllen = sizeof b->control[i],
		} };
	}
}

/* A send that failed for another reason than a full queue: now and then a line, so that somebody finds it. */
static void tell_trouble(struct loop *loop)
{
	struct outbox *box = &loop->box;

	if (box->trouble && box->now >= loop->trouble_told + TROUBLE_PAUSE_S * (usec)USEC_PER_S) {
		struct journal_line l = journal_begin(loop->server->journal, box->now, "network");

		journal_text(&l, "text", strerror(box->trouble));
		journal_u64(&l, "lost", box->counts.lost);
		journal_u64(&l, "too_big", box->counts.too_big);
		journal_end(&l);
		loop->trouble_told = box->now;
	}
	box->trouble = 0;
}

static void handle_one(struct loop *loop, struct batch *b, int i, struct rd datagram)
{
	struct outbox *box = &loop->box;
	struct msghdr *h = &b->messages[i].msg_hdr;
	struct stream_address from = socket_sender(&b->from[i]);
	struct outbox_asked asked = socket_asked(h);

	if (h->msg_flags & MSG_TRUNC) {
		box->out.counts.received++;
		box->out.counts.dropped++;
		return;
	}
	outbox_to(box, &b->from[i], &asked);
	server_rx(loop->server, box->now, &from, datagram, &box->out);
}

/* A batch: first what somebody waits for, then what is read ahead (protocol chapter 2, AHEAD). */
static void handle(struct loop *loop, struct batch *b, int count)
{
	struct outbox *box = &loop->box;

	box->now = loop_now();
	for (int ahead = 0; ahead < 2; ahead++) {
		for (int i = 0; i < count; i++) {
			struct rd datagram = rd_over(b->iovs[i].iov_base, b->messages[i].msg_len);

			if (!(stream_flags(datagram) & STREAM_AHEAD) == !ahead)
				handle_one(loop, b, i, datagram);
		}
	}
	outbox_flush(box);
	atomic_store_explicit(&loop->reads, box->out.counts.reads, memory_order_relaxed);
	tell_trouble(loop);
}

static void *run(void *of)
{
	struct loop *loop = of;
	struct batch batch;

	while (!atomic_load_explicit(&loop->stop, memory_order_relaxed)) {
		prepare(&batch, loop->datagrams);
		/* The socket's time-out ends the wait, so that a stop is seen. */
		int count = recvmmsg(loop->fd, batch.messages, LOOP_BATCH, MSG_WAITFORONE, NULL);
		if (count > 0)
			handle(loop, &batch, count);
		else if (errno != EAGAIN && errno != EINTR)
			usleep(ERROR_PAUSE_US);         /* no memory, say: nothing is won by asking in circles */
	}
	return NULL;
}

bool loop_start(struct loop *loop, struct server *server, int fd, bool gso)
{
	memset(loop, 0, sizeof *loop);
	loop->server    = server;
	loop->fd        = fd;
	loop->datagrams = malloc((size_t)LOOP_BATCH * LOOP_DATAGRAM_BYTES);
	return loop->datagrams && outbox_open(&loop->box, fd, gso)
	    && pthread_create(&loop->thread, NULL, run, loop) == 0;
}

void loop_tell_stop(struct loop *loop)
{
	atomic_store(&loop->stop, true);
}

void loop_end(struct loop *loop)
{
	pthread_join(loop->thread, NULL);
	outbox_close(&loop->box);
	free(loop->datagrams);
	close(loop->fd);
}
