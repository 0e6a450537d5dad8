/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* count.kpxe: firmware/count on a BIOS, down to the burst in real mode. */
#include "firmware/bios/card.h"
#include "firmware/bios/clock.h"
#include "firmware/bios/console.h"
#include "firmware/bios/cpu.h"
#include "firmware/bios/low.h"
#include "firmware/bios/resident.h"
#include "firmware/count/count.h"

enum { EXIT_PORT = 0xf4, EXIT_WELL = 0x10 };

/* A ROM's UNDI costs a call a frame; a driver of ours has none of that. */
static const uint32_t rates[] = { 8000, 10000, 12000, 14000, 16000, 18000, 21000, 0 };
static const uint32_t rates_own[COUNT_OF(rates)] = { 15000, 25000, 35000, 50000, 70000, 90000, 120000, 0 };
static struct count count;

static void put_char(struct log *log, char c)
{
	(void)log;
	console_put(c);
}

/* Called by start.asm on the 32-bit stack; returning gives the machine back to the ROM. */
void main_bios(struct low *block);
void main_bios(struct low *block)
{
	struct resident *r = resident_init(block);
	struct log *log = &r->port.log;

	clock_init(calibration_measure());
	*log = (struct log){ .put_char = put_char, .verbosity = LOG_STEP };
	console_open(log);
	if (!card_take(log, r))
		return;
	log_line(log, LOG_STEP, "count driver=\"%s\" tsc_khz=%u", r->nic->driver, clock_tsc_per_ms());
	count = (struct count){
		.card = r->nic, .log = log, .now = clock_now, .seed = cpu_tsc(),
		.rates = r->own.nic ? rates_own : rates,
		.rate_count = COUNT_OF(rates), .who = { .architecture = 0, .undi_major = 2, .undi_minor = 1 },
	};
	if (count_run(&count)) {
		log_line(log, LOG_STEP, "count end calls_failed=%u", r->card.counted.call_failed);
		cpu_out8(EXIT_PORT, EXIT_WELL);         /* QEMU's isa-debug-exit; nothing anywhere else */
	}
	resident_close_card(r);
}
