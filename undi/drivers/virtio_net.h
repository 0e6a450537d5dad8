/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_DRIVERS_VIRTIO_NET_H
#define UNDI_DRIVERS_VIRTIO_NET_H
/* The network card of QEMU, KVM and most clouds (virtio 1.1, 5.1), with the registers of 1.x or of before. */
#include "undi/drivers/hardware.h"

extern const struct card_driver virtio_net;
#endif
