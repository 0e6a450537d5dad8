/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_ANCHOR_H
#define FIRMWARE_BIOS_ANCHOR_H
/* Where a BIOS keeps its SMBIOS table: an anchor on a paragraph of F0000h to FFFFFh. Discardable. */
#include "firmware/smbios.h"

bool anchor_find(struct smbios_table *t);
#endif
