/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_CHECKSUM_H
#define NETSTACK_WIRE_CHECKSUM_H
/*
 * The Internet checksum (RFC 1071), which IPv4, UDP and ICMP share.
 *
 *     sum = checksum_add(0, header);
 *     sum = checksum_add(sum, payload);       every part but the last of even length
 *     wr_be16(w, checksum_done(sum));         or, of a received packet: is it 0?
 */
#include "lib/bytes.h"

static inline uint64_t checksum_add(uint64_t sum, struct rd bytes)
{
	sum += rd_sum_ones(&bytes, rd_left(&bytes) & ~(size_t)3);
	if (rd_left(&bytes) >= 2)
		sum += rd_be16(&bytes);
	if (rd_left(&bytes))
		sum += (uint64_t)rd_u8(&bytes) << 8;
	return sum;
}

/* What UDP adds of the IP header: addresses, protocol and length. */
static inline uint64_t checksum_pseudo(uint32_t src_ip, uint32_t dst_ip, uint8_t protocol, size_t len)
{
	return (uint64_t)src_ip + dst_ip + protocol + len;
}

static inline uint16_t checksum_done(uint64_t sum)
{
	sum = (sum & 0xffffffffu) + (sum >> 32);
	for (int folds = 0; folds < 3; folds++)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}
#endif
