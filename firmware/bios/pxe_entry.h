/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_PXE_ENTRY_H
#define FIRMWARE_BIOS_PXE_ENTRY_H
/*
 * The PXE API (pxe/api.h) of a card that a driver of ours drives, for a program that is started in our place: behind
 * the entries of pxe_entry.inc.
 *
 *     low->vars.map_told ...                           what INT 15h is to say, with all of us in it
 *     pxe_entry_start(r, &origin, vlan)                starts what stands at 0:7C00, and does not come back
 *
 * From then on the low block and the whole image are taken: 40:13 and INT 15h say so. STOP_UNDI makes the card quiet
 * and gives back interrupts 15h, 18h and 1Ah, so INT 15h says what it said before; 40:13 is raised by the program, as
 * those that unload a ROM do, up to the end of what !PXE calls UNDI's data. A vector that somebody has chained stays,
 * and then so does all the rest.
 *
 * A program that comes back ends all of it: the machine is as it was before we came, the caller's stack included. One
 * that calls INT 18h likewise, but for that stack, which nobody needs then. If it had stopped UNDI it may have used our
 * memory: base memory is given back, and INT 18h follows.
 *
 * Linked as discardable: where there is a disk nothing of it is used, and here nothing is discarded.
 */
#include "firmware/bios/resident.h"
#include "pxe/dhcp_packets.h"

void pxe_entry_start(struct resident *r, const struct pxe_origin *origin, uint16_t vlan);

/* What the stubs call: a call of the API (its exit code), the program's return, its INT 18h. */
uint32_t pxe_entry_call(struct low *block);
uint32_t pxe_entry_returned(struct low *block);
uint32_t pxe_entry_end(struct low *block);
#endif
