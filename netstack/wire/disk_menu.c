/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/disk_menu.h"

enum { MS_PER_S = 1000 };

void wr_disk_menu(struct wr *w, const struct disk_menu *m)
{
	for (unsigned i = 0; i < m->count; i++) {
		const struct disk_menu_entry *e = &m->entries[i];
		size_t name_len = strlen(e->name), title_len = strlen(e->title);

		wr_be16(w, TLV_MENU);
		wr_be16(w, (uint16_t)(1 + name_len + title_len));
		wr_u8(w, (uint8_t)name_len);
		wr_bytes(w, e->name, name_len);
		wr_bytes(w, e->title, title_len);
	}
	wr_tlv_u8(w, TLV_CHOICE, (uint8_t)(m->marked + 1));
	if (m->seconds)
		wr_tlv_u32(w, TLV_WAIT_MS, m->seconds * MS_PER_S);
}

/* Lengths were judged by tlv_read_set(). */
static void read_entry(struct rd value, struct disk_menu_entry *e)
{
	struct rd name = rd_sub(&value, rd_u8(&value));

	rd_tlv_text(name, e->name, sizeof e->name);
	rd_tlv_text(rd_left(&value) ? value : name, e->title, sizeof e->title);
}

bool rd_disk_menu(struct rd tlvs, struct disk_menu *m)
{
	struct tlv_set set;
	struct tlv t;

	memset(m, 0, sizeof *m);
	if (tlv_read_set(tlvs, &set) != TLV_OK || set.reason != DENY_CHOOSE)
		return false;
	while (rd_tlv(&tlvs, &t))
		if (t.type == TLV_MENU && m->count < TLV_MENU_MAX)
			read_entry(t.value, &m->entries[m->count++]);
	if (set.choice && set.choice <= m->count)
		m->marked = set.choice - 1u;
	/* A part of a second is a whole one: 0 would be "never". */
	m->seconds = set.wait_ms / MS_PER_S + (set.wait_ms % MS_PER_S != 0);
	m->seconds = (unsigned)min_u64(m->seconds, DISK_MENU_SECONDS_MAX);
	return m->count != 0;
}
