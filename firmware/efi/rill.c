/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The only file of the UEFI firmware that knows all its parts: it finds them and gives them to the loader. */
#include "firmware/config_block.h"
#include "firmware/efi/booted.h"
#include "firmware/efi/clock.h"
#include "firmware/efi/config_variable.h"
#include "firmware/efi/console.h"
#include "firmware/efi/counter.h"
#include "firmware/efi/machine.h"
#include "firmware/efi/memory.h"
#include "firmware/efi/rill.h"
#include "firmware/efi/target.h"
#include "firmware/smbios.h"
#include "lib/fmt.h"
#include "loader/boot.h"

/* All there is; from the pool of the boot services, so that the system has it when they are gone. */
struct firmware {
	struct machine machine;
	struct port    port;
	struct attachment attachment;
	struct boot    boot;
	char booted[BOOT_FILE_MAX + 1];
	uint8_t config_variable[CONFIG_VARIABLE_MAX];
	size_t  config_variable_bytes;
};

static usec now(struct port *p)
{
	(void)p;
	return clock_now();
}

/* A poll is the only way to hear of a frame, so waiting would only delay it. */
static void idle(struct port *p, usec until)
{
	(void)p;
	(void)until;
}

static void put_char(struct log *log, char c)
{
	(void)log;
	console_put(c);
}

static void cursor_up(struct port *p, unsigned lines)
{
	(void)p;
	console_cursor_up(lines);
}

static int key(struct port *p)
{
	(void)p;
	return console_key();
}

static void reboot(struct port *p)
{
	(void)p;
	st->RuntimeServices->ResetSystem(EfiResetCold, EFI_SUCCESS, 0, NULL);
	for (;;)
		;
}

/* The firmware says where the anchor is: one of two, the newer first. */
static void find_uuid(uint8_t uuid[16])
{
	static const EFI_GUID guids[] = { SMBIOS3_TABLE_GUID, SMBIOS_TABLE_GUID };
	struct smbios_table table;

	for (unsigned g = 0; g < COUNT_OF(guids); g++)
		for (UINTN i = 0; i < st->NumberOfTableEntries; i++) {
			const EFI_CONFIGURATION_TABLE *t = &st->ConfigurationTable[i];

			if (memcmp(&t->VendorGuid, &guids[g], sizeof guids[g]) == 0
			    && smbios_anchor(t->VendorTable, &table) && smbios_uuid(&table, uuid))
				return;
		}
}

/* The firmware's random numbers if it has some; and what differs between machines and between starts. */
static uint64_t make_seed(const struct port *p, const uint8_t mac[6])
{
	static const EFI_GUID guid = EFI_RNG_PROTOCOL_GUID;
	EFI_RNG_PROTOCOL *rng = protocol_anywhere(&guid);
	uint64_t seed = counter_read() ^ 0x9e3779b97f4a7c15u, random = 0;

	if (rng && rng->GetRNG(rng, NULL, sizeof random, (UINT8 *)&random) == EFI_SUCCESS)
		seed ^= random;
	for (unsigned i = 0; i < sizeof p->uuid; i++)
		seed = (seed ^ p->uuid[i]) * 0x100000001b3u;
	for (unsigned i = 0; i < 6; i++)
		seed = (seed ^ mac[i]) * 0x100000001b3u;
	return seed ^ seed >> 29;
}

static void open_port(struct port *p)
{
	*p = (struct port){
		.now = now, .log = { .put_char = put_char, .verbosity = LOG_STEP }, .key = key, .idle = idle,
		.reboot = reboot, .cursor_up = cursor_up,
	};
	clock_init();
	find_uuid(p->uuid);
	log_line(&p->log, LOG_INFO, "%u kHz, UUID %s", clock_khz(), uuid_text(p->uuid).s);
}

/* The configuration decides what drives the card before there is a boot; what is wrong with it the loader tells. */
static enum config_driver wanted_driver(const struct firmware *f)
{
	struct config_complaint complaint;
	struct config config;

	config_read(rd_over(config_block, sizeof config_block), &config, &complaint);
	if (f->config_variable_bytes)
		config_add(rd_over(f->config_variable, f->config_variable_bytes), &config, &complaint);
	return (enum config_driver)config.driver;
}

static bool find_card(struct efi_card *card, const struct card_lent *lent, struct log *log)
{
	return lent ? card_find_lent(card, lent, log) : card_find(card, log);
}

static bool open_machine(struct firmware *f, const struct card_lent *lent)
{
	struct efi_card *card = &f->machine.card;
	struct log *log = &f->port.log;

	booted_file(f->booted, sizeof f->booted);
	f->config_variable_bytes = config_variable_read(f->config_variable);
	if (!find_card(card, lent, log) || !card_take(card, wanted_driver(f), log))
		return false;
	f->machine.platform.port = &f->port;
	if (!machine_init(&f->machine)) {
		log_line(log, LOG_ERROR, "RILL-E09: no memory is left: %u MiB are wanted", MACHINE_PROGRAM_ROOM >> 20);
		machine_give_back(&f->machine);
		return false;
	}
	f->port.seed = make_seed(&f->port, card->nic->mac);
	f->machine.platform.build = target.build;
	f->machine.platform.architecture = target.architecture;
	f->machine.platform.booted_file = f->booted;
	f->machine.platform.config = config_block;
	f->machine.platform.config_size = sizeof config_block;
	f->machine.platform.config_variable = f->config_variable;
	f->machine.platform.config_variable_size = f->config_variable_bytes;
	return true;
}

static EFI_STATUS run(struct firmware *f, const struct card_lent *lent)
{
	enum boot_end end;

	open_port(&f->port);
	if (!open_machine(f, lent))
		return EFI_NOT_FOUND;
	boot_init(&f->boot, &f->machine.platform, &f->attachment);
	end = boot_run(&f->boot);
	if (end != BOOT_STARTED)
		return end == BOOT_NEXT_DEVICE ? EFI_NOT_FOUND : EFI_ABORTED;
	attachment_close(&f->attachment, "the system's loader came back");
	machine_give_back(&f->machine);
	return f->machine.ended;
}

EFI_STATUS rill_run(const struct card_lent *lent)
{
	struct firmware *f;
	EFI_STATUS status;

	bs->SetWatchdogTimer(0, 0, 0, NULL);    /* a boot option has five minutes; we try for ever */
	f = memory_for_data(sizeof *f);
	if (!f)
		return EFI_OUT_OF_RESOURCES;
	status = run(f, lent);
	if (!f->machine.disk.is_stuck)
		memory_free(f, sizeof *f);
	return status;
}
