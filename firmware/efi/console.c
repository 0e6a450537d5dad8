/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/console.h"
#include "firmware/efi/services.h"
#include "loader/port.h"

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

void console_cursor_up(unsigned lines)
{
	UINTN row;

	if (!st->ConOut || !st->ConOut->Mode)
		return;
	row = (UINTN)st->ConOut->Mode->CursorRow;
	st->ConOut->SetCursorPosition(st->ConOut, 0, row > lines ? row - lines : 0);
}

static int key_of_scan_code(UINT16 code)
{
	switch (code) {
	case SCAN_UP:     return KEY_UP;
	case SCAN_DOWN:   return KEY_DOWN;
	case SCAN_HOME:   return KEY_HOME;
	case SCAN_END:    return KEY_END;
	case SCAN_F2:     return KEY_F2;
	case SCAN_F8:     return KEY_F8;
	case SCAN_ESC:    return KEY_ESC;
	default:          return KEY_NONE;
	}
}

int console_key(void)
{
	EFI_INPUT_KEY key;

	if (!st->ConIn || st->ConIn->ReadKeyStroke(st->ConIn, &key) != EFI_SUCCESS)
		return KEY_NONE;
	if (key.ScanCode)
		return key_of_scan_code(key.ScanCode);
	return key.UnicodeChar < 0x80 ? key.UnicodeChar : KEY_NONE;
}
