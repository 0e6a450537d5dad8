/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/low.h"
#include "firmware/bios/smbios.h"

enum { SCAN_FROM = 0xf0000, SCAN_TO = 0x100000, SYSTEM = 1, UUID_AT = 8, END = 127, TABLE_MAX = 256 * 1024 };

struct table { const uint8_t *at; uint32_t bytes; };

static uint32_t le32(const uint8_t *b)
{
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static bool sums_to_zero(const uint8_t *b, size_t len)
{
	uint8_t sum = 0;

	while (len--)
		sum = (uint8_t)(sum + *b++);
	return sum == 0;
}

static bool find(struct table *t)
{
	const uint8_t *memory = memory_bytes;

	for (uint32_t at = SCAN_FROM; at + 32 <= SCAN_TO; at += 16) {
		const uint8_t *b = memory + at;

		if (memcmp(b, "_SM3_", 5) == 0 && b[6] >= 0x18 && b[6] <= 32 && sums_to_zero(b, b[6])) {
			t->at = memory + le32(b + 0x10);
			t->bytes = le32(b + 0x0c);
			if (le32(b + 0x14) == 0)        /* below 4 GiB */
				return true;
		}
		if (memcmp(b, "_SM_", 4) == 0 && b[5] >= 0x1e && b[5] <= 32 && sums_to_zero(b, b[5])) {
			t->at = memory + le32(b + 0x18);
			t->bytes = b[0x16] | (uint32_t)b[0x17] << 8;
			return true;
		}
	}
	return false;
}

/* The next structure: behind the formatted part come texts, ended by two zeros. */
static uint32_t next(const struct table *t, uint32_t at)
{
	at += t->at[at + 1];
	while (at + 2 <= t->bytes && (t->at[at] || t->at[at + 1]))
		at++;
	return at + 2;
}

bool smbios_uuid(uint8_t uuid[16])
{
	struct table t = { 0 };

	memset(uuid, 0, 16);
	if (!find(&t) || t.bytes > TABLE_MAX)
		return false;
	for (uint32_t at = 0; at + 4 <= t.bytes && t.at[at] != END && t.at[at + 1] >= 4; at = next(&t, at)) {
		if (t.at[at] != SYSTEM || t.at[at + 1] < UUID_AT + 16 || at + UUID_AT + 16 > t.bytes)
			continue;
		memcpy(uuid, t.at + at + UUID_AT, 16);
		return true;
	}
	return false;
}
