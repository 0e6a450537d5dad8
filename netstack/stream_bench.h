/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_STREAM_BENCH_H
#define NETSTACK_STREAM_BENCH_H
/* What stream's tests share: a stream, a clock moved by hand, and answers that the test makes. Host only. */
#include "lib/test.h"
#include "netstack/stream.h"

enum { MS = USEC_PER_MS, BENCH_DISK = 1 << 20, BENCH_SEGMENT = 1024 };

struct bench {
	struct stream stream;
	struct stream_config config;
	struct login_grant grant;
	struct stream_address a, b;
	usec now;
	uint8_t into[16][STREAM_REQUEST_BYTES_MAX];

	/* What it sent last. */
	struct stream_address to;
	struct stream_head head;
	struct stream_read read;                /* if it was a Tread */
	struct tlv_set set;                     /* if it had TLVs */
	size_t echo;                            /* bytes, if it was a Tping */
};

static inline uint8_t bench_byte(uint64_t offset) { return (uint8_t)(offset * 7 + (offset >> 9) * 13); }

static inline void bench_begin(struct bench *b, unsigned window, unsigned servers)
{
	static struct bench nothing;

	*b = nothing;
	b->now    = 7 * USEC_PER_S;
	b->a      = stream_address_ipv4(0x0a000001, 6910);
	b->b      = stream_address_ipv4(0x0a000002, 6910);
	b->config = (struct stream_config){
		.who = { .mac = { 1, 2, 3, 4, 5, 6 }, .stage = STAGE_FIRMWARE, .build = "test", .window = 64,
		         .segment = BENCH_SEGMENT },
		.window_max = (uint16_t)window, .segment_max = BENCH_SEGMENT, .first_request = 100,
	};
	b->grant = (struct login_grant){
		.session = 0x1122334455667788, .size = BENCH_DISK, .content = { { 5, 5 } }, .expires_s = 3600,
		.ticket = { { 't', '1' }, 2 }, .window = 256, .segment = BENCH_SEGMENT, .granted_at = b->now,
		.servers = { b->a, b->b }, .server_count = servers, .disk = "disk",
	};
	stream_init(&b->stream, &b->config, &b->grant, NULL, b->now, 1);
}

/* What it sends now, judged and taken apart; 0: nothing. */
static inline uint8_t bench_tx(struct bench *b)
{
	uint8_t bytes[1500];
	struct wr w = wr_over(bytes, sizeof bytes);
	struct stream_ticket ticket;
	struct rd body;

	if (!stream_tx(&b->stream, b->now, &w, &b->to))
		return 0;
	assert_true(wr_ok(&w) && stream_open(rd_over(bytes, wr_used(&w, bytes)), &b->head, &body));
	switch (b->head.type) {
	case STREAM_TREAD:
		assert_true(rd_stream_read(body, &b->read));
		break;
	case STREAM_TPING:
		b->echo = rd_left(&body);
		break;
	case STREAM_TSTATUS: case STREAM_TBYE:
		assert_true(rd_stream_ticketed(body, &ticket, &body));
		/* fall through */
	default:
		assert_int_equal(tlv_read_set(body, &b->set), TLV_OK);
	}
	return b->head.type;
}

/* Sleeps until it sends something, at most for a minute; how long that took. */
static inline usec bench_sleep(struct bench *b)
{
	usec start = b->now;

	do
		b->now = max_u64(stream_wake_at(&b->stream), b->now + 1);
	while (b->now - start < 60u * USEC_PER_S && !bench_tx(b));
	return b->now - start;
}

/* Sleeps until a Tread leaves, whatever else does. */
static inline usec bench_sleep_read(struct bench *b)
{
	usec slept = 0;

	do
		slept += bench_sleep(b);
	while (b->head.type != STREAM_TREAD && slept < 60u * USEC_PER_S);
	assert_int_equal(b->head.type, STREAM_TREAD);
	return slept;
}

/* A reply to what was sent last; the caller may change head and bytes before. */
struct reply { struct stream_head head; uint8_t bytes[1500]; struct wr w; };

static inline void reply_begin(const struct bench *b, struct reply *r, uint8_t type)
{
	r->head      = b->head;
	r->head.type = type;
	if (type == STREAM_RLOGIN)
		r->head.session = b->grant.session;
	r->w = wr_over(r->bytes, sizeof r->bytes);
	wr_stream_head(&r->w, &r->head);
}

static inline void reply_from(struct bench *b, struct reply *r, const struct stream_address *from)
{
	size_t len = wr_used(&r->w, r->bytes);

	stream_seal(r->bytes, len, r->head.type == STREAM_RDATA ? &b->grant.content : NULL);
	stream_rx(&b->stream, b->now, from, rd_over(r->bytes, len));
}

/* Rdata for one segment of any read, as a server would send it. */
static inline void bench_segment(struct bench *b, const struct stream_head *head, const struct stream_read *read,
                                 unsigned segment)
{
	uint64_t offset = read->offset + (uint64_t)segment * read->segment;
	struct reply r;

	r.head      = *head;
	r.head.type = STREAM_RDATA;
	r.head.flags &= STREAM_DRIVER;
	r.w = wr_over(r.bytes, sizeof r.bytes);
	wr_stream_data_head(&r.w, &r.head, offset);
	for (uint32_t i = 0; i < stream_segment_bytes(read->length, read->segment, segment); i++)
		wr_u8(&r.w, bench_byte(offset + i));
	reply_from(b, &r, &b->to);
}

/* Rdata for those segments of the last Tread that are in the map. */
static inline void bench_answer(struct bench *b, uint64_t map)
{
	struct stream_head head = b->head;
	struct stream_read read = b->read;

	for (unsigned i = 0; i < STREAM_SEGMENTS_MAX; i++)
		if (read.want & map & (uint64_t)1 << i)
			bench_segment(b, &head, &read, i);
}

/* Rping for the last Tping, of so many bytes. */
static inline void bench_pong(struct bench *b, size_t echo)
{
	struct reply r;

	reply_begin(b, &r, STREAM_RPING);
	while (echo--)
		wr_u8(&r.w, 0);
	reply_from(b, &r, &b->to);
}

static inline void bench_error(struct bench *b, enum stream_error code)
{
	struct reply r;

	reply_begin(b, &r, STREAM_RERROR);
	wr_be16(&r.w, (uint16_t)code);
	reply_from(b, &r, &b->to);
}

static inline void bench_login(struct bench *b, const char *ticket)
{
	struct reply r;

	reply_begin(b, &r, STREAM_RLOGIN);
	wr_tlv_text(&r.w, TLV_DISK, "disk");
	wr_tlv(&r.w, TLV_CONTENT, b->grant.content.id, STREAM_CONTENT_BYTES);
	wr_tlv_u64(&r.w, TLV_SIZE, BENCH_DISK);
	wr_tlv_text(&r.w, TLV_TICKET, ticket);
	wr_tlv_u32(&r.w, TLV_EXPIRES, 3600);
	wr_tlv_u16(&r.w, TLV_SEGMENT, BENCH_SEGMENT);
	wr_tlv_u16(&r.w, TLV_WINDOW, 256);
	for (unsigned i = 0; i < b->grant.server_count; i++)
		wr_tlv_address(&r.w, TLV_SERVER, &b->grant.servers[i]);
	reply_from(b, &r, &b->to);
}

static inline int bench_want(struct bench *b, unsigned place, uint64_t offset, uint32_t length)
{
	int id = stream_want(&b->stream, b->now, offset, length, b->into[place]);

	assert_true(id >= 0);
	return id;
}

static inline void bench_expect(const struct bench *b, unsigned place, uint64_t offset, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		assert_int_equal(b->into[place][i], bench_byte(offset + i));
}
#endif
