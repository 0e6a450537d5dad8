/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "sim/machine.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "loader/boot.h"
#include "loader/boot_sector.h"
#include "sim/host.h"
#include "sim/image.h"
#include "sim/weather.h"

enum { MACHINE, SERVER_A, SERVER_B };

enum {
	READ_BYTES = 1 << 20,
	READ_SECTORS_MAX = 127,
	TURNS_MAX = 5000000,            /* looks at the clock while it stands still */
};
/* A boot on a tolerable line; and on one that loses more than 1 in 20, where DHCP alone may wait for minutes. */
static const usec time_max_good = 120u * USEC_PER_S, time_max_bad = 3600u * USEC_PER_S;

struct simulation {
	struct platform platform;       /* first: a struct platform * is a struct simulation * */
	struct port     port;
	struct random   random;
	usec   now, time_max;
	struct air  air;
	struct card card;
	struct host *servers[2];
	struct boot boot;
	struct attachment attachment;
	uint8_t  handover[4096], boot_sector[DISK_SECTOR];
	uint64_t image, key, size, done, data_lost;
	unsigned looks;
	enum trouble trouble;
	uint64_t trouble_at;            /* bytes done */
	usec     trouble_ends;          /* NEVER: it is not under way */
	bool     failed, is_late, is_begun;
	struct tally *tally;
	char    *why;
	size_t   why_size;
};

static void fail(struct simulation *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void fail(struct simulation *s, const char *format, ...)
{
	va_list args;

	if (s->failed)
		return;
	s->failed = true;
	va_start(args, format);
	vsnprintf(s->why, s->why_size, format, args);
	va_end(args);
}

/* ---- troubles: the server in use goes, or everything does ---- */

static void trouble_begin(struct simulation *s)
{
	s->is_begun     = true;
	s->trouble_ends = s->now + random_below(&s->random, 3 * USEC_PER_S);
	s->tally->troubles[s->trouble]++;
	if (s->trouble == TROUBLE_SILENCE)
		s->air.is_cut[MACHINE] = true;
	else
		for (unsigned i = 0; i < COUNT_OF(s->servers); i++)
			host_stop(s->servers[i]);
}

static void trouble_end(struct simulation *s)
{
	s->trouble_ends = NEVER;
	s->air.is_cut[MACHINE] = false;
	if (s->trouble == TROUBLE_SILENCE)
		return;
	s->key += s->trouble == TROUBLE_KEY;
	for (unsigned i = 0; i < COUNT_OF(s->servers); i++)
		host_restart(s->servers[i], s->key);
}

/* ---- the machine's port: its clock is ours ---- */

static struct simulation *of_port(struct port *p)
{
	return (struct simulation *)((uint8_t *)p - offsetof(struct simulation, port));
}

static usec port_now(struct port *p)
{
	struct simulation *s = of_port(p);

	if (++s->looks > TURNS_MAX) {
		fail(s, "time stands still in step %s", boot_step_name(s->boot.at));
		s->now += USEC_PER_S;           /* so that it ends */
		s->looks = 0;
	}
	return s->now;
}

static int port_key(struct port *p)
{
	struct simulation *s = of_port(p);

	return s->is_late || s->failed ? KEY_ESC : KEY_NONE;
}

static void deliver(struct simulation *s, struct air_packet *p)
{
	if (s->air.is_cut[p->from] || s->air.is_cut[p->to]) {
		if (!p->is_damaged && !p->is_copy)
			s->data_lost += p->from != MACHINE && frame_is_data(p->bytes, p->len);
		free(p);
	} else if (p->to == MACHINE) {
		card_receive(&s->card, p);
	} else {
		host_receive(s->servers[p->to - SERVER_A], p);
	}
}

static void port_idle(struct port *p, usec until)
{
	struct simulation *s = of_port(p);
	struct air_packet *packet;
	usec next = min_u64(min_u64(until, air_next(&s->air)), s->trouble_ends);

	/* The keyboard is looked at, so that a boot that does not end can be ended. */
	next = min_u64(next, s->now + USEC_PER_S);
	if (next > s->now)
		s->looks = 0;
	s->now = max_u64(s->now, next);
	if (s->now >= s->trouble_ends)
		trouble_end(s);
	while ((packet = air_take(&s->air, s->now)))
		deliver(s, packet);
	if (s->now < s->time_max || s->is_late)
		return;
	s->is_late = true;
	s->attachment.patience = 1;
	fail(s, "not done after %u s: step %s, %llu bytes read", (unsigned)(s->time_max / USEC_PER_S),
	     boot_step_name(s->boot.at), (unsigned long long)s->done);
}

static void on_harm(void *who, unsigned from, uint32_t tag, const uint8_t *bytes, size_t len)
{
	struct simulation *s = who;

	(void)tag;
	s->data_lost += from != MACHINE && frame_is_data(bytes, len);
}

/* ---- the machine's platform ---- */

static const char *attach(struct platform *p, struct attachment *a)
{
	(void)p;
	(void)a;
	return NULL;
}

static void detach(struct platform *p)
{
	(void)p;
}

/* The operating system: it reads, and it compares. */
static enum failure_code find(struct platform *p, struct attachment *a, char *detail, size_t size)
{
	return boot_sector_find(attachment_disk(a), "simulated", ((struct simulation *)p)->boot_sector, detail, size);
}

static const char *start(struct platform *p)
{
	static uint8_t bytes[READ_SECTORS_MAX * DISK_SECTOR];
	struct simulation *s = (struct simulation *)p;
	uint64_t sectors = s->size / DISK_SECTOR, lba = 0;

	if (!image_is(s->image, 0, s->boot_sector, DISK_SECTOR))
		fail(s, "the first sector is wrong");
	while (s->done < READ_BYTES && !s->failed) {
		uint32_t n = 1 + random_below(&s->random, READ_SECTORS_MAX);

		if (random_below(&s->random, 3) == 0)
			lba = random_below(&s->random, (uint32_t)(sectors - READ_SECTORS_MAX));
		if (lba + n > sectors)
			lba = 0;
		if (!s->is_begun && s->trouble != TROUBLE_COUNT && s->done >= s->trouble_at)
			trouble_begin(s);
		if (disk_read(attachment_disk(&s->attachment), lba, n, bytes) != DISK_OK)
			fail(s, "a read of %u sectors at %llu failed", n, (unsigned long long)lba);
		else if (!image_is(s->image, lba * DISK_SECTOR, bytes, (size_t)n * DISK_SECTOR))
			fail(s, "wrong data at sector %llu", (unsigned long long)lba);
		lba     += n;
		s->done += (uint64_t)n * DISK_SECTOR;
		s->now  += random_below(&s->random, 2000);      /* it thinks about what it read */
	}
	return NULL;
}

static enum failure_code chain(struct platform *p, const struct chain_program *program, char *detail, size_t room)
{
	(void)program;
	(void)detail;
	(void)room;
	fail((struct simulation *)p, "it chains a program that nobody named");
	return FAILURE_NONE;
}

static void put_nothing(struct log *log, char c)
{
	(void)log;
	(void)c;
}

/* ---- one seed ---- */

static void judge(struct simulation *s, uint64_t seed)
{
	const struct stream_counters *c = &s->attachment.stream.counters;
	uint64_t needed = c->segments - c->segments_again, sent = 0, for_copies = 0, lost = s->data_lost;
	struct tally *t = s->tally;
	unsigned percent;

	for (unsigned i = 0; i < COUNT_OF(s->servers); i++) {
		struct host_counts h = host_count(s->servers[i]);

		sent       += h.data_sent;
		for_copies += h.data_for_copies;
		lost       += h.data_unsent;
		t->dhcp_served += h.leases;
	}
	lost += s->card.data_lost;
	if (s->boot.end == BOOT_STARTED && sent * 2 > needed * 3 + (lost + for_copies) * 2)
		fail(s, "%llu data datagrams for %llu wanted, %llu lost, %llu for doubled requests",
		     (unsigned long long)sent, (unsigned long long)needed, (unsigned long long)lost,
		     (unsigned long long)for_copies);
	percent = needed && sent > lost + for_copies ? (unsigned)((sent - lost - for_copies) * 100 / needed) : 0;
	if (percent > t->worst_percent) {
		t->worst_percent = percent;
		t->worst_seed    = seed;
	}
	if (s->now > t->longest) {
		t->longest      = s->now;
		t->longest_seed = seed;
	}
	t->boots++;
	t->needed     += needed;
	t->sent       += sent;
	t->lost       += lost;
	t->for_copies += for_copies;
	t->bytes      += s->done;
	t->again      += c->segments_again;
	t->early      += c->segments_early;
	t->timeouts   += c->timeouts;
	t->logins     += c->logins;
	t->failovers  += c->failovers;
	t->card_overflows    += s->card.overflows;
	t->dropped_damaged   += c->dropped_check + c->dropped_malformed;
	t->dropped_late      += c->dropped_late;
	t->dropped_duplicate += c->dropped_duplicate;
	tally_air(t, &s->air.counts);
}

static void draw_world(struct simulation *s)
{
	static const char *const paths[] = { NULL, "rill://10.0.0.1/simulated", "rill://10.0.0.2,10.0.0.1" };
	static const enum trouble troubles[] = { TROUBLE_COUNT, TROUBLE_RESTART, TROUBLE_KEY, TROUBLE_SILENCE };
	struct air_weather weather = weather_draw(&s->random);

	/* A whole boot loses what no rule bounds: up to 1 in 5 frames are enough. */
	weather.lose = weather.lose * 2 / 3;
	s->time_max = weather.lose + weather.corrupt + weather.truncate > 50 ? time_max_bad : time_max_good;
	if (weather.delay > 5000)
		weather.delay = 5000;
	weather.jitter = min_u64(weather.jitter, 5000);
	air_init(&s->air, &weather, random_next(&s->random));
	s->air.on_harm = on_harm;
	s->air.who     = s;
	s->image = random_next(&s->random);
	s->key   = random_next(&s->random);
	s->size  = (uint64_t)(64 + random_below(&s->random, 8192)) * STREAM_PAD_BYTES;
	for (unsigned i = 0; i < COUNT_OF(s->servers); i++)
		s->servers[i] = host_open(&s->air, &s->now, SERVER_A + i, s->image, s->size, s->key);
	host_offers(s->servers[0], &(struct host_offer){
		.gives = true, .root_path = paths[random_below(&s->random, COUNT_OF(paths))],
		.lease_s = random_below(&s->random, 2) ? 3600 : 4 + random_below(&s->random, 20),
	});
	for (unsigned i = 0; i < COUNT_OF(s->servers); i++)
		host_enter_vlan(s->servers[i], s->platform.vlan);
	s->trouble      = troubles[random_below(&s->random, COUNT_OF(troubles))];
	s->trouble_at   = random_below(&s->random, READ_BYTES);
	s->trouble_ends = NEVER;
}

bool machine_run(uint64_t seed, struct tally *t, char *why, size_t why_size)
{
	static struct simulation simulation;
	struct simulation *s = &simulation;

	memset(s, 0, sizeof *s);
	s->random = random_from(seed);
	s->tally  = t;
	s->why    = why;
	s->why_size = why_size;
	s->now    = 1000;
	s->platform.vlan = seed % 4 == 3 ? 7 : 0;       /* not drawn: a seed's story stays what it was */
	s->port   = (struct port){ .now = port_now, .key = port_key, .idle = port_idle, .seed = random_next(&s->random),
	                           .log = { .put_char = put_nothing, .verbosity = LOG_INFO } };
	draw_world(s);
	card_init(&s->card, &s->air, &s->now, MACHINE, 4 + random_below(&s->random, 60));
	s->platform = (struct platform){
		.port = &s->port, .nic = &s->card.nic, .build = "sim", .pci_address = PCI_UNKNOWN,
		.vlan = s->platform.vlan,
		.booted_file = "rill.kpxe", .handover = s->handover, .attach = attach, .detach = detach, .find = find,
		.start = start, .chain = chain,
	};
	boot_init(&s->boot, &s->platform, &s->attachment);
	if (boot_run(&s->boot) != BOOT_STARTED)
		fail(s, "the boot ended otherwise");
	judge(s, seed);
	card_close(&s->card);
	for (unsigned i = 0; i < COUNT_OF(s->servers); i++)
		host_close(s->servers[i]);
	air_free(&s->air);
	t->seeds++;
	return !s->failed;
}
