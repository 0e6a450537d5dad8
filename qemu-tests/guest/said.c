/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A UEFI program that a boot program chains: it says on the firmware's console the words it was given, so somebody has
 * read them where they stand. Then it stays.
 */
#include <efi.h>

enum { WORDS_MAX = 200 };

static CHAR16 words[WORDS_MAX + 1];

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st);
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st)
{
	EFI_GUID loaded = LOADED_IMAGE_PROTOCOL;
	EFI_LOADED_IMAGE *me = NULL;
	EFI_STATUS status = st->BootServices->HandleProtocol(image, &loaded, (void **)&me);

	if (status != EFI_SUCCESS)
		return status;
	for (UINTN n = 0; n < WORDS_MAX && n < me->LoadOptionsSize / sizeof words[0]; n++)
		words[n] = ((CHAR16 *)me->LoadOptions)[n];
	st->ConOut->OutputString(st->ConOut, L"\r\nsaid: ");
	st->ConOut->OutputString(st->ConOut, words);
	st->ConOut->OutputString(st->ConOut, L"\r\n");
	for (;;)
		st->BootServices->Stall(1000000);
}
