/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BOOTED_H
#define FIRMWARE_BOOTED_H
/* The boot file that a DHCP packet names: in one that our ROM kept, the name we were loaded as. Discardable. */
#include "lib/bytes.h"

/* False, and "": the packet is none, or names no file. */
bool booted_file_in(struct rd packet, char *name, size_t size);
#endif
