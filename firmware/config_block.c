/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/config_block.h"

/* The magic stands once in the file as a block's beginning, here: whoever patches the image looks for it. */
const uint8_t config_block[CONFIG_HEAD_BYTES + CONFIG_BYTES_MAX] = CONFIG_MAGIC "\0\1\0";
