/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/clock.h"
#include "firmware/bios/console.h"
#include "firmware/bios/cpu.h"
#include "firmware/bios/low.h"
#include "firmware/bios/smbios.h"
#include "firmware/bios/undi_env.h"
#include "lib/fmt.h"
#include "loader/port.h"
#include "undi/pxe_find.h"

static struct pxe_card card;

static void log_put(struct log *log, char c)
{
	(void)log;
	console_put(c);
}

static bool find_rom(struct log *log)
{
	struct pxe_ways ways = {
		.stack = low->vars.stack_pxe,
		.es_bx = { .off = (uint16_t)low->vars.entry_ebx, .seg = low->vars.entry_es },
		.scan_from = low->vars.base + LOW_BYTES,
	};
	struct pxe_found found;

	if (low->vars.int1a_found == 0x564e)
		ways.int_1a = low->vars.int1a_pxenv;
	if (!pxe_find(memory_bytes, 0x100000, &ways, &found))
		return false;
	low->vars.pxe_entry = found.entry;
	low->vars.is_pxenv = found.is_pxenv;
	log_line(log, LOG_STEP, "PXE API: %s at %04x:%04x, entry %04x:%04x", found.way, found.structure.seg,
	         found.structure.off, found.entry.seg, found.entry.off);
	return true;
}

/* Called by start.asm on the 32-bit stack; returning gives the machine back to the ROM. */
void main_bios(struct low *block);
void main_bios(struct low *block)
{
	struct log log = { .put_char = log_put, .verbosity = LOG_STEP };
	uint8_t uuid[16];

	low = block;
	clock_init();
	console_init(CONSOLE_SCREEN | CONSOLE_SERIAL);
	log_line(&log, LOG_STEP, "Rill");
	log_line(&log, LOG_STEP, "TSC %u kHz, low block %05x, image %08x+%x, map %u entries (%xh)", clock_tsc_per_ms(),
	         low->vars.base, low->vars.image, low->vars.image_bytes, low->vars.map_found, low->vars.map_source);
	smbios_uuid(uuid);
	log_line(&log, LOG_STEP, "UUID %s", uuid_text(uuid).s);
	if (!find_rom(&log)) {
		log_line(&log, LOG_ERROR, "no PXE API");
		return;
	}
	if (!pxe_open(&card, undi_env())) {
		log_line(&log, LOG_ERROR, "UNDI function %x: exit %x status %x", card.failed.function, card.failed.exit,
		         card.failed.status);
		return;
	}
	log_line(&log, LOG_STEP, "card: %s, MAC %s, irq %u, services %x", card.driver, mac_text(card.nic.mac).s,
	         card.irq, card.services);
	pxe_close(&card);
	log_line(&log, LOG_STEP, "giving back");
}
