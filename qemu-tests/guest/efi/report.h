/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef QEMU_TESTS_GUEST_EFI_REPORT_H
#define QEMU_TESTS_GUEST_EFI_REPORT_H
/*
 * What a test program says, line by line, on the firmware's serial port:
 *
 *     check disk.read.media_id_wrong ok
 *     check disk.read.media_id_wrong FAILED: got SUCCESS, wanted MEDIA_CHANGED
 *
 * report_scope() sets what stands before the last dot. A call that never comes back is a finding, too: when STILL_S
 * seconds pass without a check or report_alive(), the last line says after which one, and the machine is switched off:
 *
 *     end: 300 checks, 2 failed, stuck after disk.reentry.timer_is_set
 *
 * Nothing here may be called from a notify function.
 */
#include <efi.h>
#include "lib/types.h"

struct report {
	SERIAL_IO_INTERFACE *serial;
	const char *subject, *part;             /* "disk", "read" */
	const char *last_subject, *last_part, *last_name;
	unsigned checks, failed;
	EFI_SYSTEM_TABLE *system;
	EFI_EVENT watch;
};

enum { STILL_S = 10 };

bool report_open(struct report *r, EFI_SYSTEM_TABLE *system);   /* false: there is no serial port, or no timer */
void report_alive(struct report *r);
void report_end(struct report *r);                              /* the last line; does not come back */
void report_scope(struct report *r, const char *subject, const char *part);
void report_line(struct report *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One check each; true: it held. */
bool report_status(struct report *r, const char *name, EFI_STATUS got, EFI_STATUS wanted);
bool report_number(struct report *r, const char *name, uint64_t got, uint64_t wanted);
/* What a sentence cannot be: wanted says it in words. */
bool report_that(struct report *r, const char *name, bool holds, uint64_t got, const char *wanted);
#endif
