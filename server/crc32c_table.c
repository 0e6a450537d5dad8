/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The core's source once more, under the name server/crc32c.h gives it. */
#include "server/crc32c.h"

#define crc32c crc32c_by_table
#include "netstack/wire/crc32c.c"
