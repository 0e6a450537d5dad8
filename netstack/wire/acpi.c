/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/acpi.h"

const char acpi_signature[] = "RILL";

/* All of them as docs/handover.md has them; who looks at a table's ids (acpidump) sees whose it is. */
static const char oem_id[6 + 1] = "RILL  ", oem_table_id[8 + 1] = "HANDOVER", creator_id[4 + 1] = "RILL";
enum { REVISION = 1, OEM_REVISION = 1, CREATOR_REVISION = 1, SUM_AT = 9 };

static void wr_number(struct wr *w, uint32_t v)
{
	for (unsigned shift = 0; shift < 32; shift += 8)
		wr_u8(w, (uint8_t)(v >> shift));
}

static uint32_t rd_number(struct rd *r)
{
	uint32_t v = 0;

	for (unsigned shift = 0; shift < 32; shift += 8)
		v |= (uint32_t)rd_u8(r) << shift;
	return v;
}

/* Modulo 256, as ACPI adds. */
static uint8_t sum_of(struct rd table)
{
	uint8_t sum = 0;

	while (rd_left(&table))
		sum = (uint8_t)(sum + rd_u8(&table));
	return sum;
}

bool acpi_write(uint8_t *table, size_t bytes)
{
	struct wr w = wr_over(table, bytes);

	if (bytes < ACPI_HEAD_BYTES || bytes > UINT32_MAX)
		return false;
	wr_bytes(&w, acpi_signature, ACPI_SIGNATURE_BYTES);
	wr_number(&w, (uint32_t)bytes);
	wr_u8(&w, REVISION);
	wr_u8(&w, 0);
	wr_bytes(&w, oem_id, sizeof oem_id - 1);
	wr_bytes(&w, oem_table_id, sizeof oem_table_id - 1);
	wr_number(&w, OEM_REVISION);
	wr_bytes(&w, creator_id, sizeof creator_id - 1);
	wr_number(&w, CREATOR_REVISION);
	table[SUM_AT] = (uint8_t)-sum_of(rd_over(table, bytes));
	return true;
}

enum acpi_verdict acpi_read(struct rd table, struct rd *body)
{
	struct rd r = table;
	size_t all = rd_left(&table);
	uint32_t length;
	bool is_ours;

	*body = rd_over(table.at, 0);
	is_ours = rd_is(&r, acpi_signature, ACPI_SIGNATURE_BYTES);
	length  = rd_number(&r);
	rd_skip(&r, ACPI_HEAD_BYTES - ACPI_SIGNATURE_BYTES - sizeof length);
	if (!rd_ok(&r))
		return ACPI_CUT_OFF;
	if (!is_ours)
		return ACPI_FOREIGN;
	if (length != all)
		return ACPI_WRONG_LENGTH;
	if (sum_of(table) != 0)
		return ACPI_WRONG_SUM;
	*body = r;
	return ACPI_OK;
}

const char *acpi_verdict_text(enum acpi_verdict v)
{
	static const char *const texts[] = {
		[ACPI_OK]           = "it is well",
		[ACPI_CUT_OFF]      = "it is shorter than the header of an ACPI table",
		[ACPI_FOREIGN]      = "its signature is another one",
		[ACPI_WRONG_LENGTH] = "the length in its header is not its own",
		[ACPI_WRONG_SUM]    = "its checksum is wrong",
	};

	return texts[v];
}
