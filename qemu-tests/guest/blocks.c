/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A UEFI program on a streamed disk (\EFI\BOOT\BOOTX64.EFI): it knows the disk only through Block IO, and says on the
 * serial port what it read, which calls were answered as the specification wants it, and what the hand-over table
 * holds.
 *
 * Sector SECRET_LBA holds a text that the host has just made up, and behind it what to do at the end: "return", "fail"
 * (return an error), or "exit": end the boot services, and ask the disk once more.
 */
#include <efi.h>

typedef unsigned char byte;

enum { SECRET_LBA = 100, FAR_FROM_END = 200, TEXT_BYTES = 32, SECTOR = 512, COM1 = 0x3f8, SIGNALS_MAX = 1000,
       STRAY_READS = 300, STRAY_APART = 401 };

static EFI_SYSTEM_TABLE *st;
static EFI_BOOT_SERVICES *bs;
static EFI_BLOCK_IO *io;
static EFI_BLOCK_IO2_PROTOCOL *io2;
static EFI_DEVICE_PATH *disk_path;
static byte sectors[4 * SECTOR], others[4 * SECTOR];
static unsigned asked, wrong;

/* ---- words ---- */

/* The serial port itself: the firmware's console breaks lines, and is gone at the end. */
static void say_char(char c)
{
	byte ready;

	do
		__asm__ volatile("inb %1, %0" : "=a"(ready) : "Nd"((UINT16)(COM1 + 5)));
	while (!(ready & 0x20));
	__asm__ volatile("outb %0, %1" : : "a"((byte)c), "Nd"((UINT16)COM1));
}

static void say(const char *text)
{
	while (*text)
		say_char(*text++);
}

static void say_hex(UINT64 value, unsigned digits)
{
	while (digits--)
		say_char("0123456789abcdef"[value >> digits * 4 & 15]);
}

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

static void say_path(EFI_DEVICE_PATH *path)
{
	static EFI_GUID guid = { 0x8b843e20, 0x8132, 0x4852, { 0x90, 0xcc, 0x55, 0x1a, 0x4e, 0x4a, 0x7f, 0x1c } };
	struct to_text {
		CHAR16 *(EFIAPI *node)(const EFI_DEVICE_PATH *node, BOOLEAN display, BOOLEAN shortcuts);
		CHAR16 *(EFIAPI *path)(const EFI_DEVICE_PATH *path, BOOLEAN display, BOOLEAN shortcuts);
	} *text = NULL;

	if (bs->LocateProtocol(&guid, NULL, (void **)&text) != EFI_SUCCESS)
		return;
	say("blocks: path ");
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
		say_path(path);
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

/* The list of the conformance tests: each fault alone, and before those that come after it. */
static void ask_for_nonsense(void)
{
	const UINT32 id = io->Media->MediaId;
	const EFI_LBA last = io->Media->LastBlock;

	expect("medium", EFI_MEDIA_CHANGED, io->ReadBlocks(io, id + 1, 0, SECTOR, sectors));
	expect("medium, no buffer", EFI_MEDIA_CHANGED, io->ReadBlocks(io, id + 1, 0, SECTOR, NULL));
	expect("medium, size", EFI_MEDIA_CHANGED, io->ReadBlocks(io, id + 1, 0, SECTOR + 1, sectors));
	expect("medium, place", EFI_MEDIA_CHANGED, io->ReadBlocks(io, id + 1, last + 1, SECTOR, sectors));
	expect("medium, writing", EFI_MEDIA_CHANGED, io->WriteBlocks(io, id + 1, 0, SECTOR, sectors));
	expect("no buffer", EFI_INVALID_PARAMETER, io->ReadBlocks(io, id, 0, SECTOR, NULL));
	expect("no buffer, writing", EFI_INVALID_PARAMETER, io->WriteBlocks(io, id, 0, SECTOR, NULL));
	expect("nothing", EFI_SUCCESS, io->ReadBlocks(io, id, 0, 0, sectors));
	expect("nothing, writing", EFI_SUCCESS, io->WriteBlocks(io, id, 0, 0, sectors));
	expect("size", EFI_BAD_BUFFER_SIZE, io->ReadBlocks(io, id, 0, SECTOR + 1, sectors));
	expect("size, writing", EFI_BAD_BUFFER_SIZE, io->WriteBlocks(io, id, 0, SECTOR - 1, sectors));
	expect("place", EFI_INVALID_PARAMETER, io->ReadBlocks(io, id, last + 1, SECTOR, sectors));
	expect("end", EFI_INVALID_PARAMETER, io->ReadBlocks(io, id, last, 2 * SECTOR, sectors));
	expect("place, writing", EFI_INVALID_PARAMETER, io->WriteBlocks(io, id, last + 1, SECTOR, sectors));
	expect("2^64", EFI_INVALID_PARAMETER, io->ReadBlocks(io, id, ~(EFI_LBA)0, 2 * SECTOR, sectors));
	expect("the last", EFI_SUCCESS, io->ReadBlocks(io, id, last, SECTOR, sectors));
	expect("any buffer", EFI_SUCCESS, io->ReadBlocks(io, id, 0, SECTOR, sectors + 1));
	expect("reset", EFI_SUCCESS, io->Reset(io, FALSE));
	expect("extended reset", EFI_SUCCESS, io->Reset(io, TRUE));
	expect("flush", EFI_SUCCESS, io->FlushBlocks(io));
}

/* Written stays written, here and as seen by Block IO 2. */
static void write_and_read(void)
{
	const UINT32 id = io->Media->MediaId;
	const EFI_LBA lba = SECRET_LBA + 7;

	for (unsigned i = 0; i < sizeof others; i++)
		others[i] = (byte)(i * 7 + 3);
	expect("write", EFI_SUCCESS, io->WriteBlocks(io, id, lba, sizeof others, others));
	expect("read", EFI_SUCCESS, io2->ReadBlocksEx(io2, id, lba, NULL, sizeof sectors, sectors));
	expect("what was written", TRUE, same(sectors, others, sizeof others));
}

/* With an event it is signalled, with the work's status in the token; what is wrong with arguments is told at once. */
static void ask_block_io_2(void)
{
	const UINT32 id = io->Media->MediaId;
	EFI_BLOCK_IO2_TOKEN token = { NULL, EFI_NOT_READY };

	expect("event", EFI_SUCCESS, bs->CreateEvent(0, TPL_CALLBACK, NULL, NULL, &token.Event));
	expect("one medium", TRUE, io->Media == io2->Media);
	expect("2: medium", EFI_MEDIA_CHANGED, io2->ReadBlocksEx(io2, id + 1, 0, &token, SECTOR, sectors));
	expect("2: no buffer", EFI_INVALID_PARAMETER, io2->ReadBlocksEx(io2, id, 0, &token, SECTOR, NULL));
	expect("2: size", EFI_BAD_BUFFER_SIZE, io2->WriteBlocksEx(io2, id, 0, &token, 1, sectors));
	expect("2: no signal", EFI_NOT_READY, bs->CheckEvent(token.Event));
	expect("2: read", EFI_SUCCESS, io2->ReadBlocksEx(io2, id, SECRET_LBA, &token, SECTOR, sectors));
	for (unsigned i = 0; i < SIGNALS_MAX && bs->CheckEvent(token.Event) != EFI_SUCCESS; i++)
		if (i == SIGNALS_MAX - 1)
			expect("2: signal", TRUE, FALSE);
	expect("2: status", EFI_SUCCESS, token.TransactionStatus);
	expect("2: flush", EFI_SUCCESS, io2->FlushBlocksEx(io2, &token));
	expect("2: signal of flush", EFI_SUCCESS, bs->CheckEvent(token.Event));
	expect("2: reset", EFI_SUCCESS, io2->Reset(io2, FALSE));
	bs->CloseEvent(token.Event);
}

/* FAT calls at this level: no event can come while the disk waits for the network. */
static void read_at_callback(void)
{
	EFI_TPL was = bs->RaiseTPL(TPL_CALLBACK);
	EFI_STATUS status = io->ReadBlocks(io, io->Media->MediaId, io->Media->LastBlock - FAR_FROM_END, SECTOR, others);

	bs->RestoreTPL(was);
	expect("at TPL_CALLBACK", EFI_SUCCESS, status);
	say_text("blocks: callback ", others);
}

/* Each is a request of its own: the hand-over block becomes wrong, and the table must follow. */
static void read_here_and_there(void)
{
	EFI_STATUS status = EFI_SUCCESS;

	for (EFI_LBA i = 1; i <= STRAY_READS && status == EFI_SUCCESS; i++)
		status = io->ReadBlocks(io, io->Media->MediaId, i * STRAY_APART, SECTOR, others);
	expect("reads here and there", EFI_SUCCESS, status);
}

/* A loader that wants the card, as GRUB does, and a shell that disconnects it: neither gets the disk's network. */
static void want_the_card(EFI_HANDLE image)
{
	static EFI_GUID guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID;
	EFI_DEVICE_PATH *path = disk_path;
	EFI_HANDLE card = NULL;
	void *snp;

	expect("the card", EFI_SUCCESS, bs->LocateDevicePath(&guid, &path, &card));
	expect("the card alone", EFI_ACCESS_DENIED,
	       bs->OpenProtocol(card, &guid, &snp, image, NULL, EFI_OPEN_PROTOCOL_EXCLUSIVE));
	expect("the card as a driver", EFI_ACCESS_DENIED,
	       bs->OpenProtocol(card, &guid, &snp, image, card, EFI_OPEN_PROTOCOL_BY_DRIVER));
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

static EFI_STATUS exit_boot_services(EFI_HANDLE image)
{
	static byte map[64 * 1024];
	UINTN bytes, key, one;
	UINT32 version;
	EFI_STATUS status = EFI_ABORTED;

	for (unsigned tries = 0; tries < 4 && status != EFI_SUCCESS; tries++) {
		bytes = sizeof map;
		status = bs->GetMemoryMap(&bytes, (EFI_MEMORY_DESCRIPTOR *)map, &key, &one, &version);
		if (status == EFI_SUCCESS)
			status = bs->ExitBootServices(image, key);
	}
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

static void leave(EFI_HANDLE image)
{
	if (exit_boot_services(image) != EFI_SUCCESS)
		return;
	say(all_is_gone() ? "blocks: gone, all is an error\r\n" : "blocks: gone, and still answers\r\n");
	st->RuntimeServices->ResetSystem(EfiResetShutdown, EFI_SUCCESS, 0, NULL);
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	st = table;
	bs = table->BootServices;
	if (!find_disk(image)) {
		say("blocks: no disk\r\n");
		return EFI_NOT_FOUND;
	}
	ask_for_nonsense();
	write_and_read();
	ask_block_io_2();
	read_at_callback();
	want_the_card(image);
	read_here_and_there();
	say_table();
	if (io->ReadBlocks(io, io->Media->MediaId, SECRET_LBA, SECTOR, sectors) != EFI_SUCCESS)
		return EFI_DEVICE_ERROR;
	say("blocks: asked ");
	say_hex(asked, 4);
	say(" wrong ");
	say_hex(wrong, 4);
	say("\r\n");
	say_text("blocks: secret ", sectors);
	if (same(sectors + TEXT_BYTES, "exit", 4))
		leave(image);
	return same(sectors + TEXT_BYTES, "fail", 4) ? EFI_LOAD_ERROR : EFI_SUCCESS;
}
