/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef PXE_OPS_H
#define PXE_OPS_H
/*
 * What pxe/api.c's table calls: one function an opcode, each given a copy of its parameter block, returning the
 * status. Private to pxe/. A buffer that the block points to is asked of the window, and PXE_STATUS_INVALID_PARAMETER
 * is the answer if it does not lie in it; programs leave a pointer to nothing unset.
 */
#include "pxe/api.h"

#define PXE_UNUSED __attribute__((unused))
#define PXE_OP(name) \
	uint16_t name(struct pxe_api *a PXE_UNUSED, const struct guest_ram *ram PXE_UNUSED, void *block PXE_UNUSED)

/* pxe/stack_ops.c: starting and stopping all of it */
PXE_OP(pxe_start_undi);
PXE_OP(pxe_stop_undi);
PXE_OP(pxe_unload_stack);
PXE_OP(pxe_start_base);
PXE_OP(pxe_stop_base);

/* pxe/undi_ops.c: the states of UNDI, and what it tells */
PXE_OP(pxe_undi_startup);
PXE_OP(pxe_undi_cleanup);
PXE_OP(pxe_undi_initialize);
PXE_OP(pxe_undi_reset);
PXE_OP(pxe_undi_shutdown);
PXE_OP(pxe_undi_open);
PXE_OP(pxe_undi_close);
PXE_OP(pxe_undi_set_groups);
PXE_OP(pxe_undi_set_station);
PXE_OP(pxe_undi_set_filter);
PXE_OP(pxe_undi_get_info);
PXE_OP(pxe_undi_get_statistics);
PXE_OP(pxe_undi_clear_statistics);
PXE_OP(pxe_undi_get_group);
PXE_OP(pxe_undi_get_nic_type);
PXE_OP(pxe_undi_get_iface);

/* pxe/undi_frames.c: frames */
PXE_OP(pxe_undi_transmit);
PXE_OP(pxe_undi_isr);

/* pxe/cached.c */
PXE_OP(pxe_get_cached_info);

/* pxe/udp_ops.c */
PXE_OP(pxe_udp_open);
PXE_OP(pxe_udp_close);
PXE_OP(pxe_udp_read);
PXE_OP(pxe_udp_write);

/* pxe/tftp_ops.c */
PXE_OP(pxe_tftp_open);
PXE_OP(pxe_tftp_close);
PXE_OP(pxe_tftp_read);
PXE_OP(pxe_tftp_read_file);
PXE_OP(pxe_tftp_file_size);
PXE_OP(pxe_restart_tftp);

/* UNDI down to this state; below INITIALIZED the card is quiet, and the base code's connections are over. */
void pxe_undi_down(struct pxe_api *a, enum pxe_undi to);
/* Whether the card may interrupt the program, as far as the host has interrupts. */
void pxe_set_interrupts(struct pxe_api *a, bool on);
/* UNDI as the base code leaves it to a program: opened, without interrupts, hearing the usual. */
void pxe_undi_leave_opened(struct pxe_api *a);
/* The card for whoever needs it, whatever UNDI's state; false: it cannot be had. Down: it is quiet. */
bool pxe_card_up(struct pxe_api *a);
void pxe_card_down(struct pxe_api *a);
/* Connections of the base code are over. */
void pxe_base_close(struct pxe_api *a);

/* pxe/base.c: what UDP and TFTP share. First of all: PXE_STATUS_SUCCESS, or why nothing can be sent. */
uint16_t pxe_base_begin(struct pxe_api *a, uint32_t gateway);
/* What the card has, to the connection that is open. */
void pxe_base_poll(struct pxe_api *a);
/* What stands in net_payload(), with ARP's answer waited for. Or why not: nobody answers, the card takes nothing. */
enum pxe_sent { PXE_SENT, PXE_NO_ARP, PXE_CARD_BUSY };
enum pxe_sent pxe_base_send(struct pxe_api *a, const struct flow *flow, size_t bytes);

/* What a block points to; NULL: it is not the program's. Of no bytes nothing is touched, wherever the pointer shows. */
static inline uint8_t *pxe_buffer(const struct guest_ram *ram, struct pxe_far at, size_t bytes)
{
	return bytes ? guest_at(ram, at.seg, at.off, bytes) : ram->base;
}

/* Addresses and ports of a block stand in the network's order. */
static inline uint32_t pxe_ip(const uint8_t at[4])
{
	struct rd r = rd_over(at, 4);

	return rd_be32(&r);
}

static inline uint16_t pxe_port(const uint8_t at[2])
{
	struct rd r = rd_over(at, 2);

	return rd_be16(&r);
}

static inline void pxe_put_ip(uint8_t at[4], uint32_t ip)
{
	struct wr w = wr_over(at, 4);

	wr_be32(&w, ip);
}

static inline void pxe_put_port(uint8_t at[2], uint16_t port)
{
	struct wr w = wr_over(at, 2);

	wr_be16(&w, port);
}
#endif
