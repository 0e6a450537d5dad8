/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/udp.h"
#include "netstack/wire/checksum.h"

enum udp_verdict udp_parse(struct rd *segment, const struct ipv4_head *ip, struct udp_head *h)
{
	struct rd whole = *segment;
	uint16_t len, checksum;

	h->src_port = rd_be16(segment);
	h->dst_port = rd_be16(segment);
	len         = rd_be16(segment);
	checksum    = rd_be16(segment);
	if (!rd_ok(segment) || len < UDP_HEAD)
		return UDP_MALFORMED;
	*segment = rd_sub(segment, (size_t)len - UDP_HEAD);
	if (!rd_ok(segment))
		return UDP_MALFORMED;
	whole = rd_sub(&whole, len);
	if (checksum && checksum_done(checksum_add(checksum_pseudo(ip->src, ip->dst, IPV4_UDP, len), whole)) != 0)
		return UDP_BAD_CHECKSUM;
	return UDP_FINE;
}

void udp_emit(struct wr *w, const struct udp_head *h, const struct ipv4_head *ip, struct rd payload)
{
	size_t   len = UDP_HEAD + rd_left(&payload);
	uint64_t sum = checksum_pseudo(ip->src, ip->dst, IPV4_UDP, len) + h->src_port + h->dst_port + len;
	uint16_t checksum = checksum_done(checksum_add(sum, payload));

	wr_be16(w, h->src_port);
	wr_be16(w, h->dst_port);
	wr_be16(w, (uint16_t)len);
	wr_be16(w, checksum ? checksum : 0xffff);       /* 0 would say that there is none */
}
