/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Frames out of the program's memory, and frames for it. */
#include "netstack/wire/eth.h"
#include "pxe/ops.h"

enum { ETH_RARP = 0x8035, TBD_BLOCKS_MAX = 8, TBD_HEAD = offsetof(struct pxe_tbd, blocks) };

/* ---- sending ---- */

/* So many bytes of the program's memory behind what is there. False: they are not his, or too many. */
static bool append(struct wr *w, const struct guest_ram *ram, struct pxe_far at, uint16_t bytes)
{
	const uint8_t *from = pxe_buffer(ram, at, bytes);

	if (!from)
		return false;
	wr_bytes(w, from, bytes);
	return wr_ok(w);
}

/*
 * The descriptor; only the blocks that it says it has are surely there. Nothing of it is read twice: it is the
 * program's memory, and what interrupts us may write to it.
 */
static bool read_descriptor(const struct guest_ram *ram, struct pxe_far at, struct pxe_tbd *tbd)
{
	const uint8_t *from = guest_at(ram, at.seg, at.off, TBD_HEAD);
	size_t bytes;

	if (!from)
		return false;
	*tbd = (struct pxe_tbd){ 0 };
	memcpy(tbd, from, TBD_HEAD);
	if (tbd->block_count > TBD_BLOCKS_MAX)
		return false;
	bytes = tbd->block_count * sizeof tbd->blocks[0];
	if (!guest_at(ram, at.seg, at.off, TBD_HEAD + bytes))
		return false;
	memcpy(tbd->blocks, from + TBD_HEAD, bytes);
	return true;
}

/* The header the program leaves to us. False: his block makes no sense. */
static bool emit_head(const struct pxe_api *a, const struct guest_ram *ram, const struct pxe_transmit *b, struct wr *w)
{
	static const uint16_t types[] = {
		[PXE_PROTOCOL_IP] = ETH_IPV4, [PXE_PROTOCOL_ARP] = ETH_ARP, [PXE_PROTOCOL_RARP] = ETH_RARP,
	};
	struct eth_head head;
	const uint8_t *to = eth_broadcast;

	if (b->protocol == PXE_PROTOCOL_UNKNOWN)
		return true;
	if (b->protocol >= COUNT_OF(types))
		return false;
	if (b->to == PXE_TO_ADDRESS)
		to = guest_at(ram, b->address.seg, b->address.off, sizeof head.dst);
	if (!to)
		return false;
	memcpy(head.dst, to, sizeof head.dst);
	memcpy(head.src, a->nic->mac, sizeof head.src);
	head.type = types[b->protocol];
	eth_emit(w, &head);
	return true;
}

PXE_OP(pxe_undi_transmit)
{
	const struct pxe_transmit *b = block;
	struct wr w = wr_over(a->sending, sizeof a->sending);
	struct pxe_tbd tbd;
	bool good = read_descriptor(ram, b->descriptor, &tbd) && emit_head(a, ram, b, &w)
	         && append(&w, ram, tbd.immediate, tbd.immediate_bytes);

	for (unsigned i = 0; good && i < tbd.block_count; i++)
		good = append(&w, ram, tbd.blocks[i].at, tbd.blocks[i].bytes);
	if (!good || wr_used(&w, a->sending) < FRAME_HEAD)
		return PXE_STATUS_INVALID_PARAMETER;
	if (!a->nic->send(a->nic, a->sending, wr_used(&w, a->sending)))
		return PXE_STATUS_OUT_OF_RESOURCES;     /* busy: programs try again */
	a->sent_untold++;
	a->counted.sent++;
	return PXE_STATUS_SUCCESS;
}

/* ---- receiving ---- */

static uint8_t packet_type(const uint8_t dst[6])
{
	if (!(dst[0] & 1))
		return PXE_PACKET_DIRECTED;
	return memcmp(dst, eth_broadcast, sizeof eth_broadcast) == 0 ? PXE_PACKET_BROADCAST : PXE_PACKET_GROUP;
}

static bool is_in_group(const struct pxe_api *a, const uint8_t dst[6])
{
	for (unsigned i = 0; i < a->groups.count; i++)
		if (memcmp(a->groups.macs[i], dst, 6) == 0)
			return true;
	return false;
}

/* Whether the program wants to hear it. */
static bool is_wanted(const struct pxe_api *a, const uint8_t dst[6])
{
	if (a->filter & PXE_FILTER_PROMISCUOUS)
		return true;
	switch (packet_type(dst)) {
	case PXE_PACKET_DIRECTED:
		return a->filter & PXE_FILTER_DIRECTED && memcmp(dst, a->nic->mac, sizeof a->nic->mac) == 0;
	case PXE_PACKET_BROADCAST:
		return a->filter & PXE_FILTER_BROADCAST;
	default:
		return is_in_group(a, dst);
	}
}

static uint8_t protocol_of(uint16_t type)
{
	switch (type) {
	case ETH_IPV4: return PXE_PROTOCOL_IP;
	case ETH_ARP:  return PXE_PROTOCOL_ARP;
	case ETH_RARP: return PXE_PROTOCOL_RARP;
	default:       return PXE_PROTOCOL_OTHER;
	}
}

/* In one piece: the room holds any frame, and what is longer than any is cut. */
static void give(struct pxe_api *a, struct rd frame, const struct eth_head *head, struct pxe_isr *b)
{
	size_t bytes = min_size(rd_left(&frame), FRAME_MAX);

	rd_bytes(&frame, a->frame, bytes);
	b->function     = PXE_ISR_RECEIVE;
	b->buffer_bytes = b->frame_bytes = (uint16_t)bytes;
	b->header_bytes = FRAME_HEAD;
	b->frame        = a->frame_at;
	b->protocol     = head->is_tagged ? PXE_PROTOCOL_OTHER : protocol_of(head->type);
	b->packet_type  = packet_type(head->dst);
	a->counted.received++;
}

/* The card is looked at in every call: some programs never say START, and some say PROCESS only. */
static void next_event(struct pxe_api *a, struct pxe_isr *b)
{
	struct rd frame, rest;
	struct eth_head head;

	b->function = PXE_ISR_TRANSMIT;
	if (a->sent_untold) {
		a->sent_untold--;
		return;
	}
	for (unsigned i = 0; i < NET_FRAMES_PER_POLL && a->nic->poll(a->nic, &frame); i++) {
		rest = frame;
		if (!eth_parse(&rest, &head) || !is_wanted(a, head.dst))
			continue;
		give(a, frame, &head, b);
		return;
	}
	b->function = PXE_ISR_DONE;
	if (a->wants_interrupts && !a->is_interrupting) {
		a->host->interrupts(a->host, true);
		a->is_interrupting = true;
	}
}

/*
 * On a shared line the other card would starve if we said that what is his was ours. A card without interrupts is on no
 * line: who asks then is a program that polls, and calls PROCESS only when it is told OURS (syslinux, undionly.kpxe).
 */
static bool is_ours(const struct pxe_api *a)
{
	return a->host->interrupts ? a->is_interrupting : a->undi == PXE_UNDI_OPENED;
}

PXE_OP(pxe_undi_isr)
{
	struct pxe_isr *b = block;
	uint16_t function = b->function;

	*b = (struct pxe_isr){ .function = function };
	switch (function) {
	case PXE_ISR_START:
		b->function = is_ours(a) ? PXE_ISR_OURS : PXE_ISR_NOT_OURS;
		if (a->is_interrupting)
			a->host->interrupts(a->host, false);
		a->is_interrupting = false;
		return PXE_STATUS_SUCCESS;
	case PXE_ISR_PROCESS:
	case PXE_ISR_GET_NEXT:
		if (a->undi != PXE_UNDI_OPENED)
			return PXE_STATUS_INVALID_STATE;
		next_event(a, b);
		return PXE_STATUS_SUCCESS;
	default:
		return PXE_STATUS_INVALID_PARAMETER;
	}
}
