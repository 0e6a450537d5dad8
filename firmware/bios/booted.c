/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/booted.h"
#include "firmware/bios/low.h"
#include "firmware/booted.h"

enum { PACKET_DHCP_ACK = 2, PACKET_CACHED_REPLY = 3, FIRST_MEGABYTE = 0x100000 };

#pragma pack(push, 1)
struct cached_info { uint16_t status, packet, bytes; struct pxe_far at; uint16_t limit; };
#pragma pack(pop)
_Static_assert(sizeof(struct cached_info) == 12, "GET_CACHED_INFO");

/* Asked with no buffer, a ROM says where its own copy is. */
static bool file_in(const struct pxe_env *rom, uint16_t packet, char *name, size_t size)
{
	struct cached_info info = { .packet = packet };
	uint32_t at;

	if (rom->call(rom->ctx, PXE_GET_CACHED_INFO, &info, sizeof info) != PXE_EXIT_SUCCESS)
		return false;
	at = (uint32_t)info.at.seg * 16 + info.at.off;
	if (at == 0 || at + info.bytes > FIRST_MEGABYTE)
		return false;
	return booted_file_in(rd_over(memory_bytes + at, info.bytes), name, size);
}

void booted_file(const struct pxe_env *rom, char *name, size_t size)
{
	name[0] = 0;
	if (!file_in(rom, PACKET_CACHED_REPLY, name, size))
		file_in(rom, PACKET_DHCP_ACK, name, size);
}
