/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_CONSOLE_H
#define FIRMWARE_BIOS_CONSOLE_H
/*
 * Text to screen (INT 10h) and a serial port (8N1), keys from both.
 *
 *     console_open(log)       where words go, and how many, the configuration in the image decides
 *     console_put(c)          "\n" becomes CR LF
 *     console_cursor_up(n)    to the first column of the line n above
 *     console_key()           a key of loader/port.h, or KEY_NONE at once; a lone Esc of a terminal after 100 ms
 *
 * Discardable: not for interrupt 13h. A serial port that is not there, or
 * whose reader is gone, costs a bounded wait once and is then left alone.
 */
#include "lib/log.h"

void console_open(struct log *log);
void console_put(char c);
void console_cursor_up(unsigned lines);
int  console_key(void);
#endif
