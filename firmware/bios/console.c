/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/clock.h"
#include "firmware/bios/console.h"
#include "firmware/bios/cpu.h"
#include "firmware/bios/low.h"
#include "firmware/config_block.h"
#include "lib/fmt.h"
#include "loader/terminal.h"

/* The 16550's registers, from its first port on, and the bits we use. */
enum {
	DATA = 0, INTERRUPTS = 1, FIFO = 2, LINE = 3, MODEM = 4, STATUS = 5,
	DIVISOR_LATCH = 0x80, EIGHT_N_ONE = 0x03, DTR_RTS = 0x03, FIFO_ON_CLEARED = 0x07,
	STATUS_KEY = 0x01, STATUS_EMPTY = 0x20, NO_PORT = 0xff, BAUD_MAX = 115200,
};

enum {
	CHARACTER_WAIT_US = 20000,      /* 87 us a character; a reader who stopped may keep us this long once */
	KEYBOARD_EVERY_US = 20000,      /* INT 16h costs two mode switches: not at every turn */
	FIFO_BYTES = 16,
	COM1 = 0x3f8,
};

static uint16_t port;                   /* 0: none */
static usec keyboard_due;
static struct terminal terminal;

static void init(uint16_t serial_port, uint32_t baud)
{
	uint32_t divisor = baud ? BAUD_MAX / baud : 1;

	port = serial_port;
	if (port && cpu_in8((uint16_t)(port + STATUS)) == NO_PORT)
		port = 0;
	if (!port)
		return;
	cpu_out8((uint16_t)(port + INTERRUPTS), 0);
	cpu_out8((uint16_t)(port + LINE), DIVISOR_LATCH);
	cpu_out8((uint16_t)(port + DATA), (uint8_t)divisor);
	cpu_out8((uint16_t)(port + INTERRUPTS), (uint8_t)(divisor >> 8));
	cpu_out8((uint16_t)(port + LINE), EIGHT_N_ONE);
	cpu_out8((uint16_t)(port + FIFO), FIFO_ON_CLEARED);
	cpu_out8((uint16_t)(port + MODEM), DTR_RTS);
}

/* What is wrong with the configuration the loader tells. */
void console_open(struct log *log)
{
	struct config_complaint complaint;
	struct config config;

	config_read(rd_over(config_block, sizeof config_block), &config, &complaint);
	if (config.has_verbosity)
		log->verbosity = (enum log_level)config.verbosity;
	if (config.has_serial)
		init(config.serial_port, config.serial_baud);
	else
		init(COM1, BAUD_MAX);
}

static void serial_put(char c)
{
	usec until = clock_now() + CHARACTER_WAIT_US;

	while (!(cpu_in8((uint16_t)(port + STATUS)) & STATUS_EMPTY))
		if (clock_now() > until) {
			port = 0;
			return;
		}
	cpu_out8((uint16_t)(port + DATA), (uint8_t)c);
}

static void put_raw(char c)
{
	if (port)
		serial_put(c);
	real_int(0x10, (struct low_regs){ .eax = 0x0e00u | (uint8_t)c, .ebx = 7 });
}

void console_put(char c)
{
	if (c == '\n')
		put_raw('\r');
	put_raw(c);
}

static void serial_text(const char *text)
{
	while (port && *text)
		serial_put(*text++);
}

void console_cursor_up(unsigned lines)
{
	enum { GET_CURSOR = 0x0300, SET_CURSOR = 0x0200 };
	struct low_regs r = real_int(0x10, (struct low_regs){ .eax = GET_CURSOR });
	unsigned row = r.edx >> 8 & 0xff;
	char sequence[16];

	row = row > lines ? row - lines : 0;
	real_int(0x10, (struct low_regs){ .eax = SET_CURSOR, .edx = row << 8 });
	fmt_text(sequence, sizeof sequence, "\r\033[%uA", lines);
	serial_text(sequence);
}

/* What has come of a sequence, at most what the card has kept. */
static int serial_key(void)
{
	for (unsigned n = 0; n < FIFO_BYTES && (cpu_in8((uint16_t)(port + STATUS)) & STATUS_KEY); n++) {
		int key = terminal_byte(&terminal, clock_now(), cpu_in8((uint16_t)(port + DATA)));

		if (key != KEY_NONE)
			return key;
	}
	return terminal_silence(&terminal, clock_now());
}

/* Of a key without a character; E0h stands for such a one on some keyboards. */
static int key_of_scan_code(uint8_t code)
{
	switch (code) {
	case 0x48: return KEY_UP;
	case 0x50: return KEY_DOWN;
	case 0x47: return KEY_HOME;
	case 0x4f: return KEY_END;
	case 0x3c: return KEY_F2;
	case 0x42: return KEY_F8;
	default:   return KEY_NONE;
	}
}

/* INT 16h tells "no key" in the zero flag. */
int console_key(void)
{
	enum { ZERO_FLAG = 0x40, NO_CHARACTER = 0, NO_CHARACTER_EITHER = 0xe0 };
	int key = port ? serial_key() : KEY_NONE;
	struct low_regs r;
	uint8_t character;

	if (key != KEY_NONE || clock_now() < keyboard_due)
		return key;
	keyboard_due = clock_now() + KEYBOARD_EVERY_US;
	r = real_int(0x16, (struct low_regs){ .eax = 0x0100 });
	if (r.flags & ZERO_FLAG)
		return KEY_NONE;
	r = real_int(0x16, (struct low_regs){ .eax = 0 });
	character = (uint8_t)r.eax;
	if (character == NO_CHARACTER || character == NO_CHARACTER_EITHER)
		return key_of_scan_code((uint8_t)(r.eax >> 8));
	return character;
}
