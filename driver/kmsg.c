/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/kmsg.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "lib/fmt.h"

static const char head[] = "<6>rill-attach: ";
static const char error_mark[] = "error: ";

static void start_line(struct kmsg *k)
{
	memcpy(k->line, head, sizeof head - 1);
	k->len = sizeof head - 1;
}

static void end_line(struct kmsg *k)
{
	const char *text = k->line + sizeof head - 1;

	if (!strncmp(text, error_mark, sizeof error_mark - 1))
		k->line[1] = '3';
	k->line[k->len++] = '\n';
	/* A line that could not be written is lost: there is nobody to tell. */
	if (k->file >= 0 && write(k->file, k->line, k->len) < 0)
		errno = 0;
	if (k->and_stderr && write(2, k->line + 3, k->len - 3) < 0)
		errno = 0;
	start_line(k);
}

static void put_char(struct log *log, char c)
{
	struct kmsg *k = (struct kmsg *)((char *)log - offsetof(struct kmsg, log));

	if (c == '\n')
		end_line(k);
	else if (k->len < sizeof k->line - 1)
		k->line[k->len++] = c;
}

void kmsg_open(struct kmsg *k, bool and_stderr)
{
	*k = (struct kmsg){
		.log  = { .put_char = put_char, .verbosity = LOG_INFO },
		.file = open("/dev/kmsg", O_WRONLY | O_CLOEXEC),
		.and_stderr = and_stderr,
	};
	start_line(k);
}

void kmsg_error(struct kmsg *k, const char *what)
{
	kmsg_wrong(k, "%s: %s", what, strerror(errno));
}
