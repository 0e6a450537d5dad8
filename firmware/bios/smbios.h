/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_SMBIOS_H
#define FIRMWARE_BIOS_SMBIOS_H
/*
 * The machine's UUID from the SMBIOS tables (DSP0134): entry point "_SM_" or
 * "_SM3_" on a 16-byte boundary between F0000h and FFFFFh, structure type 1.
 */
#include "lib/types.h"

/* In SMBIOS byte order, as DHCP option 97 wants it. False, and all 0, if there is none. */
bool smbios_uuid(uint8_t uuid[16]);
#endif
