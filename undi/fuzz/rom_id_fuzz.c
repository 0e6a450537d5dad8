/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * Any bytes as upper memory, as they come and with the sums of the first ROM and its UNDI ROM ID made right, as no
 * fuzzer would. A ROM that is good lies within them, and so does its loader.
 */
#include "netstack/fuzz/fuzz.h"
#include "undi/rom_id.h"

enum { BLOCK = 512, SUM_AT = 6, ID_SUM_AT = 5, TOP = 0x93000 };

static void judge(const uint8_t *bytes, size_t len)
{
	size_t at = 0, before = 0;
	struct rom_place place;
	struct rom rom;

	while (rom_next(rd_over(bytes, len), &at, &rom)) {
		require(at > before && rom.at >= before && rom.at + rom.bytes <= len);
		before = at;
		rom_drives(&rom, rom.vendor, 0x8138);
		require(!rom_drives(&rom, rom.vendor, rom.device) || rom.vendor);
		if (rom.state != ROM_GOOD)
			continue;
		require(rom.is_whole && rom.loader < rom.bytes);
		if (rom_place(&rom, TOP, &place))
			require(place.from >= ROM_PLACE_MIN && place.from == place.code_seg * 16u
			        && place.from + rom.code_bytes <= place.data_seg * 16u
			        && place.data_seg * 16u + rom.data_bytes <= TOP);
	}
}

static void fix_sum(uint8_t *bytes, size_t len, size_t at)
{
	uint8_t sum = 0;

	if (at >= len)
		return;
	for (size_t i = 0; i < len; i++)
		sum = (uint8_t)(sum + bytes[i]);
	bytes[at] = (uint8_t)(bytes[at] - sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = fuzz_copy(bytes, len);

	judge(copy, len);
	if (len > 0x18) {
		size_t id = copy[0x16] | (size_t)copy[0x17] << 8;

		if (id + ID_SUM_AT < len && copy[id + 4] <= len - id)
			fix_sum(copy + id, copy[id + 4], ID_SUM_AT);
		fix_sum(copy, min_size((size_t)copy[2] * BLOCK, len), SUM_AT);
		judge(copy, len);
	}
	free(copy);
	return 0;
}
