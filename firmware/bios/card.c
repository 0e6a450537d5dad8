/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/card.h"
#include "firmware/bios/card_rom.h"
#include "firmware/bios/clock.h"
#include "firmware/bios/console.h"
#include "firmware/bios/cpu.h"
#include "firmware/bios/pci_scan.h"
#include "firmware/bios/undi_env.h"
#include "undi/drivers/drivers.h"
#include "undi/drivers/pci.h"
#include "undi/pxe_find.h"

enum { CARD_AGAIN_S = 5, INT_1A_ANSWERED = 0x564e, FIRST_MEGABYTE = 0x100000 };
/* Whoever calls us without a ROM says any card so. More of them than that are not tried for their cable. */
enum { ANY_CARD = 0xffff, CARDS_MAX = 16, CABLE_WAIT_S = 5 };
/* PCI BIOS 2.1, 4.2; and the port of configuration mechanism 1, whose bit 31 stays as it is written. */
enum { INT_PCI = 0x1a, PCI_BIOS_PRESENT = 0xb101, CARRY = 1, MECHANISM_1 = 1, CONFIG_ADDRESS = 0xcf8 };
#define PCI_BIOS_SIGNATURE 0x20494350u  /* "PCI " */
#define CONFIG_ENABLE 0x80000000u

struct own_card { uint16_t address; const struct card_driver *driver; };

/* What there is: cards that we have a driver for, and the first without whose ROM lets its UNDI be loaded. */
struct cards {
	struct own_card own[CARDS_MAX];
	unsigned own_count;
	bool has_rom;
	uint16_t rom_address;
	struct rom rom;
};

void card_say(struct log *log, enum failure_code code)
{
	const struct failure_text *f = failure_text(code);

	log_line(log, LOG_ERROR, "%s: %s", f->code, f->text);
	log_line(log, LOG_ERROR, "  to do: %s", f->hint);
}

/* The ROM's API, in the four ways of undi/pxe_find.h; undi_env() calls it from then on. */
static bool find_rom(struct log *log)
{
	struct pxe_ways ways = {
		.stack = low->vars.stack_pxe,
		.es_bx = { .off = (uint16_t)low->vars.entry_ebx, .seg = low->vars.entry_es },
		.scan_from = low->vars.base + LOW_BYTES,
	};
	struct pxe_found found;

	if (low->vars.int1a_found == INT_1A_ANSWERED)
		ways.int_1a = low->vars.int1a_pxenv;
	if (!pxe_find(memory_bytes, FIRST_MEGABYTE, &ways, &found)) {
		card_say(log, FAILURE_NO_PXE);
		return false;
	}
	low->vars.pxe_entry = found.entry;
	low->vars.is_pxenv = found.is_pxenv;
	log_line(log, LOG_INFO, "%s at %04x:%04x, entry %04x:%04x", found.way, found.structure.seg,
	         found.structure.off, found.entry.seg, found.entry.off);
	return true;
}

static bool open_undi(struct pxe_card *card, bool is_new)
{
	return is_new ? pxe_open_new(card, undi_env()) : pxe_open(card, undi_env());
}

/* False: Esc, or a ROM that cannot, or no cable where nobody waits for one. */
static bool open_rom(struct log *log, struct pxe_card *card, bool is_new, bool waits)
{
	while (!open_undi(card, is_new)) {
		usec until = clock_now() + CARD_AGAIN_S * USEC_PER_S;

		if (card->failed.status != PXE_STATUS_MEDIA_TEST) {
			card_say(log, FAILURE_API);
			log_line(log, LOG_ERROR, "  API: %04xh Status: %04xh", card->failed.function,
			         card->failed.status);
			return false;
		}
		if (!waits)
			return false;
		log_line(log, LOG_ERROR, "PXE-E61: Media test failed, check cable. Again in %u s; Esc gives up.",
		         CARD_AGAIN_S);
		while (clock_now() < until)
			if (console_key() == KEY_ESC)
				return false;
	}
	return true;
}

/* Whether there is a PCI that we know how to ask. A BIOS without the call has had it all the same since 1993. */
static bool find_pci(unsigned *last_bus)
{
	struct low_regs r = real_int(INT_PCI, (struct low_regs){ .eax = PCI_BIOS_PRESENT });

	if (!(r.flags & CARRY) && (r.eax & 0xff00) == 0 && r.edx == PCI_BIOS_SIGNATURE) {
		*last_bus = r.ecx & 0xff;
		return r.eax & MECHANISM_1;
	}
	*last_bus = PCI_BUS_MAX;
	cpu_out32(CONFIG_ADDRESS, CONFIG_ENABLE);
	return cpu_in32(CONFIG_ADDRESS) == CONFIG_ENABLE;
}

static uint32_t config(void *ctx, uint16_t address, unsigned at)
{
	(void)ctx;
	return pci_config_read(address, at, 4);
}

static void say_card(struct log *log, const char *name, const struct pci_scan *s)
{
	log_line(log, LOG_INFO, "%s (%04x:%04x) at PCI %02x:%02x.%x", name, s->vendor, s->device, s->address >> 8,
	         s->address >> 3 & 31, s->address & 7);
}

/* Of those that are wanted. */
static void find_cards(struct log *log, uint16_t wanted, struct cards *c)
{
	struct pci_scan s = { .read = config };

	*c = (struct cards){ .own_count = 0 };
	if (!find_pci(&s.last_bus))
		return;
	while (c->own_count < CARDS_MAX && pci_scan_next(&s)) {
		const char *name;
		const struct card_driver *driver = driver_for(s.vendor, s.device, &name);

		if (wanted != ANY_CARD && wanted != s.address)
			continue;
		if (driver) {
			c->own[c->own_count++] = (struct own_card){ s.address, driver };
			say_card(log, name, &s);
		} else if (!c->has_rom && card_rom_find(log, s.vendor, s.device, &c->rom)) {
			c->has_rom = true;
			c->rom_address = s.address;
			say_card(log, "a card with a ROM of its own", &s);
		}
	}
}

/* A card has just been reset: two that settle on a speed take some seconds. */
static bool has_cable(struct resident *r)
{
	struct nic *nic = r->own.nic;
	usec until = clock_now() + CABLE_WAIT_S * USEC_PER_S;

	while (nic->link(nic) == NIC_LINK_DOWN) {
		if (clock_now() >= until)
			return false;
		r->port.idle(&r->port, until);
	}
	return true;
}

static bool take(struct log *log, struct resident *r, const struct own_card *card)
{
	const char *why = card_own_take(&r->own, card->address, card->driver);

	if (why)
		log_line(log, LOG_ERROR, "the card at PCI %02x:%02x.%x cannot be driven from here: %s",
		         card->address >> 8, card->address >> 3 & 31, card->address & 7, why);
	return !why;
}

static bool take_rom(struct log *log, struct resident *r, const struct cards *c)
{
	if (!card_rom_load(log, r, c->rom_address, &c->rom))
		return false;
	if (open_rom(log, &r->card, true, c->own_count == 0))
		return true;
	undi_rom_give_back(&r->rom);
	return false;
}

/* Whether one of them is ours now. */
static bool take_best(struct log *log, struct resident *r, const struct cards *c)
{
	const bool is_only = c->own_count + c->has_rom == 1;

	for (unsigned i = 0; i < c->own_count; i++) {
		if (!take(log, r, &c->own[i]))
			continue;
		if (is_only || has_cable(r))
			return true;
		card_own_give_back(&r->own);
	}
	if (c->has_rom && take_rom(log, r, c))
		return true;
	for (unsigned i = 0; !is_only && i < c->own_count; i++)
		if (take(log, r, &c->own[i]))
			return true;
	return false;
}

static bool take_own(struct log *log, struct resident *r)
{
	const uint16_t wanted = (uint16_t)low->vars.entry_ebx;
	struct cards cards;

	find_cards(log, wanted, &cards);
	if (wanted == ANY_CARD && cards.own_count + cards.has_rom)
		log_line(log, LOG_STEP, "not started from a card: the first with a cable is taken");
	if (!take_best(log, r, &cards)) {
		log_line(log, LOG_ERROR, "RILL-E09: there is no card that we can drive ourselves: virtio-net, Intel "
		         "82540EM and 82574L. Start rill.kpxe by the PXE ROM of the card you have.");
		return false;
	}
	r->nic = r->own.nic ? r->own.nic : &r->card.nic;
	r->pci_address = r->own.nic ? r->own.hardware.address : cards.rom_address;
	low->vars.leave_c = (uint32_t)(uintptr_t)resident_leave;
	low->vars.card_command = CONFIG_ENABLE | (uint32_t)r->pci_address << 8 | PCI_COMMAND;
	return true;
}

bool card_take(struct log *log, struct resident *r)
{
	if (low->vars.entry_eax == LOW_ENTRY_RILL)
		return take_own(log, r);
	if (!find_rom(log) || !open_rom(log, &r->card, false, true))
		return false;
	r->has_api = true;
	r->nic = &r->card.nic;
	r->pci_address = r->card.pci_address;
	return true;
}
