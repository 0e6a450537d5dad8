/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LIB_LOG_H
#define LIB_LOG_H
/*
 * Lines of text for people, to whoever gave us put_char.
 *
 *     log_line(log, LOG_STEP, "lease %s from %s", ip_text(ip).s, ip_text(server).s);
 *
 * A struct log is owned by the program's main; everybody else gets a pointer
 * and never keeps more than that. A NULL log is silence. Lines above the
 * log's verbosity are dropped before they are formatted.
 *
 * The format is a small part of printf's: %s %c %d %i %u %x with optional
 * 0-padding and width, and the length modifiers l, ll and z. Nothing else.
 */
#include <stdarg.h>
#include "lib/types.h"

enum log_level {
	LOG_ERROR,      /* what stops the boot, and its cure; always printed */
	LOG_STEP,       /* the boot as a reader wants it: one line a step */
	LOG_INFO,       /* offers chosen and ignored, retries, redirects */
	LOG_DEBUG,      /* every packet that matters */
};

struct log {
	void (*put_char)(struct log *log, char c);
	enum log_level verbosity;
};

/* One line; the newline is ours. */
void log_line(struct log *log, enum log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same without a newline, for countdowns and progress. */
void log_text(struct log *log, enum log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
#endif
