/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_BOOTED_H
#define FIRMWARE_EFI_BOOTED_H
/*
 * The name we were loaded as, from the packets that the firmware's PXE kept: the boot server's reply, a proxy's offer,
 * or the DHCPACK. Before the card is taken: then that PXE is gone. It is stopped here.
 */
#include "lib/types.h"

/* "" if it was not PXE that loaded us. */
void booted_file(char *name, size_t size);
#endif
