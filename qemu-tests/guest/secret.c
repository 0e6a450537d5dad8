/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A UEFI program for any machine: it says on the firmware's console what the file \SECRET.TXT of the file system holds
 * that it was started from, and whether Secure Boot is on, and switches the machine off.
 */
#include <efi.h>

enum { TEXT_BYTES = 32 };

static EFI_SYSTEM_TABLE *st;

/* It can be written, so that .data has bytes in the file: shim takes a .data without for a part of the headers. */
static CHAR16 secret_is[] = L"secret: ";

static void say(CHAR16 *text) { st->ConOut->OutputString(st->ConOut, text); }

static void *of(EFI_HANDLE handle, EFI_GUID guid)
{
	void *found;

	return st->BootServices->HandleProtocol(handle, &guid, &found) == EFI_SUCCESS ? found : NULL;
}

static EFI_STATUS read_secret(EFI_HANDLE image, char *text)
{
	EFI_LOADED_IMAGE *loaded = of(image, (EFI_GUID)EFI_LOADED_IMAGE_PROTOCOL_GUID);
	EFI_FILE_IO_INTERFACE *volume = of(loaded->DeviceHandle, (EFI_GUID)EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID);
	EFI_FILE *root, *file;
	UINTN bytes = TEXT_BYTES;
	EFI_STATUS status = volume ? volume->OpenVolume(volume, &root) : EFI_NOT_FOUND;

	if (status != EFI_SUCCESS)
		return status;
	status = root->Open(root, &file, (CHAR16 *)L"\\SECRET.TXT", EFI_FILE_MODE_READ, 0);
	return status == EFI_SUCCESS ? file->Read(file, &bytes, text) : status;
}

static BOOLEAN is_secure(void)
{
	EFI_GUID guid = EFI_GLOBAL_VARIABLE;
	UINT8 value = 0;
	UINTN bytes = sizeof value;

	return st->RuntimeServices->GetVariable((CHAR16 *)L"SecureBoot", &guid, NULL, &bytes, &value) == EFI_SUCCESS
	    && value == 1;
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	char text[TEXT_BYTES + 1] = "";
	EFI_STATUS status;

	st = table;
	status = read_secret(image, text);
	if (status != EFI_SUCCESS)
		return status;
	say(secret_is);
	for (unsigned i = 0; text[i]; i++) {
		CHAR16 letter[2] = { (CHAR16)text[i], 0 };

		say(letter);
	}
	say(is_secure() ? (CHAR16 *)L"\r\nsecure boot: on\r\n" : (CHAR16 *)L"\r\nsecure boot: off\r\n");
	st->RuntimeServices->ResetSystem(EfiResetShutdown, EFI_SUCCESS, 0, NULL);
	return EFI_SUCCESS;
}
