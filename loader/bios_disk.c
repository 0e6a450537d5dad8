/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/bios_disk.h"

void bios_disk_init(struct bios_disk *b, struct attachment *a, uint8_t drive, uint8_t drives)
{
	b->attachment = a;
	a->drive = drive;
	int13_init(&b->int13, attachment_disk(a), drive, drives);
}

bool bios_disk_call(struct bios_disk *b, struct int13_regs *r)
{
	bool ours;

	if ((r->dx & 0xff) != b->int13.drive)
		return false;
	attachment_enter(b->attachment);
	ours = int13_call(&b->int13, &b->ram, r);
	attachment_leave(b->attachment);
	return ours;
}
