/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_SCREEN_FAKE_H
#define LOADER_SCREEN_FAKE_H
/*
 * A text screen of 25 lines as a BIOS has one: it scrolls, it is written over, its cursor goes up. Host only.
 *
 *     screen_init();  screen.port is a port without clock and keys;  screen_text() is what a photo would show
 */
#include "lib/test.h"
#include "loader/port.h"

enum { SCREEN_ROWS = 25, SCREEN_COLUMNS = 80 };

static struct screen {
	struct port port;
	char cells[SCREEN_ROWS][SCREEN_COLUMNS];
	unsigned row, column;
	unsigned written, scrolled;             /* characters, lines */
} screen;

static inline void screen_newline(void)
{
	screen.column = 0;
	if (screen.row + 1 < SCREEN_ROWS) {
		screen.row++;
		return;
	}
	memmove(screen.cells[0], screen.cells[1], sizeof screen.cells - SCREEN_COLUMNS);
	memset(screen.cells[SCREEN_ROWS - 1], ' ', SCREEN_COLUMNS);
	screen.scrolled++;
}

static inline void screen_put(struct log *log, char c)
{
	(void)log;
	screen.written++;
	if (c == '\n') {
		screen_newline();
	} else if (c == '\r') {
		screen.column = 0;
	} else {
		assert_in_range(c, ' ', '~');
		screen.cells[screen.row][screen.column++] = c;
		if (screen.column == SCREEN_COLUMNS)
			screen_newline();
	}
}

static inline void screen_cursor_up(struct port *p, unsigned lines)
{
	(void)p;
	screen.row = screen.row > lines ? screen.row - lines : 0;
	screen.column = 0;
}

static inline void screen_init(void)
{
	memset(&screen, 0, sizeof screen);
	memset(screen.cells, ' ', sizeof screen.cells);
	screen.port = (struct port){
		.log = { .put_char = screen_put, .verbosity = LOG_INFO }, .cursor_up = screen_cursor_up,
	};
}

/* Its lines down to the last that has something, without what only looks empty. */
static inline const char *screen_text(void)
{
	static char text[SCREEN_ROWS * (SCREEN_COLUMNS + 1) + 1];
	size_t used = 0, end = 0;

	for (unsigned row = 0; row < SCREEN_ROWS; row++) {
		size_t line_end = used;

		for (unsigned column = 0; column < SCREEN_COLUMNS; column++) {
			text[used++] = screen.cells[row][column];
			if (text[used - 1] != ' ')
				line_end = used;
		}
		if (line_end > used - SCREEN_COLUMNS)
			end = line_end + 1;
		used = line_end;
		text[used++] = '\n';
	}
	text[end] = 0;
	return text;
}
#endif
