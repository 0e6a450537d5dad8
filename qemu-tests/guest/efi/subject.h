/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef QEMU_TESTS_GUEST_EFI_SUBJECT_H
#define QEMU_TESTS_GUEST_EFI_SUBJECT_H
/*
 * What is examined: a disk, or a partition of it, with all that its handle offers.
 *
 *     subject_find(&partition, &disk, bs, image, report)      where this program was loaded from
 *
 * The disk may be written within its scratch, SCRATCH_BLOCKS at the end of the partition; kept is what stood there, and
 * who writes puts it back.
 */
#include "qemu-tests/guest/efi/report.h"

enum { ROOM_BYTES = 256 * 1024, GUARD_BYTES = 4096, SCRATCH_BLOCKS = 16 };

struct subject {
	const char *name;                       /* "disk", "partition" */
	EFI_BOOT_SERVICES *bs;
	struct report *report;
	EFI_BLOCK_IO *io;
	EFI_BLOCK_IO2_PROTOCOL *io2;            /* NULL: not offered */
	EFI_DISK_IO *disk_io;
	EFI_BLOCK_IO_MEDIA *media;
	EFI_LBA start;                          /* of the partition, in the disk's blocks */
	EFI_LBA scratch;
	uint8_t *room, *other, *kept;           /* page-aligned, ROOM_BYTES, with GUARD_BYTES before and behind */
	unsigned signalled_in_vain;             /* events of calls that were refused */
	unsigned touched_in_vain;               /* buffers of reads that were refused */
};

/* False: what is missing has been said. */
bool subject_find(struct subject *partition, struct subject *disk, EFI_BOOT_SERVICES *bs, EFI_HANDLE image,
                  struct report *report);

/* Blocks by the plainest call there is, for what is no check itself. */
bool subject_read(struct subject *s, EFI_LBA lba, UINTN blocks, void *into);
#endif
