/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/icmp.h"
#include "netstack/wire/checksum.h"

enum icmp_verdict icmp_parse(struct rd packet, struct icmp_message *m)
{
	struct rd whole = packet;

	m->type = rd_u8(&packet);
	m->code = rd_u8(&packet);
	rd_skip(&packet, 2);
	m->rest = rd_be32(&packet);
	m->body = packet;
	if (!rd_ok(&packet))
		return ICMP_MALFORMED;
	return checksum_done(checksum_add(0, whole)) == 0 ? ICMP_FINE : ICMP_BAD_CHECKSUM;
}

void icmp_emit(struct wr *w, const struct icmp_message *m)
{
	uint64_t sum = ((uint64_t)m->type << 8) + m->code + m->rest;

	wr_u8(w, m->type);
	wr_u8(w, m->code);
	wr_be16(w, checksum_done(checksum_add(sum, m->body)));
	wr_be32(w, m->rest);
	wr_rest(w, m->body);
}
