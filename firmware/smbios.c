/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/smbios.h"

enum { SYSTEM = 1, UUID_AT = 8, END = 127, TABLE_MAX = 256 * 1024 };

static uint32_t le32(const uint8_t *b)
{
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* On 32 bits what lies above 4 GiB is out of reach. */
static bool take(uint64_t at, uint32_t bytes, struct smbios_table *t)
{
	if (at > UINTPTR_MAX || bytes > TABLE_MAX)
		return false;
	*t = (struct smbios_table){ (const uint8_t *)(uintptr_t)at, bytes };
	return true;
}

static bool sums_to_zero(const uint8_t *b, size_t len)
{
	uint8_t sum = 0;

	while (len--)
		sum = (uint8_t)(sum + *b++);
	return sum == 0;
}

bool smbios_anchor(const uint8_t *b, struct smbios_table *t)
{
	if (memcmp(b, "_SM3_", 5) == 0 && b[6] >= 0x18 && b[6] <= SMBIOS_ANCHOR_BYTES && sums_to_zero(b, b[6]))
		return take(le32(b + 0x10) | (uint64_t)le32(b + 0x14) << 32, le32(b + 0x0c), t);
	if (memcmp(b, "_SM_", 4) == 0 && b[5] >= 0x1e && b[5] <= SMBIOS_ANCHOR_BYTES && sums_to_zero(b, b[5]))
		return take(le32(b + 0x18), b[0x16] | (uint32_t)b[0x17] << 8, t);
	return false;
}

/* The next structure: behind the formatted part come texts, ended by two zeros. */
static uint32_t next(const struct smbios_table *t, uint32_t at)
{
	at += t->at[at + 1];
	while (at + 2 <= t->bytes && (t->at[at] || t->at[at + 1]))
		at++;
	return at + 2;
}

bool smbios_uuid(const struct smbios_table *t, uint8_t uuid[16])
{
	memset(uuid, 0, 16);
	for (uint32_t at = 0; at + 4 <= t->bytes && t->at[at] != END && t->at[at + 1] >= 4; at = next(t, at)) {
		if (t->at[at] != SYSTEM || t->at[at + 1] < UUID_AT + 16 || at + UUID_AT + 16 > t->bytes)
			continue;
		memcpy(uuid, t->at + at + UUID_AT, 16);
		return true;
	}
	return false;
}
