/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_HOST_TAP_H
#define FIRMWARE_HOST_TAP_H
/*
 * A card made of a Linux tap: what the kernel sends to the tap we receive.
 *
 *     if (!tap_open(&t, "tap0", mac)) perror(...)
 *     t.nic goes to the loader; t.fd to poll()
 */
#include "netstack/nic.h"

struct tap {
	struct nic nic;                 /* first */
	int     fd;
	uint8_t frame[FRAME_MAX + 4];   /* the one that was polled; a VLAN's tag would still fit */
};

/* False: errno says why. */
bool tap_open(struct tap *t, const char *name, const uint8_t mac[6]);
/* The same over one end of a socket that carries whole frames: an open descriptor, as a frame switch gives it. */
void tap_over(struct tap *t, int fd, const uint8_t mac[6]);
#endif
