/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_DRIVERS_VIRTIO_NET_H
#define UNDI_DRIVERS_VIRTIO_NET_H
/* The network card of QEMU, KVM and most clouds (virtio 1.1, 5.1), with the registers of 1.x or of before. */
#include "undi/drivers/hardware.h"

extern const struct card_driver virtio_net;

/* Of an open card; frames. */
struct virtio_net_counters {
	uint32_t received, sent;
	uint32_t too_short, too_long;   /* what the card said it received, and cannot be */
	uint32_t busy;                  /* not sent: every buffer is still the card's */
	uint32_t lies;                  /* buffers it gave back that it did not have */
};

struct virtio_net_counters virtio_net_counted(const struct nic *nic);
#endif
