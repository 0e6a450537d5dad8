/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/target.h"

static const CHAR16 file[] = L"\\EFI\\BOOT\\BOOTAA64.EFI";

/* movz x0, #7; movk x0, #0x8000, lsl #48; ret */
static const uint8_t refusal[] = { 0xe0, 0, 0x80, 0xd2, 0, 0, 0xf0, 0xf2, 0xc0, 3, 0x5f, 0xd6 };

const struct target target = {
	.architecture = 11, .build = "0.1 UEFI ARM", .file = file, .file_bytes = sizeof file,
	.file_name = "\\EFI\\BOOT\\BOOTAA64.EFI", .refusal = refusal, .refusal_bytes = sizeof refusal,
};

/* Arm ARM, B2.4.4: to the point of unification; a line has four bytes at least. */
void target_made_code(const void *code, size_t bytes)
{
	const uint8_t *at = code;

	for (size_t i = 0; i < bytes; i += 4)
		__asm__ volatile("dc cvau, %0" : : "r"(at + i) : "memory");
	__asm__ volatile("dsb ish" : : : "memory");
	for (size_t i = 0; i < bytes; i += 4)
		__asm__ volatile("ic ivau, %0" : : "r"(at + i) : "memory");
	__asm__ volatile("dsb ish; isb" : : : "memory");
}
