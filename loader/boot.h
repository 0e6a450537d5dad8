/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_BOOT_H
#define LOADER_BOOT_H
/*
 * The whole boot, from the card to the operating system (docs/boot-flow.md).
 *
 *     static struct attachment a;  static struct boot b;      (resident)  (discardable)
 *     boot_init(&b, &platform, &a);
 *     boot_run(&b);
 *
 * boot_run() blocks, but reads no clock of its own and waits only in
 * port->idle, so a simulator runs a whole boot in one process. Failures are
 * explained and, if the configuration wants nothing else, tried again for ever; Esc gives the machine back.
 */
#include "lib/random.h"
#include "loader/attachment.h"
#include "loader/config.h"
#include "loader/failure.h"
#include "loader/link.h"
#include "loader/multicast.h"
#include "loader/packet_log.h"
#include "loader/menu.h"
#include "loader/plan.h"
#include "loader/platform.h"
#include "loader/policy.h"
#include "loader/report.h"
#include "netstack/login.h"
#include "netstack/pxe_boot.h"
#include "netstack/tftp.h"
#include "netstack/wire/disk_menu.h"

/* In the order of a boot. The numbers are TLV_STEP's and TLV_TIMES'. */
enum step {
	STEP_CARD = 1,
	STEP_LINK,
	STEP_LEASE,
	STEP_SERVER,
	STEP_PLAN,
	STEP_ATTACH,
	STEP_CHAIN,
	STEP_START,
	STEP_HANDOVER,
	STEP_FAILED,
	STEP_END,
};

enum boot_end {
	BOOT_STARTED,           /* platform->start or chain came back with NULL: no real machine */
	BOOT_GIVEN_BACK,        /* Esc; platform->give_back was called */
	BOOT_NEXT_DEVICE,       /* the policy; the same */
	BOOT_REBOOTED,          /* the policy; port->reboot came back: no real machine */
	BOOT_FAILED,            /* only with once */
};

/* The last datagram that meant something: error screens name it. */
struct boot_heard { const char *what; uint32_t from; };

struct boot {
	struct platform   *platform;
	struct attachment *attachment;
	struct log *log;
	bool   once;                            /* the first failure ends it (tests, --once) */
	struct random random;

	struct link link;
	struct config config;
	struct dhcp_lease lease;                /* the answer, as it was */
	struct plan  plan;
	struct login login;
	struct disk_menu disks;                 /* what the server lets the user choose from */
	struct tftp  tftp;
	uint16_t     tftp_port;                 /* open for it; 0: none */
	struct multicast multicast;
	size_t program_bytes;                   /* of another program, in the platform's room */
	struct pxe_boot server;
	bool   has_login, has_tftp, has_server; /* they are turned */

	enum step at, failed_step;
	enum boot_end end;
	enum failure_code failure;
	char   detail[BOOT_TEXT_MAX + 1];       /* what exactly, this time */
	struct boot_heard heard;
	struct policy policy;
	usec   key_due;                         /* when the keyboard is asked again */
	struct packet_log packets;
	struct report report;                   /* of the last failure */
	struct handover_time times[BOOT_TIMES_MAX];
	unsigned time_count;
	uint8_t sector[DISK_SECTOR];            /* the first that is read */
	int    key;                             /* pressed, and taken by nobody yet: boot_take_key() */
	struct menu menu;                       /* on the screen, or the last that was */
	bool   has_menu;                        /* it is there, and F2 is one of its keys */
};

void          boot_init(struct boot *b, struct platform *platform, struct attachment *a);
enum boot_end boot_run(struct boot *b);

/* For the screen, the log and docs/boot-flow.md: "lease", "asking for an address". */
const char *boot_step_name(enum step step);
const char *boot_step_doing(enum step step);
#endif
