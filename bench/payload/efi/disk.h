/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef BENCH_PAYLOAD_EFI_DISK_H
#define BENCH_PAYLOAD_EFI_DISK_H
/* The whole disk that a program was loaded from a partition of: its Block IO, whoever provides it. NULL: none. */
#include <efi.h>

EFI_BLOCK_IO *disk_of(EFI_BOOT_SERVICES *bs, EFI_HANDLE image);
#endif
