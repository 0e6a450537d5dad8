/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/stp.h"

enum { ROOT_AND_COST = 8 + 4, AGES = 2 + 2, VERSION_RAPID = 2 };

static const uint8_t llc_and_protocol[] = { 0x42, 0x42, 0x03, 0, 0 };

const uint8_t stp_group[6] = { 0x01, 0x80, 0xc2, 0, 0, 0 };

/* They are in 256ths of a second. */
static uint32_t rd_time_ms(struct rd *r) { return rd_be16(r) * 1000u / 256; }

bool stp_parse(struct rd r, struct stp_bpdu *b)
{
	uint8_t kind;

	*b = (struct stp_bpdu){ 0 };
	if (!rd_is(&r, llc_and_protocol, sizeof llc_and_protocol))
		return false;
	b->version = rd_u8(&r);
	kind = rd_u8(&r);
	b->kind = (enum stp_kind)kind;
	if (kind == STP_TOPOLOGY)
		return rd_ok(&r);
	if (kind != STP_CONFIG && (kind != STP_RAPID || b->version < VERSION_RAPID))
		return false;
	b->flags = rd_u8(&r);
	rd_skip(&r, ROOT_AND_COST);
	rd_skip(&r, 2);                 /* the priority of its identifier */
	rd_bytes(&r, b->bridge, sizeof b->bridge);
	b->port = rd_be16(&r);
	rd_skip(&r, AGES);
	b->hello_ms = rd_time_ms(&r);
	b->forward_delay_ms = rd_time_ms(&r);
	return rd_ok(&r);
}
