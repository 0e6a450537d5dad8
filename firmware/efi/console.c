/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/console.h"
#include "firmware/efi/services.h"
#include "loader/port.h"

enum { SCAN_ESCAPE = 0x17 };

static void put_raw(char c)
{
	CHAR16 text[2] = { (uint8_t)c, 0 };

	if (st->ConOut)
		st->ConOut->OutputString(st->ConOut, text);
}

void console_put(char c)
{
	if (c == '\n')
		put_raw('\r');
	put_raw(c);
}

int console_key(void)
{
	EFI_INPUT_KEY key;

	if (!st->ConIn || st->ConIn->ReadKeyStroke(st->ConIn, &key) != EFI_SUCCESS)
		return KEY_NONE;
	if (key.ScanCode == SCAN_ESCAPE)
		return KEY_ESC;
	return key.UnicodeChar < 0x80 ? key.UnicodeChar : KEY_NONE;
}
