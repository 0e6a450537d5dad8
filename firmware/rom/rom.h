/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_ROM_ROM_H
#define FIRMWARE_ROM_ROM_H
/*
 * What rom.asm lets C do, in 32-bit code with all memory in reach: one call with a number and a block of arguments.
 *
 *     POST    ROM_IS_SAME, ROM_MOVE                  for the payload, above 1 MiB
 *             ROM_SETTLE                             last: size and checksums of what stays
 *     boot    ROM_UNPACK, then the payload runs      at 0:7C00
 *             ROM_RESTORE                            if it comes back: what lay there before
 *     both    ROM_A20                                is address line 20 open?
 *             ROM_IS_OURS                            does this ROM, and no other, answer at `from`?
 *
 * After POST a ROM cannot be written, so all but POST's calls write only to the arguments and to memory named there.
 * All addresses are linear. rom.inc says the same to nasm; rom_test.c holds the two together.
 */
#include "firmware/rom/payload.h"

enum rom_call_number { ROM_A20, ROM_IS_SAME, ROM_MOVE, ROM_SETTLE, ROM_UNPACK, ROM_RESTORE, ROM_IS_OURS };

enum { ROM_UNIT = 512, ROM_SIZE_AT = 2, ROM_CHECKSUM_AT = 6, ROM_PNP_AT = 0x1a, ROM_ABOUT_AT = 0x20 };
enum { PNP_LENGTH_AT = 5, PNP_CHECKSUM_AT = 9, PNP_LENGTH_UNIT = 16 };
enum { ROM_CONFIG_BYTES = 512 };
enum { ROM_MARK_AT = 4, ROM_PAYLOAD_HEAD = 0x40 };      /* of the image that is a payload: "RROM"; its length */

/* In the ROM's head; build/rom fills it in. */
struct rom_about {
	char     mark[4];               /* "RROM" */
	uint16_t resident_bytes;        /* all but the payload */
	uint16_t config_at;             /* where the configuration block is in this ROM, */
	uint32_t config_in_program;     /* and where it belongs in what is unpacked */
	uint32_t payload_at;            /* from the first image's beginning; resident_bytes, unless the ROM is split */
	uint32_t payload_bytes;
	uint32_t moved_to;              /* where POST moved the payload to; 0: it is at payload_at */
};
_Static_assert(sizeof(struct rom_about) == 24 && offsetof(struct rom_about, moved_to) == 20, "rom.inc");

struct rom_call {
	uint32_t rom;                   /* this ROM */
	uint32_t from;                  /* what payload_at counts from: rom, or the card's flash while it is open */
	uint32_t place;                 /* IS_SAME, MOVE: the room. SETTLE: where the ROM is to be; here: rom */
	uint32_t load, top;             /* UNPACK: where to, and where that memory ends */
	uint32_t save;                  /* UNPACK, RESTORE: room for what lies there: top - load at most */
	uint32_t saved_bytes, saved_crc;        /* UNPACK says, RESTORE wants to know */
};
_Static_assert(sizeof(struct rom_call) == 32, "rom.inc");

/* A20, IS_SAME, IS_OURS: yes or no. UNPACK: enum payload_verdict; if not good, memory is as it was. */
uint32_t rom32(uint32_t number, struct rom_call *c);
#endif
