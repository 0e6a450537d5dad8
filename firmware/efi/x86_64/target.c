/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/target.h"

static const CHAR16 file[] = L"\\EFI\\BOOT\\BOOTX64.EFI";

const struct target target = {
	.architecture = 7, .build = "0.1 UEFI", .file = file, .file_bytes = sizeof file,
	.file_name = "\\EFI\\BOOT\\BOOTX64.EFI",
};
