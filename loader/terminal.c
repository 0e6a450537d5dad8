/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/terminal.h"

enum { ESC = 27, DELETE = 127, NUMBER_MAX = 99, CSI_FINAL = 0x40 };

static int key_of_letter(uint8_t byte)
{
	switch (byte) {
	case 'A': return KEY_UP;
	case 'B': return KEY_DOWN;
	case 'H': return KEY_HOME;
	case 'F': return KEY_END;
	case 'Q': return KEY_F2;        /* SS3 only; in CSI it is a modified F2 */
	default:  return KEY_NONE;
	}
}

/* ESC [ number ~ */
static int key_of_number(unsigned number)
{
	switch (number) {
	case 1: case 7: return KEY_HOME;
	case 4: case 8: return KEY_END;
	case 12:        return KEY_F2;
	case 19:        return KEY_F8;
	default:        return KEY_NONE;
	}
}

/* VT-UTF8, which firmware's own serial consoles are set to: ESC and one character. */
static int key_of_utf8(uint8_t byte)
{
	switch (byte) {
	case '2': return KEY_F2;
	case '8': return KEY_F8;
	case 'h': return KEY_HOME;
	case 'k': return KEY_END;
	default:  return KEY_NONE;
	}
}

static int take_csi(struct terminal *t, uint8_t byte)
{
	if (byte >= '0' && byte <= '9') {
		if (!t->is_further && t->number <= NUMBER_MAX / 10)
			t->number = t->number * 10 + (unsigned)(byte - '0');
		return KEY_NONE;
	}
	if (byte == '[' && t->number == 0 && !t->is_further) {
		t->state = TERMINAL_LINUX;
		return KEY_NONE;
	}
	if (byte < CSI_FINAL) {
		t->is_further = true;
		return KEY_NONE;
	}
	t->state = TERMINAL_TEXT;
	return byte == '~' ? key_of_number(t->number) : key_of_letter(byte);
}

static int take_esc(struct terminal *t, uint8_t byte)
{
	t->state = TERMINAL_TEXT;
	if (byte == '[')
		t->state = TERMINAL_CSI;
	else if (byte == 'O')
		t->state = TERMINAL_SS3;
	else
		return key_of_utf8(byte);
	t->number     = 0;
	t->is_further = false;
	return KEY_NONE;
}

static int take_text(uint8_t byte)
{
	if (byte == '\n')
		return KEY_ENTER;
	return byte < DELETE ? byte : KEY_NONE;
}

int terminal_byte(struct terminal *t, usec now, uint8_t byte)
{
	enum terminal_state state = t->state;

	/* Two of them: the first stood alone. */
	if (byte == ESC) {
		t->state = TERMINAL_ESC;
		t->since = now;
		return state == TERMINAL_ESC ? KEY_ESC : KEY_NONE;
	}
	switch (state) {
	case TERMINAL_ESC: return take_esc(t, byte);
	case TERMINAL_CSI: return take_csi(t, byte);
	case TERMINAL_SS3:
		t->state = TERMINAL_TEXT;
		return key_of_letter(byte);
	case TERMINAL_LINUX:
		t->state = TERMINAL_TEXT;
		return byte == 'B' ? KEY_F2 : KEY_NONE;
	case TERMINAL_TEXT:
		break;
	}
	return take_text(byte);
}

int terminal_silence(struct terminal *t, usec now)
{
	bool is_alone = t->state == TERMINAL_ESC;

	if (t->state == TERMINAL_TEXT || now - t->since < TERMINAL_ESC_WAIT)
		return KEY_NONE;
	t->state = TERMINAL_TEXT;
	return is_alone ? KEY_ESC : KEY_NONE;
}
