/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/services.h"

EFI_SYSTEM_TABLE *st;
EFI_BOOT_SERVICES *bs;
EFI_HANDLE our_image;

void *protocol_of(EFI_HANDLE handle, const EFI_GUID *guid)
{
	EFI_GUID copy = *guid;          /* the prototypes know no const */
	void *found = NULL;

	if (!handle || bs->HandleProtocol(handle, &copy, &found) != EFI_SUCCESS)
		return NULL;
	return found;
}

void *protocol_anywhere(const EFI_GUID *guid)
{
	EFI_GUID copy = *guid;
	void *found = NULL;

	return bs->LocateProtocol(&copy, NULL, &found) == EFI_SUCCESS ? found : NULL;
}

EFI_HANDLE *handles_with(const EFI_GUID *guid, UINTN *count)
{
	EFI_GUID copy = *guid;
	EFI_HANDLE *handles = NULL;

	*count = 0;
	if (bs->LocateHandleBuffer(ByProtocol, &copy, NULL, count, &handles) == EFI_SUCCESS)
		return handles;
	*count = 0;
	return NULL;
}
