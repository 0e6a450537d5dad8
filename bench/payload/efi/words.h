/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef BENCH_PAYLOAD_EFI_WORDS_H
#define BENCH_PAYLOAD_EFI_WORDS_H
/*
 * What a measuring program says, on COM1 itself: the firmware's console breaks lines, and costs time.
 *
 *     words_say("bench end")          a line
 *     words_end(WORDS_WELL)           QEMU ends by its isa-debug-exit; does not come back
 */
#include "lib/types.h"

enum words_exit { WORDS_WELL = 0x10, WORDS_WRONG = 0x11 };

void words_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void words_end(enum words_exit how);
/* "bench error ...", then the end. */
_Noreturn void words_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
#endif
