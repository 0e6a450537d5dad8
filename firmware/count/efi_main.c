/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* count.efi: firmware/count on UEFI, with the SNP of the card it was loaded from, or what rill-config --driver says. */
#include "firmware/config_block.h"
#include "firmware/count/count.h"
#include "firmware/efi/card.h"
#include "firmware/efi/clock.h"
#include "firmware/efi/console.h"
#include "firmware/efi/counter.h"

enum { ARCHITECTURE_X64 = 7, EXIT_PORT = 0xf4, EXIT_WELL = 0x10 };

static const uint32_t rates[] = { 15000, 20000, 30000, 40000, 50000, 60000, 80000, 0 };
static const uint32_t rates_own[COUNT_OF(rates)] = { 40000, 60000, 80000, 100000, 120000, 150000, 180000, 0 };
static struct count count;
static struct efi_card card;

static void put_char(struct log *log, char c)
{
	(void)log;
	console_put(c);
}

/* QEMU's isa-debug-exit; nothing anywhere else. */
static void leave(void)
{
	__asm__ volatile("outb %0, %1" : : "a"((uint8_t)EXIT_WELL), "Nd"((uint16_t)EXIT_PORT));
}

static enum config_driver wanted_driver(void)
{
	struct config_complaint complaint;
	struct config config;

	config_read(rd_over(config_block, sizeof config_block), &config, &complaint);
	return config.driver == CONFIG_DRIVER_ANY ? CONFIG_DRIVER_SNP : (enum config_driver)config.driver;
}

static bool run(struct log *log)
{
	clock_init();
	if (!card_find(&card, log) || !card_take(&card, wanted_driver(), log))
		return false;
	log_line(log, LOG_STEP, "count driver=\"%s\" tsc_khz=%u", card.nic->driver, clock_khz());
	count = (struct count){
		.card = card.nic, .log = log, .now = clock_now, .seed = counter_read(),
		.rates = card.own.nic ? rates_own : rates,
		.rate_count = COUNT_OF(rates),
		.who = {
			.architecture = ARCHITECTURE_X64,
			.undi_major = card.undi_major, .undi_minor = card.undi_minor,
		},
	};
	return count_run(&count);
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	struct log log = { .put_char = put_char, .verbosity = LOG_STEP };

	our_image = image;
	st = table;
	bs = table->BootServices;
	bs->SetWatchdogTimer(0, 0, 0, NULL);
	if (run(&log)) {
		const struct snp_counters *n = &card.snp.counted;

		log_line(&log, LOG_STEP, "count end frames=%u failed=%u", n->frames, n->receive_failed);
		leave();
	}
	card_give_back(&card);
	return EFI_ABORTED;
}
