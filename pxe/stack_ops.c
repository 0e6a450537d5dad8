/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The stack as a whole: what starts it, and in which order it goes. */
#include "pxe/ops.h"

static bool is_chained(const struct pxe_api *a)
{
	return a->host->is_chained && a->host->is_chained(a->host);
}

void pxe_base_close(struct pxe_api *a)
{
	pxe_udp_end(a);
	pxe_tftp_end(a);
}

/* The base code ends, and with it the card that it had brought up for itself. */
static void end_base(struct pxe_api *a)
{
	pxe_base_close(a);
	if (a->undi < PXE_UNDI_INITIALIZED)
		pxe_card_down(a);
}

/* From a loader; AX is the card on the bus, and there is one that we know. It changes nothing once we run. */
PXE_OP(pxe_start_undi)
{
	const struct pxe_start_undi *b = block;

	if (b->ax != a->facts.pci_address)
		return PXE_STATUS_CANNOT_INITIALIZE;
	if (a->undi == PXE_UNDI_STOPPED)
		a->undi = PXE_UNDI_LOADED;
	return PXE_STATUS_SUCCESS;
}

/* The card is quiet in any case: whoever calls this is about to give the machine to a system with its own driver. */
PXE_OP(pxe_stop_undi)
{
	pxe_undi_down(a, PXE_UNDI_LOADED);
	if (is_chained(a))
		return PXE_STATUS_KEEP_UNDI;
	a->undi = PXE_UNDI_STOPPED;
	return PXE_STATUS_SUCCESS;
}

PXE_OP(pxe_unload_stack)
{
	end_base(a);
	if (is_chained(a))
		return PXE_STATUS_KEEP_ALL;
	a->base = PXE_BASE_GONE;
	return PXE_STATUS_SUCCESS;
}

PXE_OP(pxe_start_base)
{
	if (a->base == PXE_BASE_GONE)
		return PXE_STATUS_UNSUPPORTED;
	a->base = PXE_BASE_STARTED;
	return PXE_STATUS_SUCCESS;
}

PXE_OP(pxe_stop_base)
{
	end_base(a);
	if (a->base == PXE_BASE_STARTED)
		a->base = PXE_BASE_STOPPED;
	return PXE_STATUS_SUCCESS;
}
