/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/dhcp.h"
#include "pxe/ops.h"

enum { OPTIONS_AT = 240 };      /* behind BOOTP's fields and the cookie */

/* The n-th room's. Its offset may be any: three rooms behind it would wrap. */
static struct pxe_far room_at(const struct pxe_cached *c, unsigned n)
{
	const uint32_t at = c->at.seg * 16u + c->at.off + n * PXE_CACHED_BYTES;

	return (struct pxe_far){ .off = (uint16_t)(at & 15), .seg = (uint16_t)(at >> 4) };
}

void pxe_cached_init(struct pxe_cached *c, uint8_t (*rooms)[PXE_CACHED_BYTES], struct pxe_far at)
{
	*c = (struct pxe_cached){ .rooms = rooms, .at = at };
	memset(rooms, 0, PXE_CACHED_COUNT * sizeof rooms[0]);
}

/* Where the last option ends that fits with an end behind it. */
static size_t whole_options(struct rd packet)
{
	const size_t size = rd_left(&packet);
	size_t end = OPTIONS_AT;

	rd_skip(&packet, OPTIONS_AT);
	while (rd_left(&packet)) {
		uint8_t code = rd_u8(&packet);

		if (code == OPT_END)
			break;
		if (code != OPT_PAD)
			rd_skip(&packet, rd_u8(&packet));
		if (!rd_ok(&packet) || size - rd_left(&packet) >= PXE_CACHED_BYTES)
			break;
		end = size - rd_left(&packet);
	}
	return end;
}

void pxe_cached_set(struct pxe_cached *c, unsigned packet, struct rd bytes)
{
	struct rd whole = bytes;
	unsigned n = packet - PXE_CACHED_DISCOVER;
	size_t len = rd_left(&bytes);

	if (n >= PXE_CACHED_COUNT)
		return;
	memset(c->rooms[n], 0, sizeof c->rooms[n]);
	if (len > PXE_CACHED_BYTES) {
		len = whole_options(whole);
		c->rooms[n][len] = OPT_END;
	}
	rd_bytes(&bytes, c->rooms[n], len);
	c->there[n] = len != 0;
}

PXE_OP(pxe_get_cached_info)
{
	struct pxe_cached_info *b = block;
	struct pxe_cached *c = &a->cached;
	unsigned n = b->packet - (unsigned)PXE_CACHED_DISCOVER, ack = PXE_CACHED_ACK - PXE_CACHED_DISCOVER;
	uint8_t *to;

	if (n >= PXE_CACHED_COUNT)
		return PXE_STATUS_UNSUPPORTED;
	/* WinPE boots from 0.0.0.0 without it. A copy, because some write into it. */
	if (!c->there[n] && b->packet == PXE_CACHED_REPLY && c->there[ack])
		pxe_cached_set(c, PXE_CACHED_REPLY, rd_over(c->rooms[ack], PXE_CACHED_BYTES));
	if (!c->there[n])
		return PXE_STATUS_FAILURE;
	if (b->bytes == 0) {
		b->buffer = room_at(c, n);
		b->bytes  = PXE_CACHED_BYTES;
		return PXE_STATUS_SUCCESS;
	}
	b->bytes = (uint16_t)min_size(b->bytes, PXE_CACHED_BYTES);
	to = guest_at(ram, b->buffer.seg, b->buffer.off, b->bytes);
	if (!to)
		return PXE_STATUS_INVALID_PARAMETER;
	memcpy(to, c->rooms[n], b->bytes);
	return PXE_STATUS_SUCCESS;
}
