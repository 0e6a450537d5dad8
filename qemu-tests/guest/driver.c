/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A UEFI program on a medium of the machine's own: it finds the card that a driver from an option ROM has, and holds
 * that driver to UEFI's driver model (2.10, 11) and to the Simple Network Protocol (24.1), with the firmware's own
 * functions around it. It says on the serial port how many answers it asked for, which were wrong, and whose address
 * it heard.
 */
#include <efi.h>
#include <efipciio.h>
#include "qemu-tests/guest/serial.h"

typedef unsigned char byte;

enum { FRAME = 60, HEAD = 14, ARP = 0x0806, ROOM = 2048, PATH_ROOM = 256, TRIES = 3000, COMMAND_AT = 4,
       CLASS_AT = 11, CLASS_NETWORK = 2 };

struct component_name2 {
	EFI_STATUS (EFIAPI *driver)(struct component_name2 *this, const char *language, CHAR16 **name);
	EFI_STATUS (EFIAPI *controller)(struct component_name2 *this, EFI_HANDLE controller, EFI_HANDLE child,
	                                const char *language, CHAR16 **name);
	const char *languages;
};

static EFI_GUID snp_guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID, pci_guid = EFI_PCI_IO_PROTOCOL_GUID,
                path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID, load_guid = EFI_LOAD_FILE_PROTOCOL_GUID,
                names_guid = { 0x6a7a5cff, 0xe8d9, 0x4f70, { 0xba, 0xda, 0x75, 0xab, 0x30, 0x25, 0xce, 0x14 } };

static EFI_BOOT_SERVICES *bs;
static EFI_HANDLE us, card, driver;             /* the PCI device; who drives it */
static byte card_path[PATH_ROOM];               /* of the interface, to look for it by */
static UINTN card_path_bytes, mac_at;          /* before its MAC it is the device's */
static byte frame[FRAME], got[ROOM];
static unsigned asked, wrong;
static UINT16 command_found;                    /* of the one card of this machine, before anybody drove it */

static void expect(const char *what, UINT64 right, UINT64 is)
{
	asked++;
	if (is == right)
		return;
	wrong++;
	say("driver: wrong: ");
	say(what);
	say(" is ");
	say_hex(is, 16);
	say("\r\n");
}

static BOOLEAN same(const void *a, const void *b, UINTN len)
{
	const byte *x = a, *y = b;

	while (len && *x == *y) {
		x++;
		y++;
		len--;
	}
	return !len;
}

static void *of(EFI_HANDLE handle, EFI_GUID *guid)
{
	void *found;

	return bs->HandleProtocol(handle, guid, &found) == EFI_SUCCESS ? found : NULL;
}

/* ---- the card ---- */

/* Its bytes without the end; *last: where its last node is. */
static UINTN measure(const byte *path, UINTN *last)
{
	UINTN at = 0;

	*last = 0;
	while (path[at] != 0x7f) {
		*last = at;
		at += path[at + 2] | (UINTN)path[at + 3] << 8;
	}
	return at;
}

/* The handle with this protocol whose path is the interface's, or the device's and one file more. */
static EFI_HANDLE find(EFI_GUID *guid, BOOLEAN is_option)
{
	EFI_HANDLE *handles, found = NULL;
	UINTN count, last, common = is_option ? mac_at : card_path_bytes;

	if (bs->LocateHandleBuffer(ByProtocol, guid, NULL, &count, &handles) != EFI_SUCCESS)
		return NULL;
	for (UINTN i = 0; i < count; i++) {
		const byte *path = of(handles[i], &path_guid);
		UINTN bytes = path ? measure(path, &last) : 0;

		if (bytes < common || !same(path, card_path, common))
			continue;
		if (is_option ? last == common && path[last] == MEDIA_DEVICE_PATH : bytes == common)
			found = handles[i];
	}
	bs->FreePool(handles);
	return found;
}

static EFI_HANDLE interface(void) { return find(&snp_guid, FALSE); }
static EFI_HANDLE option(void) { return find(&load_guid, TRUE); }

static void connect_all(void)
{
	EFI_HANDLE *handles;
	UINTN count;

	if (bs->LocateHandleBuffer(ByProtocol, &pci_guid, NULL, &count, &handles) != EFI_SUCCESS)
		return;
	for (UINTN i = 0; i < count; i++) {
		EFI_PCI_IO_PROTOCOL *pci = of(handles[i], &pci_guid);
		byte class = 0;

		pci->Pci.Read(pci, EfiPciIoWidthUint8, CLASS_AT, 1, &class);
		if (class == CLASS_NETWORK)
			pci->Pci.Read(pci, EfiPciIoWidthUint16, COMMAND_AT, 1, &command_found);
		bs->ConnectController(handles[i], NULL, NULL, TRUE);
	}
	bs->FreePool(handles);
}

/* The first interface whose path ends with its MAC, the device below, and who drives that. */
static BOOLEAN find_card(void)
{
	EFI_OPEN_PROTOCOL_INFORMATION_ENTRY *opened;
	EFI_HANDLE *handles;
	UINTN count, last;
	byte *path;

	if (bs->LocateHandleBuffer(ByProtocol, &snp_guid, NULL, &count, &handles) != EFI_SUCCESS)
		return FALSE;
	for (UINTN i = 0; i < count && !card_path_bytes; i++) {
		path = of(handles[i], &path_guid);
		if (path && measure(path, &last) < PATH_ROOM && path[last] == MESSAGING_DEVICE_PATH
		    && path[last + 1] == MSG_MAC_ADDR_DP)
			card_path_bytes = measure(path, &mac_at);
	}
	if (!card_path_bytes)
		return FALSE;
	for (UINTN i = 0; i < card_path_bytes; i++)
		card_path[i] = path[i];
	if (bs->LocateDevicePath(&pci_guid, (EFI_DEVICE_PATH **)&path, &card) != EFI_SUCCESS
	    || bs->OpenProtocolInformation(card, &pci_guid, &opened, &count) != EFI_SUCCESS)
		return FALSE;
	for (UINTN i = 0; i < count; i++)
		if (opened[i].Attributes & EFI_OPEN_PROTOCOL_BY_DRIVER)
			driver = opened[i].AgentHandle;
	return driver != NULL;
}

/* ---- names ---- */

static void ask_names(void)
{
	struct component_name2 *names = of(driver, &names_guid);
	CHAR16 *name = NULL;

	expect("names", TRUE, names != NULL);
	if (!names)
		return;
	expect("the driver's name", EFI_SUCCESS, names->driver(names, "en", &name));
	expect("its first letter", 'R', name ? name[0] : 0);
	expect("in another language", EFI_UNSUPPORTED, names->driver(names, "de", &name));
	expect("in none", EFI_INVALID_PARAMETER, names->driver(names, NULL, &name));
	expect("the card's name", EFI_SUCCESS, names->controller(names, card, NULL, "en", &name));
	expect("the interface's name", EFI_SUCCESS, names->controller(names, card, interface(), "en", &name));
	expect("another child's name", EFI_UNSUPPORTED, names->controller(names, card, us, "en", &name));
	expect("another card's name", EFI_UNSUPPORTED, names->controller(names, us, NULL, "en", &name));
	expect("no card's name", EFI_INVALID_PARAMETER, names->controller(names, NULL, NULL, "en", &name));
}

/* ---- frames ---- */

/* Who has 10.99.0.1, says 10.99.0.77. The head is the driver's to write. */
static void make_question(const EFI_SIMPLE_NETWORK *snp)
{
	static const byte fixed[] = { 0, 1, 8, 0, 6, 4, 0, 1 };
	static const byte our_ip[] = { 10, 99, 0, 77 }, their_ip[] = { 10, 99, 0, 1 };
	byte *at = frame + HEAD;

	for (unsigned i = 0; i < 8; i++)
		at[i] = fixed[i];
	for (unsigned i = 0; i < 6; i++)
		at[8 + i] = snp->Mode->CurrentAddress.Addr[i];
	for (unsigned i = 0; i < 4; i++) {
		at[14 + i] = our_ip[i];
		at[24 + i] = their_ip[i];
	}
}

/* The answer, found by the event first, then by its length, then itself. */
static void hear_answer(EFI_SIMPLE_NETWORK *snp)
{
	EFI_STATUS status = EFI_NOT_READY, little = EFI_NOT_READY;
	EFI_MAC_ADDRESS from = { { 0 } };
	UINT16 protocol = 0;

	for (unsigned tries = 0; tries < TRIES && !(status == EFI_SUCCESS && protocol == ARP); tries++) {
		UINTN bytes = HEAD, header;

		bs->Stall(1000);
		if (bs->CheckEvent(snp->WaitForPacket) != EFI_SUCCESS)
			continue;
		little = snp->Receive(snp, NULL, &bytes, got, NULL, NULL, NULL);
		status = snp->Receive(snp, &header, &bytes, got, &from, NULL, &protocol);
	}
	expect("too little room", EFI_BUFFER_TOO_SMALL, little);
	expect("the answer", EFI_SUCCESS, status);
	expect("its kind", 2, got[HEAD + 7]);
	say("driver: heard ");
	for (unsigned i = 0; i < 6; i++) {
		say(i ? ":" : "");
		say_hex(from.Addr[i], 2);
	}
	say("\r\n");
}

static void ask_frames(EFI_SIMPLE_NETWORK *snp)
{
	UINT16 protocol = ARP;
	UINT32 interrupts;
	void *done = NULL;
	EFI_TPL was;

	expect("stopped", EFI_NOT_STARTED, snp->Initialize(snp, 0, 0));
	expect("Start", EFI_SUCCESS, snp->Start(snp));
	expect("Initialize", EFI_SUCCESS, snp->Initialize(snp, 0, 0));
	expect("its state", EfiSimpleNetworkInitialized, snp->Mode->State);
	expect("ReceiveFilters", EFI_SUCCESS, snp->ReceiveFilters(snp, EFI_SIMPLE_NETWORK_RECEIVE_UNICAST
	       | EFI_SIMPLE_NETWORK_RECEIVE_BROADCAST, 0, FALSE, 0, NULL));
	expect("NvData", EFI_UNSUPPORTED, snp->NvData(snp, TRUE, 0, 4, got));
	/* What the link needs after the card was opened. */
	for (unsigned tries = 0; tries < TRIES && !snp->Mode->MediaPresent; tries++) {
		bs->Stall(1000);
		snp->GetStatus(snp, &interrupts, NULL);
	}
	expect("a cable", TRUE, snp->Mode->MediaPresent);
	make_question(snp);
	expect("Transmit", EFI_SUCCESS,
	       snp->Transmit(snp, HEAD, FRAME, frame, NULL, &snp->Mode->BroadcastAddress, &protocol));
	expect("GetStatus", EFI_SUCCESS, snp->GetStatus(snp, NULL, &done));
	expect("the buffer", (UINTN)frame, (UINTN)done);
	expect("GetStatus again", EFI_SUCCESS, snp->GetStatus(snp, NULL, &done));
	expect("no buffer", 0, (UINTN)done);
	hear_answer(snp);
	was = bs->RaiseTPL(TPL_NOTIFY);
	expect("from too high a level", EFI_DEVICE_ERROR, snp->GetStatus(snp, NULL, &done));
	bs->RestoreTPL(was);
	expect("Shutdown", EFI_SUCCESS, snp->Shutdown(snp));
	expect("Stop", EFI_SUCCESS, snp->Stop(snp));
}

/* ---- who has what ---- */

/* As long as somebody has the interface for himself, nothing goes. */
static void ask_while_it_is_held(void)
{
	EFI_HANDLE held = interface();
	EFI_SIMPLE_NETWORK *snp;

	expect("the interface for us alone", EFI_SUCCESS,
	       bs->OpenProtocol(held, &snp_guid, (void **)&snp, us, held,
	                        EFI_OPEN_PROTOCOL_BY_DRIVER | EFI_OPEN_PROTOCOL_EXCLUSIVE));
	ask_frames(snp);
	expect("disconnecting it", TRUE, bs->DisconnectController(card, NULL, NULL) != EFI_SUCCESS);
	expect("unloading it", TRUE, bs->UnloadImage(driver) != EFI_SUCCESS);
	expect("it is there", (UINTN)held, (UINTN)interface());
	expect("its option, too", TRUE, option() != NULL);
	expect("and works", EFI_SUCCESS, snp->Start(snp));
	expect("as before", EFI_SUCCESS, snp->Stop(snp));
	bs->CloseProtocol(held, &snp_guid, us, held);
}

/* Nobody has the device. */
static void ask_at_rest(void)
{
	EFI_PCI_IO_PROTOCOL *pci = NULL;
	UINT16 command = 0;

	expect("no interface", 0, (UINTN)interface());
	expect("no option", 0, (UINTN)option());
	expect("the device is free", EFI_SUCCESS,
	       bs->OpenProtocol(card, &pci_guid, (void **)&pci, us, card, EFI_OPEN_PROTOCOL_BY_DRIVER));
	if (!pci)
		return;
	pci->Pci.Read(pci, EfiPciIoWidthUint16, COMMAND_AT, 1, &command);
	expect("and as it was", command_found, command);
	bs->CloseProtocol(card, &pci_guid, us, card);
}

static void ask_there(void)
{
	expect("an interface", TRUE, interface() != NULL);
	expect("an option", TRUE, option() != NULL);
}

static void ask_all(void)
{
	ask_there();
	ask_names();
	ask_while_it_is_held();
	expect("disconnecting", EFI_SUCCESS, bs->DisconnectController(card, NULL, NULL));
	ask_at_rest();
	expect("connecting", EFI_SUCCESS, bs->ConnectController(card, NULL, NULL, TRUE));
	ask_there();
	expect("disconnecting the interface", EFI_SUCCESS, bs->DisconnectController(card, driver, interface()));
	expect("which is gone", 0, (UINTN)interface());
	expect("connecting again", EFI_SUCCESS, bs->ConnectController(card, NULL, NULL, TRUE));
	ask_there();
	expect("unloading", EFI_SUCCESS, bs->UnloadImage(driver));
	ask_at_rest();
	bs->ConnectController(card, NULL, NULL, TRUE);         /* the firmware's own driver may have it now */
	expect("no option for ever", 0, (UINTN)option());
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	us = image;
	bs = table->BootServices;
	connect_all();
	if (find_card())
		ask_all();
	say("driver: asked ");
	say_hex(asked, 4);
	say(" wrong ");
	say_hex(wrong, 4);
	say("\r\n");
	table->RuntimeServices->ResetSystem(EfiResetShutdown, EFI_SUCCESS, 0, NULL);
	return EFI_SUCCESS;
}
