/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef GUEST_SERIAL_H
#define GUEST_SERIAL_H
/*
 * What a UEFI program says on the serial port itself, for the case to read: the firmware's console breaks lines, and
 * is gone at the end. Lines end with "\r\n".
 */
#include <efi.h>

enum { COM1 = 0x3f8, COM1_STATUS = COM1 + 5, COM_EMPTY = 0x20 };

static inline void say_char(char c)
{
	UINT8 status;

	do
		__asm__ volatile("inb %1, %0" : "=a"(status) : "Nd"((UINT16)COM1_STATUS));
	while (!(status & COM_EMPTY));
	__asm__ volatile("outb %0, %1" : : "a"((UINT8)c), "Nd"((UINT16)COM1));
}

static inline void say(const char *text)
{
	while (*text)
		say_char(*text++);
}

static inline void say_hex(UINT64 value, unsigned digits)
{
	while (digits--)
		say_char("0123456789abcdef"[value >> digits * 4 & 15]);
}
#endif
