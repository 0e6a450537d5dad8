/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/booted.h"
#include "firmware/bios/low.h"
#include "netstack/wire/dhcp.h"

enum { PACKET_DHCP_ACK = 2, PACKET_CACHED_REPLY = 3, FIRST_MEGABYTE = 0x100000 };

#pragma pack(push, 1)
struct cached_info { uint16_t status, packet, bytes; struct pxe_far at; uint16_t limit; };
#pragma pack(pop)
_Static_assert(sizeof(struct cached_info) == 12, "GET_CACHED_INFO");

static void field_text(struct rd field, char *name, size_t size)
{
	size_t len = 0;

	while (rd_left(&field) && len + 1 < size) {
		char c = (char)rd_u8(&field);

		if (!c)
			break;
		name[len++] = c;
	}
	name[len] = 0;
}

static bool file_of(const struct dhcp_packet *p, char *name, size_t size)
{
	size_t len = dhcp_option(p, OPT_BOOT_FILE, name, size - 1);

	name[len] = 0;
	if (!len)
		field_text(p->boot_file, name, size);
	return name[0] != 0;
}

/* Asked with no buffer, a ROM says where its own copy is. */
static bool file_in(const struct pxe_env *rom, uint16_t packet, char *name, size_t size)
{
	struct cached_info info = { .packet = packet };
	struct dhcp_packet parsed;
	uint32_t at;

	if (rom->call(rom->ctx, PXE_GET_CACHED_INFO, &info, sizeof info) != PXE_EXIT_SUCCESS)
		return false;
	at = (uint32_t)info.at.seg * 16 + info.at.off;
	if (at == 0 || at + info.bytes > FIRST_MEGABYTE)
		return false;
	return dhcp_parse(rd_over(memory_bytes + at, info.bytes), &parsed) && file_of(&parsed, name, size);
}

void booted_file(const struct pxe_env *rom, char *name, size_t size)
{
	name[0] = 0;
	if (!file_in(rom, PACKET_CACHED_REPLY, name, size))
		file_in(rom, PACKET_DHCP_ACK, name, size);
}
