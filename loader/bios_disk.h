/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_BIOS_DISK_H
#define LOADER_BIOS_DISK_H
/*
 * The attached disk as a drive of a BIOS: INT 13h over an attachment.
 *
 *     b.ram = ...                             what of the caller's memory may be reached
 *     bios_disk_init(&b, &a, 0x80, drives)    each time the disk was attached
 *     bios_disk_call(&b, &regs)               for each interrupt, in the caller's time
 *
 * Resident.
 */
#include "loader/attachment.h"
#include "loader/int13.h"

struct bios_disk {
	struct attachment *attachment;
	struct int13     int13;
	struct guest_ram ram;
};

/* drives: fixed disks in the machine, this one included. The attachment is told the drive, for the hand-over. */
void bios_disk_init(struct bios_disk *b, struct attachment *a, uint8_t drive, uint8_t drives);
/* False: not our drive; the previous handler gets the call, registers untouched. */
bool bios_disk_call(struct bios_disk *b, struct int13_regs *r);
#endif
