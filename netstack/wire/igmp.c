/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/igmp.h"
#include "netstack/wire/checksum.h"

enum { TENTH = 100 * USEC_PER_MS, V1_WAIT_TENTHS = 100 };

/* From 128 on RFC 3376 (4.1.1) writes a number in floating point: exponent in bits 4 to 6, mantissa below. */
static uint32_t tenths_of(uint8_t code, bool is_v3)
{
	if (!is_v3 || code < 128)
		return code;
	return ((uint32_t)(code & 15) | 16) << ((code >> 4 & 7) + 3);
}

enum igmp_verdict igmp_parse(struct rd packet, struct igmp_message *m)
{
	struct rd whole = packet;
	uint8_t code;

	memset(m, 0, sizeof *m);
	m->type  = rd_u8(&packet);
	code     = rd_u8(&packet);
	rd_skip(&packet, 2);
	m->group = rd_be32(&packet);
	/* Between a query of version 2 and one of version 3 there is none (RFC 3376, 7.1). */
	if (!rd_ok(&packet) || (m->type == IGMP_QUERY && rd_left(&packet) && rd_left(&whole) < IGMP_QUERY_V3))
		return IGMP_MALFORMED;
	if (checksum_done(checksum_add(0, whole)) != 0)
		return IGMP_BAD_CHECKSUM;
	m->is_v1    = m->type == IGMP_QUERY && !rd_left(&packet) && code == 0;
	m->wait_max = (usec)(m->is_v1 ? V1_WAIT_TENTHS : tenths_of(code, rd_left(&packet) != 0)) * TENTH;
	return IGMP_FINE;
}

/* Version and length in words, type of service, ..., time to live 1; behind the addresses the router alert option. */
static void emit_head(struct wr *w, uint32_t src, uint32_t dst, uint16_t sum)
{
	enum { HEAD_WORDS = 6, TTL = 1, ALERT = 0x94, ALERT_BYTES = 4 };

	wr_u8(w, 4 << 4 | HEAD_WORDS);
	wr_u8(w, 0);
	wr_be16(w, IGMP_PACKET);
	wr_be32(w, 0);                  /* no number, no fragments */
	wr_u8(w, TTL);
	wr_u8(w, IPV4_IGMP);
	wr_be16(w, sum);
	wr_be32(w, src);
	wr_be32(w, dst);
	wr_u8(w, ALERT);
	wr_u8(w, ALERT_BYTES);
	wr_be16(w, 0);
}

void igmp_emit_packet(struct wr *w, uint32_t src, uint32_t dst, const struct igmp_message *m)
{
	uint8_t head[IGMP_PACKET - IGMP_HEAD];
	struct wr unsummed = wr_over(head, sizeof head);

	emit_head(&unsummed, src, dst, 0);
	emit_head(w, src, dst, checksum_done(checksum_add(0, rd_over(head, sizeof head))));
	wr_u8(w, m->type);
	wr_u8(w, 0);
	wr_be16(w, checksum_done((uint64_t)(m->type << 8) + m->group));
	wr_be32(w, m->group);
}
