/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A UEFI program that a machine chains: it says on the firmware's console the CRC-32 of a few MiB that are part of it,
 * and switches the machine off. The case puts other bytes into their place, which it finds by their first ones.
 */
#include <efi.h>

static UINT8 data[3 << 20] = "RILL: here the case puts its bytes";

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st);
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st)
{
	CHAR16 text[] = L"crc: --------\r\n";
	UINT32 crc = 0;
	EFI_STATUS status = st->BootServices->CalculateCrc32(data, sizeof data, &crc);

	(void)image;
	if (status != EFI_SUCCESS)
		return status;
	for (unsigned i = 0; i < 8; i++)
		text[5 + i] = (CHAR16)"0123456789abcdef"[crc >> (28 - 4 * i) & 15];
	st->ConOut->OutputString(st->ConOut, text);
	st->RuntimeServices->ResetSystem(EfiResetShutdown, EFI_SUCCESS, 0, NULL);
	return EFI_SUCCESS;
}
