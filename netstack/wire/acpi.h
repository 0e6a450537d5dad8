/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_ACPI_H
#define NETSTACK_WIRE_ACPI_H
/*
 * The hand-over block as the body of an ACPI table, signature RILL: docs/handover.md, "Where it is".
 *
 * UEFI firmware hands it over in this form (EFI_ACPI_TABLE_PROTOCOL), the driver reads what Linux shows of it. The
 * header goes in front of a body that stands in its place already, so that who keeps the block true keeps it there:
 *
 *     static uint8_t table[ACPI_HEAD_BYTES + HANDOVER_BYTES_MAX];
 *
 *     size = handover_write(table + ACPI_HEAD_BYTES, HANDOVER_BYTES_MAX, &h);
 *     acpi_write(table, ACPI_HEAD_BYTES + size);              only the block; or
 *     acpi_write(table, sizeof table);                        a table whose block may still change, within its room
 *
 *     if (acpi_read(rd_over(bytes, len), &body) == ACPI_OK)
 *             verdict = handover_read(body, &h, &missing);
 *
 * After every change of the body acpi_write again: the checksum covers it. InstallAcpiTable copies the table (EDK2
 * makes the checksum anew, which changes nothing); what is changed after that must be changed in the copy, or the table
 * be uninstalled and installed again. What follows the block in the body counts for the checksum and for nothing else.
 *
 * Numbers of an ACPI header have their least significant byte first, unlike everything in the body.
 */
#include "lib/bytes.h"

enum { ACPI_HEAD_BYTES = 36, ACPI_SIGNATURE_BYTES = 4 };

extern const char acpi_signature[ACPI_SIGNATURE_BYTES + 1];     /* "RILL"; Linux names the file after it */

/* The header of this table of so many bytes, header and body. False, and nothing written: less than a header. */
bool acpi_write(uint8_t *table, size_t bytes);

enum acpi_verdict {
	ACPI_OK,
	ACPI_CUT_OFF,           /* less than a header */
	ACPI_FOREIGN,           /* another signature */
	ACPI_WRONG_LENGTH,      /* the length in the header is not that of the table */
	ACPI_WRONG_SUM,         /* its bytes do not add up to 0 */
};

/* table: all of it and no more. *body: what follows the header, empty unless the verdict is ACPI_OK. */
enum acpi_verdict acpi_read(struct rd table, struct rd *body);

/* What is wrong, for people: "its checksum is wrong". */
const char *acpi_verdict_text(enum acpi_verdict v);
#endif
