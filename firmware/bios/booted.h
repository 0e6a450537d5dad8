/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_BOOTED_H
#define FIRMWARE_BIOS_BOOTED_H
/*
 * The name we were loaded as, from the packets the ROM kept (GET_CACHED_INFO):
 * the boot server's reply if there was one, else the DHCPACK. Discardable.
 */
#include "undi/pxe.h"

/* "" if the ROM does not tell. */
void booted_file(const struct pxe_env *rom, char *name, size_t size);
#endif
