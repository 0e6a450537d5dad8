/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "bench/payload/efi/words.h"
#include "lib/fmt.h"

enum { COM1 = 0x3f8, COM1_STATE = COM1 + 5, MAY_SEND = 0x20, HAS_SENT = 0x40, EXIT_PORT = 0xf4 };

static uint8_t in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static void out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void put(void *to, char c)
{
	(void)to;
	while (!(in8(COM1_STATE) & MAY_SEND))
		;
	out8(COM1, (uint8_t)c);
}

static void say(const char *format, va_list args)
{
	fmt_each_v(put, NULL, format, args);
	put(NULL, '\n');
}

void words_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
}

void words_end(enum words_exit how)
{
	while (!(in8(COM1_STATE) & HAS_SENT))
		;
	out8(EXIT_PORT, (uint8_t)how);
	for (;;)
		;
}

void words_fail(const char *format, ...)
{
	static const char head[] = "bench error ";
	va_list args;

	for (const char *c = head; *c; c++)
		put(NULL, *c);
	va_start(args, format);
	say(format, args);
	va_end(args);
	words_end(WORDS_WRONG);
}
