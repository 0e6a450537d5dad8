/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/clock.h"
#include "firmware/bios/pxe_entry.h"
#include "pxe/api.h"
#include "pxe/dhcp_packets.h"
#include "pxe/structures.h"
#include "undi/drivers/pci.h"

enum { BASE_KB_AT = 0x413, VECTOR_BYTES = 4, INT_PXE = 0x1a, PROGRAM_STARTS = 0x564e };
/* PCI Local Bus 3.0, 6.1: revision, then interface, sub-class and class. */
enum { PCI_REVISION = 8, PCI_INTERRUPT_LINE = 0x3c };
/* A card that was reset settles on a speed; programs may ask only once. */
enum { CABLE_WAIT_S = 5 };
/* What a BIOS has on its stack when it calls is a few hundred bytes; SeaBIOS's ends at 7000h. */
enum { PROGRAM_AT = 0x7c00, STACK_KEPT = 4096 };

/* A vector that is ours while a program runs; what it was is among the block's variables. */
struct hook { uint8_t number; uint16_t entry; uint32_t *old; };

static struct {
	struct pxe_host host;           /* first: the API knows only this */
	struct resident *r;
	struct pxe_layout layout;
	struct guest_ram ram;
	bool is_hooked;
	uint16_t told_kb;               /* 40:13 while the program runs; the block has what it was */
	uint32_t stack_at, stack_bytes; /* of who called us, as far as it lies in the program's memory */
	uint8_t  stack[STACK_KEPT];
} entry;
static struct pxe_api api;
static uint8_t packet[DHCP_SIZE_MAX];

/* ---- the machine ---- */

static uint16_t base_kb(void) { return (uint16_t)(memory_bytes[BASE_KB_AT] | memory_bytes[BASE_KB_AT + 1] << 8); }

static void set_base_kb(uint16_t kb)
{
	memory_bytes[BASE_KB_AT]     = (uint8_t)kb;
	memory_bytes[BASE_KB_AT + 1] = (uint8_t)(kb >> 8);
}

/* The n-th of our hooks; false: there is none. */
static bool hook_at(unsigned n, struct hook *h)
{
	switch (n) {
	case 0: *h = (struct hook){ 0x15, low->code.int15, &low->vars.old15 }; return true;
	case 1: *h = (struct hook){ 0x18, low->code.int18, &low->vars.old18 }; return true;
	case 2: *h = (struct hook){ 0x1a, low->code.int1a, &low->vars.old1a }; return true;
	default: return false;
	}
}

static uint8_t *vector(const struct hook *h) { return memory_bytes + h->number * VECTOR_BYTES; }

static struct pxe_far at_block(uint16_t off) { return (struct pxe_far){ off, low->vars.seg }; }

/* The same place in UNDI's code segment, which begins with the entry of PXENV+. */
static struct pxe_far at_code(uint16_t off)
{
	return (struct pxe_far){ (uint16_t)(off - low->code.api), (uint16_t)(low->vars.seg + low->code.api / 16) };
}

static void hook(void)
{
	struct hook h;

	for (unsigned n = 0; hook_at(n, &h); n++) {
		const struct pxe_far ours = at_block(h.entry);

		memcpy(h.old, vector(&h), VECTOR_BYTES);
		memcpy(vector(&h), &ours, VECTOR_BYTES);
	}
	/* It is never raised: below us may be a UNDI out of a ROM that could not be given back (undi_rom.h). */
	low->vars.old_base_kb = entry.told_kb = base_kb();
	if (entry.told_kb > low->vars.seg >> 6)
		entry.told_kb = (uint16_t)(low->vars.seg >> 6);
	set_base_kb(entry.told_kb);
	entry.is_hooked = true;
}

/* All memory below the program is its own, also where the BIOS left its stack; but that is the way back. */
static void keep_stack(void)
{
	entry.stack_at    = (uint32_t)low->vars.entry_ss * 16 + (uint16_t)low->vars.entry_esp;
	entry.stack_bytes = 0;
	if (entry.stack_at < PROGRAM_AT)
		entry.stack_bytes = PROGRAM_AT - entry.stack_at;
	if (entry.stack_bytes > STACK_KEPT)
		entry.stack_bytes = STACK_KEPT;
	memcpy(entry.stack, memory_bytes + entry.stack_at, entry.stack_bytes);
}

static bool is_chained(struct pxe_host *host)
{
	struct hook h;

	(void)host;
	for (unsigned n = 0; entry.is_hooked && hook_at(n, &h); n++) {
		const struct pxe_far ours = at_block(h.entry);

		if (memcmp(vector(&h), &ours, VECTOR_BYTES) != 0)
			return true;
	}
	return false;
}

static void unhook(void)
{
	struct hook h;

	for (unsigned n = 0; entry.is_hooked && hook_at(n, &h); n++)
		memcpy(vector(&h), h.old, VECTOR_BYTES);
	entry.is_hooked = false;
}

/* ---- what pxe/ asks of it ---- */

static usec now(struct pxe_host *host)
{
	(void)host;
	return clock_now();
}

static void idle(struct pxe_host *host, usec until)
{
	(void)host;
	entry.r->port.idle(&entry.r->port, until);
}

static void wait_for_cable(struct nic *nic)
{
	const usec until = clock_now() + CABLE_WAIT_S * USEC_PER_S;

	while (nic->link(nic) == NIC_LINK_DOWN && clock_now() < until)
		entry.r->port.idle(&entry.r->port, until);
}

/* A driver opened again stands where it stood: all that it has is in the card's memory. */
static bool card(struct pxe_host *host, bool up)
{
	struct card_own *own = &entry.r->own;

	(void)host;
	if (!up) {
		card_own_give_back(own);
		return true;
	}
	if (!own->nic && card_own_take(own, own->hardware.address, own->driver))
		return false;
	if (own->nic != entry.r->nic)
		return false;
	wait_for_cable(own->nic);
	return true;
}

/* ---- what a program finds ---- */

static struct pxe_facts facts_of(const struct pci_hardware *p)
{
	const uint32_t class = pci_config_read(p->address, PCI_REVISION, 4);
	struct pxe_facts f = {
		.irq = (uint8_t)pci_config_read(p->address, PCI_INTERRUPT_LINE, 1),
		.vendor = (uint16_t)pci_config_read(p->address, PCI_VENDOR, 2),
		.device = (uint16_t)pci_config_read(p->address, PCI_DEVICE, 2),
		.pci_address = p->address, .class_base = (uint8_t)(class >> 24), .class_sub = (uint8_t)(class >> 16),
		.class_interface = (uint8_t)(class >> 8), .revision = (uint8_t)class,
		.bits_per_second = 1000000000,
	};

	for (unsigned n = 0; n < PCI_BARS && !f.base_io; n++)
		if (p->bars[n].bytes && p->bars[n].is_port)
			f.base_io = (uint16_t)p->bars[n].base;
	return f;
}

/*
 * UNDI's data reach to where base memory ended: programs that unload us raise 40:13 to the end of the last segment.
 * If it ended below us they end where we do.
 */
static void lay_out(void)
{
	const uint16_t code = low->code.api;
	const uint32_t found = (uint32_t)low->vars.old_base_kb << 10, ours = low->vars.base + LOW_BYTES;
	const uint32_t end = found > ours ? found : ours;

	entry.layout = (struct pxe_layout){
		.bang_at = at_code(LOW_RING), .entry = at_code(low->code.api_bang), .entry_env = at_code(code),
		.stack = { (uint16_t)(low->vars.seg + LOW_STACK / 16), LOW_STACK_TOP - LOW_STACK },
		.undi_data = { low->vars.seg, (uint16_t)(end - low->vars.base) },
		.undi_code = { at_code(code).seg, (uint16_t)(LOW_BYTES - code) },
		.has_base = true,
	};
}

static void write_structures(void)
{
	pxe_structures_bang(&entry.layout, &low->pxe.bang);
	pxe_structures_env(&entry.layout, &low->pxe.env);
}

static void open_api(struct resident *r, const struct pxe_origin *origin, uint16_t vlan)
{
	const struct pxe_setup setup = {
		.host = &entry.host, .nic = r->nic, .facts = facts_of(&r->own.hardware),
		.frame = low->pxe.frame, .frame_at = at_block(LOW_RING + offsetof(struct low_pxe, frame)),
		.packets = low->pxe.packets, .packets_at = at_block(LOW_RING + offsetof(struct low_pxe, packets)),
		.address = origin->lease->address, .relay = pxe_dhcp_relay(origin->answer), .vlan = vlan,
		.seed = r->port.seed,
	};

	entry.host = (struct pxe_host){ .now = now, .idle = idle, .is_chained = is_chained, .card = card };
	pxe_api_init(&api, &setup);
	pxe_dhcp_packets(&api.cached, origin, packet);
}

void pxe_entry_start(struct resident *r, const struct pxe_origin *origin, uint16_t vlan)
{
	struct pxe_far env;

	entry.r = r;
	/* The block's variables are not the program's; its frame, its packets and its stack are. */
	entry.ram = (struct guest_ram){ .base = memory_bytes, .size = low->vars.image,
	                                .hole = low->vars.base, .hole_size = LOW_RING };
	memset(&low->pxe, 0, sizeof low->pxe);
	open_api(r, origin, vlan);
	keep_stack();
	hook();
	lay_out();
	write_structures();
	low->vars.api_bang = entry.layout.bang_at;
	low->vars.pxe_c = (uint32_t)(uintptr_t)pxe_entry_call;
	low->vars.returned_c = (uint32_t)(uintptr_t)pxe_entry_returned;
	low->vars.leave_c = (uint32_t)(uintptr_t)pxe_entry_end;
	/* As ROMs do: a BIOS may want to know. */
	env = at_code(LOW_PXE_ENV);
	real_int(INT_PXE, (struct low_regs){ .eax = PROGRAM_STARTS, .ebx = env.off, .es = env.seg,
	                                     .edx = low->vars.base + LOW_PXE_ENV });
	real(low->code.start_nbp);
}

/* ---- while it runs ---- */

uint32_t pxe_entry_call(struct low *block)
{
	const struct pxe_far at = block->vars.api_block;
	const uint16_t exit = pxe_api_call(&api, &entry.ram, block->vars.api_opcode, (uint32_t)at.seg * 16 + at.off);

	if (entry.is_hooked && entry.layout.has_base && api.base == PXE_BASE_GONE) {
		entry.layout.has_base = false;
		write_structures();
	}
	if (api.undi == PXE_UNDI_STOPPED && entry.is_hooked) {
		unhook();
		memset(&block->pxe.bang, 0, sizeof block->pxe.bang);
		memset(&block->pxe.env, 0, sizeof block->pxe.env);
	}
	block->vars.api_gone = api.undi == PXE_UNDI_STOPPED;    /* START_UNDI may follow: then all is still there */
	block->vars.api_restarted = api.restarted;
	return exit;
}

/* As the program would have done it, so that the API knows that the card is down. */
static void quiet(void)
{
	struct pxe_plain block;
	const struct guest_ram ram = { .base = (uint8_t *)&block, .size = sizeof block };

	pxe_api_call(&api, &ram, PXE_UNDI_SHUTDOWN, 0);
	card_own_give_back(&entry.r->own);
}

/* Whoever chained a vector of ours, or took memory below the block, stays; so must what he relies on. */
uint32_t pxe_entry_end(struct low *block)
{
	const bool stays = is_chained(&entry.host) || base_kb() < entry.told_kb;

	quiet();
	if (stays) {
		block->vars.saved = 0;
		block->vars.busy = false;
		return 0;
	}
	unhook();
	set_base_kb(block->vars.old_base_kb);
	return 0;
}

/* The way on is on a stack that lay in the program's memory. INT 18h needs none. */
uint32_t pxe_entry_returned(struct low *block)
{
	memcpy(memory_bytes + entry.stack_at, entry.stack, entry.stack_bytes);
	return pxe_entry_end(block);
}
