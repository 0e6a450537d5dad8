/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_STEPS_H
#define LOADER_STEPS_H
/*
 * The steps of loader/boot.c's table, and what they have in common. Private
 * to the files of the boot: boot*.c, link.c, disk_boot.c, program_boot.c, failed.c, report.c.
 */
#include "loader/boot.h"

/* Each step does one thing and names the step to take next. */
enum step step_link(struct boot *b);
enum step step_lease(struct boot *b);
enum step step_server(struct boot *b);
enum step step_attach(struct boot *b);
enum step step_start(struct boot *b);
enum step step_hand_over(struct boot *b);
enum step step_chain(struct boot *b);
enum step step_failed(struct boot *b);

/* For step_lease, which waits once more when link_asked_in_vain(). */
enum step link_wait(struct boot *b);

/*
 * One turn of all endpoints, then a rest until something comes or is due, at the latest at `until`.
 * False: Esc or Ctrl-C was pressed.
 */
bool boot_turn(struct boot *b, usec until);

/* The last key that was pressed and that nobody has taken yet, or KEY_NONE; boot_turn() hears it. */
int boot_take_key(struct boot *b);

/* b->menu on the screen until Enter, or the marked entry after so many seconds (0: never). False: Esc or Ctrl-C. */
bool boot_choose(struct boot *b, unsigned seconds);

/*
 * The server's disk menu, which b->disks has: the chosen disk's name becomes the plan's, so that all that follows, the
 * hand-over too, is as if it had been named from the beginning. False: Esc or Ctrl-C.
 */
bool boot_choose_disk(struct boot *b, uint32_t server);

/*
 * How long a transfer that is over is turned on: what stays to be said is the last ACK once more, or that it is given
 * up, and servers wait at least so long before they send the last block again.
 */
#define BOOT_DALLY (250u * USEC_PER_MS)

/* Whole seconds until then, rounded up, of at most some minutes. */
static inline unsigned boot_seconds_left(usec until, usec now)
{
	return until > now ? ((unsigned)(until - now) + USEC_PER_S - 1) / USEC_PER_S : 0;
}

/* STEP_FAILED, with what went wrong; the format is lib/log.h's. A step returns what this returns. */
enum step boot_fail(struct boot *b, enum failure_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
enum step boot_cancel(struct boot *b);

/* Into b->config, and what the boot itself wants of it: verbosity and policy. */
void boot_read_config(struct boot *b);

/* The machine goes on with its next boot device, and the lease goes back to who gave it. */
enum step boot_next_device(struct boot *b);

usec boot_now(const struct boot *b);
struct plan_facts boot_facts(const struct boot *b);
#endif
