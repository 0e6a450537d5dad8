/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * Any bytes as a hand-over block, with the check made right so that what is behind it is reached; what is accepted is
 * written and read again as the same value.
 */
#include "netstack/fuzz/fuzz.h"
#include "netstack/wire/handover.h"

enum { BYTES_AT = 12, CHECK_AT = 16 };

static void fix_check(uint8_t *block, size_t len)
{
	struct rd r = rd_over(block, len);
	struct wr w;
	uint32_t bytes;

	rd_skip(&r, BYTES_AT);
	bytes = rd_be32(&r);
	if (!rd_ok(&r) || bytes > len || bytes < HANDOVER_HEAD_BYTES)
		return;
	memset(block + CHECK_AT, 0, 4);
	w = wr_over(block + CHECK_AT, 4);
	wr_be32(&w, crc32c(0, block, bytes));
}

static void write_again(const struct handover *h)
{
	uint8_t room[HANDOVER_BYTES_MAX];
	size_t len = handover_write(room, sizeof room, h);
	struct handover again;
	uint32_t ip;

	require(len > 0);
	require(handover_read(rd_over(room, len), &again, NULL) == HANDOVER_OK);
	require(again.session == h->session && again.size == h->size && again.server_count == h->server_count);
	require(memcmp(&again.lease, &h->lease, sizeof again.lease) == 0);
	require(memcmp(&again.times, &h->times, sizeof again.times) == 0);
	if (handover_ip_is_ipv4(&h->lease.address, &ip) && ip) {
		struct handover_ip same = handover_ipv4(ip);

		require(memcmp(&same, &h->lease.address, sizeof same) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *block = fuzz_copy(bytes, len);
	const char *missing = NULL;
	struct handover h;
	enum handover_verdict v;

	fix_check(block, len);
	v = handover_read(rd_over(block, len), &h, &missing);
	require((v == HANDOVER_INCOMPLETE) == (missing != NULL) && handover_verdict_text(v)[0]);
	require(h.server_count <= TLV_SERVERS_MAX && h.dns_count <= HANDOVER_DNS_MAX);
	require(h.time_count <= HANDOVER_TIMES_MAX && memchr(h.host_name, 0, sizeof h.host_name));
	if (v == HANDOVER_OK)
		write_again(&h);
	free(block);
	return 0;
}
