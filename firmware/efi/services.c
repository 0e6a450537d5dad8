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

EFI_STATUS protocol_take(EFI_HANDLE handle, const EFI_GUID *guid, void **opened)
{
	EFI_GUID copy = *guid;
	void *ignored;

	return bs->OpenProtocol(handle, &copy, opened ? opened : &ignored, our_image, handle,
	                        EFI_OPEN_PROTOCOL_BY_DRIVER | EFI_OPEN_PROTOCOL_EXCLUSIVE);
}

void protocol_let_go(EFI_HANDLE handle, const EFI_GUID *guid)
{
	EFI_GUID copy = *guid;

	bs->CloseProtocol(handle, &copy, our_image, handle);
}

bool level_raise(EFI_TPL *was)
{
	*was = bs->RaiseTPL(TPL_HIGH_LEVEL);
	bs->RestoreTPL(*was);
	if (*was > TPL_CALLBACK)
		return false;
	*was = bs->RaiseTPL(TPL_CALLBACK);
	return true;
}

EFI_HANDLE protocol_driver(EFI_HANDLE handle, const EFI_GUID *guid)
{
	EFI_OPEN_PROTOCOL_INFORMATION_ENTRY *entries = NULL;
	EFI_HANDLE driver = NULL;
	EFI_GUID copy = *guid;
	UINTN count = 0;

	if (bs->OpenProtocolInformation(handle, &copy, &entries, &count) != EFI_SUCCESS)
		return NULL;
	for (UINTN i = 0; i < count; i++)
		if (entries[i].Attributes & EFI_OPEN_PROTOCOL_BY_DRIVER)
			driver = entries[i].AgentHandle;
	bs->FreePool(entries);
	return driver;
}
