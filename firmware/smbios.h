/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_SMBIOS_H
#define FIRMWARE_SMBIOS_H
/*
 * The machine's UUID from its SMBIOS table.
 *
 *     smbios_anchor(at, &table)       what stands there is an anchor ("_SM3_", "_SM_") of a table we can reach
 *     smbios_uuid(&table, uuid)       16 bytes as SMBIOS stores them; zeros and false if it does not tell
 *
 * Where an anchor may stand the platform knows: a BIOS is searched
 * (firmware/bios/anchor.c), UEFI says it. Discardable.
 */
#include "lib/types.h"

enum { SMBIOS_ANCHOR_BYTES = 32 };              /* to be readable at `at` */

struct smbios_table { const uint8_t *at; uint32_t bytes; };

bool smbios_anchor(const uint8_t *at, struct smbios_table *t);
bool smbios_uuid(const struct smbios_table *t, uint8_t uuid[16]);
#endif
