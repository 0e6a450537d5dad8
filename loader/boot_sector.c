/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/boot_sector.h"
#include "lib/fmt.h"
#include "loader/cd_boot.h"

enum { CODE_BYTES = 440, SIGNATURE_AT = 510 };

static bool has_mark(const uint8_t *sector)
{
	return sector[SIGNATURE_AT] == 0x55 && sector[SIGNATURE_AT + 1] == 0xaa;
}

/* A partition table alone has the mark, too: GPT's, as images for UEFI machines have it, and that of some CD images. */
static bool has_code(const uint8_t *sector)
{
	size_t zeros = 0;

	while (zeros < CODE_BYTES && sector[zeros] == 0)
		zeros++;
	return zeros < CODE_BYTES;
}

enum failure_code boot_sector_find(struct disk *d, const char *name, uint8_t sector[DISK_SECTOR], char *detail,
                                   size_t size)
{
	const char *lacks;

	if (disk_read(d, 0, 1, sector) != DISK_OK) {
		fmt_text(detail, size, "%s", "its first sector");
		return FAILURE_DISK_READ;
	}
	if (has_mark(sector) && has_code(sector))
		return FAILURE_NONE;
	lacks = has_mark(sector) ? "boot code" : "55AA mark";
	if (cd_boot_record_is_on(d, sector)) {
		fmt_text(detail, size, "disk %s has a CD's boot record (El Torito) in sector %u and no %s in sector 0",
		         name, (unsigned)CD_BOOT_RECORD_LBA, lacks);
		return FAILURE_CD_IMAGE;
	}
	fmt_text(detail, size, "disk %s has no %s in sector 0", name, lacks);
	return FAILURE_NO_BOOT_SECTOR;
}
