/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_PXE_FIND_H
#define UNDI_PXE_FIND_H
/*
 * Where the ROM's PXE API is, in the four ways ROMs let themselves be found.
 *
 * The caller's registers and base memory come in as values, so the host tests
 * every way, and every lie about it, against a byte array. A structure counts
 * only with its signature, a sane length, a checksum of 0 and an entry point.
 */
#include "undi/pxe_api.h"

/* What the ROM gave us. An absent pointer is 0:0. */
struct pxe_ways {
	struct pxe_far stack;           /* SS:[SP+4]: "!PXE" */
	struct pxe_far es_bx;           /* "PXENV+" */
	struct pxe_far int_1a;          /* "PXENV+", if INT 1Ah AX=5650h answered */
	uint32_t scan_from;             /* linear: end of base memory (40:13); structures lie above it */
};

struct pxe_found {
	struct pxe_far entry;
	bool is_pxenv;                  /* entry takes BX and ES:DI, not the stack */
	const char *way;                /* for people */
	struct pxe_far structure;
};

/* Memory is the first megabyte, `size` bytes of it readable. */
bool pxe_find(const uint8_t *memory, size_t size, const struct pxe_ways *ways, struct pxe_found *found);
#endif
