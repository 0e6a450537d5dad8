/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_ACPI_H
#define DRIVER_ACPI_H
/*
 * The firmware's hand-over block, found in an ACPI table as docs/handover.md says.
 *
 * firmware is /sys/firmware, or a folder like it (tests). Linux shows a table as acpi/tables/RILL there; where there
 * are several, as RILL1, RILL2 and so on, in the order in which the firmware installed them. The last one that is well
 * counts: each start of Rill adds its own, and this system came from the last start. What is damaged is told, always.
 */
#include "driver/kmsg.h"
#include "netstack/wire/handover.h"

enum acpi_found {
	ACPI_FOUND,             /* h is the block; where it was and what it says has been logged */
	ACPI_NOTHING,           /* no such table, and this is no UEFI machine: look elsewhere */
	ACPI_UNREADABLE,        /* none that is well, or none at all where one should be; why has been logged */
};

enum acpi_found acpi_find_handover(struct kmsg *k, const char *firmware, struct handover *h);
#endif
