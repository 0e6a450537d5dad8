/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_AARCH64_EFIBIND_H
#define FIRMWARE_EFI_AARCH64_EFIBIND_H
/*
 * What gnu-efi's headers want to know of the processor: the names and widths of its types, and how UEFI is called (UEFI
 * 2.3.6: as any function is). Debian's gnu-efi has this file only for the processor of the machine that it is
 * installed on.
 */
#include <stdint.h>

typedef uint64_t UINT64, UINTN;
typedef int64_t  INT64, INTN;
typedef uint32_t UINT32;
typedef int32_t  INT32;
typedef uint16_t UINT16, WCHAR;
typedef int16_t  INT16;
typedef uint8_t  UINT8;
typedef int8_t   INT8;

#define VOID void
#define EFIAPI
#define EFIERR(code) (0x8000000000000000u | (code))
#define EFI_ERROR_MASK 0x8000000000000000u
#define EFIERR_OEM(code) (0xc000000000000000u | (code))
#define EFI_SIGNATURE_16(a, b) ((a) | (b) << 8)
#define EFI_SIGNATURE_32(a, b, c, d) (EFI_SIGNATURE_16(a, b) | EFI_SIGNATURE_16(c, d) << 16)
#define EFI_SIGNATURE_64(a, b, c, d, e, f, g, h) \
	(EFI_SIGNATURE_32(a, b, c, d) | (UINT64)EFI_SIGNATURE_32(e, f, g, h) << 32)
#define INTERFACE_DECL(x) struct x
#define BOOTSERVICE
#define RUNTIMESERVICE
#define RUNTIMEFUNCTION
#define VOLATILE volatile
#endif
