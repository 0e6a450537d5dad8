/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_CONSOLE_H
#define FIRMWARE_EFI_CONSOLE_H
/*
 * Text to the firmware's console (ConOut: screen, and serial port if the firmware has one there), keys from it (ConIn).
 *
 *     console_put(c)          "\n" becomes CR LF
 *     console_cursor_up(n)    to the first column of the line n above
 *     console_key()           a key of loader/port.h, or KEY_NONE at once
 *
 * Which port is a console is the firmware's setting; TLV_CONFIG_SERIAL is not heeded here.
 */

void console_put(char c);
void console_cursor_up(unsigned lines);
int  console_key(void);
#endif
