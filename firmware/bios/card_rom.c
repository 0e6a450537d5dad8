/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/card.h"
#include "firmware/bios/card_rom.h"
#include "firmware/bios/pnp.h"
#include "firmware/bios/undi_env.h"
#include "undi/pxe_find.h"

enum { FIRST_MEGABYTE = 0x100000 };
/* BX and DX of a card that is not ISA's Plug and Play: no select number, no port to read from. */
enum { NO_ISA = 0xffff };
enum { INT_MEMORY = 0x15, MAP = 0xe820, CARRY = 1, ENTRY_SHORTEST = 20 };
#define MAP_SIGNATURE 0x534d4150u  /* "SMAP" */

bool card_rom_find(struct log *log, uint16_t vendor, uint16_t device, struct rom *rom)
{
	struct rd upper = rd_over(memory_bytes + ROM_UPPER, ROM_UPPER_END - ROM_UPPER);
	size_t at = 0;

	while (rom_next(upper, &at, rom)) {
		if (rom->state == ROM_NO_ID || !rom_drives(rom, vendor, device))
			continue;
		if (rom->state == ROM_GOOD)
			return true;
		card_say(log, rom->state == ROM_BAD_ID ? FAILURE_BAD_ROM_ID : FAILURE_BAD_ROM);
		log_line(log, LOG_ERROR, "  it is the ROM of %04x:%04x, at %05x", vendor, device,
		         (unsigned)(ROM_UPPER + rom->at));
	}
	return false;
}

static struct pxe_start_undi start_block(uint16_t address)
{
	struct pxe_start_undi block = { .ax = address, .bx = NO_ISA, .dx = NO_ISA };
	uint16_t pnp;

	if (pnp_find(rd_over(memory_bytes + PNP_FROM, PNP_BYTES), &pnp)) {
		block.es = PNP_FROM >> 4;
		block.di = pnp;
	}
	return block;
}

/* What INT 15h tells now: a UNDI may hide memory above 1 MiB that it has taken (iPXE's does). */
static void read_map(void)
{
	unsigned count = 0;
	uint32_t next = 0;

	if (low->vars.map_source != MAP)
		return;
	do {
		struct low_regs r = { .eax = MAP, .ebx = next, .ecx = sizeof low->map_found[0], .edx = MAP_SIGNATURE,
		                      .edi = LOW_MAP_FOUND + count * sizeof low->map_found[0], .es = low->vars.seg };

		low->map_found[count].attributes = 1;
		r = real_int(INT_MEMORY, r);
		if (r.flags & CARRY || r.eax != MAP_SIGNATURE || r.ecx < ENTRY_SHORTEST)
			break;
		next = r.ebx;
		count++;
	} while (next && count < MAP_FOUND_MAX);
	if (count)
		low->vars.map_found = (uint16_t)count;
}

/* Its loader puts it to where `block` says, and tells where its API is. */
static bool call_loader(struct log *log, const struct rom *rom, struct pxe_loader *block)
{
	low->vars.pxe_entry = (struct pxe_far){ .off = rom->loader, .seg = (uint16_t)((ROM_UPPER + rom->at) >> 4) };
	memcpy(low->params, block, sizeof *block);
	real(low->code.undi_load);
	memcpy(block, low->params, sizeof *block);
	if (low->vars.pxe_exit == PXE_EXIT_SUCCESS && block->start.status == PXE_STATUS_SUCCESS)
		return true;
	card_say(log, FAILURE_UNDI_LOADER);
	log_line(log, LOG_ERROR, "  Status: %04xh", block->start.status);
	return false;
}

static bool find_api(struct log *log, const struct pxe_loader *block)
{
	struct pxe_ways ways = { .stack = block->bang, .es_bx = block->env, .scan_from = FIRST_MEGABYTE };
	struct pxe_found found;

	if (!pxe_find(memory_bytes, FIRST_MEGABYTE, &ways, &found)) {
		card_say(log, FAILURE_UNDI_LOADER);
		log_line(log, LOG_ERROR, "  it says that all is well, but there is no !PXE at %04x:%04x",
		         block->bang.seg, block->bang.off);
		return false;
	}
	low->vars.pxe_entry = found.entry;
	low->vars.is_pxenv = found.is_pxenv;
	return true;
}

static bool start(struct log *log, struct resident *r, struct pxe_start_undi block)
{
	const struct pxe_env *env = undi_env();

	r->rom.is_started = true;
	if (env->call(env->ctx, PXE_START_UNDI, &block, sizeof block) == PXE_EXIT_SUCCESS)
		return true;
	card_say(log, FAILURE_API);
	log_line(log, LOG_ERROR, "  API: %04xh Status: %04xh", PXE_START_UNDI, block.status);
	return false;
}

bool card_rom_load(struct log *log, struct resident *r, uint16_t address, const struct rom *rom)
{
	struct pxe_loader block = { .start = start_block(address) };
	const struct pxe_start_undi card = block.start;
	struct rom_place place;

	if (!rom_place(rom, undi_rom_top(), &place)) {
		card_say(log, FAILURE_NO_BASE_MEMORY);
		log_line(log, LOG_ERROR, "  the card's ROM needs %u bytes of it, below %05x and above %05x",
		         (unsigned)(rom->code_bytes + rom->data_bytes), undi_rom_top(), ROM_PLACE_MIN);
		return false;
	}
	undi_rom_take(&r->rom, &place);
	block.code_seg = place.code_seg;
	block.data_seg = place.data_seg;
	log_line(log, LOG_STEP, "no driver of ours for the card: the UNDI in its ROM at %05x is loaded to %05x",
	         (unsigned)(ROM_UPPER + rom->at), place.from);
	if (call_loader(log, rom, &block) && find_api(log, &block) && start(log, r, card)) {
		read_map();
		return true;
	}
	undi_rom_give_back(&r->rom);
	read_map();
	return false;
}
