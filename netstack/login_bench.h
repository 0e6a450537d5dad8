/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_LOGIN_BENCH_H
#define NETSTACK_LOGIN_BENCH_H
/* What login's tests share: a login, a clock moved by hand, and answers that the test makes. Host only. */
#include "lib/test.h"
#include "netstack/login.h"

enum { MS = USEC_PER_MS };

static const struct stream_content content = { { 7, 7, 7 } };

/* A login and what it sent last. */
struct bench {
	struct login login;
	struct stream_address a, b;             /* the configured server and another one */
	usec now;
	uint8_t sent[1500];
	size_t sent_len;
	struct stream_address to;
	struct stream_head head;                /* of what was sent */
	struct tlv_set set;
};

static inline struct login_who somebody(void)
{
	return (struct login_who){ .mac = { 0x52, 0x54, 0, 1, 2, 3 }, .arch = 7, .stage = STAGE_FIRMWARE,
	                           .build = "rill test", .disk = "debian", .window = 16, .segment = 1408 };
}

static inline void begin_as(struct bench *b, const struct login_who *who)
{
	*b = (struct bench){ .now = 5000, .a = stream_address_ipv4(0x0a000001, 6910),
	                     .b = stream_address_ipv4(0x0a000002, 6911) };
	login_init(&b->login, who, &b->a, NULL, b->now, 42);
}

static inline void begin(struct bench *b)
{
	struct login_who who = somebody();

	begin_as(b, &who);
}

/* Whether it sends now; then the message was a good Tlogin. */
static inline bool sends(struct bench *b)
{
	struct wr w = wr_over(b->sent, sizeof b->sent);
	struct rd body;

	if (!login_tx(&b->login, b->now, &w, &b->to))
		return false;
	b->sent_len = wr_used(&w, b->sent);
	assert_true(wr_ok(&w) && stream_open(rd_over(b->sent, b->sent_len), &b->head, &body));
	assert_int_equal(b->head.type, STREAM_TLOGIN);
	assert_int_equal(tlv_read_set(body, &b->set), TLV_OK);
	return true;
}

/* Sleeps until it sends; how long that took. */
static inline usec sleeps(struct bench *b)
{
	usec start = b->now;

	do
		b->now = max_u64(login_wake_at(&b->login), b->now + 1);
	while (!sends(b) && b->now - start < 3600u * USEC_PER_S);
	return b->now - start;
}

struct answer { uint8_t bytes[600]; struct wr w; };

static inline void answer_begin(const struct bench *b, struct answer *a, uint8_t type)
{
	struct stream_head head = { .type = type, .request = b->head.request, .generation = b->head.generation,
	                            .session = type == STREAM_RLOGIN ? 99 : b->head.session };

	a->w = wr_over(a->bytes, sizeof a->bytes);
	wr_stream_head(&a->w, &head);
}

static inline void answer_from(struct bench *b, struct answer *a, const struct stream_address *from)
{
	size_t len = wr_used(&a->w, a->bytes);

	assert_true(wr_ok(&a->w));
	stream_seal(a->bytes, len, NULL);
	login_rx(&b->login, b->now, from, rd_over(a->bytes, len));
}

static inline void answer_cookie(struct bench *b)
{
	struct answer a;

	answer_begin(b, &a, STREAM_RCOOKIE);
	wr_bytes(&a.w, "0123456789abcdef", 16);
	answer_from(b, &a, &b->to);
}

static inline void write_grant(struct answer *a)
{
	wr_tlv_text(&a->w, TLV_DISK, "debian");
	wr_tlv(&a->w, TLV_CONTENT, content.id, sizeof content.id);
	wr_tlv_u64(&a->w, TLV_SIZE, 1 << 20);
	wr_tlv(&a->w, TLV_TICKET, "ticket", 6);
	wr_tlv_u32(&a->w, TLV_EXPIRES, 3600);
	wr_tlv_u16(&a->w, TLV_SEGMENT, 1400);
	wr_tlv_u16(&a->w, TLV_WINDOW, 256);
}

static inline void answer_login(struct bench *b)
{
	struct answer a;

	answer_begin(b, &a, STREAM_RLOGIN);
	write_grant(&a);
	answer_from(b, &a, &b->to);
}

static inline void answer_redirect(struct bench *b, const struct stream_address *to)
{
	struct answer a;

	answer_begin(b, &a, STREAM_RREDIRECT);
	wr_tlv_address(&a.w, TLV_SERVER, to);
	answer_from(b, &a, &b->to);
}
#endif
