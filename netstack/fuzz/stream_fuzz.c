/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * Any datagram, at the readers of the stream protocol. It is judged as it
 * comes, and once more with its check made good, which no fuzzer would find.
 * What is accepted must be written again as the same bytes.
 */
#include <stdlib.h>
#include "netstack/wire/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const struct stream_content content = { { 1, 2, 3 } };

static void require(bool ok)
{
	if (!ok)
		abort();
}

static void write_again(const struct stream_head *head, const struct stream_read *read, struct rd datagram)
{
	uint8_t *again = malloc(datagram.left);
	struct wr w = wr_over(again, datagram.left);

	wr_stream_read(&w, head, read);
	require(wr_ok(&w) && wr_used(&w, again) == datagram.left);
	stream_seal(again, datagram.left, NULL);
	require(rd_is(&datagram, again, wr_used(&w, again)));
	free(again);
}

static void check_read(const struct stream_head *head, struct rd body, struct rd datagram)
{
	struct stream_read read;
	unsigned count;

	if (!rd_stream_read(body, &read))
		return;
	count = stream_segments(read.length, read.segment);
	require(count >= 1 && count <= STREAM_SEGMENTS_MAX);
	require(stream_segment_bytes(read.length, read.segment, count - 1) > 0);
	require(stream_segment_bytes(read.length, read.segment, count) == 0);
	write_again(head, &read, datagram);
}

static void write_data_again(const struct stream_head *head, uint64_t offset, struct rd bytes, struct rd datagram)
{
	uint8_t *again = malloc(datagram.left);
	struct wr w = wr_over(again, datagram.left);

	wr_stream_data_head(&w, head, offset);
	wr_rest(&w, bytes);
	require(wr_ok(&w) && wr_used(&w, again) == datagram.left);
	stream_seal(again, datagram.left, &content);
	require(rd_is(&datagram, again, wr_used(&w, again)));
	free(again);
}

/* A ticket in front of the rest of a body, written again: the same bytes. */
static void write_ticket_again(const struct stream_ticket *ticket, struct rd rest, struct rd body)
{
	uint8_t *again = malloc(body.left);
	struct wr w = wr_over(again, body.left);

	wr_stream_ticket(&w, ticket);
	wr_rest(&w, rest);
	require(wr_ok(&w) && rd_is(&body, again, wr_used(&w, again)) && rd_done(&body));
	free(again);
}

static void map_address(uint32_t ip, uint16_t port)
{
	struct stream_address a = stream_address_ipv4(ip, port), b = stream_address_ipv4(ip ^ 1, port);
	uint32_t back;

	require(stream_address_is_ipv4(&a, &back) && back == ip && a.port == port);
	require(stream_address_same(&a, &a) && !stream_address_same(&a, &b));
}

static void judge(struct rd datagram)
{
	struct stream_cookie cookie;
	struct stream_ticket ticket;
	enum stream_error code;
	struct stream_head head;
	struct rd body, rest;
	uint64_t offset;

	if (!stream_open(datagram, &head, &body))
		return;
	require(stream_type_text(head.type)[0] == 'T' || stream_type_text(head.type)[0] == 'R');
	map_address(head.request, head.flags);
	if (head.type == STREAM_TREAD)
		check_read(&head, body, datagram);
	if (head.type == STREAM_RDATA && stream_open_data(datagram, &content, &offset, &rest)) {
		require(rd_left(&rest) + STREAM_DATA_HEAD_BYTES == rd_left(&datagram));
		write_data_again(&head, offset, rest, datagram);
	}
	(void)rd_stream_cookie(body, &cookie);
	(void)rd_stream_error(body, &code);
	if (rd_stream_ticketed(body, &ticket, &rest)) {
		require(ticket.len <= STREAM_TICKET_BYTES_MAX && rd_left(&rest) + ticket.len + 2 == rd_left(&body));
		write_ticket_again(&ticket, rest, body);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *copy;

	judge(rd_over(bytes, len));
	if (len < STREAM_HEAD_BYTES)
		return 0;
	copy = malloc(len);
	memcpy(copy, bytes, len);
	stream_seal(copy, len, copy[1] == STREAM_RDATA ? &content : NULL);
	judge(rd_over(copy, len));
	free(copy);
	return 0;
}
