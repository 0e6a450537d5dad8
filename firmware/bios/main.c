/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The only file of the BIOS firmware that knows all its parts: it finds them and gives them to the loader. */
#include "firmware/bios/anchor.h"
#include "firmware/bios/booted.h"
#include "firmware/bios/card.h"
#include "firmware/bios/clock.h"
#include "firmware/bios/console.h"
#include "firmware/bios/cpu.h"
#include "firmware/bios/int13.h"
#include "firmware/bios/low.h"
#include "firmware/bios/machine.h"
#include "firmware/bios/resident.h"
#include "firmware/config_block.h"
#include "lib/fmt.h"
#include "loader/boot.h"

enum { UNDI_MAJOR = 2, UNDI_MINOR = 1 };

static struct platform platform;
static struct boot boot;
static char booted[BOOT_FILE_MAX + 1];

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

/* 8042, then the chip set's reset register. */
static void reboot(struct port *p)
{
	(void)p;
	cpu_out8(0x64, 0xfe);
	clock_wait_us(100000);
	cpu_out8(0xcf9, 0x06);
	for (;;)
		;
}

/* Differs between machines by MAC and UUID, between starts by how long everything took until now. */
static uint64_t make_seed(const struct port *p, const uint8_t mac[6])
{
	uint64_t seed = cpu_tsc() ^ 0x9e3779b97f4a7c15u;

	for (unsigned i = 0; i < sizeof p->uuid; i++)
		seed = (seed ^ p->uuid[i]) * 0x100000001b3u;
	for (unsigned i = 0; i < 6; i++)
		seed = (seed ^ mac[i]) * 0x100000001b3u;
	return seed ^ seed >> 29;
}

/* What a photo of the screen should show: which machine, which memory, which clock. */
static void say_machine(struct log *log, const struct port *port)
{
	log_line(log, LOG_INFO, "%u kHz, low memory from %05x, image %08x to %08x, resident from %08x",
	         clock_tsc_per_ms(), low->vars.base, low->vars.image, low->vars.image + low->vars.image_bytes,
	         low->vars.resident);
	log_line(log, LOG_INFO, "UUID %s", uuid_text(port->uuid).s);
}

/* Called by start.asm on the 32-bit stack; returning gives the machine back to whoever called us. */
void main_bios(struct low *block);
void main_bios(struct low *block)
{
	struct resident *r = resident_init(block);
	struct port *port = &r->port;
	struct calibration clock_rate = calibration_measure();
	struct smbios_table table;

	clock_init(clock_rate);
	port->log = (struct log){ .put_char = put_char, .verbosity = LOG_STEP };
	port->key = key;
	port->cursor_up = cursor_up;
	port->reboot = reboot;
	console_open(&port->log);
	if (anchor_find(&table))
		smbios_uuid(&table, port->uuid);
	say_machine(&port->log, port);
	if (clock_rate.is_guess)
		log_line(&port->log, LOG_STEP, "this machine's timer (8254) stands still: seconds here are a guess");
	if (!card_take(&port->log, r))
		return;
	port->seed = make_seed(port, r->nic->mac);
	if (r->has_api)
		booted_file(r->card.env, booted, sizeof booted);
	platform = (struct platform){
		.port = port, .build = "0.1 BIOS", .architecture = 0,
		.undi_major = UNDI_MAJOR, .undi_minor = UNDI_MINOR, .booted_file = booted,
		.config = config_block, .config_size = sizeof config_block,
	};
	machine_init(&platform, r);
	boot_init(&boot, &platform, &attachment);
	boot_run(&boot);
}
