/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_ARCH_H
#define DRIVER_ARCH_H
/*
 * What kind of machine this is, as DHCP's option 93 and the login say it: 0 BIOS, 6 and 7 UEFI of x86 with 32 and 64
 * bits, 11 ARM's. The firmware says it in the hand-over block; without a block, or with one of a firmware that did
 * not, it is what Linux sees. So with the UNDI's version of DHCP's option 94: where no block says it, 2.1 on a BIOS and
 * 3.0 on UEFI, as most firmware does.
 */
#include "netstack/wire/handover.h"

/* machine: uname -m. */
uint16_t arch_of(bool has_uefi, const char *machine);
/* This machine; firmware: where the kernel shows the firmware's tables. */
uint16_t arch_here(const char *firmware);
/* Sets what a block does not say. */
void     arch_fill_in(struct handover *h, const char *firmware);
#endif
