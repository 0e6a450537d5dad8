/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/eth.h"

const uint8_t eth_broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

bool eth_parse(struct rd *frame, struct eth_head *h)
{
	rd_bytes(frame, h->dst, sizeof h->dst);
	rd_bytes(frame, h->src, sizeof h->src);
	h->type = rd_be16(frame);
	if (h->type == ETH_VLAN) {
		uint16_t tag = rd_be16(frame), inner = rd_be16(frame);

		if ((tag & 0xfff) == 0)
			h->type = inner;
	}
	return rd_ok(frame);
}

void eth_emit(struct wr *w, const struct eth_head *h)
{
	wr_bytes(w, h->dst, sizeof h->dst);
	wr_bytes(w, h->src, sizeof h->src);
	wr_be16(w, h->type);
}
