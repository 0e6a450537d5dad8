/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_KMSG_H
#define DRIVER_KMSG_H
/*
 * The driver's log: whole lines to the kernel's log, which the console, dmesg and the journal show.
 *
 *     kmsg_open(&k, and_stderr);  kmsg_step(&k, ...);
 *
 * The file is opened once and kept: after the root was switched there is no
 * path to it. Errors get a level that also a "quiet" console shows.
 */
#include "lib/log.h"

struct kmsg {
	struct log log;
	int    file;
	bool   and_stderr;
	char   line[300];
	size_t len;
};

/* A step, and what went wrong: printf's words, in part (lib/log.h). */
#define kmsg_step(k, ...)  log_line(&(k)->log, LOG_STEP, __VA_ARGS__)
#define kmsg_wrong(k, ...) log_line(&(k)->log, LOG_ERROR, "error: " __VA_ARGS__)

void kmsg_open(struct kmsg *k, bool and_stderr);
/* An error line: what failed, with errno's text. */
void kmsg_error(struct kmsg *k, const char *what);
#endif
