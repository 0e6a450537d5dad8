/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_CONFIG_VARIABLE_H
#define FIRMWARE_EFI_CONFIG_VARIABLE_H
/*
 * The UEFI variable RillConfig (docs/configuration.md): a configuration block that overrules the image's, for one
 * machine and without touching a signed image. loader/config.h reads it; whoever may write variables may write this.
 */
#include "loader/config.h"

enum { CONFIG_VARIABLE_MAX = CONFIG_HEAD_BYTES + CONFIG_BYTES_MAX };

/* How many bytes the variable has; 0: there is none. A larger one than a block can be comes as all zeros: nonsense. */
size_t config_variable_read(uint8_t room[CONFIG_VARIABLE_MAX]);
#endif
