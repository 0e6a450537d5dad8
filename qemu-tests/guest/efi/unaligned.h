/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef QEMU_TESTS_GUEST_EFI_UNALIGNED_H
#define QEMU_TESTS_GUEST_EFI_UNALIGNED_H
/*
 * Disk IO, which the firmware makes of any Block IO: reads at odd offsets and of odd sizes are the bytes that Block IO
 * has, writes change no other byte, and what Block IO says of a wrong medium or a place behind the end comes through.
 */
#include "qemu-tests/guest/efi/subject.h"

void unaligned_check(struct subject *s);
#endif
