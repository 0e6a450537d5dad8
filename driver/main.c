/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * rill-attach: takes the streamed disk over from the firmware and gives it to
 * this kernel as /dev/nbdN. docs/driver.md is its manual; run() below is what
 * it does, in order.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "driver/nbd_kernel.h"
#include "driver/options.h"
#include "driver/protect.h"
#include "lib/fmt.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_NO_NETWORK = 3 };

static const char manual[] =
	"rill-attach: gives this machine its streamed disk as /dev/nbdN (docs/driver.md)\n"
	"\n"
	"  --rill auto|rill://SERVER[:PORT][/DISK]  what rill= on the kernel command line says otherwise\n"
	"  --memory FILE      where to look for the hand-over block (/dev/mem)\n"
	"  --home FOLDER      run from a copy of this program in FOLDER\n"
	"  --connections N    sockets to the kernel's nbd driver, 1 to 4 (one per CPU)\n"
	"  --index N          take /dev/nbdN (the first free one)\n"
	"  --keep-network     the card is configured already\n"
	"  --foreground       do not go to the background\n"
	"  --detach           let go of /dev/nbdN (--index) and end\n";

/* The whole of it; comes back when the disk is gone, or could not be had. */
static int run(struct kmsg *k, const struct options *o, char *name)
{
	protect_all(k, name);
	log_line(&k->log, LOG_ERROR, "error: rill=%s: netstack/stream is not there yet", o->rill);
	return EXIT_FAILED;
}

/* Goes to the background. The foreground prints what the other one announces, or ends as it ended. */
static int split(struct kmsg *k, const struct options *o, char *name)
{
	char line[64];
	ssize_t got;
	int ends[2], status;
	pid_t child;

	if (pipe(ends) < 0 || (child = fork()) < 0) {
		kmsg_error(k, "go to the background");
		return EXIT_FAILED;
	}
	if (child == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		close(ends[0]);
		for (int f = 0; f < 3 && null >= 0; f++)
			dup2(null, f);
		setsid();
		_exit(run(k, o, name));
	}
	close(ends[1]);
	got = read(ends[0], line, sizeof line);
	if (got > 0)
		return write(1, line, (size_t)got) == got ? EXIT_DONE : EXIT_FAILED;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) != EXIT_DONE ? WEXITSTATUS(status) : EXIT_FAILED;
}

static bool read_kernel(struct options *o)
{
	static char text[4096];
	int f = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t got = f < 0 ? 0 : read(f, text, sizeof text);

	if (f >= 0)
		close(f);
	return options_read_kernel(o, rd_over(text, got < 0 ? 0 : (size_t)got));
}

int main(int argc, char **argv)
{
	static struct kmsg kmsg;
	struct options o;
	char wrong[160] = "rill= on the kernel command line is longer than 255 characters";

	options_init(&o);
	if (!options_read_words(&o, argc, argv, wrong, sizeof wrong) || !read_kernel(&o)) {
		fprintf(stderr, "rill-attach: %s\n", wrong);
		return EXIT_USAGE;
	}
	if (o.help) {
		fputs(manual, stdout);
		return EXIT_DONE;
	}
	kmsg_open(&kmsg, o.foreground || o.detach);
	if (o.detach)
		return nbd_kernel_detach(&kmsg, (unsigned)o.index) ? EXIT_DONE : EXIT_FAILED;
	if (o.home)
		protect_move_home(&kmsg, o.home, argv);
	return o.foreground ? run(&kmsg, &o, argv[0]) : split(&kmsg, &o, argv[0]);
}
