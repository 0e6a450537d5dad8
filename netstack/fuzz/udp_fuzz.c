/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any UDP segment, as it comes and with its checksum made good. */
#include "netstack/fuzz/fuzz.h"
#include "netstack/wire/udp.h"

static const struct ipv4_head ip = { .src = 0x0a000001, .dst = 0x0a000002 };

static void judge(struct rd whole)
{
	struct rd segment = whole, payload;
	struct udp_head head, again;
	uint8_t *room;
	struct wr w;

	if (udp_parse(&segment, &ip, &head) != UDP_FINE)
		return;
	payload = segment;
	room = malloc(UDP_HEAD + rd_left(&payload));
	w = wr_over(room, UDP_HEAD + rd_left(&payload));
	udp_emit(&w, &head, &ip, payload);
	wr_rest(&w, payload);
	require(wr_ok(&w));
	segment = rd_over(room, wr_used(&w, room));
	require(udp_parse(&segment, &ip, &again) == UDP_FINE && rd_left(&segment) == rd_left(&payload));
	require(again.src_port == head.src_port && again.dst_port == head.dst_port);
	free(room);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = fuzz_copy(bytes, len);
	size_t said = len >= UDP_HEAD ? (size_t)copy[4] << 8 | copy[5] : 0;

	judge(rd_over(copy, len));
	fuzz_fix_checksum(copy, min_size(said, len), 6, checksum_pseudo(ip.src, ip.dst, IPV4_UDP, said));
	judge(rd_over(copy, len));
	free(copy);
	return 0;
}
