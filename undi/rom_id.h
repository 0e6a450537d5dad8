/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_ROM_ID_H
#define UNDI_ROM_ID_H
/*
 * Option ROMs in upper memory whose UNDI can be loaded by somebody else: those with a UNDI ROM ID (PXE 2.1, the split
 * of a ROM into base code and UNDI).
 *
 *     size_t at = 0;
 *     while (rom_next(upper, &at, &rom))              upper: the bytes from C0000h to FFFFFh
 *             if (rom_drives(&rom, vendor, device))
 *                     ...                             rom.state says whether it can be loaded, and what is wrong
 *     rom_place(&rom, top, &place)                    where its segments go in base memory
 *
 * A ROM begins on a multiple of 2 KiB with 55AA. It is for the cards that its PCI data structure names, the list of
 * further devices included (PCI Firmware 3.0, 5.1.2). Nothing here touches the machine. `rom.devices` points into
 * `upper`.
 */
#include "lib/bytes.h"

enum { ROM_UPPER = 0xc0000, ROM_UPPER_END = 0x100000 };

enum rom_state {
	ROM_GOOD,
	ROM_NO_ID,                      /* no UNDI ROM ID, or that of another bus */
	ROM_BAD_ID,                     /* PXE-EC5 */
	ROM_BAD_IMAGE,                  /* PXE-EC6: the ID is good, but the ROM's bytes do not add up to 0 */
};

struct rom {
	size_t at, bytes;               /* in `upper` */
	bool   is_whole;                /* its bytes add up to 0 */
	enum rom_state state;
	uint16_t vendor, device;        /* 0: no PCI data structure */
	struct rd devices;              /* further device ids, two bytes each, until 0 */
	uint16_t loader;                /* offset in the ROM; this and the following only if it is good */
	uint16_t data_bytes, code_bytes;
};

/* Segments, as the loader wants them; all from `from` up to the top is the UNDI's. */
struct rom_place { uint32_t from, bytes; uint16_t data_seg, code_seg; };

/* Whether these bytes add up to 0, as those of each structure do. False: there were not so many. */
bool rom_adds_up(struct rd bytes);

/* The next ROM from *at on; moves *at behind it. */
bool rom_next(struct rd upper, size_t *at, struct rom *rom);
bool rom_drives(const struct rom *rom, uint16_t vendor, uint16_t device);

/* Below `top`, each on a page, so that no page has both code and data. False: it would be below ROM_PLACE_MIN. */
enum { ROM_PLACE_MIN = 0x40000, ROM_PLACE_PAGE = 4096 };
bool rom_place(const struct rom *rom, uint32_t top, struct rom_place *place);
#endif
