/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/eth.h"

const uint8_t eth_broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

bool eth_parse(struct rd *frame, struct eth_head *h)
{
	rd_bytes(frame, h->dst, sizeof h->dst);
	rd_bytes(frame, h->src, sizeof h->src);
	h->type = rd_be16(frame);
	h->vlan = 0;
	h->is_tagged = h->type == ETH_VLAN;
	if (h->is_tagged) {
		h->vlan = rd_be16(frame) & 0xfff;
		h->type = rd_be16(frame);
	}
	return rd_ok(frame);
}

void eth_emit(struct wr *w, const struct eth_head *h)
{
	wr_bytes(w, h->dst, sizeof h->dst);
	wr_bytes(w, h->src, sizeof h->src);
	wr_be16(w, h->type);
}

void eth_emit_tagged(struct wr *w, struct rd frame, uint16_t vlan)
{
	uint8_t macs[12];

	rd_bytes(&frame, macs, sizeof macs);
	wr_bytes(w, macs, sizeof macs);
	wr_be16(w, ETH_VLAN);
	wr_be16(w, vlan);
	wr_rest(w, frame);
}
