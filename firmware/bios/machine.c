/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/int13.h"
#include "firmware/bios/low.h"
#include "firmware/bios/machine.h"
#include "firmware/bios/pxe_entry.h"
#include "lib/fmt.h"
#include "loader/boot_sector.h"

enum { LOAD_AT = 0x7c00, BASE_KB_AT = 0x413, DISKS_AT = 0x475, OUR_DRIVE = 0x80 };

/* Whose card is closed on every way out. */
static struct resident *machine_resident;
static uint8_t boot_sector[DISK_SECTOR];
static struct dhcp_answer answer;       /* for a program that is started over our own driver */

static uint32_t base_memory_end(void)
{
	return (memory_bytes[BASE_KB_AT] | (uint32_t)memory_bytes[BASE_KB_AT + 1] << 8) << 10;
}

/* What INT 15h will say: what it said, with the low block and the image from there on cut out. */
static const char *make_map(uint32_t image_from)
{
	const struct undi_rom *rom = &machine_resident->rom;
	/* Up to where base memory ended: the block stands on a page, so a little is left over above it. */
	const uint32_t end = rom->bytes ? (uint32_t)rom->base_kb << 10 : base_memory_end();
	const uint32_t from = rom->bytes ? rom->from : low->vars.base;
	unsigned count = low->vars.map_found;
	struct map_answers answers;

	memcpy(low->map_told, low->map_found, count * sizeof low->map_found[0]);
	count = map_reserve(low->map_told, count, MAP_TOLD_MAX, from, end - from);
	if (count)
		count = map_reserve(low->map_told, count, MAP_TOLD_MAX, image_from,
		                    low->vars.image + low->vars.image_bytes - image_from);
	if (!count)
		return "the memory map has too many entries to add ours";
	answers = map_answers(low->map_told, count);
	low->vars.map_told = (uint16_t)count;
	low->vars.e801_ax = answers.e801_ax;
	low->vars.e801_bx = answers.e801_bx;
	low->vars.kb_88 = answers.kb_88;
	low->vars.kb_da88 = answers.kb_da88;
	return NULL;
}

static const char *attach(struct platform *p, struct attachment *a)
{
	const char *wrong;

	(void)p;
	if (low->vars.hooked)
		return NULL;
	wrong = make_map(low->vars.resident);
	if (wrong)
		return wrong;
	bios_disk_init(&bios_disk, a, OUR_DRIVE, (uint8_t)(memory_bytes[DISKS_AT] + 1));
	low->vars.int13_c = (uint32_t)(uintptr_t)int13_from_real;
	real(low->code.hook);
	return NULL;
}

static void detach(struct platform *p)
{
	(void)p;
	real(low->code.unhook);
}

/* Its partition table says which heads and sectors its CHS calls reckon with. */
static enum failure_code find(struct platform *p, struct attachment *a, char *detail, size_t size)
{
	struct disk *disk = attachment_disk(a);
	enum failure_code failure = boot_sector_find(disk, a->stream.grant.disk, boot_sector, detail, size);

	(void)p;
	if (failure == FAILURE_NONE)
		bios_disk.int13.geometry = geometry_of_table(disk->sectors, boot_sector);
	return failure;
}

static const char *start(struct platform *p)
{
	(void)p;
	memcpy(memory_bytes + LOAD_AT, boot_sector, DISK_SECTOR);
	real(low->code.start_disk);
	return "the boot sector came back";     /* start_disk has left our stack for good: never reached */
}

/* The API is ours: nothing is discarded. The reason why it cannot be. */
static const char *start_over_ours(const struct chain_program *program)
{
	const char *wrong = make_map(low->vars.image);
	const struct pxe_origin origin = {
		.answer = &answer, .who = &attachment.dhcp.who, .lease = program->lease,
		.server = program->server, .file = program->file,
	};

	if (!wrong)
		pxe_entry_start(machine_resident, &origin, program->vlan);
	return wrong;
}

static enum failure_code chain(struct platform *p, const struct chain_program *program, char *detail, size_t room)
{
	const bool is_ours = machine_resident->own.nic;
	const char *wrong = NULL;

	/* Base code over another ROM's UNDI would go with us: there is nobody whose API the program could call. */
	if (!is_ours && !machine_resident->has_api) {
		fmt_text(detail, room, "%s needs the API of a PXE ROM, and no ROM has started this machine",
		         program->file);
		return FAILURE_NO_PXE;
	}
	detach(p);
	if (is_ours) {
		wrong = start_over_ours(program);
	} else {
		resident_close_card(machine_resident);
		real(low->code.start_program);
	}
	if (wrong) {
		fmt_text(detail, room, "%s needs an API that would have to stay: %s", program->file, wrong);
		return FAILURE_NO_PXE;
	}
	fmt_text(detail, room, "%s", "the program came back");          /* it returns to the ROM, never here */
	return FAILURE_MACHINE;
}

/* The rest of giving back is main_bios() returning: leave.inc restores memory, A20, registers and the ROM's stack. */
static void give_back(struct platform *p)
{
	detach(p);
	resident_close_card(machine_resident);
}

void machine_init(struct platform *p, struct resident *r)
{
	machine_resident = r;
	p->nic = r->nic;
	p->pci_address = r->pci_address;
	p->handover = low->handover;
	p->program = memory_bytes + LOAD_AT;
	/* Below all that is ours: a UNDI out of a ROM lies under the block, and receives the program. */
	p->program_bytes_max = (r->rom.bytes ? r->rom.from : low->vars.base) - LOAD_AT;
	p->attach = attach;
	p->detach = detach;
	p->find = find;
	p->start = start;
	p->chain = chain;
	p->give_back = give_back;
	p->answer = r->own.nic ? &answer : NULL;        /* a ROM keeps its own for its API */
	/* A caller's buffer may be anywhere below what is ours, except in our low block. */
	bios_disk.ram = (struct guest_ram){ .base = memory_bytes, .size = low->vars.resident,
	                                    .hole = low->vars.base, .hole_size = LOW_BYTES };
}
