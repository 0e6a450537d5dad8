/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any option 43: its lists, its texts, and what we write of it again. */
#include "netstack/fuzz/fuzz.h"
#include "netstack/wire/pxe.h"

static void walk(struct pxe_option o, size_t room_size)
{
	char *room = malloc(room_size);
	struct pxe_menu_item item;
	struct pxe_servers s;

	while (pxe_next_item(&o.menu, &item))
		require(pxe_text(item.text, room, room_size) < room_size);
	while (pxe_next_servers(&o.servers, &s))
		require(rd_left(&s.addresses) % 4 == 0);
	require(rd_done(&o.menu) && rd_done(&o.servers));
	require(pxe_text(o.prompt, room, room_size) < room_size);
	free(room);
}

/* Written again it fits where it came from, and means the same. */
static void write_again(const struct pxe_option *o, size_t len)
{
	uint8_t *room = malloc(len + 1);
	struct wr w = wr_over(room, len + 1);
	struct pxe_option again;

	pxe_emit(&w, o);
	require(wr_ok(&w));
	require(pxe_parse(rd_over(room, wr_used(&w, room)), &again));
	require(again.has == o->has && again.item_type == o->item_type);
	require(again.mtftp.client_port == o->mtftp.client_port);
	require(rd_left(&again.menu) == rd_left(&o->menu) && again.prompt_s == o->prompt_s);
	w = wr_over(room, len / 2);
	pxe_emit(&w, o);
	free(room);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = fuzz_copy(bytes, len);
	struct pxe_option o;

	if (pxe_parse(rd_over(copy, len), &o)) {
		walk(o, 1 + len % 80);
		write_again(&o, len);
	} else {
		require(o.has == 0 && rd_left(&o.menu) == 0);
	}
	free(copy);
	return 0;
}
