/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_INT13_H
#define LOADER_INT13_H
/*
 * What interrupt 13h means, as ordinary C: registers in, registers out.
 *
 *     int13_init(&i, &disk, 0x80, 1);
 *     if (!int13_call(&i, &ram, &regs))
 *             not our drive: the previous handler gets the call, registers untouched
 *
 * The caller's memory is a bounded window, so that a wild buffer is an error
 * status, and so that the same code that serves a real-mode operating system
 * runs on the host against a byte array. A call from inside a call is turned
 * away before it comes here (firmware/bios), because a disk is busy with one
 * request at a time.
 */
#include "lib/guest_ram.h"
#include "loader/geometry.h"

enum {
	AH_OK              = 0x00,
	AH_BAD_COMMAND     = 0x01,
	AH_WRITE_PROTECTED = 0x03,
	AH_NO_SECTOR       = 0x04,
	AH_DMA_BOUNDARY    = 0x09,      /* the buffer cannot be reached */
	AH_BAD_DATA        = 0x10,      /* the server could not read its image */
	AH_TIMEOUT         = 0x80,
};

struct int13_regs { uint16_t ax, bx, cx, dx, si, di, ds, es; bool carry; };

struct int13 {
	struct disk *disk;
	uint8_t  drive;                 /* 80h */
	uint8_t  drives;                /* fixed disks in the machine, ours included */
	uint8_t  last_status;
	struct geometry geometry;       /* what CHS calls reckon with; the boot sector's reader may set another */
	uint32_t calls, refused_writes; /* figures */
	uint8_t  scratch[DISK_SECTOR];  /* what verifying reads into */
};

void int13_init(struct int13 *i, struct disk *disk, uint8_t drive, uint8_t drives);
bool int13_call(struct int13 *i, const struct guest_ram *ram, struct int13_regs *r);
#endif
