/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/log.h"
#include "lib/fmt.h"

static void put_to_log(void *to, char c)
{
	struct log *log = to;

	log->put_char(log, c);
}

static bool wanted(const struct log *log, enum log_level level)
{
	return log && level <= log->verbosity;
}

void log_line(struct log *log, enum log_level level, const char *format, ...)
{
	va_list args;

	if (!wanted(log, level))
		return;
	va_start(args, format);
	fmt_each_v(put_to_log, log, format, args);
	va_end(args);
	log->put_char(log, '\n');
}

void log_text(struct log *log, enum log_level level, const char *format, ...)
{
	va_list args;

	if (!wanted(log, level))
		return;
	va_start(args, format);
	fmt_each_v(put_to_log, log, format, args);
	va_end(args);
}
