/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/rom_id.h"

/* Offsets in a ROM's head: its length in blocks, and where the two structures are. */
enum { STEP = 2048, BLOCK = 512, LENGTH_AT = 2, UNDI_AT = 0x16, PCI_AT = 0x18 };
enum { UNDI_SHORTEST = 22, PCI_DEVICES_SINCE = 3 };

static uint16_t rd_le16(struct rd *r)
{
	const unsigned low = rd_u8(r);

	return (uint16_t)(low | (unsigned)rd_u8(r) << 8);
}

static struct rd from(struct rd r, size_t at)
{
	rd_skip(&r, at);
	return r;
}

bool rom_adds_up(struct rd r)
{
	uint8_t sum = 0;

	while (rd_left(&r))
		sum = (uint8_t)(sum + rd_u8(&r));
	return rd_ok(&r) && sum == 0;
}

/* Signature[4] length checksum revision version[3] loader[2] stack[2] data[2] code[2] bus[4]. */
static enum rom_state read_id(struct rd bytes, struct rom *rom)
{
	struct rd r = from(bytes, UNDI_AT), whole;
	const uint16_t at = rd_le16(&r);
	bool is_pci;
	size_t length;

	r = whole = from(bytes, at);
	if (at == 0 || !rd_is(&r, "UNDI", 4))
		return ROM_NO_ID;
	length = rd_u8(&r);
	rd_skip(&r, 5);
	rom->loader = rd_le16(&r);
	rd_skip(&r, 2);                 /* the stack's size: iPXE says its data's there, and takes far less */
	rom->data_bytes = rd_le16(&r);
	rom->code_bytes = rd_le16(&r);
	is_pci = rd_is(&r, "PCIR", 4);
	if (!rd_ok(&r) || length < UNDI_SHORTEST || !rom_adds_up(rd_sub(&whole, length)))
		return ROM_BAD_ID;
	if (!is_pci)
		return ROM_NO_ID;
	return rom->loader && rom->loader < rom->bytes && rom->code_bytes && rom->data_bytes ? ROM_GOOD : ROM_BAD_ID;
}

/* "PCIR" vendor[2] device[2] list[2] length[2] revision ... */
static void read_pci(struct rd bytes, struct rom *rom)
{
	struct rd r = from(bytes, PCI_AT);
	const uint16_t at = rd_le16(&r);
	uint16_t vendor, device, list;

	r = from(bytes, at);
	if (at == 0 || !rd_is(&r, "PCIR", 4))
		return;
	vendor = rd_le16(&r);
	device = rd_le16(&r);
	list = rd_le16(&r);
	rd_skip(&r, 2);
	if (rd_u8(&r) >= PCI_DEVICES_SINCE && list)     /* before that the word was another thing's */
		rom->devices = from(bytes, (size_t)at + list);
	if (rd_ok(&r)) {
		rom->vendor = vendor;
		rom->device = device;
	}
}

/* Whether a ROM begins here. */
static bool read_rom(struct rd r, struct rom *rom)
{
	struct rd bytes = r;

	if (!rd_is(&r, "\x55\xaa", LENGTH_AT))
		return false;
	rom->bytes = (size_t)rd_u8(&r) * BLOCK;
	bytes = rd_sub(&bytes, rom->bytes);
	if (!rd_ok(&bytes) || rom->bytes == 0)
		return false;
	read_pci(bytes, rom);
	rom->state = read_id(bytes, rom);
	rom->is_whole = rom_adds_up(bytes);
	if (rom->state == ROM_GOOD && !rom->is_whole)
		rom->state = ROM_BAD_IMAGE;
	return true;
}

bool rom_next(struct rd upper, size_t *at, struct rom *rom)
{
	for (; *at < rd_left(&upper); *at += STEP) {
		*rom = (struct rom){ .at = *at };
		if (!read_rom(from(upper, *at), rom))
			continue;
		/* What only looks like one may hide one. */
		*at += rom->is_whole ? (rom->bytes + STEP - 1) / STEP * STEP : STEP;
		return true;
	}
	return false;
}

bool rom_drives(const struct rom *rom, uint16_t vendor, uint16_t device)
{
	struct rd list = rom->devices;

	if (vendor != rom->vendor || vendor == 0)
		return false;
	if (device == rom->device)
		return true;
	while (rd_left(&list)) {
		const uint16_t id = rd_le16(&list);

		if (id == 0)
			return false;
		if (rd_ok(&list) && id == device)
			return true;
	}
	return false;
}

bool rom_place(const struct rom *rom, uint32_t top, struct rom_place *place)
{
	const uint32_t page = ~(uint32_t)(ROM_PLACE_PAGE - 1);
	const uint32_t need = 2 * ROM_PLACE_PAGE + (uint32_t)rom->data_bytes + rom->code_bytes;
	uint32_t data, code;

	if (top < ROM_PLACE_MIN || top - ROM_PLACE_MIN < need)
		return false;
	data = (top - rom->data_bytes) & page;
	code = (data - rom->code_bytes) & page;
	*place = (struct rom_place){ .from = code, .bytes = top - code, .data_seg = (uint16_t)(data >> 4),
	                             .code_seg = (uint16_t)(code >> 4) };
	return true;
}
