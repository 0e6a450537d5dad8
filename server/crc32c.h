/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_CRC32C_H
#define SERVER_CRC32C_H
/* The core's CRC32C under a name of its own: for CPUs without an instruction, and to compare with. */
#include "netstack/wire/stream.h"

uint32_t crc32c_by_table(uint32_t crc, const void *bytes, size_t len);
#endif
