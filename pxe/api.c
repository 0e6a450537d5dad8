/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "pxe/ops.h"

/* What a call reads and writes is a copy of its block, because the program's may lie at any address. */
union block_copy {
	struct pxe_plain plain;
	struct pxe_tftp_read_file longest;
};

enum { PLAIN = sizeof(struct pxe_plain) };

/* Programs written for an older specification have no room for the fields that a newer one put behind. */
enum {
	NIC_TYPE = offsetof(struct pxe_nic_type, sub_vendor),
	CACHED   = offsetof(struct pxe_cached_info, limit),
};

static const struct pxe_call calls[] = {
	{ PXE_START_UNDI, sizeof(struct pxe_start_undi), PXE_UNDI_STOPPED, false, pxe_start_undi },
	{ PXE_UNDI_STARTUP, PLAIN, PXE_UNDI_LOADED, false, pxe_undi_startup },
	{ PXE_UNDI_CLEANUP, PLAIN, PXE_UNDI_LOADED, false, pxe_undi_cleanup },
	{ PXE_UNDI_INITIALIZE, sizeof(struct pxe_initialize), PXE_UNDI_STARTED, false, pxe_undi_initialize },
	{ PXE_UNDI_RESET, sizeof(struct pxe_set_groups), PXE_UNDI_INITIALIZED, false, pxe_undi_reset },
	{ PXE_UNDI_SHUTDOWN, PLAIN, PXE_UNDI_LOADED, false, pxe_undi_shutdown },
	{ PXE_UNDI_OPEN, sizeof(struct pxe_open), PXE_UNDI_INITIALIZED, false, pxe_undi_open },
	{ PXE_UNDI_CLOSE, PLAIN, PXE_UNDI_OPENED, false, pxe_undi_close },
	{ PXE_UNDI_TRANSMIT, sizeof(struct pxe_transmit), PXE_UNDI_OPENED, false, pxe_undi_transmit },
	{ PXE_UNDI_SET_GROUPS, sizeof(struct pxe_set_groups), PXE_UNDI_OPENED, false, pxe_undi_set_groups },
	{ PXE_UNDI_SET_STATION, sizeof(struct pxe_station), PXE_UNDI_STARTED, false, pxe_undi_set_station },
	{ PXE_UNDI_SET_FILTER, sizeof(struct pxe_set_filter), PXE_UNDI_INITIALIZED, false, pxe_undi_set_filter },
	{ PXE_UNDI_GET_INFO, sizeof(struct pxe_info), PXE_UNDI_LOADED, false, pxe_undi_get_info },
	{ PXE_UNDI_GET_STATISTICS, sizeof(struct pxe_statistics), PXE_UNDI_LOADED, false, pxe_undi_get_statistics },
	{ PXE_UNDI_CLEAR_STATISTICS, PLAIN, PXE_UNDI_LOADED, false, pxe_undi_clear_statistics },
	{ PXE_UNDI_DIAGNOSE, PLAIN, PXE_UNDI_STOPPED, false, NULL },
	{ PXE_UNDI_FORCE_INTERRUPT, PLAIN, PXE_UNDI_STOPPED, false, NULL },
	{ PXE_UNDI_GET_GROUP, sizeof(struct pxe_group), PXE_UNDI_LOADED, false, pxe_undi_get_group },
	{ PXE_UNDI_GET_NIC_TYPE, NIC_TYPE, PXE_UNDI_LOADED, false, pxe_undi_get_nic_type },
	{ PXE_UNDI_GET_IFACE, sizeof(struct pxe_iface), PXE_UNDI_LOADED, false, pxe_undi_get_iface },
	{ PXE_UNDI_ISR, sizeof(struct pxe_isr), PXE_UNDI_STOPPED, false, pxe_undi_isr },
	{ PXE_STOP_UNDI, PLAIN, PXE_UNDI_LOADED, false, pxe_stop_undi },
	{ PXE_TFTP_OPEN, sizeof(struct pxe_tftp_open), PXE_UNDI_LOADED, true, pxe_tftp_open },
	{ PXE_TFTP_CLOSE, PLAIN, PXE_UNDI_LOADED, true, pxe_tftp_close },
	{ PXE_TFTP_READ, sizeof(struct pxe_tftp_read), PXE_UNDI_LOADED, true, pxe_tftp_read },
	{ PXE_TFTP_READ_FILE, sizeof(struct pxe_tftp_read_file), PXE_UNDI_LOADED, true, pxe_tftp_read_file },
	{ PXE_TFTP_READ_FILE_PMODE, PLAIN, PXE_UNDI_STOPPED, false, NULL },
	{ PXE_TFTP_GET_FILE_SIZE, sizeof(struct pxe_tftp_file_size), PXE_UNDI_LOADED, true, pxe_tftp_file_size },
	{ PXE_UDP_OPEN, sizeof(struct pxe_udp_open), PXE_UNDI_LOADED, true, pxe_udp_open },
	{ PXE_UDP_CLOSE, PLAIN, PXE_UNDI_LOADED, true, pxe_udp_close },
	{ PXE_UDP_READ, sizeof(struct pxe_udp_read), PXE_UNDI_LOADED, true, pxe_udp_read },
	{ PXE_UDP_WRITE, sizeof(struct pxe_udp_write), PXE_UNDI_LOADED, true, pxe_udp_write },
	{ PXE_UNLOAD_STACK, sizeof(struct pxe_unload), PXE_UNDI_STOPPED, false, pxe_unload_stack },
	{ PXE_GET_CACHED_INFO, CACHED, PXE_UNDI_STOPPED, true, pxe_get_cached_info },
	{ PXE_RESTART_DHCP, PLAIN, PXE_UNDI_STOPPED, false, NULL },
	{ PXE_RESTART_TFTP, sizeof(struct pxe_tftp_read_file), PXE_UNDI_LOADED, true, pxe_restart_tftp },
	{ PXE_MODE_SWITCH, PLAIN, PXE_UNDI_STOPPED, false, NULL },
	{ PXE_START_BASE, PLAIN, PXE_UNDI_LOADED, false, pxe_start_base },
	{ PXE_STOP_BASE, PLAIN, PXE_UNDI_STOPPED, false, pxe_stop_base },
};

/* The last router that is tried. Two default routes do no harm: the first one counts. */
static void add_relay(struct net_address *a, uint32_t relay)
{
	if (relay && a->route_count < NET_ROUTES_MAX)
		a->routes[a->route_count++] = (struct route){ .via = relay };
}

void pxe_api_init(struct pxe_api *a, const struct pxe_setup *s)
{
	memset(a, 0, sizeof *a);                /* a literal of its size would not fit a BIOS stack */
	a->undi     = PXE_UNDI_OPENED;
	a->base     = PXE_BASE_STARTED;
	a->is_up    = true;
	a->host     = s->host;
	a->nic      = s->nic;
	a->facts    = s->facts;
	a->frame    = s->frame;
	a->frame_at = s->frame_at;
	a->filter   = PXE_FILTER_DIRECTED | PXE_FILTER_BROADCAST;
	a->address  = s->address;
	add_relay(&a->address, s->relay);
	pxe_cached_init(&a->cached, s->packets, s->packets_at);
	net_init(&a->net, s->nic, NULL);
	net_set_vlan(&a->net, s->vlan);
	net_configure(&a->net, &a->address);
	a->tftp.seed = s->seed;
}

const struct pxe_call *pxe_api_table(unsigned n)
{
	return n < COUNT_OF(calls) ? &calls[n] : NULL;
}

static const struct pxe_call *find(uint16_t opcode)
{
	static const struct pxe_call unknown = { .bytes = PLAIN };

	for (unsigned i = 0; i < COUNT_OF(calls); i++)
		if (calls[i].opcode == opcode)
			return &calls[i];
	return &unknown;
}

/* What its interrupt's handler must know is answered also in the middle of another call; it changes nothing else. */
static uint16_t answer_nested(struct pxe_api *a, const struct guest_ram *ram, const struct pxe_call *call, void *block)
{
	struct pxe_isr *isr = block;

	if (call->opcode != PXE_UNDI_ISR || !call->answer)
		return PXE_STATUS_FAILURE;
	if (isr->function != PXE_ISR_PROCESS && isr->function != PXE_ISR_GET_NEXT)
		return call->answer(a, ram, block);
	*isr = (struct pxe_isr){ .function = PXE_ISR_BUSY };
	return PXE_STATUS_SUCCESS;
}

static uint16_t answer(struct pxe_api *a, const struct guest_ram *ram, const struct pxe_call *call, void *block)
{
	if (!call->answer || (call->is_base && a->base != PXE_BASE_STARTED))
		return PXE_STATUS_UNSUPPORTED;
	if (a->undi < call->least)
		return PXE_STATUS_INVALID_STATE;
	return call->answer(a, ram, block);
}

uint16_t pxe_api_call(struct pxe_api *a, const struct guest_ram *ram, uint16_t opcode, uint32_t block)
{
	const struct pxe_call *call = find(opcode);
	uint8_t *at = guest_flat(ram, block, call->bytes);
	union block_copy copy;
	uint16_t status;

	a->restarted = a->restarted && a->is_busy;
	if (!at)
		return PXE_EXIT_FAILURE;        /* there is no Status to write to */
	memcpy(&copy, at, call->bytes);
	if (a->is_busy) {
		status = answer_nested(a, ram, call, &copy);
	} else {
		a->is_busy = true;
		status = answer(a, ram, call, &copy);
		a->is_busy = false;
	}
	copy.plain.status = status;
	if (!a->restarted)                      /* then the new program lies where the old one had its block */
		memcpy(at, &copy, call->bytes);
	return status == PXE_STATUS_SUCCESS ? PXE_EXIT_SUCCESS : PXE_EXIT_FAILURE;
}
