/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/target.h"

static const CHAR16 file[] = L"\\EFI\\BOOT\\BOOTX64.EFI";

/* mov rax, EFI_DEVICE_ERROR; ret */
static const uint8_t refusal[] = { 0x48, 0xb8, 7, 0, 0, 0, 0, 0, 0, 0x80, 0xc3 };

const struct target target = {
	.architecture = 7, .build = "0.1 UEFI", .file = file, .file_bytes = sizeof file,
	.file_name = "\\EFI\\BOOT\\BOOTX64.EFI", .refusal = refusal, .refusal_bytes = sizeof refusal,
};

void target_made_code(const void *code, size_t bytes)
{
	(void)code;
	(void)bytes;
}
