/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef QEMU_TESTS_GUEST_EFI_REENTRY_H
#define QEMU_TESTS_GUEST_EFI_REENTRY_H
/*
 * Reads from a timer's notify function at TPL_CALLBACK, while the program reads without end: as a file system does that
 * is called by an event. The notify function may be turned away (NOT_READY) where it came in the middle of a read, and
 * nowhere else; whatever is read is right. Also a plain read with TPL_CALLBACK raised.
 */
#include "qemu-tests/guest/efi/subject.h"

void reentry_check(struct subject *s);
#endif
