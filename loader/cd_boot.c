/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/cd_boot.h"

/* ISO 9660: a volume descriptor of type 0, "boot record"; El Torito: whose, in 32 bytes padded with zeros. */
static const char record[] = "\0CD001\1EL TORITO SPECIFICATION\0\0\0\0\0\0\0\0";
enum { RECORD_BYTES = 1 + 5 + 1 + 32 };
_Static_assert(sizeof record == RECORD_BYTES, "the string's own zero is the last of the padding");

bool cd_boot_record_is_on(struct disk *d, uint8_t *scratch)
{
	return disk_read(d, CD_BOOT_RECORD_LBA, 1, scratch) == DISK_OK && memcmp(scratch, record, RECORD_BYTES) == 0;
}
