/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/ipv4.h"
#include "netstack/wire/checksum.h"

enum { VERSION_4 = 4, DONT_FRAGMENT = 0x4000, MORE_OR_OFFSET = 0x3fff };

struct fields { uint16_t total, flags; bool good; };

/* The fixed fields and the options; the reader is left behind them. */
static struct fields read_fields(struct rd *r, struct ipv4_head *h)
{
	struct fields f = { 0 };
	uint8_t version_ihl = rd_u8(r);
	size_t  options = (size_t)(version_ihl & 15) * 4;

	rd_skip(r, 1);                  /* type of service */
	f.total     = rd_be16(r);
	h->id       = rd_be16(r);
	f.flags     = rd_be16(r);
	h->ttl      = rd_u8(r);
	h->protocol = rd_u8(r);
	rd_skip(r, 2);                  /* checksum */
	h->src      = rd_be32(r);
	h->dst      = rd_be32(r);
	f.good = version_ihl >> 4 == VERSION_4 && options >= IPV4_HEAD;
	if (f.good)
		rd_skip(r, options - IPV4_HEAD);
	f.good = f.good && rd_ok(r);
	return f;
}

enum ipv4_verdict ipv4_parse(struct rd *packet, struct ipv4_head *h)
{
	struct rd start = *packet, head;
	struct fields f = read_fields(packet, h);
	size_t head_len = rd_left(&start) - rd_left(packet);

	if (!f.good || f.total < head_len)
		return IPV4_MALFORMED;
	head = rd_sub(&start, head_len);
	if (checksum_done(checksum_add(0, head)) != 0)
		return IPV4_BAD_CHECKSUM;
	*packet = rd_sub(packet, f.total - head_len);
	if (!rd_ok(packet))
		return IPV4_MALFORMED;
	return f.flags & MORE_OR_OFFSET ? IPV4_FRAGMENT : IPV4_FINE;
}

bool ipv4_parse_quoted(struct rd *packet, struct ipv4_head *h)
{
	return read_fields(packet, h).good;
}

void ipv4_emit(struct wr *w, const struct ipv4_head *h, size_t payload_len)
{
	uint8_t head[IPV4_HEAD];
	struct wr half = wr_over(head, sizeof head), sum;

	wr_u8(&half, VERSION_4 << 4 | IPV4_HEAD / 4);
	wr_u8(&half, 0);
	wr_be16(&half, (uint16_t)(IPV4_HEAD + payload_len));
	wr_be16(&half, h->id);
	wr_be16(&half, DONT_FRAGMENT);
	wr_u8(&half, h->ttl);
	wr_u8(&half, h->protocol);
	sum = half;
	wr_be16(&half, 0);
	wr_be32(&half, h->src);
	wr_be32(&half, h->dst);
	wr_be16(&sum, checksum_done(checksum_add(0, rd_over(head, sizeof head))));
	wr_bytes(w, head, sizeof head);
}

/* A group has no host to ask: its MAC address is made of its number's lower 23 bits (RFC 1112, 6.4). */
bool ipv4_group_mac(uint32_t dst, uint8_t mac[6])
{
	const uint8_t group[] = {
		0x01, 0x00, 0x5e, (uint8_t)(dst >> 16 & 0x7f), (uint8_t)(dst >> 8), (uint8_t)dst,
	};

	if (dst >> 28 != 0xe)
		return false;
	memcpy(mac, group, sizeof group);
	return true;
}
