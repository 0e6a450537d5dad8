/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_CONFIG_BLOCK_H
#define FIRMWARE_CONFIG_BLOCK_H
/* Where a configuration is patched into rill.kpxe and rill.efi; empty as built. loader/config.h has the layout. */
#include "loader/config.h"

extern const uint8_t config_block[CONFIG_HEAD_BYTES + CONFIG_BYTES_MAX];
#endif
