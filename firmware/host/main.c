/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * rill-host: the whole firmware as a Linux process on a tap. It asks DHCP, logs
 * in, attaches the disk and reads it through INT 13h, with the same sources as
 * the firmware in a machine; so most of it can be tried without one.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "firmware/host/machine.h"
#include "firmware/host/tap.h"
#include "loader/boot.h"

/* 0 the system was started (or the program chained), 1 a boot failed with --once, 2 bad arguments, 3 given back. */
enum { EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_GIVEN_BACK = 3, PROGRAM_ROOM = 480 * 1024 };

static struct attachment attachment;
static struct machine    machine;
static struct boot       boot;
static struct tap        tap;
static bool keyboard_open = true;

static usec clock_usec(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (usec)t.tv_sec * USEC_PER_S + (usec)t.tv_nsec / 1000;
}

/* Since we were switched on. */
static usec now(struct port *p)
{
	static usec start;

	(void)p;
	if (!start)
		start = clock_usec() - 1;
	return clock_usec() - start;
}

static void put_char(struct log *log, char c)
{
	(void)log;
	putchar(c);
	if (c == '\n' || c == '\r')
		fflush(stdout);
}

static int key(struct port *p)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	uint8_t c;

	(void)p;
	if (!keyboard_open || poll(&in, 1, 0) <= 0)
		return KEY_NONE;
	keyboard_open = read(STDIN_FILENO, &c, 1) == 1;
	return keyboard_open ? c : KEY_NONE;
}

/* Until a frame comes, or `until`; never longer than poll() can count. */
static void idle(struct port *p, usec until)
{
	struct pollfd card = { .fd = tap.fd, .events = POLLIN };
	usec at = now(p);
	struct timespec wait = { .tv_sec = 1 };

	fflush(stdout);
	if (until <= at)
		return;
	if (until - at < USEC_PER_S)
		wait = (struct timespec){ .tv_nsec = (long)(until - at) * 1000 };
	ppoll(&card, 1, &wait, NULL);
}

static void reboot(struct port *p)
{
	(void)p;
	exit(EXIT_FAILED);
}

static struct port port = {
	.now = now, .log = { .put_char = put_char, .verbosity = LOG_INFO }, .key = key, .idle = idle, .reboot = reboot,
};

static const char usage[] =
"rill-host: the Rill firmware as a Linux process.\n\n"
"    rill-host --tap NAME [options]\n\n"
"  --tap NAME          the card: a tap interface, made if it does not exist\n"
"  --fd N              or an open descriptor that carries frames\n"
"  --mac MAC           the card's address (default: random, 52:54:00:...)\n"
"  --uuid HEX          the machine's UUID, 32 hex digits in SMBIOS order\n"
"  --seed N            of all random numbers (default: random)\n"
"  --config FILE       the configuration block of the image\n"
"  --booted-file NAME  what the PXE ROM loaded us as (default rill.kpxe; \"\" for unknown)\n"
"  --program-room N    bytes there are for a program to chain (default 491520)\n"
"  --hash              once started, read the whole disk through INT 13h; print its SHA-256\n"
"  --disk-to FILE      ... and write it there\n"
"  --chain-to FILE     write a chained program there\n"
"  --handover FILE     write the hand-over block there when the system starts\n"
"  --verbosity N       0 errors, 1 steps, 2 more (default), 3 packets\n"
"  --once              end with code 1 at the first failure instead of trying again for ever\n\n"
"Esc on standard input gives the machine back: code 3.\n";

static int complain(const char *option, const char *value)
{
	fprintf(stderr, "rill-host: %s %s: not understood; rill-host --help tells the options\n", option, value);
	return EXIT_USAGE;
}

/* Exactly len bytes in hexadecimal, with or without colons. */
static bool from_hex(const char *text, uint8_t *bytes, size_t len)
{
	size_t got;
	const char *end;

	return sodium_hex2bin(bytes, len, text, strlen(text), ":-", &got, &end) == 0 && got == len && !*end;
}

/* A file's bytes, for as long as we live. */
static uint8_t *read_file(const char *name, size_t *len)
{
	static uint8_t room[CONFIG_BYTES_MAX + CONFIG_HEAD_BYTES + 1];
	FILE *f = fopen(name, "rb");

	if (!f) {
		fprintf(stderr, "rill-host: %s: %s\n", name, strerror(errno));
		exit(EXIT_USAGE);
	}
	*len = fread(room, 1, sizeof room, f);
	fclose(f);
	return room;
}

struct arguments {
	const char *tap, *booted_file, *config;
	int     fd;
	uint8_t mac[6];
	size_t  program_room;
	uint64_t seed;
};

enum option_key {
	ARG_TAP = 1, ARG_FD, ARG_MAC, ARG_UUID, ARG_SEED, ARG_CONFIG, ARG_BOOTED, ARG_ROOM, ARG_HASH, ARG_DISK_TO,
	ARG_CHAIN_TO, ARG_HANDOVER, ARG_VERBOSITY, ARG_ONCE, ARG_HELP,
};

static const struct option options[] = {
	{ "tap", required_argument, NULL, ARG_TAP },
	{ "fd", required_argument, NULL, ARG_FD },
	{ "mac", required_argument, NULL, ARG_MAC },
	{ "uuid", required_argument, NULL, ARG_UUID },
	{ "seed", required_argument, NULL, ARG_SEED },
	{ "config", required_argument, NULL, ARG_CONFIG },
	{ "booted-file", required_argument, NULL, ARG_BOOTED },
	{ "program-room", required_argument, NULL, ARG_ROOM },
	{ "hash", no_argument, NULL, ARG_HASH },
	{ "disk-to", required_argument, NULL, ARG_DISK_TO },
	{ "chain-to", required_argument, NULL, ARG_CHAIN_TO },
	{ "handover", required_argument, NULL, ARG_HANDOVER },
	{ "verbosity", required_argument, NULL, ARG_VERBOSITY },
	{ "once", no_argument, NULL, ARG_ONCE },
	{ "help", no_argument, NULL, ARG_HELP },
	{ NULL, 0, NULL, 0 },
};

/* A number that is the whole text, at most max. */
static bool from_text(const char *text, uint64_t max, uint64_t *value)
{
	char *end;

	errno  = 0;
	*value = strtoull(text, &end, 0);
	return !errno && end != text && !*end && *value <= max && *text != '-';
}

static bool take(struct arguments *args, enum option_key option, const char *value)
{
	uint64_t n = 0;

	switch (option) {
	case ARG_TAP:       args->tap = value; return true;
	case ARG_MAC:       return from_hex(value, args->mac, sizeof args->mac) && !(args->mac[0] & 1);
	case ARG_UUID:      return from_hex(value, port.uuid, sizeof port.uuid);
	case ARG_SEED:      return from_text(value, UINT64_MAX, &args->seed);
	case ARG_CONFIG:    args->config = value; return true;
	case ARG_BOOTED:    args->booted_file = value; return true;
	case ARG_HASH:      machine.hash = true; return true;
	case ARG_DISK_TO:   machine.disk_file = value; return true;
	case ARG_CHAIN_TO:  machine.chain_file = value; return true;
	case ARG_HANDOVER:  machine.handover_file = value; return true;
	case ARG_ONCE:      boot.once = true; return true;
	case ARG_FD:
		if (!from_text(value, 1024, &n))
			return false;
		args->fd = (int)n;
		return true;
	case ARG_ROOM:
		if (!from_text(value, MACHINE_RAM - PROGRAM_AT, &n) || !n)
			return false;
		args->program_room = (size_t)n;
		return true;
	case ARG_VERBOSITY:
		if (!from_text(value, LOG_DEBUG, &n))
			return false;
		port.log.verbosity = (enum log_level)n;
		return true;
	case ARG_HELP:
		fputs(usage, stdout);
		exit(0);
	}
	return false;
}

static bool open_card(const struct arguments *args)
{
	if (args->fd >= 0) {
		tap_over(&tap, args->fd, args->mac);
		return true;
	}
	if (tap_open(&tap, args->tap, args->mac))
		return true;
	fprintf(stderr, "rill-host: tap %s: %s\n", args->tap, strerror(errno));
	return false;
}

int main(int count, char **words)
{
	struct arguments args = {
		.fd = -1, .booted_file = "rill.kpxe", .mac = { 0x52, 0x54 }, .program_room = PROGRAM_ROOM,
	};
	int option;

	if (sodium_init() < 0)
		return EXIT_USAGE;
	randombytes_buf(args.mac + 3, 3);
	randombytes_buf(&args.seed, sizeof args.seed);
	while ((option = getopt_long(count, words, "", options, NULL)) != -1) {
		if (option == '?')
			return EXIT_USAGE;
		if (!take(&args, (enum option_key)option, optarg))
			return complain(words[optind - 1], "");
	}
	if (optind < count)
		return complain(words[optind], "");
	if (!args.tap && args.fd < 0)
		return complain("--tap", "is missing");
	if (!open_card(&args))
		return EXIT_USAGE;
	port.seed = args.seed;
	machine_init(&machine, &attachment, &port, &tap.nic, args.program_room);
	machine.platform.booted_file = args.booted_file;
	if (args.config)
		machine.platform.config = read_file(args.config, &machine.platform.config_size);
	boot_init(&boot, &machine.platform, &attachment);
	switch (boot_run(&boot)) {
	case BOOT_STARTED:     return 0;
	case BOOT_GIVEN_BACK:
	case BOOT_NEXT_DEVICE: return EXIT_GIVEN_BACK;
	case BOOT_REBOOTED:
	case BOOT_FAILED:      break;
	}
	return EXIT_FAILED;
}
