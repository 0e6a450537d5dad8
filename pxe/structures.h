/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef PXE_STRUCTURES_H
#define PXE_STRUCTURES_H
/*
 * !PXE and PXENV+: how a program finds the API, as bytes with their sums.
 *
 *     pxe_structures_bang(&layout, &bang);  pxe_structures_env(&layout, &env);
 *
 * The caller puts the first to layout.bang_at and the second wherever PXENV+ is to be found (ES:BX, interrupt 1Ah,
 * memory at steps of 16 bytes), again after each change: without a base code (layout.has_base) its segments are 0, and
 * !PXE counts four. The entry of PXENV+ has to be UNDI_CS:0000, because Wyse's bootstrap calls there whatever is said;
 * that of !PXE must not be at offset 0.
 */
#include "undi/pxe_api.h"

struct pxe_segment { uint16_t seg, bytes; };

struct pxe_layout {
	struct pxe_far bang_at;
	struct pxe_far entry;           /* of !PXE: block and opcode on the stack */
	struct pxe_far entry_env;       /* of PXENV+: BX, ES:DI */
	struct pxe_far undi_rom, base_rom;      /* ROM ids, or 0:0 */
	struct pxe_segment stack, undi_data, undi_code, base_data, base_code;
	bool has_base;
};

void pxe_structures_bang(const struct pxe_layout *l, struct pxe_bang *bang);
void pxe_structures_env(const struct pxe_layout *l, struct pxe_env_old *env);
#endif
