/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any IPv4 packet, as it comes and with its checksum made good; and as an ICMP error would quote it. */
#include "netstack/fuzz/fuzz.h"
#include "netstack/wire/ipv4.h"

static void judge(struct rd whole)
{
	struct rd packet = whole;
	struct ipv4_head head, again;
	uint8_t room[IPV4_HEAD + 64], mac[6];
	struct wr w = wr_over(room, sizeof room);

	if (ipv4_parse_quoted(&packet, &head))
		require(rd_left(&packet) + IPV4_HEAD <= rd_left(&whole));
	packet = whole;
	if (ipv4_parse(&packet, &head) != IPV4_FINE)
		return;
	require(rd_left(&packet) + IPV4_HEAD <= rd_left(&whole));
	ipv4_emit(&w, &head, sizeof room - IPV4_HEAD);
	packet = rd_over(room, sizeof room);
	require(ipv4_parse(&packet, &again) == IPV4_FINE && rd_left(&packet) == sizeof room - IPV4_HEAD);
	require(again.src == head.src && again.dst == head.dst && again.id == head.id && again.ttl == head.ttl
	        && again.protocol == head.protocol);
	require(ipv4_group_mac(head.dst, mac) ? (mac[0] & 1) && !(mac[3] & 0x80) : head.dst >> 28 != 0xe);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = fuzz_copy(bytes, len);
	size_t head_len = len ? (size_t)(copy[0] & 15) * 4 : 0;

	judge(rd_over(copy, len));
	fuzz_fix_checksum(copy, min_size(head_len, len), 10, 0);
	judge(rd_over(copy, len));
	free(copy);
	return 0;
}
