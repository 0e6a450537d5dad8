/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/drivers/virtio_pci.h"
#include "undi/drivers/pci.h"

/* virtio 1.1, 4.1.4 */
enum {
	CAP_TYPE = 3, CAP_BAR = 4, CAP_AT = 8, CAP_BYTES = 12, CAP_NOTIFY_STEP = 16,
	TYPE_COMMON = 1, TYPE_NOTIFY = 2, TYPE_DEVICE = 4,
};
enum {
	DEVICE_FEATURE_SELECT = 0, DEVICE_FEATURE = 4, DRIVER_FEATURE_SELECT = 8, DRIVER_FEATURE = 12,
	CONFIG_VECTOR = 16, STATUS = 20,
	QUEUE_SELECT = 22, QUEUE_SIZE = 24, QUEUE_VECTOR = 26, QUEUE_ENABLE = 28, QUEUE_NOTIFY = 30,
	QUEUE_DESC = 32, QUEUE_AVAIL = 40, QUEUE_USED = 48, COMMON_BYTES = 56,
};
/* 4.1.4.8: ports of the first base address */
enum {
	LEGACY_DEVICE_FEATURES = 0, LEGACY_DRIVER_FEATURES = 4, LEGACY_QUEUE_PAGE = 8, LEGACY_QUEUE_SIZE = 12,
	LEGACY_QUEUE_SELECT = 14, LEGACY_NOTIFY = 16, LEGACY_STATUS = 18, LEGACY_DEVICE = 20, LEGACY_PAGE = 4096,
};
enum { STATUS_ACKNOWLEDGE = 1, STATUS_DRIVER = 2, STATUS_DRIVER_OK = 4, STATUS_FEATURES_OK = 8 };
enum { CAPS_MAX = 48 };         /* a list that goes round has no end */
enum { BARS = 6, FIRST_MODERN = 0x1040, NO_VECTOR = 0xffff, RESET_WAIT = 100 * USEC_PER_MS };

static struct virtio_window find_window(struct hardware *h, uint8_t type, unsigned *cap)
{
	*cap = 0;
	for (unsigned seen = 0; seen < CAPS_MAX; seen++) {
		struct virtio_window w;

		*cap = pci_next_capability(h, *cap, PCI_CAP_VENDOR);
		if (!*cap)
			break;
		w = (struct virtio_window){
			h->config_read(h, *cap + CAP_BAR, 1), h->config_read(h, *cap + CAP_AT, 4),
			h->config_read(h, *cap + CAP_BYTES, 4),
		};
		/* A device may have several of a kind; the first that we can use. */
		if (h->config_read(h, *cap + CAP_TYPE, 1) == type && w.bar < BARS && h->bars >> w.bar & 1
		    && w.at + w.bytes >= w.at)
			return w;
	}
	return (struct virtio_window){ 0 };
}

bool virtio_pci_find(struct virtio_pci *v, struct hardware *h)
{
	unsigned cap;

	*v = (struct virtio_pci){ .h = h };
	v->common = find_window(h, TYPE_COMMON, &cap);
	v->device = find_window(h, TYPE_DEVICE, &cap);
	v->notify = find_window(h, TYPE_NOTIFY, &cap);
	if (v->common.bytes >= COMMON_BYTES && v->device.bytes && v->notify.bytes >= 2) {
		v->notify_step = h->config_read(h, cap + CAP_NOTIFY_STEP, 4);
		return true;
	}
	*v = (struct virtio_pci){ .h = h, .is_legacy = true };
	return h->bars & 1 && h->config_read(h, PCI_DEVICE, 2) < FIRST_MODERN;
}

static uint32_t get(const struct virtio_pci *v, uint32_t at, unsigned bytes)
{
	return v->h->read(v->h, v->common.bar, v->common.at + at, bytes);
}

static void put(const struct virtio_pci *v, uint32_t at, unsigned bytes, uint32_t value)
{
	v->h->write(v->h, v->common.bar, v->common.at + at, bytes, value);
}

static uint32_t status_at(const struct virtio_pci *v) { return v->is_legacy ? LEGACY_STATUS : STATUS; }
static void add_status(const struct virtio_pci *v, uint32_t bits)
{
	put(v, status_at(v), 1, get(v, status_at(v), 1) | bits);
}

bool virtio_pci_reset(struct virtio_pci *v)
{
	usec end = v->h->now(v->h) + RESET_WAIT;

	put(v, status_at(v), 1, 0);
	while (get(v, status_at(v), 1) != 0)
		if (v->h->now(v->h) >= end)
			return false;
	return true;
}

static uint64_t device_features(const struct virtio_pci *v)
{
	uint64_t features;

	if (v->is_legacy)
		return get(v, LEGACY_DEVICE_FEATURES, 4);
	put(v, DEVICE_FEATURE_SELECT, 4, 1);
	features = (uint64_t)get(v, DEVICE_FEATURE, 4) << 32;
	put(v, DEVICE_FEATURE_SELECT, 4, 0);
	return features | get(v, DEVICE_FEATURE, 4);
}

bool virtio_pci_agree(struct virtio_pci *v, uint64_t wanted, uint64_t *features)
{
	add_status(v, STATUS_ACKNOWLEDGE);
	add_status(v, STATUS_DRIVER);
	*features = device_features(v) & (wanted | VIRTIO_F_VERSION_1 | VIRTIO_F_ACCESS_PLATFORM);
	if (v->is_legacy) {
		put(v, LEGACY_DRIVER_FEATURES, 4, (uint32_t)*features);
		return true;
	}
	if (!(*features & VIRTIO_F_VERSION_1))
		return false;
	put(v, DRIVER_FEATURE_SELECT, 4, 0);
	put(v, DRIVER_FEATURE, 4, (uint32_t)*features);
	put(v, DRIVER_FEATURE_SELECT, 4, 1);
	put(v, DRIVER_FEATURE, 4, (uint32_t)(*features >> 32));
	add_status(v, STATUS_FEATURES_OK);
	return get(v, STATUS, 1) & STATUS_FEATURES_OK;
}

unsigned virtio_pci_queue_size(struct virtio_pci *v, unsigned n, unsigned max)
{
	unsigned size, fits = 1;

	put(v, v->is_legacy ? LEGACY_QUEUE_SELECT : QUEUE_SELECT, 2, n);
	size = get(v, v->is_legacy ? LEGACY_QUEUE_SIZE : QUEUE_SIZE, 2);
	if (v->is_legacy)
		return size & (size - 1) ? 0 : size;
	while (fits * 2 <= size && fits * 2 <= max)
		fits *= 2;
	return size ? fits : 0;
}

static void put_address(const struct virtio_pci *v, uint32_t at, uint64_t bus)
{
	put(v, at, 4, (uint32_t)bus);
	put(v, at + 4, 4, (uint32_t)(bus >> 32));
}

bool virtio_pci_queue_start(struct virtio_pci *v, unsigned n, const struct virtqueue *q, uint64_t bus)
{
	const uint8_t *first = (const uint8_t *)q->desc;
	uint32_t off;

	if (v->is_legacy) {
		put(v, LEGACY_QUEUE_SELECT, 2, n);
		put(v, LEGACY_QUEUE_PAGE, 4, (uint32_t)(bus / LEGACY_PAGE));
		return get(v, LEGACY_QUEUE_PAGE, 4) == (uint32_t)(bus / LEGACY_PAGE);
	}
	put(v, QUEUE_SELECT, 2, n);
	put(v, QUEUE_SIZE, 2, q->size);
	put(v, QUEUE_VECTOR, 2, NO_VECTOR);
	put_address(v, QUEUE_DESC, bus);
	put_address(v, QUEUE_AVAIL, bus + (size_t)((const uint8_t *)q->avail - first));
	put_address(v, QUEUE_USED, bus + (size_t)((const uint8_t *)q->used - first));
	off = get(v, QUEUE_NOTIFY, 2);
	if ((uint64_t)off * v->notify_step + 2 > v->notify.bytes)
		return false;
	v->notify_at[n] = v->notify.at + off * v->notify_step;
	put(v, QUEUE_ENABLE, 2, 1);
	return true;
}

void virtio_pci_go(struct virtio_pci *v)
{
	if (!v->is_legacy)
		put(v, CONFIG_VECTOR, 2, NO_VECTOR);
	add_status(v, STATUS_DRIVER_OK);
}

void virtio_pci_notify(struct virtio_pci *v, unsigned n)
{
	if (v->is_legacy)
		put(v, LEGACY_NOTIFY, 2, n);
	else
		v->h->write(v->h, v->notify.bar, v->notify_at[n], 2, n);
}

uint32_t virtio_pci_device(const struct virtio_pci *v, uint32_t at, unsigned bytes)
{
	if (v->is_legacy)
		return get(v, LEGACY_DEVICE + at, bytes);
	if (at + bytes > v->device.bytes)
		return UINT32_MAX >> (32 - 8 * bytes);
	return v->h->read(v->h, v->device.bar, v->device.at + at, bytes);
}
