/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/pxe_quirks.h"

enum { INTEL = 0x8086, REALTEK = 0x10ec, AMD = 0x1022 };

static const struct { uint16_t vendor, device; struct pxe_quirks quirks; } cards[] = {
	{ INTEL,   0x1209, { .frames_max = PXE_FRAMES_SHORT_RING } },   /* 82551IT, 82559ER */
	{ INTEL,   0x1229, { .frames_max = PXE_FRAMES_SHORT_RING } },   /* 82557, 82558, 82559 */
	{ INTEL,   0x2449, { .frames_max = PXE_FRAMES_SHORT_RING } },   /* 82801BA's */
	{ REALTEK, 0x8029, { .mtu_max = PXE_MTU_FIVE_PAGES } },         /* RTL8029, an NE2000 */
	{ AMD,     0x2000, { .goes_deaf = true } },                     /* PCnet */
};

const struct pxe_quirks *pxe_quirks_of(uint16_t vendor, uint16_t device)
{
	static const struct pxe_quirks none;

	for (unsigned i = 0; i < COUNT_OF(cards); i++)
		if (cards[i].vendor == vendor && cards[i].device == device)
			return &cards[i].quirks;
	return &none;
}
