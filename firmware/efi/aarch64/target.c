/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/target.h"

static const CHAR16 file[] = L"\\EFI\\BOOT\\BOOTAA64.EFI";

const struct target target = {
	.architecture = 11, .build = "0.1 UEFI ARM", .file = file, .file_bytes = sizeof file,
	.file_name = "\\EFI\\BOOT\\BOOTAA64.EFI",
};
