/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_NBD_KERNEL_H
#define DRIVER_NBD_KERNEL_H
/*
 * Giving a disk to the kernel's nbd driver by netlink, and taking it back.
 *
 *     nbd_kernel_attach(k, &disk, &index)      the process that will serve it
 *     nbd_kernel_tune(k, index)                another process: it reads the disk
 *
 * With netlink, unlike with the older ioctls, no process sits inside the
 * kernel while the disk lives; so nothing is interrupted by SIGSTOP.
 */
#include "driver/genl.h"
#include "driver/kmsg.h"

bool nbd_kernel_attach(struct kmsg *k, const struct genl_disk *disk, unsigned *index);
bool nbd_kernel_detach(struct kmsg *k, unsigned index);

/* Reads the partition table and sets read-ahead and request size. */
void nbd_kernel_tune(struct kmsg *k, unsigned index);
#endif
