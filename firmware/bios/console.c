/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/clock.h"
#include "firmware/bios/console.h"
#include "firmware/bios/cpu.h"
#include "firmware/bios/low.h"

enum {
	COM1 = 0x3f8,
	DATA = COM1, INTERRUPTS = COM1 + 1, FIFO = COM1 + 2, LINE = COM1 + 3, MODEM = COM1 + 4, STATUS = COM1 + 5,
	DIVISOR_LATCH = 0x80, EIGHT_N_ONE = 0x03, DTR_RTS = 0x03, FIFO_ON_CLEARED = 0x07,
	STATUS_KEY = 0x01, STATUS_EMPTY = 0x20, NO_PORT = 0xff,
	CHARACTER_WAIT_US = 20000,              /* 87 us a character; a stopped reader may keep us this long once */
};

static unsigned outputs;

static void serial_init(void)
{
	if (cpu_in8(STATUS) == NO_PORT) {
		outputs &= ~(unsigned)CONSOLE_SERIAL;
		return;
	}
	cpu_out8(INTERRUPTS, 0);
	cpu_out8(LINE, DIVISOR_LATCH);
	cpu_out8(DATA, 1);                      /* 115200 / 1 */
	cpu_out8(INTERRUPTS, 0);
	cpu_out8(LINE, EIGHT_N_ONE);
	cpu_out8(FIFO, FIFO_ON_CLEARED);
	cpu_out8(MODEM, DTR_RTS);
}

void console_init(unsigned where)
{
	outputs = where;
	if (outputs & CONSOLE_SERIAL)
		serial_init();
}

static void serial_put(char c)
{
	usec until = clock_now() + CHARACTER_WAIT_US;

	while (!(cpu_in8(STATUS) & STATUS_EMPTY))
		if (clock_now() > until) {
			outputs &= ~(unsigned)CONSOLE_SERIAL;
			return;
		}
	cpu_out8(DATA, (uint8_t)c);
}

static void put_raw(char c)
{
	if (outputs & CONSOLE_SERIAL)
		serial_put(c);
	if (outputs & CONSOLE_SCREEN)
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

	if ((outputs & CONSOLE_SERIAL) && (cpu_in8(STATUS) & STATUS_KEY))
		return cpu_in8(DATA);
	r = real_int(0x16, (struct low_regs){ .eax = 0x0100 });
	if (r.flags & ZERO_FLAG)
		return 0;
	return (uint8_t)real_int(0x16, (struct low_regs){ .eax = 0 }).eax;
}
