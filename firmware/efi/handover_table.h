/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_HANDOVER_TABLE_H
#define FIRMWARE_EFI_HANDOVER_TABLE_H
/*
 * The hand-over block as an ACPI table, where Linux shows it: /sys/firmware/acpi/tables/RILL (docs/handover.md).
 *
 *     handover_table_follow(&t, &attachment, &status) when the block may have changed: at the start, after each call
 *     handover_table_remove(&t)                       the machine goes back: nobody shall find it
 *
 * The firmware keeps a copy of its own; one that became wrong is taken out and a new one put in. Boot services only.
 */
#include "firmware/efi/services.h"
#include "loader/attachment.h"
#include "netstack/wire/acpi.h"

struct handover_table {
	bool     is_in;
	UINTN    key;                   /* the firmware's name for it */
	uint32_t followed;              /* attachment.handovers of what is in it */
	uint8_t  bytes[ACPI_HEAD_BYTES + HANDOVER_BYTES_MAX];
};

/* False: the firmware takes no table; *status says why. */
bool handover_table_follow(struct handover_table *t, const struct attachment *a, EFI_STATUS *status);
void handover_table_remove(struct handover_table *t);
#endif
