/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef QEMU_TESTS_GUEST_EFI_MEDIA_H
#define QEMU_TESTS_GUEST_EFI_MEDIA_H
/*
 * What Block IO and Block IO2 say of their medium: that it makes sense, that both say the same, and that it stays so,
 * whatever else was done; and Reset, which must leave a disk that reads the same bytes.
 */
#include "qemu-tests/guest/efi/subject.h"

EFI_BLOCK_IO_MEDIA media_check(struct subject *s, bool is_partition);           /* returns what was said */
void media_check_again(struct subject *s, const EFI_BLOCK_IO_MEDIA *before);
void media_check_reset(struct subject *s);
#endif
