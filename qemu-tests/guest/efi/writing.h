/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef QEMU_TESTS_GUEST_EFI_WRITING_H
#define QEMU_TESTS_GUEST_EFI_WRITING_H
/*
 * That what is written is read again, by every call and after a flush, and that its neighbours stay as they were. All
 * within the scratch, which has its old contents afterwards. Where the medium cannot be written nothing is asked:
 * arguments_check() has it refused.
 */
#include "qemu-tests/guest/efi/subject.h"

void writing_check(struct subject *s);
void writing_check_partition(struct subject *partition, struct subject *disk);  /* what one writes the other reads */
#endif
