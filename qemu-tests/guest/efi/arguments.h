/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef QEMU_TESTS_GUEST_EFI_ARGUMENTS_H
#define QEMU_TESTS_GUEST_EFI_ARGUMENTS_H
/*
 * Every status that ReadBlocks, WriteBlocks and their Ex forms give for their arguments, and the order in which these
 * are looked at: UEFI 2.10, chapters 13.9 and 13.10. Whether the medium is still the one that the
 * caller knows comes before everything else, so that a caller can ask just that.
 */
#include "qemu-tests/guest/efi/subject.h"

void arguments_check(struct subject *s);

/* Those that wrap, of a whole disk: OVMF's AHCI and NVMe drivers ask their disk for them, and AHCI stays stuck. */
void arguments_check_wraps(struct subject *disk);
#endif
