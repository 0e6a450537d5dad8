/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_ROM_SAMPLE_H
#define FIRMWARE_ROM_SAMPLE_H
/*
 * A packed payload for tests: 3000 bytes with every kind of match in them, calls and jumps within the file, from
 * before it and to behind it; made by `build/rom --pack`, and an input of the fuzzer, whose first byte stands before
 * it. What it must give, its own checksum says.
 */
#include "lib/test.h"

enum { SAMPLE_BYTES = 3000, SAMPLE_ROOM = 1024 };

/* Returns how long it is packed. */
static inline size_t sample_read(uint8_t packed[SAMPLE_ROOM])
{
	FILE  *f = fopen("firmware/rom/fuzz/corpus/payload/calls", "rb");
	size_t len;

	assert_non_null(f);
	assert_int_equal(fgetc(f), 0);
	len = fread(packed, 1, SAMPLE_ROOM, f);
	fclose(f);
	assert_true(len > 100 && len < SAMPLE_ROOM);
	return len;
}
#endif
