/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_PROTECT_H
#define DRIVER_PROTECT_H
/*
 * What keeps a process alive that serves the root file system to the kernel
 * it runs on: nothing of it may wait for that root, and nobody may end it
 * before the root is gone. docs/driver.md lists each hazard and its answer.
 */
#include "driver/kmsg.h"

/* Copies this program into the folder and starts it again from there. Returns only if that failed. */
void protect_move_home(struct kmsg *k, const char *home, char *const *words);

/*
 * Pages locked, no OOM killer, no I/O of our own to free memory, no signals,
 * marked for systemd in name, which is argv[0].
 */
void protect_all(struct kmsg *k, char *name);
#endif
