/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/clock.h"
#include "firmware/bios/console.h"
#include "firmware/bios/cpu.h"
#include "firmware/bios/low.h"

/* The 16550's registers, from its first port on, and the bits we use. */
enum {
	DATA = 0, INTERRUPTS = 1, FIFO = 2, LINE = 3, MODEM = 4, STATUS = 5,
	DIVISOR_LATCH = 0x80, EIGHT_N_ONE = 0x03, DTR_RTS = 0x03, FIFO_ON_CLEARED = 0x07,
	STATUS_KEY = 0x01, STATUS_EMPTY = 0x20, NO_PORT = 0xff, BAUD_MAX = 115200,
};

enum {
	CHARACTER_WAIT_US = 20000,      /* 87 us a character; a reader who stopped may keep us this long once */
	KEYBOARD_EVERY_US = 20000,      /* INT 16h costs two mode switches: not at every turn */
};

static uint16_t port;                   /* 0: none */
static usec keyboard_due;

void console_init(uint16_t serial_port, uint32_t baud)
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

/* INT 16h tells "no key" in the zero flag. */
int console_key(void)
{
	enum { ZERO_FLAG = 0x40 };
	struct low_regs r;

	if (port && (cpu_in8((uint16_t)(port + STATUS)) & STATUS_KEY))
		return cpu_in8((uint16_t)(port + DATA));
	if (clock_now() < keyboard_due)
		return 0;
	keyboard_due = clock_now() + KEYBOARD_EVERY_US;
	r = real_int(0x16, (struct low_regs){ .eax = 0x0100 });
	if (r.flags & ZERO_FLAG)
		return 0;
	return (uint8_t)real_int(0x16, (struct low_regs){ .eax = 0 }).eax;
}
