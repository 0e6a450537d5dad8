/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * UNDI's states, and what it tells of the card.
 *
 * A step that was taken already succeeds and changes nothing: the base code leaves the card opened, and not every
 * program closes it before it begins from the beginning. One that was left out is INVALID_STATE. A step down that was
 * taken already makes the card quiet all the same, because the base code may have brought it up since.
 */
#include "netstack/wire/ipv4.h"
#include "pxe/ops.h"

enum { HARDWARE_ETHERNET = 1, ADDRESS_BYTES = 6, MTU = 1500, BUFFERS = 1 };

void pxe_set_interrupts(struct pxe_api *a, bool on)
{
	if (a->host->interrupts)
		a->host->interrupts(a->host, on);
	a->wants_interrupts = a->is_interrupting = on && a->host->interrupts;
}

bool pxe_card_up(struct pxe_api *a)
{
	if (!a->is_up)
		a->is_up = !a->host->card || a->host->card(a->host, true);
	return a->is_up;
}

void pxe_card_down(struct pxe_api *a)
{
	if (a->is_up && a->host->card)
		a->host->card(a->host, false);
	a->is_up = false;
}

void pxe_undi_down(struct pxe_api *a, enum pxe_undi to)
{
	pxe_set_interrupts(a, false);
	a->sent_untold = 0;
	if (to < PXE_UNDI_INITIALIZED && a->is_up) {
		pxe_base_close(a);
		pxe_card_down(a);
	}
	if (a->undi > to)
		a->undi = to;
}

/* The card has one list; what it hears besides is not for the program, undi_frames.c sees to that. */
static uint16_t tell_groups(struct pxe_api *a, const struct pxe_groups *groups)
{
	uint8_t macs[NIC_GROUPS_MAX][6];

	_Static_assert((int)PXE_GROUPS_MAX <= (int)NIC_GROUPS_MAX, "a card takes as many groups as a block has");
	if (groups->count > PXE_GROUPS_MAX)
		return PXE_STATUS_INVALID_PARAMETER;
	a->groups = *groups;
	for (unsigned i = 0; i < groups->count; i++)
		memcpy(macs[i], groups->macs[i], sizeof macs[i]);
	/* A card that cannot be told hears them all, or none: programs go on without in either case. */
	if (a->nic->groups)
		a->nic->groups(a->nic, macs, groups->count);
	return PXE_STATUS_SUCCESS;
}

void pxe_undi_leave_opened(struct pxe_api *a)
{
	const struct pxe_groups none = { 0 };

	pxe_set_interrupts(a, false);
	tell_groups(a, &none);
	a->sent_untold = 0;
	a->filter = PXE_FILTER_DIRECTED | PXE_FILTER_BROADCAST;
	a->undi   = PXE_UNDI_OPENED;
}

PXE_OP(pxe_undi_startup)
{
	if (a->undi < PXE_UNDI_STARTED)
		a->undi = PXE_UNDI_STARTED;
	return PXE_STATUS_SUCCESS;
}

PXE_OP(pxe_undi_cleanup)
{
	pxe_undi_down(a, PXE_UNDI_LOADED);
	return PXE_STATUS_SUCCESS;
}

PXE_OP(pxe_undi_initialize)
{
	if (a->undi >= PXE_UNDI_INITIALIZED)
		return PXE_STATUS_SUCCESS;
	if (!pxe_card_up(a))
		return PXE_STATUS_CANNOT_INITIALIZE;
	if (a->nic->link(a->nic) == NIC_LINK_DOWN)
		return PXE_STATUS_MEDIA_TEST;
	a->undi = PXE_UNDI_INITIALIZED;
	return PXE_STATUS_SUCCESS;
}

/* The card keeps its state, without anything that was under way. */
PXE_OP(pxe_undi_reset)
{
	const struct pxe_set_groups *b = block;
	struct rd frame;

	a->sent_untold = 0;
	for (unsigned i = 0; i < NET_FRAMES_PER_POLL && a->nic->poll(a->nic, &frame); i++)
		;
	return tell_groups(a, &b->groups);
}

PXE_OP(pxe_undi_shutdown)
{
	pxe_undi_down(a, PXE_UNDI_STARTED);
	return PXE_STATUS_SUCCESS;
}

/* Whoever asks to hear nothing means the usual: others' ROMs do not heed what OPEN asks for. */
PXE_OP(pxe_undi_open)
{
	const struct pxe_open *b = block;
	uint16_t status = tell_groups(a, &b->groups);

	if (status != PXE_STATUS_SUCCESS)
		return status;
	a->filter = b->filter ? b->filter : PXE_FILTER_DIRECTED | PXE_FILTER_BROADCAST;
	a->undi = PXE_UNDI_OPENED;
	pxe_set_interrupts(a, true);
	return PXE_STATUS_SUCCESS;
}

PXE_OP(pxe_undi_close)
{
	pxe_undi_down(a, PXE_UNDI_INITIALIZED);
	return PXE_STATUS_SUCCESS;
}

PXE_OP(pxe_undi_set_groups)
{
	const struct pxe_set_groups *b = block;

	return tell_groups(a, &b->groups);
}

/* A struct nic has the address that it was made with. */
PXE_OP(pxe_undi_set_station)
{
	const struct pxe_station *b = block;

	if (a->undi == PXE_UNDI_OPENED)
		return PXE_STATUS_INVALID_STATE;
	return memcmp(b->mac, a->nic->mac, sizeof a->nic->mac) == 0 ? PXE_STATUS_SUCCESS : PXE_STATUS_UNSUPPORTED;
}

PXE_OP(pxe_undi_set_filter)
{
	const struct pxe_set_filter *b = block;

	a->filter = b->filter;
	return PXE_STATUS_SUCCESS;
}

PXE_OP(pxe_undi_get_info)
{
	struct pxe_info *b = block;

	*b = (struct pxe_info){
		.base_io = a->facts.base_io, .irq = a->host->interrupts ? a->facts.irq : 0, .mtu = MTU,
		.hardware_type = HARDWARE_ETHERNET, .address_bytes = ADDRESS_BYTES, .rom_seg = a->facts.rom_seg,
		.rx_buffers = BUFFERS, .tx_buffers = BUFFERS,
	};
	memcpy(b->mac, a->nic->mac, ADDRESS_BYTES);
	memcpy(b->permanent_mac, a->nic->mac, ADDRESS_BYTES);
	return PXE_STATUS_SUCCESS;
}

PXE_OP(pxe_undi_get_statistics)
{
	struct pxe_statistics *b = block;

	*b = (struct pxe_statistics){ .sent = a->counted.sent, .received = a->counted.received };
	return PXE_STATUS_SUCCESS;
}

PXE_OP(pxe_undi_clear_statistics)
{
	a->counted = (struct pxe_counted){ 0 };
	return PXE_STATUS_SUCCESS;
}

PXE_OP(pxe_undi_get_group)
{
	struct pxe_group *b = block;
	uint8_t mac[6];

	if (!ipv4_group_mac(pxe_ip(b->ip), mac))
		return PXE_STATUS_INVALID_PARAMETER;
	memset(b->mac, 0, sizeof b->mac);
	memcpy(b->mac, mac, sizeof mac);
	return PXE_STATUS_SUCCESS;
}

/* Up to bus_dev_fn: the block is no longer where a program was written for an older specification. */
PXE_OP(pxe_undi_get_nic_type)
{
	const struct pxe_facts *f = &a->facts;
	struct pxe_nic_type type = {
		.bus_type = PXE_NIC_PCI, .vendor = f->vendor, .device = f->device, .class_base = f->class_base,
		.class_sub = f->class_sub, .class_interface = f->class_interface, .revision = f->revision,
		.bus_dev_fn = f->pci_address,
	};

	memcpy(block, &type, offsetof(struct pxe_nic_type, sub_vendor));
	return PXE_STATUS_SUCCESS;
}

PXE_OP(pxe_undi_get_iface)
{
	struct pxe_iface *b = block;

	*b = (struct pxe_iface){
		.type = "DIX+802.3", .speed = a->facts.bits_per_second,
		.services = PXE_SERVES_BROADCAST | PXE_SERVES_GROUPS | PXE_SERVES_RESET | PXE_SERVES_OPEN
		          | (a->host->interrupts ? PXE_SERVES_INTERRUPT : 0),
	};
	return PXE_STATUS_SUCCESS;
}
