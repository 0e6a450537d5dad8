/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef QEMU_TESTS_GUEST_EFI_READING_H
#define QEMU_TESTS_GUEST_EFI_READING_H
/*
 * That every call reads the same bytes, all of them and no byte more, wherever it begins and however long it is; and
 * the CRC-32 (zlib's) of the whole subject, which the host compares with the image:
 *
 *     crc disk first 1234abcd of 49152 blocks
 */
#include "qemu-tests/guest/efi/subject.h"

void reading_check(struct subject *s);
/* It lies on the disk where its path says. */
void reading_check_partition(struct subject *partition, struct subject *disk);

/* Reads all of it in pieces of many sizes, and says the line; when: "first", "written", "last". */
void reading_crc(struct subject *s, const char *when);
#endif
