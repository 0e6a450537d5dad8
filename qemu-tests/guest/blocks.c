/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A UEFI program on a streamed disk (\EFI\BOOT\BOOTX64.EFI): it knows the disk only through Block IO, and says on the
 * serial port what it read, whether the disk's card can be taken away, what the hand-over table holds, and what memory
 * of each type the firmware has. That Block IO answers as it should is blockio_check's to ask.
 *
 * Sector SECRET_LBA holds a text that the host has just made up, and behind it what to do at the end: "return", "fail"
 * (return an error), or "exit": end the boot services, and ask the disk once more. "local" is a disk that is not
 * streamed: nothing is asked, and at the end is only the memory told, for comparison.
 */
#include <efi.h>
#include <efipciio.h>
#include "qemu-tests/guest/serial.h"

typedef unsigned char byte;

enum { SECRET_LBA = 100, FAR_FROM_END = 200, TEXT_BYTES = 32, SECTOR = 512,
       STRAY_READS = 300, STRAY_APART = 401, MAP_ROOM = 64 * 1024 };

static EFI_SYSTEM_TABLE *st;
static EFI_BOOT_SERVICES *bs;
static EFI_BLOCK_IO *io;
static EFI_BLOCK_IO2_PROTOCOL *io2;
static EFI_DEVICE_PATH *disk_path;
static byte secret[SECTOR], sectors[SECTOR];
static unsigned asked, wrong;

/* ---- words ---- */

/* "name: text" of what stands in memory, up to its first zero. */
static void say_text(const char *name, const byte *text)
{
	say(name);
	for (unsigned i = 0; i < TEXT_BYTES && text[i]; i++)
		say_char((char)text[i]);
	say("\r\n");
}

static void say_bytes(const char *name, const byte *bytes, UINTN len)
{
	say(name);
	for (UINTN i = 0; i < len; i++)
		say_hex(bytes[i], 2);
	say("\r\n");
}

/* ---- what is there ---- */

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

static void *of(EFI_HANDLE handle, EFI_GUID guid)
{
	void *found;

	return bs->HandleProtocol(handle, &guid, &found) == EFI_SUCCESS ? found : NULL;
}

static UINTN bytes_of(const EFI_DEVICE_PATH *path)
{
	UINTN at = 0;
	const byte *p = (const byte *)path;

	while (p[at] != 0x7f)
		at += p[at + 2] | (UINTN)p[at + 3] << 8;
	return at;
}

static void say_path(const char *name, const EFI_DEVICE_PATH *path)
{
	static EFI_GUID guid = { 0x8b843e20, 0x8132, 0x4852, { 0x90, 0xcc, 0x55, 0x1a, 0x4e, 0x4a, 0x7f, 0x1c } };
	struct to_text {
		CHAR16 *(EFIAPI *node)(const EFI_DEVICE_PATH *node, BOOLEAN display, BOOLEAN shortcuts);
		CHAR16 *(EFIAPI *path)(const EFI_DEVICE_PATH *path, BOOLEAN display, BOOLEAN shortcuts);
	} *text = NULL;

	if (bs->LocateProtocol(&guid, NULL, (void **)&text) != EFI_SUCCESS)
		return;
	say(name);
	for (CHAR16 *c = text->path(path, FALSE, FALSE); c && *c; c++)
		say_char((char)*c);
	say("\r\n");
}

/* The whole disk that our file system lies on: its path is the longest beginning of ours that is no partition. */
static BOOLEAN find_disk(EFI_HANDLE image)
{
	static EFI_GUID io_guid = EFI_BLOCK_IO_PROTOCOL_GUID, path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID;
	EFI_LOADED_IMAGE *loaded = of(image, (EFI_GUID)EFI_LOADED_IMAGE_PROTOCOL_GUID);
	EFI_DEVICE_PATH *ours = of(loaded->DeviceHandle, path_guid), *path;
	EFI_HANDLE *handles;
	UINTN count;

	if (bs->LocateHandleBuffer(ByProtocol, &io_guid, NULL, &count, &handles) != EFI_SUCCESS)
		return FALSE;
	for (UINTN i = 0; i < count; i++) {
		EFI_BLOCK_IO *one = of(handles[i], io_guid);

		path = of(handles[i], path_guid);
		if (!path || one->Media->LogicalPartition || bytes_of(path) > bytes_of(ours)
		    || !same(path, ours, bytes_of(path)))
			continue;
		io = one;
		io2 = of(handles[i], (EFI_GUID)EFI_BLOCK_IO2_PROTOCOL_GUID);
		disk_path = path;
		say_path("blocks: path ", path);
	}
	return io && io2;
}

/* ---- what is answered ---- */

static void expect(const char *what, EFI_STATUS right, EFI_STATUS got)
{
	asked++;
	if (got == right)
		return;
	wrong++;
	say("blocks: wrong: ");
	say(what);
	say(" is ");
	say_hex(got, 16);
	say("\r\n");
}

/* FAT calls at this level: no event can come while the disk waits for the network. */
static void read_at_callback(void)
{
	EFI_TPL was = bs->RaiseTPL(TPL_CALLBACK);
	EFI_LBA far = io->Media->LastBlock - FAR_FROM_END;
	EFI_STATUS status = io->ReadBlocks(io, io->Media->MediaId, far, SECTOR, sectors);

	bs->RestoreTPL(was);
	expect("at TPL_CALLBACK", EFI_SUCCESS, status);
	say_text("blocks: callback ", sectors);
}

/* Each is a request of its own: the hand-over block becomes wrong, and the table must follow. */
static void read_here_and_there(void)
{
	EFI_STATUS status = EFI_SUCCESS;

	for (EFI_LBA i = 1; i <= STRAY_READS && status == EFI_SUCCESS; i++)
		status = io->ReadBlocks(io, io->Media->MediaId, i * STRAY_APART, SECTOR, sectors);
	expect("reads here and there", EFI_SUCCESS, status);
}

static EFI_GUID network_guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID, pci_guid = EFI_PCI_IO_PROTOCOL_GUID;

/* The disk's parent: the network interface, or the device where Rill drives that itself; NULL: neither. */
static EFI_HANDLE card_by(EFI_GUID **guid)
{
	EFI_DEVICE_PATH *path = disk_path;
	EFI_HANDLE card;

	*guid = &network_guid;
	if (bs->LocateDevicePath(*guid, &path, &card) == EFI_SUCCESS)
		return card;
	path  = disk_path;
	*guid = &pci_guid;
	return bs->LocateDevicePath(*guid, &path, &card) == EFI_SUCCESS ? card : NULL;
}

/* A loader that wants the card, as GRUB does, and a shell that disconnects it: neither gets the disk's network. */
static void want_the_card(EFI_HANDLE image)
{
	EFI_GUID *guid;
	EFI_HANDLE card = card_by(&guid);
	void *opened;

	expect("the card", TRUE, card != NULL);
	expect("the card alone", EFI_ACCESS_DENIED,
	       bs->OpenProtocol(card, guid, &opened, image, NULL, EFI_OPEN_PROTOCOL_EXCLUSIVE));
	expect("the card as a driver", EFI_ACCESS_DENIED,
	       bs->OpenProtocol(card, guid, &opened, image, card, EFI_OPEN_PROTOCOL_BY_DRIVER));
	expect("disconnecting it", TRUE, bs->DisconnectController(card, NULL, NULL) != EFI_SUCCESS);
	expect("a read after that", EFI_SUCCESS,
	       io->ReadBlocks(io, io->Media->MediaId, io->Media->LastBlock / 2, SECTOR, sectors));
}

/* ---- the hand-over ---- */

static UINT64 number(const byte *at, unsigned bytes)
{
	UINT64 value = 0;

	while (bytes--)
		value = value << 8 | at[bytes];
	return value;
}

/* RSDP -> XSDT -> RILL, as an operating system finds it. */
static void say_table(void)
{
	static EFI_GUID guid = ACPI_20_TABLE_GUID;
	const byte *xsdt = NULL;
	unsigned found = 0;

	for (UINTN i = 0; i < st->NumberOfTableEntries; i++)
		if (same(&st->ConfigurationTable[i].VendorGuid, &guid, sizeof guid))
			xsdt = (const byte *)number((const byte *)st->ConfigurationTable[i].VendorTable + 24, 8);
	for (UINT64 at = 36; xsdt && at + 8 <= number(xsdt + 4, 4); at += 8) {
		const byte *table = (const byte *)number(xsdt + at, 8);
		byte sum = 0;

		if (!same(table, "RILL", 4))
			continue;
		for (UINT64 n = 0; n < number(table + 4, 4); n++)
			sum = (byte)(sum + table[n]);
		expect("the table's sum", 0, sum);
		say_bytes("blocks: table ", table, (UINTN)number(table + 4, 4));
		found++;
	}
	expect("tables", 1, found);
}

/* ---- the end ---- */

/* Pages of each type; the last number is of all types that the specification does not name. */
static void say_memory(const byte *map, UINTN bytes, UINTN one)
{
	static UINT64 pages[EfiMaxMemoryType + 1];

	for (UINTN at = 0; at + one <= bytes; at += one) {
		const EFI_MEMORY_DESCRIPTOR *d = (const EFI_MEMORY_DESCRIPTOR *)(map + at);

		pages[d->Type < EfiMaxMemoryType ? d->Type : EfiMaxMemoryType] += d->NumberOfPages;
	}
	say("blocks: memory");
	for (unsigned type = 0; type <= EfiMaxMemoryType; type++) {
		say(" ");
		say_hex(pages[type], 8);
	}
	say("\r\n");
}

/* The map that is told is the one that the boot services ended with. */
static EFI_STATUS exit_boot_services(EFI_HANDLE image)
{
	static byte map[MAP_ROOM];
	UINTN bytes, key, one;
	UINT32 version;
	EFI_STATUS status = EFI_ABORTED;

	for (unsigned tries = 0; tries < 4 && status != EFI_SUCCESS; tries++) {
		bytes = sizeof map;
		status = bs->GetMemoryMap(&bytes, (EFI_MEMORY_DESCRIPTOR *)map, &key, &one, &version);
		if (status == EFI_SUCCESS)
			status = bs->ExitBootServices(image, key);
	}
	if (status == EFI_SUCCESS)
		say_memory(map, bytes, one);
	return status;
}

/* Every call is a device error now, also those with another fault. */
static BOOLEAN all_is_gone(void)
{
	const UINT32 id = io->Media->MediaId;

	return io->ReadBlocks(io, id, 0, SECTOR, sectors) == EFI_DEVICE_ERROR
	    && io->ReadBlocks(io, id + 1, 0, SECTOR, NULL) == EFI_DEVICE_ERROR
	    && io->WriteBlocks(io, id, 0, SECTOR, sectors) == EFI_DEVICE_ERROR
	    && io->FlushBlocks(io) == EFI_DEVICE_ERROR && io->Reset(io, TRUE) == EFI_DEVICE_ERROR
	    && io2->ReadBlocksEx(io2, id, 0, NULL, SECTOR, sectors) == EFI_DEVICE_ERROR;
}

/* What comes after the secret in its sector. */
static BOOLEAN is_to(const char *what)
{
	UINTN len = 0;

	while (what[len])
		len++;
	return same(secret + TEXT_BYTES, what, len);
}

static void leave(EFI_HANDLE image)
{
	if (exit_boot_services(image) != EFI_SUCCESS)
		return;
	if (is_to("exit"))
		say(all_is_gone() ? "blocks: gone, all is an error\r\n" : "blocks: gone, and still answers\r\n");
	st->RuntimeServices->ResetSystem(EfiResetShutdown, EFI_SUCCESS, 0, NULL);
}

static void ask(EFI_HANDLE image)
{
	read_at_callback();
	want_the_card(image);
	read_here_and_there();
	say_table();
	say("blocks: asked ");
	say_hex(asked, 4);
	say(" wrong ");
	say_hex(wrong, 4);
	say("\r\n");
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	st = table;
	bs = table->BootServices;
	say_path("blocks: program ", of(image, (EFI_GUID)EFI_LOADED_IMAGE_DEVICE_PATH_PROTOCOL_GUID));
	if (!find_disk(image)) {
		say("blocks: no disk\r\n");
		return EFI_NOT_FOUND;
	}
	if (io->ReadBlocks(io, io->Media->MediaId, SECRET_LBA, SECTOR, secret) != EFI_SUCCESS)
		return EFI_DEVICE_ERROR;
	if (!is_to("local"))
		ask(image);
	say_text("blocks: secret ", secret);
	if (is_to("exit") || is_to("local"))
		leave(image);
	return is_to("fail") ? EFI_LOAD_ERROR : EFI_SUCCESS;
}
