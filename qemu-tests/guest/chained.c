/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A UEFI program that Rill chains, instead of a disk. It says on the serial port what it finds on the handle it was
 * told it came from, and what the file secret.txt beside itself holds: as shim does it, by PXE_BASE_CODE as it is
 * there, without any DHCP of its own. Then it takes the card for itself, as GRUB does, and comes back without putting
 * it right.
 */
#include <efi.h>
#include <efipxebc.h>
#include "qemu-tests/guest/serial.h"

enum { FILE_BYTES_MAX = 512, PATH_MAX = 127 };

static EFI_BOOT_SERVICES *bs;
static unsigned char file[FILE_BYTES_MAX + 1];

static void *of(EFI_HANDLE handle, EFI_GUID guid)
{
	void *found;

	return bs->HandleProtocol(handle, &guid, &found) == EFI_SUCCESS ? found : NULL;
}

static void say_ip(const UINT8 *ip)
{
	for (unsigned i = 0; i < 4; i++) {
		char text[] = { (char)('0' + ip[i] / 100), (char)('0' + ip[i] / 10 % 10), (char)('0' + ip[i] % 10), 0 };

		say(i ? "." : " ");
		say(text + (ip[i] < 100) + (ip[i] < 10));
	}
}

/* Where it came from, with its own name replaced by another. */
static void beside(char *path, const UINT8 *own, const char *name)
{
	UINTN at = 0;

	for (UINTN i = 0; own[i] && i < PATH_MAX; i++) {
		path[i] = (char)own[i];
		if (own[i] == '/')
			at = i + 1;
	}
	while ((path[at++] = *name++))
		;
}

static EFI_STATUS fetch(EFI_PXE_BASE_CODE_PROTOCOL *pxe)
{
	EFI_PXE_BASE_CODE_DHCPV4_PACKET *ack = &pxe->Mode->DhcpAck.Dhcpv4;
	EFI_IP_ADDRESS server = { .Addr = { 0 } };
	char path[PATH_MAX + sizeof "secret.txt"];
	UINT64 bytes = FILE_BYTES_MAX;

	say("chained: packets");
	say_ip(pxe->Mode->StationIp.v4.Addr);
	say_ip(pxe->Mode->SubnetMask.v4.Addr);
	say_ip(ack->BootpYiAddr);
	say_ip(ack->BootpSiAddr);
	say(" ");
	say((const char *)ack->BootpBootFile);
	say("\r\n");
	for (unsigned i = 0; i < 4; i++)
		server.v4.Addr[i] = ack->BootpSiAddr[i];
	beside(path, ack->BootpBootFile, "secret.txt");
	return pxe->Mtftp(pxe, EFI_PXE_BASE_CODE_TFTP_READ_FILE, file, FALSE, &bytes, NULL, &server, (UINT8 *)path,
	                  NULL, FALSE);
}

/* The card's SNP for itself: what the firmware has built above it goes, the handle we came from, too. */
static void take_card(EFI_HANDLE image, EFI_HANDLE from)
{
	static union { UINT8 bytes[PATH_MAX + 1]; EFI_DEVICE_PATH path; } copy;
	EFI_GUID path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID, snp_guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID;
	EFI_DEVICE_PATH *path = of(from, path_guid), *at = &copy.path;
	EFI_HANDLE card;
	void *snp;

	for (UINTN i = 0; i < PATH_MAX; i++)
		copy.bytes[i] = ((const UINT8 *)path)[i];
	while (!IsDevicePathEnd(at) && at->SubType != MSG_IPv4_DP)
		at = NextDevicePathNode(at);
	SetDevicePathEndNode(at);               /* there the card's own ends */
	path = &copy.path;
	if (bs->LocateDevicePath(&snp_guid, &path, &card) == EFI_SUCCESS
	    && bs->OpenProtocol(card, &snp_guid, &snp, image, NULL, EFI_OPEN_PROTOCOL_EXCLUSIVE) == EFI_SUCCESS
	    && !of(from, path_guid))
		say("chained: has the card\r\n");
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st);
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st)
{
	EFI_LOADED_IMAGE *loaded;
	EFI_PXE_BASE_CODE_PROTOCOL *pxe;

	bs = st->BootServices;
	loaded = of(image, (EFI_GUID)EFI_LOADED_IMAGE_PROTOCOL_GUID);
	pxe = of(loaded->DeviceHandle, (EFI_GUID)EFI_PXE_BASE_CODE_PROTOCOL_GUID);
	if (!pxe)
		say(of(loaded->DeviceHandle, (EFI_GUID)EFI_SIMPLE_NETWORK_PROTOCOL_GUID)
		    ? "chained: from a card without PXE\r\n" : "chained: from no card\r\n");
	else if (!pxe->Mode->Started || !pxe->Mode->DhcpAckReceived || pxe->Mode->UsingIpv6)
		say("chained: PXE has fetched nothing\r\n");
	else if (fetch(pxe) != EFI_SUCCESS)
		say("chained: PXE does not work\r\n");
	say("chained: secret ");
	say((const char *)file);
	say("\r\n");
	take_card(image, loaded->DeviceHandle);
	return EFI_ABORTED;             /* so that the firmware goes on with its next entry */
}
