/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/menu.h"
#include "lib/fmt.h"

enum { LINES_BESIDE_ITEMS = 2, TENS = 10 };

void menu_init(struct menu *m, const char *title)
{
	memset(m, 0, sizeof *m);
	fmt_text(m->title, sizeof m->title, "%s", title);
}

bool menu_add(struct menu *m, unsigned number, const char *text)
{
	struct menu_item *item = &m->items[m->count];

	if (m->count == MENU_ITEMS_MAX)
		return false;
	item->number = number;
	fmt_text(item->text, sizeof item->text, "%s", text);
	m->count++;
	return true;
}

static void draw_item(const struct menu *m, struct log *log, unsigned i)
{
	log_line(log, LOG_ERROR, m->count < TENS ? "%c %u %s" : "%c %2u %s", i == m->marked ? '>' : ' ', i + 1,
	         m->items[i].text);
}

/* With as many spaces as digits can go at once; without a countdown as long as the longest one. */
static void draw_keys(const struct menu *m, struct log *log, unsigned seconds_left)
{
	if (seconds_left)
		log_line(log, LOG_ERROR, "Up, Down, digits, Enter; Esc ends. Entry %u in %u s   ", m->marked + 1,
		         seconds_left);
	else
		log_line(log, LOG_ERROR, "%s%18s", "Up, Down, digits, Enter; Esc ends.", "");
}

static void draw_all(const struct menu *m, struct log *log, unsigned seconds_left)
{
	log_line(log, LOG_ERROR, "%s", m->title);
	for (unsigned i = 0; i < m->count; i++)
		draw_item(m, log, i);
	draw_keys(m, log, seconds_left);
}

void menu_draw(struct menu *m, struct port *port, unsigned seconds_left)
{
	bool has_moved = m->marked != m->drawn_mark;

	if (m->is_drawn && !has_moved && seconds_left == m->drawn_s)
		return;
	if (!m->is_drawn || port->cursor_up) {
		if (m->is_drawn)
			port->cursor_up(port, m->count + LINES_BESIDE_ITEMS);
		draw_all(m, &port->log, seconds_left);
	} else if (has_moved) {
		draw_item(m, &port->log, m->marked);
	}
	m->is_drawn   = true;
	m->drawn_mark = m->marked;
	m->drawn_s    = seconds_left;
}

/* A digit goes on with the number before it as long as there is such an entry; else it begins another. */
static void type_digit(struct menu *m, unsigned digit)
{
	unsigned number = m->typed * TENS + digit;

	if (number > m->count)
		number = digit;
	m->typed = number <= m->count ? number : 0;
	if (m->typed)
		m->marked = m->typed - 1;
}

bool menu_key(struct menu *m, int key)
{
	if (key >= '0' && key <= '9') {
		type_digit(m, (unsigned)(key - '0'));
		return false;
	}
	if (key == KEY_NONE)
		return false;
	m->typed = 0;
	switch (key) {
	case KEY_UP:    m->marked -= m->marked > 0; break;
	case KEY_DOWN:  m->marked += m->marked + 1 < m->count; break;
	case KEY_HOME:  m->marked = 0; break;
	case KEY_END:   m->marked = m->count ? m->count - 1 : 0; break;
	case KEY_ENTER:
	case '\n':      return m->count != 0;
	default:        break;
	}
	return false;
}
