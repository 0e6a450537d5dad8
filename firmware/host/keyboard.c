/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/host/keyboard.h"
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>
#include "loader/terminal.h"

static struct terminal terminal;
static struct termios as_found;
static bool is_open = true;

static void restore(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &as_found);
}

/* Whoever interrupts us wants his terminal back, too. */
static void interrupted(int signal_number)
{
	restore();
	_exit(128 + signal_number);
}

void keyboard_open(void)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &as_found) != 0)
		return;                 /* no terminal: bytes come as they are */
	raw = as_found;
	raw.c_lflag &= (tcflag_t)~(ICANON | ECHO);
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0)
		return;
	atexit(restore);
	signal(SIGINT, interrupted);
	signal(SIGTERM, interrupted);
}

int keyboard_key(usec now)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	uint8_t byte;

	while (is_open && poll(&in, 1, 0) > 0) {
		int key;

		is_open = read(STDIN_FILENO, &byte, 1) == 1;
		if (!is_open)
			break;
		key = terminal_byte(&terminal, now, byte);
		if (key != KEY_NONE)
			return key;
	}
	return terminal_silence(&terminal, now);
}
