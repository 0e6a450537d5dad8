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
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "driver/acpi.h"
#include "driver/arch.h"
#include "driver/clock.h"
#include "driver/export.h"
#include "driver/lease.h"
#include "driver/memory.h"
#include "driver/nbd_kernel.h"
#include "driver/options.h"
#include "driver/protect.h"
#include "driver/session.h"
#include "lib/fmt.h"
#include "netstack/wire/uri.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_NO_NETWORK = 3 };

static const char manual[] =
	"rill-attach: gives this machine its streamed disk as /dev/nbdN (docs/driver.md)\n"
	"\n"
	"  --rill auto|rill://SERVER[:PORT][/DISK]  what rill= on the kernel command line says otherwise\n"
	"  --firmware FOLDER  where the kernel shows the firmware's tables (/sys/firmware)\n"
	"  --memory FILE      where to look for the hand-over block on BIOS (/dev/mem)\n"
	"  --home FOLDER      run from a copy of this program in FOLDER\n"
	"  --connections N    sockets to the kernel's nbd driver, 1 to 4 (1)\n"
	"  --index N          take /dev/nbdN (the first free one)\n"
	"  --keep-network     the card is configured already\n"
	"  --foreground       do not go to the background\n"
	"  --detach           let go of /dev/nbdN (--index) and end\n";

/* All memory, locked: nothing is allocated while the disk is served (but see find_room in export.c). */
static struct session session;
static struct export export;
static struct lease lease;

/* Prints the device once it can be read. Its own process, because reading it needs the one that serves. */
static void announce(struct kmsg *k, unsigned index, int to)
{
	char line[32];
	size_t len = fmt_text(line, sizeof line, "/dev/nbd%u\n", index);
	pid_t child = fork();

	if (child > 0) {
		close(to);
		return;
	}
	/* Without a child nobody looks at the disk here: who serves it would wait for himself. */
	if (child == 0)
		nbd_kernel_tune(k, index);
	if (write(to, line, len) != (ssize_t)len)
		kmsg_error(k, "say which device it is");
	if (child == 0)
		_exit(EXIT_DONE);
}

/*
 * Neither time-out ever fails a read: with one socket nbd has none at all (0);
 * with several, nbd would call one dead after its default 30 s, so it is a month.
 */
static bool attach_disk(struct kmsg *k, const struct options *o, unsigned *index)
{
	enum { MONTH_S = 30 * 24 * 3600, HOUR_S = 3600 };
	struct genl_disk disk = {
		.index = o->index, .size = session.stream.grant.size, .block = STREAM_SECTOR_BYTES,
		.flags = NBD_HAS_FLAGS | NBD_READ_ONLY, .dead_s = HOUR_S,
		.socket_count = o->connections,
	};
	int ours[EXPORT_CONNECTIONS_MAX];
	bool good = true;

	if (disk.socket_count > 1) {
		disk.flags |= NBD_MULTI_CONN;
		disk.timeout_s = MONTH_S;
	}
	for (unsigned i = 0; i < disk.socket_count; i++) {
		int pair[2];

		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
			kmsg_error(k, "make a socket pair");
			return false;
		}
		ours[i] = pair[0];
		disk.sockets[i] = pair[1];
	}
	export_init(&export, k, &session.stream, disk.size, ours, disk.socket_count);
	good = nbd_kernel_attach(k, &disk, index);
	for (unsigned i = 0; i < disk.socket_count; i++)
		close(disk.sockets[i]);         /* the kernel has its own reference */
	if (good)
		kmsg_step(k, "disk %s is /dev/nbd%u: %llu MiB, read-only, %u connection%s",
		         session.stream.grant.disk, *index, (unsigned long long)(disk.size >> 20), disk.socket_count,
		         disk.socket_count == 1 ? "" : "s");
	return good;
}

/* Until the kernel lets go of the disk. */
static void serve(void)
{
	struct pollfd polled[2 + EXPORT_CONNECTIONS_MAX];

	for (;;) {
		usec now = clock_now(), wake_at;
		nfds_t count = 2;

		session_rx(&session, now);
		lease_rx(&lease, now);
		if (!export_turn(&export, now))
			return;
		session_watch(&session, now);
		session_tx(&session, now);
		lease_tx(&lease, now);
		polled[0] = (struct pollfd){ .fd = session.udp, .events = POLLIN };
		polled[1] = (struct pollfd){ .fd = lease.udp, .events = POLLIN };
		for (unsigned i = 0; i < export.connection_count; i++)
			polled[count++] = (struct pollfd){
				.fd = export.connections[i].socket, .events = export_poll_events(&export, i),
			};
		wake_at = min_u64(session_wake_at(&session), lease_wake_at(&lease));
		if (poll(polled, count, clock_poll_ms(now, wake_at, 10000)) <= 0)
			continue;
		for (unsigned i = 0; i < export.connection_count; i++)
			export_polled(&export, i, polled[2 + i].revents);
	}
}

static bool ipv4_of(const struct handover_ip *a, uint32_t *ip)
{
	*ip = 0;
	return handover_ip_is_ipv4(a, ip);
}

/* The card as the firmware had it. */
static bool take_card(struct kmsg *k, const struct options *o, const struct handover *h, struct card *card)
{
	struct card_address a = { .prefix = h->lease.prefix, .mtu = h->mtu, .vlan = h->vlan };

	if (!ipv4_of(&h->lease.address, &a.ip)) {
		kmsg_wrong(k, "the hand-over block has no IPv4 address");
		return false;
	}
	ipv4_of(&h->lease.router, &a.router);
	for (unsigned i = 0; i < h->dns_count && a.dns_count < COUNT_OF(a.dns); i++)
		if (ipv4_of(&h->dns[i], &a.dns[a.dns_count]))
			a.dns_count++;
	card_wait(k, card, h->mac);
	if (!(o->keep_network ? card_adopt(k, card, a.vlan) : card_configure(k, card, &a)))
		return false;
	card_protect(k, card, &a);
	return true;
}

/* UEFI has the block in an ACPI table, BIOS in base memory; H6: a damaged table is no reason to look there. */
static bool find_block(struct kmsg *k, const struct options *o, struct handover *h)
{
	switch (acpi_find_handover(k, o->firmware, h)) {
	case ACPI_FOUND:      return true;
	case ACPI_NOTHING:    return memory_find_handover(k, o->memory, h);
	case ACPI_UNREADABLE: break;
	}
	return false;
}

static int resume(struct kmsg *k, const struct options *o)
{
	static struct handover h;
	struct card card;

	if (!find_block(k, o, &h) || !take_card(k, o, &h, &card))
		return EXIT_FAILED;
	arch_fill_in(&h, o->firmware);
	if (!session_open(&session, k, &card, h.client_port, &h.server_current))
		return EXIT_FAILED;
	session_resume(&session, &card, &h);
	/* Who configured the card instead of us keeps the address, too. */
	if (!o->keep_network && lease_resume(&lease, k, &h, clock_now()))
		lease_open(&lease, &card);
	return EXIT_DONE;
}

static int log_in(struct kmsg *k, const struct options *o)
{
	struct stream_address server;
	struct uri uri;
	struct card card;
	size_t bad_at;
	enum uri_verdict v = uri_read(rd_over(o->rill, strlen(o->rill)), &uri, &bad_at);

	if (v != URI_OK || uri.server_count == 0) {
		kmsg_wrong(k, "rill=%s: %s", o->rill,
		         v != URI_OK ? uri_verdict_text(v) : "names no server; rill://ADDRESS[:PORT][/DISK]");
		return EXIT_USAGE;
	}
	if (!card_towards(&card, uri.servers[0].ip)) {
		kmsg_wrong(k, "no route to %s: the network is not configured yet",
		         ip_text(uri.servers[0].ip).s);
		return EXIT_NO_NETWORK;
	}
	card_protect(k, &card, &(struct card_address){ 0 });
	server = stream_address_ipv4(uri.servers[0].ip, uri.servers[0].port);
	if (!session_open(&session, k, &card, 0, &server))
		return EXIT_FAILED;
	session_login(&session, &card, arch_here(o->firmware), &server, uri.disk);
	return EXIT_DONE;
}

/* The whole of it; comes back when the disk is gone, or could not be had. */
static int run(struct kmsg *k, const struct options *o, char *name, int announce_to)
{
	unsigned index = 0;
	int code;

	lease.udp = -1;
	protect_all(k, name);
	if (!o->rill[0]) {
		kmsg_wrong(k, "neither --rill nor rill= on the kernel command line: no disk asked for");
		return EXIT_USAGE;
	}
	code = strcmp(o->rill, "auto") ? log_in(k, o) : resume(k, o);
	if (code != EXIT_DONE)
		return code;
	if (!attach_disk(k, o, &index))
		return EXIT_FAILED;
	announce(k, index, announce_to);
	serve();
	kmsg_step(k, "the kernel let go of /dev/nbd%u after %llu requests, %llu KiB, %u asked again", index,
	         (unsigned long long)export.requests, (unsigned long long)(session.stream.counters.bytes >> 10),
	         session.stream.counters.requests_again);
	session_bye(&session, "detached");
	return EXIT_DONE;
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
		_exit(run(k, o, name, ends[1]));
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
	return o.foreground ? run(&kmsg, &o, argv[0], dup(1)) : split(&kmsg, &o, argv[0]);
}
