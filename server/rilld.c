/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* rilld: options, disks, key and sockets put together; then signals, and an orderly end. docs/server.md */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "server/image.h"
#include "server/key.h"
#include "server/loop.h"
#include "server/options.h"
#include "server/socket.h"

#define RILLD_VERSION "rilld 1 (protocol 1)"

enum { EXIT_USAGE = 2, TROUBLE_BYTES = 1024, DRAIN_MAX_S = 5, DRAIN_QUIET_S = 1, DRAIN_STEP_MS = 50,
       OUTPUT_WAIT_MS = 500 };

struct rilld {
	struct options options;
	struct server  server;
	struct journal journal;
	struct image   images[OPTIONS_DISKS_MAX];
	struct disk   *disks[OPTIONS_DISKS_MAX];
	struct stream_address where;
	struct loop    loops[OPTIONS_THREADS_MAX];
	unsigned       loop_count;
	sigset_t       signals;
	bool           key_is_open;     /* its file is readable by everybody */
	pthread_mutex_t output_lock;
	bool           output_sleeps;   /* nobody took the last line */
};

static void write_whole(const char *line, size_t len)
{
	while (len) {
		ssize_t n = write(STDOUT_FILENO, line, len);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			line += n;
			len  -= (size_t)n;
		}
	}
}

/*
 * Lines of several threads do not mix, and a pipe whose reader sleeps does not stop the server: it is waited for once,
 * and then lines are left out until it reads again.
 */
static void write_line(struct journal *j, const char *line, size_t len)
{
	struct rilld *r = (struct rilld *)((char *)j - offsetof(struct rilld, journal));
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	pthread_mutex_lock(&r->output_lock);
	r->output_sleeps = poll(&out, 1, r->output_sleeps ? 0 : OUTPUT_WAIT_MS) == 0;
	if (r->output_sleeps)
		atomic_fetch_add(&j->left_out, 1);
	else
		write_whole(line, len);
	pthread_mutex_unlock(&r->output_lock);
}

static bool open_disks(struct rilld *r, char *trouble)
{
	struct options *o = &r->options;

	r->server.menu = o->menu;
	for (unsigned i = 0; i < o->disk_count; i++) {
		if (!image_open(&r->images[i], o->disks[i].name, o->disks[i].file, trouble, TROUBLE_BYTES))
			return false;
		r->disks[i] = &r->images[i].disk;
		if (o->disk_count == 1 || (o->default_name && strcmp(o->default_name, o->disks[i].name) == 0))
			r->server.default_disk = r->disks[i];
	}
	r->server.disks      = r->disks;
	r->server.disk_count = o->disk_count;
	return true;
}

static bool open_key(struct rilld *r, char *trouble)
{
	uint8_t key[TICKET_KEY_BYTES];

	if (!r->options.key_file)
		randombytes_buf(key, sizeof key);
	else if (!key_read(r->options.key_file, key, &r->key_is_open, trouble, TROUBLE_BYTES))
		return false;
	ticket_key_init(&r->server.key, key);
	sodium_memzero(key, sizeof key);
	return true;
}

/* The loops share a port, so that two servers could, by mistake, too: ask for it alone first. */
static bool open_sockets(struct rilld *r, int *fds, char *trouble)
{
	bool any = !r->options.listens;

	r->where = any ? (struct stream_address){ .port = STREAM_PORT } : r->options.listen;
	if (!any) {
		static const uint8_t any6[16];

		any = memcmp(r->where.ip, any6, sizeof any6) == 0;
	}
	int probe = socket_open(&r->where, any, true, trouble, TROUBLE_BYTES);
	if (probe < 0)
		return false;
	close(probe);
	for (unsigned i = 0; i < r->loop_count; i++) {
		fds[i] = socket_open(&r->where, any, false, trouble, TROUBLE_BYTES);
		if (fds[i] < 0)
			return false;
	}
	return true;
}

static void log_start(struct rilld *r)
{
	usec now = loop_now();
	struct journal_line l;

	for (unsigned i = 0; i < r->options.disk_count; i++) {
		l = journal_begin(&r->journal, now, "disk");
		journal_text(&l, "disk", r->disks[i]->name);
		journal_text(&l, "file", r->images[i].file);
		journal_u64(&l, "bytes", r->images[i].bytes);
		journal_hex(&l, "content", r->disks[i]->content.id, sizeof r->disks[i]->content.id);
		if (r->images[i].bytes == 0)
			journal_text(&l, "text", "the file is empty; machines that want it are turned away");
		journal_end(&l);
	}
	if (r->key_is_open) {
		l = journal_begin(&r->journal, now, "warning");
		journal_text(&l, "file", r->options.key_file);
		journal_text(&l, "text", "everybody on this computer can read the key; chmod 600 it");
		journal_end(&l);
	}
	l = journal_begin(&r->journal, now, "ready");
	journal_address(&l, "listen", &r->where);
	journal_u64(&l, "threads", r->loop_count);
	journal_text(&l, "key", r->options.key_file ? r->options.key_file : "random");
	if (r->options.redirects)
		journal_address(&l, "redirect", &r->options.redirect);
	journal_end(&l);
}

static bool start(struct rilld *r, char *trouble)
{
	int fds[OPTIONS_THREADS_MAX];
	uint64_t salt;

	randombytes_buf(&salt, sizeof salt);
	if (!open_disks(r, trouble) || !open_key(r, trouble))
		return false;
	r->server.redirects = r->options.redirects;
	r->server.redirect  = r->options.redirect;
	r->server.journal   = &r->journal;
	r->server.sessions  = sessions_open(r->options.sessions_max, salt);
	r->loop_count       = r->options.threads;
	if (r->loop_count == 0) {
		long cpus = sysconf(_SC_NPROCESSORS_ONLN);

		r->loop_count = cpus < 1 ? 1 : cpus > OPTIONS_THREADS_MAX ? OPTIONS_THREADS_MAX : (unsigned)cpus;
	}
	if (!open_sockets(r, fds, trouble))
		return false;
	bool fine = r->server.sessions != NULL;
	for (unsigned i = 0; i < r->loop_count && fine; i++)
		fine = loop_start(&r->loops[i], &r->server, fds[i], !r->options.no_gso);
	if (!fine)
		snprintf(trouble, TROUBLE_BYTES,
		         "not enough memory for %u sessions and %u threads; lower --sessions-max or --threads",
		         r->options.sessions_max, r->loop_count);
	return fine;
}

static uint64_t reads_so_far(struct rilld *r)
{
	uint64_t reads = 0;

	for (unsigned i = 0; i < r->loop_count; i++)
		reads += atomic_load(&r->loops[i].reads);
	return reads;
}

static bool wait_signal(struct rilld *r, long milliseconds)
{
	struct timespec t = { milliseconds / 1000, milliseconds % 1000 * 1000000 };

	return sigtimedwait(&r->signals, NULL, &t) > 0;
}

/* Until no machine is left or nothing was read for a second; five seconds at most; a second signal ends it at once. */
static void drain(struct rilld *r)
{
	unsigned quiet_ms = 0, all_ms = 0;
	uint64_t reads = reads_so_far(r);

	atomic_store(&r->server.draining, true);
	struct journal_line l = journal_begin(&r->journal, loop_now(), "draining");
	journal_u64(&l, "sessions", sessions_count(r->server.sessions));
	journal_end(&l);
	while (sessions_count(r->server.sessions) > 0 && quiet_ms < DRAIN_QUIET_S * 1000
	       && all_ms < DRAIN_MAX_S * 1000 && !wait_signal(r, DRAIN_STEP_MS)) {
		uint64_t now = reads_so_far(r);

		quiet_ms = now == reads ? quiet_ms + DRAIN_STEP_MS : 0;
		all_ms  += DRAIN_STEP_MS;
		reads    = now;
	}
}

static void log_stop(struct rilld *r)
{
	struct server_counts sum = { 0 };
	struct outbox_counts sent = { 0 };

	for (unsigned i = 0; i < r->loop_count; i++) {
		const struct outbox *box = &r->loops[i].box;

		sum.received    += box->out.counts.received;
		sum.dropped     += box->out.counts.dropped;
		sum.logins      += box->out.counts.logins;
		sum.menus       += box->out.counts.menus;
		sum.denied      += box->out.counts.denied;
		sum.turned_away += box->out.counts.turned_away;
		sum.reads       += box->out.counts.reads;
		sum.continued   += box->out.counts.continued;
		sum.errors      += box->out.counts.errors;
		sum.data_bytes  += box->out.counts.data_bytes;
		sent.datagrams  += box->counts.datagrams;
		sent.one_by_one += box->counts.one_by_one;
		sent.lost       += box->counts.lost;
	}
	struct journal_line l = journal_begin(&r->journal, loop_now(), "stopped");
	journal_u64(&l, "received", sum.received);
	journal_u64(&l, "dropped", sum.dropped);
	journal_u64(&l, "logins", sum.logins);
	journal_u64(&l, "menus", sum.menus);
	journal_u64(&l, "denied", sum.denied);
	journal_u64(&l, "turned_away", sum.turned_away);
	journal_u64(&l, "reads", sum.reads);
	journal_u64(&l, "continued", sum.continued);
	journal_u64(&l, "errors", sum.errors);
	journal_u64(&l, "data_bytes", sum.data_bytes);
	journal_u64(&l, "sent", sent.datagrams);
	journal_u64(&l, "sent_one_by_one", sent.one_by_one);
	journal_u64(&l, "lost", sent.lost);
	journal_u64(&l, "lines_left_out", atomic_load(&r->journal.left_out));
	journal_end(&l);
}

static void stop(struct rilld *r)
{
	for (unsigned i = 0; i < r->loop_count; i++)
		loop_tell_stop(&r->loops[i]);
	for (unsigned i = 0; i < r->loop_count; i++)
		loop_end(&r->loops[i]);
	server_farewell(&r->server, loop_now());
	log_stop(r);
	sessions_close(r->server.sessions);
	for (unsigned i = 0; i < r->options.disk_count; i++)
		image_close(&r->images[i]);
}

/* One line, whatever stands in the words of the command line. */
static int complain(char *trouble)
{
	for (char *s = trouble; *s; s++)
		if (*s > 0 && *s < ' ')
			*s = '?';
	fprintf(stderr, "rilld: %s\n", trouble);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	static struct rilld r = { .output_lock = PTHREAD_MUTEX_INITIALIZER };
	char trouble[TROUBLE_BYTES];

	if (!options_parse(argc, argv, &r.options, trouble, sizeof trouble))
		return complain(trouble);
	if (r.options.action != OPTIONS_RUN) {
		fputs(r.options.action == OPTIONS_HELP ? options_help : RILLD_VERSION "\n", stdout);
		return 0;
	}
	r.journal.write = write_line;
	r.journal.json  = r.options.json;
	/* Before any thread, so that all of them leave the signals to us. */
	sigemptyset(&r.signals);
	sigaddset(&r.signals, SIGTERM);
	sigaddset(&r.signals, SIGINT);
	sigprocmask(SIG_BLOCK, &r.signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	snprintf(trouble, sizeof trouble, "libsodium does not start on this computer");
	if (sodium_init() < 0 || !start(&r, trouble))
		return complain(trouble);
	log_start(&r);
	while (!wait_signal(&r, 1000))
		server_tick(&r.server, loop_now());
	drain(&r);
	stop(&r);
	return 0;
}
