/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/stream.h"

enum { CHECK_AT = STREAM_HEAD_BYTES - 4 };

static const char *const type_texts[] = {
	[STREAM_TLOGIN]  = "Tlogin",  [STREAM_RLOGIN]    = "Rlogin",    [STREAM_RCOOKIE] = "Rcookie",
	[STREAM_RDENY]   = "Rdeny",   [STREAM_RBUSY]     = "Rbusy",     [STREAM_RREDIRECT] = "Rredirect",
	[STREAM_TREAD]   = "Tread",   [STREAM_RDATA]     = "Rdata",     [STREAM_RERROR]  = "Rerror",
	[STREAM_TPING]   = "Tping",   [STREAM_RPING]     = "Rping",     [STREAM_TSTATUS] = "Tstatus",
	[STREAM_RSTATUS] = "Rstatus", [STREAM_TBYE]      = "Tbye",      [STREAM_RBYE]    = "Rbye",
	[STREAM_TWRITE]  = "Twrite",  [STREAM_RWRITE]    = "Rwrite",    [STREAM_TFLUSH]  = "Tflush",
	[STREAM_RFLUSH]  = "Rflush",  [STREAM_TTRIM]     = "Ttrim",     [STREAM_RTRIM]   = "Rtrim",
	[STREAM_TLEASE]  = "Tlease",  [STREAM_RLEASE]    = "Rlease",    [STREAM_TJOIN]   = "Tjoin",
	[STREAM_RJOIN]   = "Rjoin",   [STREAM_RCAST]     = "Rcast",
};

static bool type_is_known(uint8_t type)
{
	return type < COUNT_OF(type_texts) && type_texts[type];
}

const char *stream_type_text(uint8_t type)
{
	return type_is_known(type) ? type_texts[type] : "unknown type";
}

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

struct stream_address stream_address_ipv4(uint32_t ip, uint16_t port)
{
	struct stream_address a = { .port = port };
	struct wr w = wr_over(a.ip, sizeof a.ip);

	wr_bytes(&w, mapped, sizeof mapped);
	wr_be32(&w, ip);
	return a;
}

bool stream_address_is_ipv4(const struct stream_address *a, uint32_t *ip)
{
	struct rd r = rd_over(a->ip, sizeof a->ip);
	bool is_mapped = rd_is(&r, mapped, sizeof mapped);

	*ip = rd_be32(&r);
	return is_mapped;
}

bool stream_address_same(const struct stream_address *a, const struct stream_address *b)
{
	return a->port == b->port && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

/* The check of a datagram of at least a head; its own four bytes count as zero. */
static uint32_t check_of(const uint8_t *datagram, size_t len, const struct stream_content *content)
{
	static const uint8_t zero[4];
	uint32_t crc = 0;

	if (content)
		crc = crc32c(crc, content->id, sizeof content->id);
	crc = crc32c(crc, datagram, CHECK_AT);
	crc = crc32c(crc, zero, sizeof zero);
	return crc32c(crc, datagram + STREAM_HEAD_BYTES, len - STREAM_HEAD_BYTES);
}

/* The head; r is left at the body. False: too short, another version, or nothing we know. */
static bool rd_head(struct rd *r, struct stream_head *head, uint32_t *check)
{
	uint8_t version = rd_u8(r);

	head->type       = rd_u8(r);
	head->flags      = rd_u8(r);
	head->generation = rd_u8(r);
	head->request    = rd_be32(r);
	head->session    = rd_be64(r);
	*check           = rd_be32(r);
	/* A keyed message has a longer head and no check; without keys it cannot be judged. */
	return rd_ok(r) && version == STREAM_VERSION && type_is_known(head->type) && !(head->flags & STREAM_KEYED);
}

bool stream_open(struct rd datagram, struct stream_head *head, struct rd *body)
{
	uint32_t check;

	*body = datagram;
	return rd_head(body, head, &check)
	    && (head->type == STREAM_RDATA || check == check_of(datagram.at, datagram.left, NULL));
}

uint8_t stream_flags(struct rd datagram)
{
	rd_skip(&datagram, 2);
	return rd_u8(&datagram);
}

bool stream_open_data(struct rd datagram, const struct stream_content *content, uint64_t *offset, struct rd *data)
{
	struct stream_head head;
	uint32_t check;

	*data = datagram;
	if (!rd_head(data, &head, &check) || head.type != STREAM_RDATA
	    || check != check_of(datagram.at, datagram.left, content))
		return false;
	*offset = rd_be64(data);
	return rd_ok(data);
}

bool rd_stream_cookie(struct rd body, struct stream_cookie *cookie)
{
	rd_bytes(&body, cookie->bytes, sizeof cookie->bytes);
	return rd_done(&body);
}

/* The bytes of a ticket whose length was already read. */
static bool rd_ticket(struct rd *r, size_t len, struct stream_ticket *ticket)
{
	memset(ticket, 0, sizeof *ticket);
	if (len > sizeof ticket->bytes)
		return false;
	rd_bytes(r, ticket->bytes, len);
	ticket->len = (uint8_t)len;
	return rd_ok(r);
}

static bool is_sound_read(const struct stream_read *read)
{
	unsigned count;

	if (read->length == 0 || read->length % STREAM_SECTOR_BYTES || read->offset % STREAM_SECTOR_BYTES
	    || read->segment % 16 || read->segment < STREAM_SEGMENT_BYTES_MIN
	    || read->segment > STREAM_SEGMENT_BYTES_MAX)
		return false;
	count = stream_segments(read->length, read->segment);
	return count <= STREAM_SEGMENTS_MAX && read->want != 0 && !(read->want & ~stream_all_segments(count));
}

bool rd_stream_read(struct rd body, struct stream_read *read)
{
	size_t ticket_len;

	rd_bytes(&body, read->content.id, sizeof read->content.id);
	read->offset  = rd_be64(&body);
	read->length  = rd_be32(&body);
	read->segment = rd_be16(&body);
	ticket_len    = rd_be16(&body);
	read->want    = rd_be64(&body);
	return rd_ticket(&body, ticket_len, &read->ticket) && rd_done(&body) && is_sound_read(read);
}

bool rd_stream_error(struct rd body, enum stream_error *code)
{
	*code = (enum stream_error)rd_be16(&body);
	return rd_done(&body);
}

bool rd_stream_ticketed(struct rd body, struct stream_ticket *ticket, struct rd *tlvs)
{
	size_t len = rd_be16(&body);
	bool   ok  = rd_ticket(&body, len, ticket);

	*tlvs = body;
	return ok;
}

void wr_stream_head(struct wr *w, const struct stream_head *head)
{
	wr_u8(w, STREAM_VERSION);
	wr_u8(w, head->type);
	wr_u8(w, head->flags);
	wr_u8(w, head->generation);
	wr_be32(w, head->request);
	wr_be64(w, head->session);
	wr_be32(w, 0);
}

void wr_stream_read(struct wr *w, const struct stream_head *head, const struct stream_read *read)
{
	wr_stream_head(w, head);
	wr_bytes(w, read->content.id, sizeof read->content.id);
	wr_be64(w, read->offset);
	wr_be32(w, read->length);
	wr_be16(w, read->segment);
	wr_be16(w, read->ticket.len);
	wr_be64(w, read->want);
	wr_bytes(w, read->ticket.bytes, read->ticket.len);
}

void wr_stream_data_head(struct wr *w, const struct stream_head *head, uint64_t offset)
{
	wr_stream_head(w, head);
	wr_be64(w, offset);
}

void wr_stream_ticket(struct wr *w, const struct stream_ticket *ticket)
{
	wr_be16(w, ticket->len);
	wr_bytes(w, ticket->bytes, ticket->len);
}

void stream_seal(uint8_t *start, size_t len, const struct stream_content *content)
{
	struct wr w = wr_over(start + CHECK_AT, 4);

	wr_be32(&w, check_of(start, len, content));
}
