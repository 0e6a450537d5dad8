/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/drivers/virtio_net.h"
#include "undi/drivers/pci.h"
#include "undi/drivers/virtio_pci.h"

enum { QUEUE_RX, QUEUE_TX, QUEUE_CONTROL };
enum {
	RX_BUFFERS = 256, TX_BUFFERS = 32, CONTROL_BUFFERS = 2,
	HEADER = 12, HEADER_LEGACY = 10,        /* 5.1.6: num_buffers is there from 1.0 on */
	MTU = 1500, MTU_JUMBO = 9000, MTU_MIN = 576, VLAN_TAG = 4,
	BUFFER = 2048, BUFFER_JUMBO = 9216,
	PAGE = 4096,
	CONTROL_WAIT = 100 * USEC_PER_MS, DRAIN_WAIT = 10 * USEC_PER_MS,
};
/* 5.1.3 */
#define F_MTU    ((uint64_t)1 << 3)
#define F_MAC    ((uint64_t)1 << 5)
#define F_STATUS ((uint64_t)1 << 16)
#define F_CONTROL ((uint64_t)1 << 17)
#define F_CONTROL_RX ((uint64_t)1 << 18)
#define F_ANY_LAYOUT ((uint64_t)1 << 27)        /* 6.3, before 1.0: a header may share its descriptor with the frame */

enum { CONFIG_MAC = 0, CONFIG_STATUS = 6, CONFIG_MTU = 10, STATUS_LINK_UP = 1 };
/* 5.1.6.5.1: class, command and its byte; the card writes an acknowledgement behind it. */
enum { CLASS_RX = 0, COMMAND_ALL_MULTICAST = 1, COMMAND_BYTES = 3, CONTROL_OK = 0 };

struct virtio_net {
	struct nic nic;                         /* first: a nic of ours is one of these */
	struct hardware *h;
	struct virtio_pci pci;
	uint64_t features;
	struct virtqueue rx, tx, control;
	uint8_t *rx_buffers, *tx_buffers, *command;
	size_t   header, buffer_bytes;
	unsigned rx_held;                       /* the buffer whose frame is being read, or VIRTQUEUE_NONE */
	unsigned tx_free[TX_BUFFERS], tx_free_count;
	unsigned rx_given;                      /* since the card was told last */
	bool     is_started;
	struct card_counters counted;
};

static struct virtio_net *card_of(struct nic *nic) { return (struct virtio_net *)(void *)nic; }

/* ---- frames ---- */

static void give_rx(struct virtio_net *c, unsigned n)
{
	virtqueue_give(&c->rx, n);
	c->rx_given++;
}

/* A doorbell costs more than a frame: rung for many, or when there is nothing else to do. */
static void ring_rx(struct virtio_net *c)
{
	if (c->rx_given && virtqueue_wants_notice(&c->rx))
		virtio_pci_notify(&c->pci, QUEUE_RX);
	c->rx_given = 0;
}

static bool card_poll(struct nic *nic, struct rd *frame)
{
	enum { RING_AFTER = 32 };
	struct virtio_net *c = card_of(nic);
	unsigned n = VIRTQUEUE_NONE;
	uint32_t bytes = 0;

	if (c->rx_held != VIRTQUEUE_NONE) {
		give_rx(c, c->rx_held);
		c->rx_held = VIRTQUEUE_NONE;
	}
	if (c->rx_given >= RING_AFTER)
		ring_rx(c);
	for (unsigned looks = 0; looks < c->rx.size; looks++) {
		n = virtqueue_take(&c->rx, &bytes);
		if (n == VIRTQUEUE_NONE)
			break;
		if (bytes > c->buffer_bytes)
			c->counted.too_long++;
		else if (bytes < c->header + FRAME_HEAD)
			c->counted.broken++;
		else
			break;
		give_rx(c, n);
		n = VIRTQUEUE_NONE;
	}
	c->counted.lies = c->rx.lies + c->tx.lies;
	if (n == VIRTQUEUE_NONE) {
		ring_rx(c);
		return false;
	}
	c->rx_held = n;
	c->counted.received++;
	*frame = rd_over(c->rx_buffers + n * c->buffer_bytes + c->header, bytes - c->header);
	return true;
}

static void take_back_sent(struct virtio_net *c)
{
	uint32_t bytes;
	unsigned n;

	while ((n = virtqueue_take(&c->tx, &bytes)) != VIRTQUEUE_NONE)
		c->tx_free[c->tx_free_count++] = n;
}

static bool card_send(struct nic *nic, const void *frame, size_t len)
{
	struct virtio_net *c = card_of(nic);
	uint8_t *at;
	size_t padded = len < FRAME_MIN ? FRAME_MIN : len;
	unsigned n;

	if (len < FRAME_HEAD || len > FRAME_HEAD + VLAN_TAG + (size_t)nic->mtu)
		return false;
	take_back_sent(c);
	if (c->tx_free_count == 0) {
		c->counted.busy++;
		return false;
	}
	n  = c->tx_free[--c->tx_free_count];
	at = c->tx_buffers + n * c->buffer_bytes;
	memset(at, 0, c->header);
	memcpy(at + c->header, frame, len);
	memset(at + c->header + len, 0, padded - len);
	virtqueue_buffer(&c->tx, n, hardware_bus(c->h, at), (uint32_t)(c->header + padded), false);
	virtqueue_give(&c->tx, n);
	if (virtqueue_wants_notice(&c->tx))
		virtio_pci_notify(&c->pci, QUEUE_TX);
	c->counted.sent++;
	return true;
}

static enum nic_link card_link(struct nic *nic)
{
	struct virtio_net *c = card_of(nic);

	if (!(c->features & F_STATUS))
		return NIC_LINK_UNKNOWN;
	return virtio_pci_device(&c->pci, CONFIG_STATUS, 2) & STATUS_LINK_UP ? NIC_LINK_UP : NIC_LINK_DOWN;
}

/* All groups or none: which of them are whose is looked at above us. Without the control queue a card hears all. */
static bool card_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	struct virtio_net *c = card_of(nic);
	usec end = c->h->now(c->h) + CONTROL_WAIT;
	uint32_t bytes;

	(void)macs;
	if (!(c->features & F_CONTROL_RX))
		return false;
	if (virtqueue_is_out(&c->control, 0) && virtqueue_take(&c->control, &bytes) == VIRTQUEUE_NONE)
		return false;                   /* it never answered the last one */
	c->command[0] = CLASS_RX;
	c->command[1] = COMMAND_ALL_MULTICAST;
	c->command[2] = count > 0;
	c->command[COMMAND_BYTES] = (uint8_t)~CONTROL_OK;
	virtqueue_give(&c->control, 0);
	virtio_pci_notify(&c->pci, QUEUE_CONTROL);
	while (virtqueue_take(&c->control, &bytes) == VIRTQUEUE_NONE)
		if (c->h->now(c->h) >= end)
			return false;
	return c->command[COMMAND_BYTES] == CONTROL_OK;
}

/* ---- opening and closing ---- */

/* The next bytes of the card's memory, from a page on; NULL: it is too little. */
static uint8_t *lay_out(const struct hardware *h, size_t *used, size_t bytes)
{
	size_t at = (*used + PAGE - 1) / PAGE * PAGE;

	if (at > h->memory_bytes || bytes > h->memory_bytes - at)
		return NULL;
	*used = at + bytes;
	return h->memory + at;
}

static bool start_queue(struct virtio_net *c, unsigned n, struct virtqueue *q, unsigned wants, size_t *used)
{
	unsigned size = virtio_pci_queue_size(&c->pci, n, wants);
	uint8_t *memory;

	if (size < 2 || size > VIRTQUEUE_SIZE_MAX)
		return false;
	memory = lay_out(c->h, used, virtqueue_bytes(size));
	if (!memory)
		return false;
	virtqueue_init(q, memory, size);
	return virtio_pci_queue_start(&c->pci, n, q, hardware_bus(c->h, memory));
}

/* Which of the buffers there are, as many as the queues hold. */
static bool lay_out_buffers(struct virtio_net *c, size_t *used)
{
	const unsigned rx = (unsigned)min_size(c->rx.size, RX_BUFFERS), tx = (unsigned)min_size(c->tx.size, TX_BUFFERS);
	unsigned hardware_mtu = c->features & F_MTU ? virtio_pci_device(&c->pci, CONFIG_MTU, 2) : MTU;

	if (hardware_mtu < MTU_MIN)
		hardware_mtu = MTU;             /* IPv4 cannot live with less: it means nothing */
	c->buffer_bytes = hardware_mtu > MTU ? BUFFER_JUMBO : BUFFER;
	if (c->h->memory_bytes < *used + PAGE + (rx + tx) * c->buffer_bytes)
		c->buffer_bytes = BUFFER;
	c->nic.mtu = (uint16_t)min_size(hardware_mtu, c->buffer_bytes == BUFFER ? MTU : MTU_JUMBO);
	c->rx_buffers = lay_out(c->h, used, rx * c->buffer_bytes);
	c->tx_buffers = lay_out(c->h, used, tx * c->buffer_bytes);
	if (!c->rx_buffers || !c->tx_buffers)
		return false;
	for (unsigned n = 0; n < rx; n++) {
		virtqueue_buffer(&c->rx, n, hardware_bus(c->h, c->rx_buffers + n * c->buffer_bytes),
		                 (uint32_t)c->buffer_bytes, true);
		give_rx(c, n);
	}
	for (unsigned n = 0; n < tx; n++)
		c->tx_free[c->tx_free_count++] = n;
	c->nic.rx_frames_max = (uint16_t)rx;
	c->nic.rx_window_max = (uint16_t)rx;
	return true;
}

static bool start_control(struct virtio_net *c, size_t *used)
{
	c->command = lay_out(c->h, used, COMMAND_BYTES + 1);
	if (!c->command || !start_queue(c, QUEUE_CONTROL, &c->control, CONTROL_BUFFERS, used))
		return false;
	virtqueue_buffer(&c->control, 0, hardware_bus(c->h, c->command), COMMAND_BYTES, false);
	virtqueue_buffer(&c->control, 1, hardware_bus(c->h, c->command + COMMAND_BYTES), 1, true);
	virtqueue_chain(&c->control, 0, 1);
	return true;
}

static const char *start(struct virtio_net *c, size_t *used)
{
	if (!virtio_pci_reset(&c->pci))
		return "it does not reset";
	if (!virtio_pci_agree(&c->pci, F_MAC | F_STATUS | F_MTU | F_CONTROL | F_CONTROL_RX | F_ANY_LAYOUT,
	                      &c->features))
		return "it and we have no features in common";
	if (c->pci.is_legacy && !(c->features & F_ANY_LAYOUT))
		return "it is too old: it wants each frame's header apart";
	if (!(c->features & F_MAC))
		return "it has no address of its own";
	if (!(c->features & F_CONTROL))
		c->features &= ~F_CONTROL_RX;
	c->header = c->pci.is_legacy ? HEADER_LEGACY : HEADER;
	if (!start_queue(c, QUEUE_RX, &c->rx, RX_BUFFERS, used) || !start_queue(c, QUEUE_TX, &c->tx, TX_BUFFERS, used)
	    || (c->features & F_CONTROL_RX && !start_control(c, used)) || !lay_out_buffers(c, used))
		return "its queues do not start";
	for (unsigned i = 0; i < sizeof c->nic.mac; i++)
		c->nic.mac[i] = (uint8_t)virtio_pci_device(&c->pci, CONFIG_MAC + i, 1);
	virtio_pci_go(&c->pci);
	c->is_started = true;
	ring_rx(c);
	return NULL;
}

/* A last frame shall leave. A card that did not start has none. */
static void drain(struct virtio_net *c)
{
	usec end = c->h->now(c->h) + DRAIN_WAIT;

	do
		take_back_sent(c);
	while (c->tx_free_count < min_size(c->tx.size, TX_BUFFERS) && c->h->now(c->h) < end);
}

static void card_close(struct nic *nic)
{
	struct virtio_net *c = card_of(nic);

	if (c->is_started)
		drain(c);
	c->is_started = false;
	virtio_pci_reset(&c->pci);
	pci_disable(c->h);              /* whatever the card thinks of a reset */
}

static const char *card_open(struct hardware *h, struct nic **nic)
{
	size_t used = 0;
	struct virtio_net *c = (struct virtio_net *)(void *)lay_out(h, &used, sizeof *c);
	const char *why;

	if (!c)
		return "there is too little memory for it";
	memset(c, 0, sizeof *c);
	c->h = h;
	c->rx_held = VIRTQUEUE_NONE;
	c->nic = (struct nic){
		.send = card_send, .poll = card_poll, .link = card_link, .groups = card_groups, .driver = "virtio-net",
	};
	if (!virtio_pci_find(&c->pci, h))
		return "its registers are nowhere";
	pci_enable(h);
	why = start(c, &used);
	if (why) {
		card_close(&c->nic);
		return why;
	}
	*nic = &c->nic;
	return NULL;
}

static const struct card_counters *card_counted(const struct nic *nic)
{
	return &((const struct virtio_net *)(const void *)nic)->counted;
}

static const struct card_id ids[] = {
	{ 0x1af4, 0x1000, "virtio-net (transitional)" }, { 0x1af4, 0x1041, "virtio-net" }, { 0 },
};

const struct card_driver virtio_net = {
	.name = "virtio-net", .ids = ids, .open = card_open, .close = card_close, .counted = card_counted,
	.is_paravirtual = true,
	/* Ours, three queues of up to 1024, the buffers of a frame of 1500; with jumbo frames, 2.6 MB more are used. */
	.memory_bytes = PAGE * 2 + 3 * 8 * PAGE + PAGE + (RX_BUFFERS + TX_BUFFERS) * BUFFER + 4 * PAGE,
};
