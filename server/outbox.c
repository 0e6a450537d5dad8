/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "server/outbox.h"
#include <errno.h>
#include <netinet/udp.h>
#include <stdlib.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

static struct outbox *box_of(struct server_out *out)
{
	return (struct outbox *)out;
}

static uint8_t *room(struct server_out *out, size_t len)
{
	struct outbox *box = box_of(out);

	if (len > OUTBOX_BYTES)
		return NULL;
	/* Flushed now or not until it is sent: whoever has the room goes on writing in it. */
	if (len > OUTBOX_BYTES - box->used || box->count + STREAM_SEGMENTS_MAX > OUTBOX_MESSAGES)
		outbox_flush(box);
	box->room = len;
	return box->buffer + box->used;
}

/* Whether the datagram can be one more segment of the newest message. */
static bool joins(const struct outbox *box, size_t len)
{
	if (box->count == 0 || !box->gso || box->now < box->gso_again_at)
		return false;
	const struct outbox_message *m = &box->messages[box->count - 1];
	return !m->closed && len <= m->segment && m->count < OUTBOX_GSO_SEGMENTS && m->len + len <= OUTBOX_GSO_BYTES;
}

static void send_datagram(struct server_out *out, size_t len)
{
	struct outbox *box = box_of(out);
	struct outbox_message *m;

	if (len > box->room || box->count == OUTBOX_MESSAGES)
		return;                 /* nobody was given so much room */
	if (!joins(box, len))
		box->messages[box->count++] = (struct outbox_message){
			.to = box->to, .from = box->from, .start = box->buffer + box->used, .segment = (uint16_t)len,
		};
	m = &box->messages[box->count - 1];
	m->len += len;
	m->count++;
	m->closed  = len < m->segment;
	box->used += len;
	box->room -= len;
}

bool outbox_open(struct outbox *box, int fd, bool gso)
{
	memset(box, 0, sizeof *box);
	box->fd       = fd;
	box->gso      = gso;
	box->sendmmsg = sendmmsg;
	box->out.room = room;
	box->out.send = send_datagram;
	box->buffer   = malloc(OUTBOX_BYTES);
	return box->buffer != NULL;
}

void outbox_close(struct outbox *box)
{
	free(box->buffer);
	box->buffer = NULL;
}

void outbox_to(struct outbox *box, const union outbox_address *to, const struct outbox_asked *from)
{
	if (box->count > 0)
		box->messages[box->count - 1].closed = true;
	box->to   = *to;
	box->from = *from;
}

/* One message as the kernel wants it. */
struct envelope {
	struct iovec iov;
	_Alignas(struct cmsghdr) uint8_t control[OUTBOX_CONTROL];
};

static void add_control(struct msghdr *h, int level, int type, const void *value, size_t len)
{
	struct cmsghdr *c = (struct cmsghdr *)((uint8_t *)h->msg_control + h->msg_controllen);

	c->cmsg_level = level;
	c->cmsg_type  = type;
	c->cmsg_len   = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), value, len);
	h->msg_controllen += CMSG_SPACE(len);
}

static void address_envelope(struct mmsghdr *mm, struct envelope *e, struct outbox_message *m, uint8_t *start,
                             size_t len)
{
	struct msghdr *h = &mm->msg_hdr;

	memset(e->control, 0, sizeof e->control);
	e->iov = (struct iovec){ start, len };
	*mm = (struct mmsghdr){ .msg_hdr = {
		.msg_name = &m->to, .msg_iov = &e->iov, .msg_iovlen = 1, .msg_control = e->control,
		.msg_namelen = m->to.any.sa_family == AF_INET ? sizeof m->to.v4 : sizeof m->to.v6,
	} };
	if (m->from.family == AF_INET)
		add_control(h, IPPROTO_IP, IP_PKTINFO, &m->from.info.v4, sizeof m->from.info.v4);
	if (m->from.family == AF_INET6)
		add_control(h, IPPROTO_IPV6, IPV6_PKTINFO, &m->from.info.v6, sizeof m->from.info.v6);
}

static void lose(struct outbox *box, unsigned datagrams, int error)
{
	box->counts.lost += datagrams;
	if (error == EMSGSIZE)
		box->counts.too_big += datagrams;
	if (error != EAGAIN && error != ENOBUFS)
		box->trouble = error;
}

/* The datagrams of one message without offload. */
static void send_one_by_one(struct outbox *box, struct outbox_message *m)
{
	struct mmsghdr  messages[OUTBOX_GSO_SEGMENTS];
	struct envelope envelopes[OUTBOX_GSO_SEGMENTS];
	unsigned sent = 0;

	for (unsigned i = 0; i < m->count; i++) {
		size_t at = (size_t)i * m->segment;

		address_envelope(&messages[i], &envelopes[i], m, m->start + at, min_size(m->segment, m->len - at));
	}
	while (sent < m->count) {
		int n = box->sendmmsg(box->fd, messages + sent, m->count - sent, MSG_DONTWAIT);

		if (n > 0) {
			sent += (unsigned)n;
			continue;
		}
		lose(box, m->count - sent, errno);
		break;
	}
	box->counts.one_by_one += sent;
	box->counts.datagrams  += sent;
}

/* Whether an error of a message with several segments may be about the offload, and not about the network. */
static bool is_about_gso(const struct outbox_message *m, int error)
{
	return m->count > 1 && (error == EIO || error == EINVAL || error == ENOPROTOOPT || error == EOPNOTSUPP
	                        || error == EMSGSIZE);
}

static void handle_failure(struct outbox *box, struct outbox_message *m, int error)
{
	if (!is_about_gso(m, error)) {
		lose(box, m->count, error);
		return;
	}
	/* A message too big for this path says nothing about others; a card or kernel that cannot does. */
	if (error != EMSGSIZE && error != EINVAL)
		box->gso_again_at = box->now + OUTBOX_GSO_PAUSE_S * (usec)USEC_PER_S;
	send_one_by_one(box, m);
}

void outbox_flush(struct outbox *box)
{
	struct mmsghdr  messages[OUTBOX_MESSAGES];
	struct envelope envelopes[OUTBOX_MESSAGES];
	unsigned done = 0;

	for (unsigned i = 0; i < box->count; i++) {
		struct outbox_message *m = &box->messages[i];

		address_envelope(&messages[i], &envelopes[i], m, m->start, m->len);
		if (m->count > 1)
			add_control(&messages[i].msg_hdr, IPPROTO_UDP, UDP_SEGMENT, &m->segment, sizeof m->segment);
	}
	while (done < box->count) {
		int n = box->sendmmsg(box->fd, messages + done, box->count - done, MSG_DONTWAIT);

		for (int i = 0; i < n; i++, done++)
			box->counts.datagrams += box->messages[done].count;
		if (n <= 0)
			handle_failure(box, &box->messages[done++], errno);
	}
	box->counts.messages += box->count;
	box->count = 0;
	box->used  = box->room = 0;
}
