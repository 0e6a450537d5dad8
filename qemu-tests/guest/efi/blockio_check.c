/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * Holds the disk it was loaded from, and the partition, to UEFI's chapters on Block IO, Block IO2 and Disk IO: a boot
 * program, \EFI\BOOT\BOOTX64.EFI of any disk whose contents do not matter. qemu-tests/blockio.py makes such a disk and
 * knows what must come out. Each check is a line on the serial port (report.h); the last line is
 *
 *     end: 412 checks, 0 failed
 *
 * and the machine is switched off. Without that line nothing counts.
 */
#include "qemu-tests/guest/efi/arguments.h"
#include "qemu-tests/guest/efi/media.h"
#include "qemu-tests/guest/efi/reading.h"
#include "qemu-tests/guest/efi/reentry.h"
#include "qemu-tests/guest/efi/unaligned.h"
#include "qemu-tests/guest/efi/writing.h"

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system);

static EFI_BLOCK_IO_MEDIA check(struct subject *s, bool is_partition)
{
	EFI_BLOCK_IO_MEDIA before = media_check(s, is_partition);

	report_line(s->report, "subject %s: %llu blocks of %u bytes, media %x, IoAlign %u, %s, Block IO2 %s", s->name,
	            (unsigned long long)before.LastBlock + 1, before.BlockSize, before.MediaId, before.IoAlign,
	            before.ReadOnly ? "read-only" : "writable", s->io2 ? "too" : "missing");
	reading_crc(s, "first");
	arguments_check(s);
	reading_check(s);
	writing_check(s);
	unaligned_check(s);
	media_check_reset(s);
	return before;
}

static void check_all(struct subject *partition, struct subject *disk)
{
	EFI_BLOCK_IO_MEDIA disk_before = check(disk, false), partition_before = check(partition, true);

	reading_check_partition(partition, disk);
	writing_check_partition(partition, disk);
	reading_crc(disk, "written");
	reading_crc(partition, "written");
	/* What known drivers do not survive comes last. */
	reentry_check(disk);
	reentry_check(partition);
	arguments_check_wraps(disk);
	media_check_again(disk, &disk_before);
	media_check_again(partition, &partition_before);
	reading_crc(disk, "last");
	reading_crc(partition, "last");
}

/* As crt0 calls it: with the C compiler's own calling convention. */
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
	static struct subject partition, disk;
	static struct report report;

	if (!report_open(&report, system))
		return EFI_NOT_FOUND;
	/* The firmware's watchdog resets a boot program after five minutes. */
	system->BootServices->SetWatchdogTimer(0, 0, 0, NULL);
	report_line(&report, "blockio_check");
	if (subject_find(&partition, &disk, system->BootServices, image, &report))
		check_all(&partition, &disk);
	report_end(&report);
	return EFI_ABORTED;
}
