/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A UEFI program that keeps its card's SNP to itself while it runs another: rill.efi, which it gets by the firmware's
 * PXE before that. It says on the serial port in which state its SNP was before and is after.
 */
#include <efi.h>
#include <efipxebc.h>
#include "qemu-tests/guest/serial.h"

enum { FILE_BYTES_MAX = 1 << 20 };

static EFI_BOOT_SERVICES *bs;
static unsigned char file[FILE_BYTES_MAX];

static void say_state(const char *when, const EFI_SIMPLE_NETWORK *snp)
{
	char digit[2] = { (char)('0' + snp->Mode->State % 10), 0 };

	say("held: ");
	say(when);
	say(" state ");
	say(digit);
	say(snp->Mode->ReceiveFilterSetting & EFI_SIMPLE_NETWORK_RECEIVE_BROADCAST ? " hears\r\n" : " deaf\r\n");
}

static void *of(EFI_HANDLE handle, EFI_GUID guid)
{
	void *found;

	return bs->HandleProtocol(handle, &guid, &found) == EFI_SUCCESS ? found : NULL;
}

static EFI_STATUS fetch(EFI_PXE_BASE_CODE_PROTOCOL *pxe, UINT64 *bytes)
{
	EFI_IP_ADDRESS server = { .Addr = { 0 } };

	for (unsigned i = 0; i < 4; i++)
		server.v4.Addr[i] = pxe->Mode->DhcpAck.Dhcpv4.BootpSiAddr[i];
	return pxe->Mtftp(pxe, EFI_PXE_BASE_CODE_TFTP_READ_FILE, file, FALSE, bytes, NULL, &server,
	                  (UINT8 *)"rill.efi", NULL, FALSE);
}

/* The handle that is the card itself, and has the UNDI; those of IPv4 and IPv6, which go with PXE, have not. */
static EFI_HANDLE find_card(void)
{
	EFI_GUID snp_guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID;
	EFI_GUID nii_guid = { 0x1aced566, 0x76ed, 0x4218, { 0xbc, 0x81, 0x76, 0x7f, 0x1f, 0x97, 0x7a, 0x89 } };
	EFI_HANDLE *handles, card = NULL;
	UINTN count;

	if (bs->LocateHandleBuffer(ByProtocol, &snp_guid, NULL, &count, &handles) != EFI_SUCCESS)
		return NULL;
	for (UINTN i = 0; i < count; i++)
		if (of(handles[i], nii_guid))
			card = handles[i];
	bs->FreePool(handles);
	return card;
}

static EFI_SIMPLE_NETWORK *take(EFI_HANDLE image, EFI_HANDLE card)
{
	EFI_GUID guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID;
	EFI_SIMPLE_NETWORK *snp;

	if (bs->OpenProtocol(card, &guid, (void **)&snp, image, NULL, EFI_OPEN_PROTOCOL_EXCLUSIVE) != EFI_SUCCESS)
		return NULL;
	snp->Start(snp);
	snp->Initialize(snp, 0, 0);
	snp->ReceiveFilters(snp, EFI_SIMPLE_NETWORK_RECEIVE_UNICAST | EFI_SIMPLE_NETWORK_RECEIVE_BROADCAST, 0, FALSE, 0,
	                    NULL);
	return snp;
}

static EFI_STATUS run(EFI_HANDLE image, EFI_HANDLE card, UINTN bytes)
{
	EFI_DEVICE_PATH *path = of(card, (EFI_GUID)EFI_DEVICE_PATH_PROTOCOL_GUID);
	EFI_LOADED_IMAGE *loaded;
	EFI_HANDLE other;
	EFI_STATUS status = bs->LoadImage(FALSE, image, path, file, bytes, &other);

	if (status != EFI_SUCCESS)
		return status;
	loaded = of(other, (EFI_GUID)EFI_LOADED_IMAGE_PROTOCOL_GUID);
	loaded->DeviceHandle = card;
	return bs->StartImage(other, NULL, NULL);
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st);
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st)
{
	EFI_LOADED_IMAGE *loaded;
	EFI_PXE_BASE_CODE_PROTOCOL *pxe;
	EFI_SIMPLE_NETWORK *snp;
	UINT64 bytes = FILE_BYTES_MAX;
	EFI_HANDLE card;

	bs = st->BootServices;
	loaded = of(image, (EFI_GUID)EFI_LOADED_IMAGE_PROTOCOL_GUID);
	pxe = of(loaded->DeviceHandle, (EFI_GUID)EFI_PXE_BASE_CODE_PROTOCOL_GUID);
	card = find_card();
	if (!pxe || !card || fetch(pxe, &bytes) != EFI_SUCCESS) {
		say("held: no PXE, no card, or no rill.efi\r\n");
		return EFI_NOT_FOUND;
	}
	snp = take(image, card);
	if (!snp) {
		say("held: the card is not to be had\r\n");
		return EFI_ACCESS_DENIED;
	}
	say_state("before", snp);
	run(image, card, bytes);
	say_state("after", snp);
	return EFI_SUCCESS;
}
