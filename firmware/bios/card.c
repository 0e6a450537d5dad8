/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/card.h"
#include "firmware/bios/clock.h"
#include "firmware/bios/console.h"
#include "firmware/bios/low.h"
#include "firmware/bios/undi_env.h"
#include "loader/failure.h"
#include "loader/port.h"
#include "undi/pxe_find.h"

enum { CARD_AGAIN_S = 5, INT_1A_ANSWERED = 0x564e, FIRST_MEGABYTE = 0x100000 };

/* Without a card there is no boot that could explain its failure. */
static void say(struct log *log, const struct failure_text *f)
{
	log_line(log, LOG_ERROR, "%s: %s", f->code, f->text);
	log_line(log, LOG_ERROR, "  to do: %s", f->hint);
}

bool card_find(struct log *log)
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
		say(log, failure_text(FAILURE_NO_PXE));
		return false;
	}
	low->vars.pxe_entry = found.entry;
	low->vars.is_pxenv = found.is_pxenv;
	log_line(log, LOG_INFO, "%s at %04x:%04x, entry %04x:%04x", found.way, found.structure.seg,
	         found.structure.off, found.entry.seg, found.entry.off);
	return true;
}

bool card_open(struct log *log, struct pxe_card *card)
{
	while (!pxe_open(card, undi_env())) {
		usec until = clock_now() + CARD_AGAIN_S * USEC_PER_S;

		if (card->failed.status != PXE_STATUS_MEDIA_TEST) {
			say(log, failure_text(FAILURE_API));
			log_line(log, LOG_ERROR, "  API: %04xh Status: %04xh", card->failed.function,
			         card->failed.status);
			return false;
		}
		log_line(log, LOG_ERROR, "PXE-E61: Media test failed, check cable. Again in %u s; Esc gives up.",
		         CARD_AGAIN_S);
		while (clock_now() < until)
			if (console_key() == KEY_ESC)
				return false;
	}
	return true;
}
