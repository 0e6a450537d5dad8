/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A program that is large: 32 MiB of bulk, which whoever serves it fills in at its mark. It says their CRC, so that
 * one who fetched it wrongly is found out, and ends.
 *
 *     bench fetched bytes=33554432 crc=8d1f22aa
 */
#include "bench/payload/efi/crc.h"
#include "bench/payload/efi/words.h"
#include <efi.h>

enum { BULK_BYTES = 32 << 20 };

/* Data, and not constant: the compiler must not know what is in it. */
static uint8_t bulk[BULK_BYTES] = "RILLBULK";

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st);
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st)
{
	static struct crc crc;
	const uint8_t *volatile bytes = bulk;

	(void)image;
	(void)st;
	crc_init(&crc);
	crc_add(&crc, bytes, sizeof bulk);
	words_say("bench fetched bytes=%u crc=%08x", BULK_BYTES, crc_done(&crc));
	words_end(WORDS_WELL);
}
