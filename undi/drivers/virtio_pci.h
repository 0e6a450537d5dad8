/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_DRIVERS_VIRTIO_PCI_H
#define UNDI_DRIVERS_VIRTIO_PCI_H
/*
 * A virtio device behind PCI, the registers of virtio 1.x (1.1, 4.1) or those
 * before (4.1.4.8, "legacy"), whichever the device has and we reach.
 *
 *     virtio_pci_find(&v, h)
 *     virtio_pci_reset(&v)                     before anything else, and to put it to rest
 *     virtio_pci_agree(&v, wanted, &features)  what both know
 *     size = virtio_pci_queue_size(&v, n, max)     for each queue, and
 *     virtio_pci_queue_start(&v, n, &queue, bus)
 *     virtio_pci_go(&v)
 *     virtio_pci_notify(&v, n)                 there is something in that queue
 *
 * Functions that are false: the device does not obey; it is not to be used.
 */
#include "undi/drivers/hardware.h"
#include "undi/drivers/virtqueue.h"

enum { VIRTIO_QUEUES_MAX = 3 };
#define VIRTIO_F_VERSION_1       ((uint64_t)1 << 32)
#define VIRTIO_F_ACCESS_PLATFORM ((uint64_t)1 << 33)

struct virtio_window { unsigned bar; uint32_t at, bytes; };     /* bytes 0: there is none */

struct virtio_pci {
	struct hardware *h;
	bool is_legacy;
	struct virtio_window common, notify, device;
	uint32_t notify_step;
	uint32_t notify_at[VIRTIO_QUEUES_MAX];
};

bool     virtio_pci_find(struct virtio_pci *v, struct hardware *h);
bool     virtio_pci_reset(struct virtio_pci *v);
bool     virtio_pci_agree(struct virtio_pci *v, uint64_t wanted, uint64_t *features);
/* A power of two of at most max; before 1.0 the device's own, however large. 0: the device has no such queue. */
unsigned virtio_pci_queue_size(struct virtio_pci *v, unsigned n, unsigned max);
bool     virtio_pci_queue_start(struct virtio_pci *v, unsigned n, const struct virtqueue *q, uint64_t bus);
void     virtio_pci_go(struct virtio_pci *v);
void     virtio_pci_notify(struct virtio_pci *v, unsigned n);
/* Of the device's own configuration; all ones where it has none. */
uint32_t virtio_pci_device(const struct virtio_pci *v, uint32_t at, unsigned bytes);
#endif
