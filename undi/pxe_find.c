/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/pxe_find.h"

enum { SCAN_TOP = 0xa0000, SCAN_STEP = 16, PXENV_SHORTEST = 0x26, BANG_SHORTEST = 0x20 };

struct memory { const uint8_t *bytes; size_t size; };

static size_t linear(struct pxe_far at)
{
	return (size_t)at.seg * 16 + at.off;
}

static bool sums_to_zero(const uint8_t *bytes, size_t len)
{
	uint8_t sum = 0;

	while (len--)
		sum = (uint8_t)(sum + *bytes++);
	return sum == 0;
}

/* A copy of the structure at `at` if it is sound; its own length field may be shorter than ours, not longer than
   memory. */
static bool sound(struct memory m, size_t at, const char *signature, size_t signature_len, size_t length_at,
                  size_t shortest, void *copy, size_t copy_len)
{
	size_t len;

	if (at == 0 || at > m.size || m.size - at < shortest)
		return false;
	if (memcmp(m.bytes + at, signature, signature_len) != 0)
		return false;
	len = m.bytes[at + length_at];
	if (len < shortest || len > m.size - at || !sums_to_zero(m.bytes + at, len))
		return false;
	memset(copy, 0, copy_len);
	memcpy(copy, m.bytes + at, len < copy_len ? len : copy_len);
	return true;
}

static bool is_null(struct pxe_far at)
{
	return at.off == 0 && at.seg == 0;
}

static bool try_bang(struct memory m, struct pxe_far at, struct pxe_found *found)
{
	struct pxe_bang bang;

	if (!sound(m, linear(at), "!PXE", 4, offsetof(struct pxe_bang, length), BANG_SHORTEST, &bang, sizeof bang)
	    || is_null(bang.entry))
		return false;
	found->entry = bang.entry;
	found->is_pxenv = false;
	found->structure = at;
	return true;
}

/* From version 2.1 on PXENV+ is only the way to !PXE; before, and if that is broken, it is the API itself. */
static bool try_pxenv(struct memory m, struct pxe_far at, struct pxe_found *found)
{
	struct pxe_env_old old;

	if (!sound(m, linear(at), "PXENV+", 6, offsetof(struct pxe_env_old, length), PXENV_SHORTEST, &old, sizeof old))
		return false;
	if (old.version >= 0x0201 && try_bang(m, old.bang, found))
		return true;
	if (is_null(old.entry))
		return false;
	found->entry = old.entry;
	found->is_pxenv = true;
	found->structure = at;
	return true;
}

static bool scan(struct memory m, size_t from, bool (*try)(struct memory, struct pxe_far, struct pxe_found *),
                 struct pxe_found *found)
{
	for (size_t at = SCAN_TOP - SCAN_STEP; at >= from && at >= SCAN_STEP; at -= SCAN_STEP) {
		struct pxe_far here = { .off = 0, .seg = (uint16_t)(at / 16) };

		if (try(m, here, found))
			return true;
	}
	return false;
}

bool pxe_find(const uint8_t *memory, size_t size, const struct pxe_ways *ways, struct pxe_found *found)
{
	struct memory m = { memory, size };

	found->way = "!PXE on the stack";
	if (try_bang(m, ways->stack, found))
		return true;
	found->way = "PXENV+ at ES:BX";
	if (try_pxenv(m, ways->es_bx, found))
		return true;
	found->way = "PXENV+ from INT 1Ah";
	if (try_pxenv(m, ways->int_1a, found))
		return true;
	found->way = "!PXE found in memory";
	if (scan(m, ways->scan_from, try_bang, found))
		return true;
	found->way = "PXENV+ found in memory";
	return scan(m, ways->scan_from, try_pxenv, found);
}
