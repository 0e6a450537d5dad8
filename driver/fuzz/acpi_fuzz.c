/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * Any bytes as an ACPI table with a hand-over block in it, with length and checksum made right so that what is behind
 * them is reached; what is accepted is a table that acpi_write makes of the same body.
 */
#include "netstack/fuzz/fuzz.h"
#include "netstack/wire/acpi.h"
#include "netstack/wire/handover.h"

enum { LENGTH_AT = 4, SUM_AT = 9 };

/* As the first byte says, so that the wrong ones are seen, too. */
static void fix(uint8_t *table, size_t len, uint8_t how)
{
	uint8_t sum = 0;

	if (len < ACPI_HEAD_BYTES)
		return;
	if (how & 1)
		for (unsigned i = 0; i < 4; i++)
			table[LENGTH_AT + i] = (uint8_t)(len >> 8 * i);
	for (size_t i = 0; i < len; i++)
		sum = (uint8_t)(sum + table[i]);
	if (how & 2)
		table[SUM_AT] = (uint8_t)(table[SUM_AT] - sum);
}

static void write_again(const uint8_t *table, size_t len)
{
	uint8_t *again = fuzz_copy(table, len);
	struct rd body;

	require(acpi_write(again, len));
	require(acpi_read(rd_over(again, len), &body) == ACPI_OK && rd_left(&body) == len - ACPI_HEAD_BYTES);
	require(memcmp(again, table, SUM_AT - 1) == 0);
	require(rd_is(&body, table + ACPI_HEAD_BYTES, len - ACPI_HEAD_BYTES));
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *table;
	struct handover h;
	enum acpi_verdict v;
	struct rd body;

	if (len == 0)
		return 0;
	table = fuzz_copy(bytes + 1, --len);
	fix(table, len, bytes[0]);
	v = acpi_read(rd_over(table, len), &body);
	require(rd_ok(&body) && acpi_verdict_text(v)[0]);
	require(v == ACPI_OK || rd_left(&body) == 0);
	require((v == ACPI_CUT_OFF) == (len < ACPI_HEAD_BYTES));
	if (v == ACPI_OK) {
		write_again(table, len);
		/* Only that no byte too far is read: what a block must be, netstack/fuzz/handover asks. */
		handover_read(body, &h, NULL);
	} else {
		require(len >= ACPI_HEAD_BYTES || !acpi_write(table, len));
	}
	free(table);
	return 0;
}
