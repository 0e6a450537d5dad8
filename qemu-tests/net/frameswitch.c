/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A bad cable with QEMU at one end and a tap at the other.
 *
 *   frameswitch --tap NAME --fd N [--pcap FILE] [--seed N]
 *               [--loss PCT] [--duplicate PCT] [--reorder PCT] [--corrupt PCT]
 *               [--delay MS] [--jitter MS] [--rate MBIT] [--queue KIB]
 *               [--forwards S|never] [--tree none|old|rapid] [--vlan ID] [--bundle 0|1]
 *
 * QEMU's side is `-netdev dgram,local.type=fd` with one end of a pair of datagram sockets; --fd is the other end.
 * Each direction has a queue of its own. What was really done to the frames is counted and
 * printed as JSON at SIGTERM; the pcap holds what came out, in the order in which it came out.
 *
 * The last line of options makes the tap's end a switch's port (switchport.h): one that forwards only after S seconds,
 * whose spanning tree says nothing of it, says hello (old) or says what its port does (rapid); one that is tagged on
 * the machine's side; one of a bundle, which forwards when its LACP was answered. Its link comes up when frameswitch
 * starts, and again at SIGUSR1: everything of the port then begins anew.
 */
#include "qemu-tests/net/switchport.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum {
	FRAME_MAX = 9216,
	FRAME_MIN = 60,
	ETHERNET_HEAD = 14,
	VLAN_TAG = 4,                           /* a tagged port puts one in */
	SLOTS = 2048,                           /* frames under way per direction */
	REORDER_US = 3000,                      /* how long a frame that is to be overtaken is held */
	RETRY_US = 200,                         /* the receiver's socket is full: QEMU is slow, not the cable */
	FLUSH_US = 200000,                      /* the pcap can be followed while we run */
	PCAP_BUFFER = 512 << 10,                /* and is written in large pieces */
};

/* What may happen to a frame, in parts per million; times in microseconds. */
struct cable {
	uint32_t loss, duplicate, reorder, corrupt;
	uint64_t delay_us, jitter_us;
	uint64_t bits_per_us;                   /* 0: without limit */
	uint64_t queue_bytes;
};

struct options {
	const char *tap, *pcap;
	int qemu;
	uint64_t seed;
	struct cable cable;
	struct switchport port;
};

struct slot {
	uint64_t due;                           /* when it leaves */
	uint64_t order;                         /* when it came, as a number */
	uint32_t bytes;
	uint8_t frame[FRAME_MAX];
};

struct direction {
	const char *name;
	int to;
	struct slot *slots[SLOTS];              /* the first `waiting` are in use, in no order */
	unsigned waiting;
	uint64_t waiting_bytes;
	uint64_t wire_free;                     /* when a wire of limited rate is free again */
	uint64_t arrived, left_latest;          /* order of the newest that came, and of the newest that left */
	uint64_t frames, lost, duplicated, reordered, corrupted, overflowed, unsent;
};

static volatile sig_atomic_t stop, comes_up;

static void on_signal(int number)
{
	if (number == SIGUSR1)
		comes_up = 1;
	else
		stop = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "frameswitch: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* splitmix64: the same seed gives the same decisions for the same frames. */
static uint64_t draw(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static int happens(uint64_t *seed, uint32_t ppm)
{
	return draw(seed) % 1000000 < ppm;
}

static FILE *pcap_open(const char *path)
{
	static char buffer[PCAP_BUFFER];
	const uint32_t head[6] = { 0xa1b2c3d4, 0x00040002, 0, 0, FRAME_MAX, 1 };
	FILE *f = fopen(path, "wb");

	if (!f)
		die(path);
	setvbuf(f, buffer, _IOFBF, sizeof buffer);
	fwrite(head, sizeof head, 1, f);
	fflush(f);
	return f;
}

static void pcap_write(FILE *f, const uint8_t *frame, uint32_t bytes)
{
	struct timespec t;
	uint32_t head[4];

	if (!f)
		return;
	clock_gettime(CLOCK_REALTIME, &t);
	head[0] = (uint32_t)t.tv_sec;
	head[1] = (uint32_t)(t.tv_nsec / 1000);
	head[2] = head[3] = bytes;
	fwrite(head, sizeof head, 1, f);
	fwrite(frame, bytes, 1, f);
}

/* ARP has no sum of its own: on a wire the card's would save it, and here nothing would. */
static int checks_itself(const uint8_t *frame, uint32_t bytes)
{
	return bytes > ETHERNET_HEAD && (frame[12] != 8 || frame[13] != 6);
}

/* Put one copy of a frame on its way. */
static void enqueue(struct direction *d, const struct cable *cable, uint64_t *seed, uint64_t now,
                    const uint8_t *frame, uint32_t bytes)
{
	struct slot *s;

	if (d->waiting == SLOTS || (cable->queue_bytes && d->waiting_bytes + bytes > cable->queue_bytes)) {
		d->overflowed++;
		return;
	}
	s = d->slots[d->waiting];
	s->due = now;
	if (cable->bits_per_us) {
		if (d->wire_free < now)
			d->wire_free = now;
		d->wire_free += (bytes + 24u) * 8 / cable->bits_per_us;
		s->due = d->wire_free;
	}
	s->due += cable->delay_us;
	if (cable->jitter_us)
		s->due += draw(seed) % cable->jitter_us;
	if (happens(seed, cable->reorder))
		s->due += REORDER_US;
	s->order = d->arrived;
	s->bytes = bytes;
	memcpy(s->frame, frame, bytes);
	if (happens(seed, cable->corrupt) && checks_itself(frame, bytes)) {
		uint64_t bit = ETHERNET_HEAD * 8 + draw(seed) % ((bytes - ETHERNET_HEAD) * 8);

		s->frame[bit / 8] = (uint8_t)(s->frame[bit / 8] ^ 1u << bit % 8);
		d->corrupted++;
	}
	d->waiting++;
	d->waiting_bytes += bytes;
}

/*
 * No Ethernet has shorter frames: the card that sends one pads it. A tap does not, nor do QEMU's cards; and the ROM of
 * ne2k_pci stops for ever at a frame of 42 bytes, an ARP answer, that cannot be.
 */
static uint32_t padded(uint8_t *frame, uint32_t bytes)
{
	if (bytes >= FRAME_MIN)
		return bytes;
	memset(frame + bytes, 0, FRAME_MIN - bytes);
	return FRAME_MIN;
}

/* What the cable makes of one frame. */
static void pass(struct direction *d, const struct cable *cable, uint64_t *seed, uint64_t now, uint8_t *frame,
                 uint32_t bytes)
{
	d->frames++;
	d->arrived++;
	if (happens(seed, cable->loss)) {
		d->lost++;
		return;
	}
	enqueue(d, cable, seed, now, frame, bytes);
	if (happens(seed, cable->duplicate)) {
		d->duplicated++;
		enqueue(d, cable, seed, now, frame, bytes);
	}
}

typedef uint32_t port_does(struct switchport *p, uint64_t now, uint8_t *frame, uint32_t bytes);

static void take(struct direction *d, struct options *o, int from, port_does *port)
{
	static uint8_t frame[FRAME_MAX];
	uint64_t now = now_us();

	for (;;) {
		ssize_t n = read(from, frame, sizeof frame - VLAN_TAG);
		uint32_t bytes;

		if (n <= 0)
			return;
		bytes = port(&o->port, now, frame, padded(frame, (uint32_t)n));
		if (bytes)
			pass(d, &o->cable, &o->seed, now, frame, padded(frame, bytes));
	}
}

/* The port's own words. */
static void speak(struct direction *d, struct options *o)
{
	uint8_t frame[FRAME_MAX];
	uint64_t now = now_us();
	uint32_t bytes;

	if (comes_up) {
		comes_up = 0;
		port_begin(&o->port, now);
	}
	while ((bytes = port_says(&o->port, now, frame)))
		pass(d, &o->cable, &o->seed, now, frame, bytes);
}

/* The frame that leaves next: the earliest, and of two at the same time the one that came first. */
static unsigned next_slot(const struct direction *d)
{
	unsigned best = 0;

	for (unsigned i = 1; i < d->waiting; i++) {
		const struct slot *s = d->slots[i], *b = d->slots[best];

		if (s->due < b->due || (s->due == b->due && s->order < b->order))
			best = i;
	}
	return best;
}

/* Let everything leave that is due; returns when the next one is, or 0 if none waits. */
static uint64_t deliver(struct direction *d, FILE *pcap)
{
	while (d->waiting) {
		unsigned i = next_slot(d);
		struct slot *s = d->slots[i];

		if (s->due > now_us())
			return s->due;
		if (write(d->to, s->frame, s->bytes) < 0) {
			if (errno == EAGAIN || errno == ENOBUFS)
				return now_us() + RETRY_US;
			d->unsent++;                    /* nobody listens there any more */
		}
		if (s->order < d->left_latest)
			d->reordered++;
		else
			d->left_latest = s->order;
		pcap_write(pcap, s->frame, s->bytes);
		d->waiting_bytes -= s->bytes;
		d->slots[i] = d->slots[--d->waiting];
		d->slots[d->waiting] = s;
	}
	return 0;
}

static int tap_open(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		die("/dev/net/tun");
	snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
	if (ioctl(fd, TUNSETIFF, &request) < 0)
		die(name);
	return fd;
}

static uint32_t ppm(const char *percent)
{
	return (uint32_t)(strtod(percent, NULL) * 10000);
}

static int port_set(struct switchport *p, const char *name, const char *value)
{
	static const char *const trees[] = { [PORT_SILENT] = "none", [PORT_OLD] = "old", [PORT_RAPID] = "rapid" };

	if (!strcmp(name, "--forwards"))
		p->forwards_us = strcmp(value, "never") ? (uint64_t)(strtod(value, NULL) * 1e6) : UINT64_MAX;
	else if (!strcmp(name, "--vlan"))
		p->vlan = (unsigned)strtoul(value, NULL, 0) & 0xfff;
	else if (!strcmp(name, "--bundle"))
		p->bundle = atoi(value);
	else if (strcmp(name, "--tree"))
		return 0;
	else
		for (unsigned i = 0; i < sizeof trees / sizeof trees[0]; i++)
			if (!strcmp(value, trees[i])) {
				p->tree = (enum port_tree)i;
				return 1;
			}
	return strcmp(name, "--tree") != 0;
}

static int option_set(struct options *o, const char *name, const char *value)
{
	struct cable *c = &o->cable;

	if (!strcmp(name, "--tap"))            o->tap = value;
	else if (!strcmp(name, "--fd"))        o->qemu = atoi(value);
	else if (!strcmp(name, "--pcap"))      o->pcap = value;
	else if (!strcmp(name, "--seed"))      o->seed = strtoull(value, NULL, 0);
	else if (!strcmp(name, "--loss"))      c->loss = ppm(value);
	else if (!strcmp(name, "--duplicate")) c->duplicate = ppm(value);
	else if (!strcmp(name, "--reorder"))   c->reorder = ppm(value);
	else if (!strcmp(name, "--corrupt"))   c->corrupt = ppm(value);
	else if (!strcmp(name, "--delay"))     c->delay_us = (uint64_t)(strtod(value, NULL) * 1000);
	else if (!strcmp(name, "--jitter"))    c->jitter_us = (uint64_t)(strtod(value, NULL) * 1000);
	else if (!strcmp(name, "--rate"))      c->bits_per_us = strtoull(value, NULL, 0);
	else if (!strcmp(name, "--queue"))     c->queue_bytes = strtoull(value, NULL, 0) * 1024;
	else return port_set(&o->port, name, value);
	return 1;
}

static void options_read(struct options *o, int argc, char **argv)
{
	for (int i = 1; i < argc; i += 2) {
		if (i + 1 == argc || !option_set(o, argv[i], argv[i + 1])) {
			fprintf(stderr, "frameswitch: what is %s?\n", argv[i]);
			exit(2);
		}
	}
	if (!o->tap || !o->qemu) {
		fprintf(stderr, "frameswitch: --tap and --fd are needed\n");
		exit(2);
	}
}

static void print_direction(const struct direction *d)
{
	printf("\"%s\": {\"frames\": %llu, \"lost\": %llu, \"duplicated\": %llu, \"reordered\": %llu, "
	       "\"corrupted\": %llu, \"overflowed\": %llu, \"unsent\": %llu}", d->name,
	       (unsigned long long)d->frames, (unsigned long long)d->lost, (unsigned long long)d->duplicated,
	       (unsigned long long)d->reordered, (unsigned long long)d->corrupted,
	       (unsigned long long)d->overflowed, (unsigned long long)d->unsent);
}

static void print_port(const struct switchport *p)
{
	printf("\"port\": {\"blocked_in\": %llu, \"blocked_out\": %llu, \"wrong_tags\": %llu, \"bpdus\": %llu, "
	       "\"lacpdus\": %llu, \"lacp_answers\": %llu, \"eap\": %llu}",
	       (unsigned long long)p->blocked_in, (unsigned long long)p->blocked_out,
	       (unsigned long long)p->wrong_tags, (unsigned long long)p->bpdus, (unsigned long long)p->lacpdus,
	       (unsigned long long)p->lacp_answers, (unsigned long long)p->eap);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return !a || (b && b < a) ? b : a;
}

static void run(struct options *o, struct direction *up, struct direction *down, int tap)
{
	FILE *pcap = o->pcap ? pcap_open(o->pcap) : NULL;
	struct pollfd fds[2] = { { .fd = tap, .events = POLLIN }, { .fd = o->qemu, .events = POLLIN } };
	uint64_t flushed = now_us();

	port_begin(&o->port, flushed);
	while (!stop) {
		uint64_t next = earlier(earlier(deliver(up, pcap), deliver(down, pcap)), port_next(&o->port));
		uint64_t now = now_us();
		uint64_t wait = next > now ? next - now : next ? 0 : FLUSH_US;
		struct timespec t = { .tv_sec = (time_t)(wait / 1000000), .tv_nsec = (long)(wait % 1000000) * 1000 };

		if (pcap && now - flushed >= FLUSH_US) {
			fflush(pcap);
			flushed = now;
		}
		speak(down, o);
		if (ppoll(fds, 2, &t, NULL) <= 0)
			continue;
		if (fds[0].revents)
			take(down, o, tap, port_out);
		if (fds[1].revents)
			take(up, o, o->qemu, port_in);
	}
	if (pcap)
		fclose(pcap);
}

int main(int argc, char **argv)
{
	static struct direction up = { .name = "from_machine" }, down = { .name = "to_machine" };
	struct options o = { .seed = 1 };
	struct sigaction action = { .sa_handler = on_signal };
	int tap;

	options_read(&o, argc, argv);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	for (unsigned i = 0; i < SLOTS; i++) {
		up.slots[i] = malloc(sizeof(struct slot));
		down.slots[i] = malloc(sizeof(struct slot));
		if (!up.slots[i] || !down.slots[i])
			die("memory");
	}
	tap = tap_open(o.tap);
	if (fcntl(o.qemu, F_SETFL, O_NONBLOCK) < 0)
		die("--fd");
	up.to = tap;
	down.to = o.qemu;
	run(&o, &up, &down, tap);
	printf("{");
	print_direction(&up);
	printf(", ");
	print_direction(&down);
	printf(", ");
	print_port(&o.port);
	printf("}\n");
	return 0;
}
