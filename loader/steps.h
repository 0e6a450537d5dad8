/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_STEPS_H
#define LOADER_STEPS_H
/*
 * The steps of loader/boot.c's table, and what they have in common. Private
 * to the files of the boot: boot*.c, disk_boot.c, program_boot.c, failed.c, report.c.
 */
#include "loader/boot.h"

/* Each step does one thing and names the step to take next. */
enum step step_lease(struct boot *b);
enum step step_attach(struct boot *b);
enum step step_start(struct boot *b);
enum step step_hand_over(struct boot *b);
enum step step_chain(struct boot *b);
enum step step_failed(struct boot *b);

/*
 * One turn of all endpoints, then a rest until something comes or is due, at the latest at `until`.
 * False: Esc was pressed.
 */
bool boot_turn(struct boot *b, usec until);

/* STEP_FAILED, with what went wrong; the format is lib/log.h's. A step returns what this returns. */
enum step boot_fail(struct boot *b, enum failure_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
enum step boot_cancel(struct boot *b);

/* Into b->config, and what the boot itself wants of it: verbosity and policy. */
void boot_read_config(struct boot *b);

usec boot_now(const struct boot *b);
struct plan_facts boot_facts(const struct boot *b);
#endif
