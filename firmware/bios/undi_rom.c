/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/low.h"
#include "firmware/bios/pci_hardware.h"
#include "firmware/bios/undi_env.h"
#include "firmware/bios/undi_rom.h"

enum { BASE_KB_AT = 0x413, VECTORS = 256 };

_Static_assert(2 * 0xffff + 4 * ROM_PLACE_PAGE <= PCI_MEMORY, "what lay in a UNDI's place is kept there");

static uint16_t word_at(uint32_t at)
{
	return (uint16_t)(memory_bytes[at] | memory_bytes[at + 1] << 8);
}

static void set_base_kb(uint32_t kb)
{
	memory_bytes[BASE_KB_AT] = (uint8_t)kb;
	memory_bytes[BASE_KB_AT + 1] = (uint8_t)(kb >> 8);
}

uint32_t undi_rom_top(void)
{
	return min_size((size_t)word_at(BASE_KB_AT) << 10, low->vars.base);
}

void undi_rom_take(struct undi_rom *u, const struct rom_place *place)
{
	*u = (struct undi_rom){ .from = place->from, .bytes = place->bytes, .base_kb = word_at(BASE_KB_AT) };
	memcpy(pci_hardware_memory(), memory_bytes + u->from, u->bytes);
	memset(memory_bytes + u->from, 0, u->bytes);    /* PXE 2.1: what is not zero is somebody's */
	set_base_kb(u->from >> 10);
}

/* Whether an interrupt still leads there. */
static bool is_hooked(const struct undi_rom *u)
{
	for (uint32_t at = 0; at < 4 * VECTORS; at += 4)
		if (word_at(at + 2) * 16u + word_at(at) - u->from < u->bytes)
			return true;
	return false;
}

/* In some ROMs that number is GET_STATE, which has a longer block and stops nothing: the vectors are looked at, too. */
static bool stop(const struct undi_rom *u)
{
	uint8_t block[8] = { 0 };
	const struct pxe_env *env = undi_env();

	return env->call(env->ctx, PXE_STOP_UNDI, block, sizeof block) == PXE_EXIT_SUCCESS && !is_hooked(u);
}

void undi_rom_give_back(struct undi_rom *u)
{
	if (!u->bytes || u->is_kept)
		return;
	u->is_kept = u->is_started ? !stop(u) : is_hooked(u);
	if (u->is_kept)
		return;
	memcpy(memory_bytes + u->from, pci_hardware_memory(), u->bytes);
	if (word_at(BASE_KB_AT) == u->from >> 10)       /* else somebody took more below it */
		set_base_kb(u->base_kb);
	u->bytes = 0;
}
