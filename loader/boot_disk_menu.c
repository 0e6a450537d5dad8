/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Which of the server's disks: its user says. */
#include "lib/fmt.h"
#include "loader/steps.h"

static void fill_menu(struct menu *m, const struct disk_menu *disks, uint32_t server)
{
	char title[MENU_TEXT_MAX + 1];

	fmt_text(title, sizeof title, "Disks of %s", ip_text(server).s);
	menu_init(m, title);
	for (unsigned i = 0; i < disks->count; i++)
		menu_add(m, i, disks->entries[i].title);
	m->marked = m->drawn_mark = disks->marked;
}

bool boot_choose_disk(struct boot *b, uint32_t server)
{
	const struct disk_menu_entry *e;

	fill_menu(&b->menu, &b->disks, server);
	if (!boot_choose(b, b->disks.seconds))
		return false;
	e = &b->disks.entries[menu_marked(&b->menu)->number];
	log_line(b->log, LOG_STEP, "disk menu: %s (%s)", e->title, e->name);
	fmt_text(b->plan.uri.disk, sizeof b->plan.uri.disk, "%s", e->name);
	return true;
}
