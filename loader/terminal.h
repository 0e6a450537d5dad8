/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_TERMINAL_H
#define LOADER_TERMINAL_H
/*
 * What a terminal on a serial line sends, as the keys of loader/port.h: arrows, Home, End, F2 and F8 are sequences
 * that begin with Esc (ECMA-48, as VT100, xterm, the Linux console and VT-UTF8 write them).
 *
 *     struct terminal t = { 0 };
 *     terminal_byte(&t, now, byte)    a byte that came: a key, or KEY_NONE while its sequence goes on
 *     terminal_silence(&t, now)       nothing came: KEY_ESC once an Esc has stood alone for a moment, else KEY_NONE
 *
 * A sequence that nobody knows is swallowed whole: its bytes are no keys.
 */
#include "loader/port.h"

/* Longer than any line takes for the next byte of a sequence, too short to be noticed by whoever pressed Esc. */
#define TERMINAL_ESC_WAIT (100u * USEC_PER_MS)

enum terminal_state { TERMINAL_TEXT, TERMINAL_ESC, TERMINAL_CSI, TERMINAL_SS3, TERMINAL_LINUX };

struct terminal {
	enum terminal_state state;
	unsigned number;                /* of a CSI sequence: its first parameter */
	bool     is_further;            /* behind that */
	usec     since;
};

int terminal_byte(struct terminal *t, usec now, uint8_t byte);
int terminal_silence(struct terminal *t, usec now);
#endif
