/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "sim/card.h"
#include <stdlib.h>
#include "netstack/net.h"
#include "netstack/wire/eth.h"
#include "netstack/wire/stream.h"

static void take_back(struct card *c)
{
	free(c->lent);
	c->lent = NULL;
}

static bool card_send(struct nic *nic, const void *frame, size_t len)
{
	struct card *c = (struct card *)nic;
	const uint8_t *bytes = frame;
	uint8_t padded[FRAME_MIN] = { 0 };

	take_back(c);
	if (len < FRAME_MIN) {
		memcpy(padded, frame, len);
		frame = padded;
		len   = FRAME_MIN;
	}
	for (unsigned to = 0; to < HOST_NODES; to++)
		if (to != c->node && ((bytes[0] & 1) || bytes[5] == to))
			air_send(c->air, *c->now, c->node, to, 0, frame, len);
	return true;
}

static bool card_poll(struct nic *nic, struct rd *frame)
{
	struct card *c = (struct card *)nic;

	take_back(c);
	if (!c->count)
		return false;
	c->lent  = c->waiting[c->first];
	c->first = (c->first + 1) % CARD_FRAMES_MAX;
	c->count--;
	*frame = rd_over(c->lent->bytes, c->lent->len);
	return true;
}

static enum nic_link card_link(struct nic *nic)
{
	(void)nic;
	return NIC_LINK_UP;
}

/* It hears every group as it is. */
static bool card_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	take_back((struct card *)nic);
	(void)macs;
	return count <= NIC_GROUPS_MAX;
}

void card_init(struct card *c, struct air *air, const usec *now, unsigned node, unsigned frames_max)
{
	*c = (struct card){
		.nic = { .send = card_send, .poll = card_poll, .link = card_link, .groups = card_groups,
		         .mac = { 0x52, 0x54, 0, 0, 0, 0 },
		         .mtu = 1500, .rx_frames_max = (uint16_t)frames_max,
		         .rx_window_max = (uint16_t)frames_max, .driver = "simulated" },
		.air = air, .now = now, .node = node,
	};
	c->nic.mac[5] = (uint8_t)node;
}

void card_close(struct card *c)
{
	struct rd frame;

	while (card_poll(&c->nic, &frame))
		;
}

bool frame_is_data(const uint8_t *frame, size_t len)
{
	if (len > ETH_HEAD && frame[12] == ETH_VLAN >> 8 && frame[13] == (ETH_VLAN & 0xff)) {
		frame += ETH_TAG;
		len   -= ETH_TAG;
	}
	return len > UDP_PAYLOAD_AT + STREAM_DATA_HEAD_BYTES && frame[UDP_PAYLOAD_AT] == STREAM_VERSION
	    && frame[UDP_PAYLOAD_AT + 1] == STREAM_RDATA && frame[34] == STREAM_PORT >> 8
	    && frame[35] == (STREAM_PORT & 0xff);
}

void card_receive(struct card *c, struct air_packet *p)
{
	if (c->count < c->nic.rx_frames_max && c->count < CARD_FRAMES_MAX) {
		c->waiting[(c->first + c->count++) % CARD_FRAMES_MAX] = p;
		return;
	}
	c->overflows++;
	if (!p->is_damaged && !p->is_copy && frame_is_data(p->bytes, p->len))
		c->data_lost++;
	free(p);
}
