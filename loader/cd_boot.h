/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_CD_BOOT_H
#define LOADER_CD_BOOT_H
/*
 * Whether a disk without a boot sector is the image of a bootable CD.
 *
 * Such an image is not booted: a CD boots through sectors of 2048 bytes and
 * INT 13h AH=4Bh, and what boots so looks for a CD drive afterwards. Nearly
 * all are hybrids today, with an MBR before the CD's own structures, and
 * boot as the hard disk they then are; for the others the user is told.
 */
#include "loader/disk.h"

enum { CD_BOOT_RECORD_LBA = 17 * 2048 / DISK_SECTOR };          /* El Torito 1.0: sector 17 of the CD, always */

/* There is an El Torito boot record where it must be. scratch is one sector, of any content afterwards. */
bool cd_boot_record_is_on(struct disk *d, uint8_t *scratch);
#endif
