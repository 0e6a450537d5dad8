/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A UEFI program that Rill chains, instead of a disk. It says on the serial port whether it was told the card it came
 * from, and what the file secret.txt holds, which it gets by the firmware's own DHCP and TFTP over that card.
 */
#include <efi.h>
#include <efipxebc.h>

enum { COM1 = 0x3f8, FILE_BYTES_MAX = 512 };

static EFI_BOOT_SERVICES *bs;
static unsigned char file[FILE_BYTES_MAX + 1];

static void say(const char *text)
{
	for (; *text; text++) {
		unsigned char ready;

		do
			__asm__ volatile("inb %1, %0" : "=a"(ready) : "Nd"((UINT16)(COM1 + 5)));
		while (!(ready & 0x20));
		__asm__ volatile("outb %0, %1" : : "a"((unsigned char)*text), "Nd"((UINT16)COM1));
	}
}

static void *of(EFI_HANDLE handle, EFI_GUID guid)
{
	void *found;

	return bs->HandleProtocol(handle, &guid, &found) == EFI_SUCCESS ? found : NULL;
}

/* The first for IPv4: OVMF has one card here. */
static EFI_PXE_BASE_CODE_PROTOCOL *find_pxe(void)
{
	EFI_GUID guid = EFI_PXE_BASE_CODE_PROTOCOL_GUID;
	EFI_PXE_BASE_CODE_PROTOCOL *pxe = NULL;

	return bs->LocateProtocol(&guid, NULL, (void **)&pxe) == EFI_SUCCESS ? pxe : NULL;
}

static EFI_STATUS fetch(EFI_PXE_BASE_CODE_PROTOCOL *pxe)
{
	EFI_IP_ADDRESS server = { .Addr = { 0 } };
	UINT64 bytes = FILE_BYTES_MAX;
	EFI_STATUS status = pxe->Start(pxe, FALSE);

	if (status == EFI_SUCCESS)
		status = pxe->Dhcp(pxe, FALSE);
	if (status != EFI_SUCCESS)
		return status;
	for (unsigned i = 0; i < 4; i++)
		server.v4.Addr[i] = pxe->Mode->DhcpAck.Dhcpv4.BootpSiAddr[i];
	return pxe->Mtftp(pxe, EFI_PXE_BASE_CODE_TFTP_READ_FILE, file, FALSE, &bytes, NULL, &server,
	                  (UINT8 *)"secret.txt", NULL, FALSE);
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st);
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st)
{
	EFI_LOADED_IMAGE *loaded;
	EFI_PXE_BASE_CODE_PROTOCOL *pxe;

	bs = st->BootServices;
	loaded = of(image, (EFI_GUID)EFI_LOADED_IMAGE_PROTOCOL_GUID);
	say(of(loaded->DeviceHandle, (EFI_GUID)EFI_SIMPLE_NETWORK_PROTOCOL_GUID) ? "chained: from a card\r\n"
	                                                                        : "chained: from no card\r\n");
	pxe = find_pxe();
	if (!pxe)
		say("chained: there is no PXE\r\n");
	else if (fetch(pxe) != EFI_SUCCESS)
		say("chained: PXE does not work\r\n");
	say("chained: secret ");
	say((const char *)file);
	say("\r\n");
	return EFI_SUCCESS;
}
