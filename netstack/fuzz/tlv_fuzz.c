/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any bytes as TLVs: what the reader of a whole message accepts, the reader of one TLV accepts, too. */
#include <stdlib.h>
#include "netstack/wire/disk_menu.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(bool ok)
{
	if (!ok)
		abort();
}

/* Types, lengths and values by rd_tlv, written again: the same bytes. */
static void write_again(struct rd tlvs)
{
	size_t len = rd_left(&tlvs);
	uint8_t *again = malloc(len + 1);
	struct wr w = wr_over(again, len);
	struct rd r = tlvs;
	struct tlv t;

	while (rd_tlv(&r, &t)) {
		struct rd value = t.value;
		uint8_t *copy = malloc(rd_left(&value) + 1);
		size_t n = rd_left(&value);

		rd_bytes(&value, copy, n);
		wr_tlv(&w, (uint16_t)(t.type | (t.must ? TLV_MUST : 0)), copy, n);
		free(copy);
	}
	require(rd_done(&r) && wr_ok(&w) && wr_used(&w, again) == len && rd_is(&tlvs, again, len));
	free(again);
}

/* Values by their own writers are read as the same values. */
static void write_values(const struct tlv_set *set)
{
	uint8_t room[512];
	struct wr w = wr_over(room, sizeof room);
	struct tlv_set again;

	wr_tlv_u8(&w, TLV_STEP, set->step);
	wr_tlv_u16(&w, TLV_ARCH, set->arch);
	wr_tlv_u32(&w, TLV_VERSION, set->version);
	wr_tlv_u64(&w, TLV_SIZE, set->size);
	wr_tlv_text(&w, TLV_BUILD, set->build);
	wr_tlv_address(&w, TLV_SERVER, &set->servers[0]);
	wr_tlv_counters(&w, &set->counters);
	wr_tlv_pad(&w, set->stage);
	require(wr_ok(&w) && tlv_read_set(rd_over(room, wr_used(&w, room)), &again) == TLV_OK);
	require(again.step == set->step && again.arch == set->arch && again.version == set->version);
	require(again.size == set->size && again.server_count == 1);
	require(stream_address_same(&again.servers[0], &set->servers[0]));
	require(memcmp(&again.counters, &set->counters, sizeof again.counters) == 0);
	require(memcmp(again.build, set->build, sizeof again.build) == 0);
}

/* What is read of a menu is fit for a screen, and read again when it is written. */
static void try_menu(struct rd tlvs)
{
	struct disk_menu menu, again;
	uint8_t room[TLV_MENU_MAX * (2 * sizeof menu.entries[0]) + 32];
	struct wr w = wr_over(room, sizeof room);

	if (!rd_disk_menu(tlvs, &menu))
		return;
	require(menu.count <= TLV_MENU_MAX && menu.marked < menu.count && menu.seconds <= DISK_MENU_SECONDS_MAX);
	for (unsigned i = 0; i < menu.count; i++) {
		require(memchr(menu.entries[i].name, 0, sizeof menu.entries[i].name) != NULL);
		require(memchr(menu.entries[i].title, 0, sizeof menu.entries[i].title) != NULL);
		menu.entries[i].title[DISK_MENU_TITLE_MAX] = 0;
	}
	wr_tlv_u16(&w, TLV_REASON, DENY_CHOOSE);
	wr_disk_menu(&w, &menu);
	require(wr_ok(&w) && wr_used(&w, room) <= STREAM_MESSAGE_BYTES_MAX - STREAM_HEAD_BYTES);
	require(rd_disk_menu(rd_over(room, wr_used(&w, room)), &again));
	require(again.count == menu.count && again.marked == menu.marked && again.seconds == menu.seconds);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct tlv_set set;

	if (tlv_read_set(rd_over(bytes, len), &set) != TLV_MALFORMED) {
		write_again(rd_over(bytes, len));
		write_values(&set);
	}
	try_menu(rd_over(bytes, len));
	require(set.server_count <= TLV_SERVERS_MAX && set.ticket.len <= STREAM_TICKET_BYTES_MAX);
	require(set.root_hash_len <= sizeof set.root_hash);
	require(memchr(set.disk, 0, sizeof set.disk) && memchr(set.build, 0, sizeof set.build));
	require(memchr(set.text, 0, sizeof set.text) != NULL);
	return 0;
}
