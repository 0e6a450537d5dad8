/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/rom/rom.h"
#include "firmware/rom/lzma.h"

static uint8_t *memory(uint32_t linear)
{
	return (uint8_t *)(uintptr_t)linear;
}

static struct rom_about *about(const struct rom_call *c)
{
	return (struct rom_about *)(void *)(memory(c->rom) + ROM_ABOUT_AT);
}

/* What is written here shows 1 MiB above, too, if that is the same memory. */
static uint32_t a20_is_open(struct rom_call *c)
{
	volatile uint32_t *here = &c->saved_crc;
	const volatile uint32_t *above = here + (1u << 20) / sizeof *here;
	uint32_t was = *here;
	bool is_open;

	*here   = *above + 1;
	is_open = *above != *here;
	*here   = was;
	return is_open;
}

/* The payload is in the card's flash, and not behind what stays. */
static bool is_split(const struct rom_about *a)
{
	return a->payload_at != a->resident_bytes;
}

/* Where POST moved it to, but not while the flash is open. */
static struct rd payload(const struct rom_call *c)
{
	const struct rom_about *a = about(c);
	const uint8_t *there = c->from == c->rom && a->moved_to ? memory(a->moved_to) : memory(c->from) + a->payload_at;

	return rd_over(there, a->payload_bytes);
}

/* A BIOS may have given the place of a flash to something else; or no more of it than the first image was written. */
static bool is_ours(const struct rom_call *c)
{
	const struct rom_about *a = about(c);
	const uint8_t *there = memory(c->from), *last = there + a->payload_at - ROM_PAYLOAD_HEAD;

	return memcmp(there + ROM_ABOUT_AT, a, offsetof(struct rom_about, moved_to)) == 0
	    && (!is_split(a) || memcmp(last + ROM_MARK_AT, a->mark, sizeof a->mark) == 0);
}

static uint32_t is_same(const struct rom_call *c)
{
	struct rd there = rd_over(memory(c->place), about(c)->payload_bytes), ours = payload(c);

	while (rd_left(&ours))
		if (rd_u8(&ours) != rd_u8(&there))
			return false;
	return true;
}

static void move(struct rom_call *c)
{
	struct rd from = payload(c);

	rd_bytes(&from, memory(c->place), rd_left(&from));
	if (is_same(c))                         /* else it is no memory, whatever the BIOS says */
		about(c)->moved_to = c->place;
}

/* The byte that makes the sum of all 0. */
static void put_checksum(uint8_t *bytes, size_t len, unsigned at)
{
	unsigned sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += bytes[i];
	bytes[at] = (uint8_t)(bytes[at] - sum);
}

static void settle(struct rom_call *c)
{
	uint8_t *rom = memory(c->rom), *pnp = rom + (rom[ROM_PNP_AT] | rom[ROM_PNP_AT + 1] << 8);
	size_t bytes = (size_t)rom[ROM_SIZE_AT] * ROM_UNIT;

	/* Upper memory that is given back is left as nobody would know of us. */
	if (about(c)->moved_to && !is_split(about(c)))
		memset(rom + about(c)->payload_at, 0, about(c)->payload_bytes);
	put_checksum(pnp, (size_t)pnp[PNP_LENGTH_AT] * PNP_LENGTH_UNIT, PNP_CHECKSUM_AT);
	put_checksum(rom, bytes, ROM_CHECKSUM_AT);
	if (c->place != c->rom)
		memcpy(memory(c->place), rom, bytes);
}

/* From a copy that somebody wrote over only zeros come back: that is how a BIOS leaves free memory. */
static void restore(const struct rom_call *c)
{
	if (payload_crc(memory(c->save), c->saved_bytes) == c->saved_crc)
		memcpy(memory(c->load), memory(c->save), c->saved_bytes);
	else
		memset(memory(c->load), 0, c->saved_bytes);
}

/* The odds lie behind the file, on an even address. */
static uint32_t unpack(struct rom_call *c)
{
	const struct rom_about *a = about(c);
	struct rd packed = payload(c);
	struct payload_head head;
	enum payload_verdict v;
	size_t even, all;

	if (!payload_head(&packed, &head) || head.bytes < ROM_CONFIG_BYTES
	    || a->config_in_program > head.bytes - ROM_CONFIG_BYTES)
		return PAYLOAD_DAMAGED;
	even = (head.bytes + 1) & ~(size_t)1;
	all  = even + LZMA_ODDS * sizeof(uint16_t);
	if (c->top < c->load || all > c->top - c->load)
		return PAYLOAD_NO_ROOM;
	if ((uint32_t)(uintptr_t)c >= c->load && (uint32_t)(uintptr_t)c - c->load < all)
		return PAYLOAD_NO_ROOM;         /* the stack would be written over */
	memcpy(memory(c->save), memory(c->load), all);
	c->saved_bytes = (uint32_t)all;
	c->saved_crc   = payload_crc(memory(c->load), all);
	v = payload_unpack(payload(c), (uint16_t *)(void *)(memory(c->load) + even), memory(c->load), head.bytes, NULL);
	if (v == PAYLOAD_GOOD)
		memcpy(memory(c->load) + a->config_in_program, memory(c->rom) + a->config_at, ROM_CONFIG_BYTES);
	else
		restore(c);
	return v;
}

uint32_t rom32(uint32_t number, struct rom_call *c)
{
	switch (number) {
	case ROM_A20:     return a20_is_open(c);
	case ROM_IS_SAME: return is_same(c);
	case ROM_MOVE:    move(c); break;
	case ROM_SETTLE:  settle(c); break;
	case ROM_UNPACK:  return unpack(c);
	case ROM_RESTORE: restore(c); break;
	case ROM_IS_OURS: return is_ours(c);
	default: break;
	}
	return 0;
}
