/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/drivers/virtio_fake.h"

enum { RX, TX, CONTROL };
enum { DESC_NEXT = 1, DESC_WRITE = 2, DESC_BYTES = 16, DRIVER_OK = 4, FEATURES_OK = 8 };

static struct fake *fake_of(struct hardware *h) { return (struct fake *)(void *)h; }

/* ---- memory as the card sees it ---- */

static uint8_t *at_bus(struct fake *f, uint64_t bus, size_t bytes)
{
	const uint64_t at = bus - FAKE_BUS;

	assert_true(bus >= FAKE_BUS && at <= f->h.memory_bytes && bytes <= f->h.memory_bytes - at);
	return f->memory + at;
}

static uint64_t load(struct fake *f, uint64_t bus, unsigned bytes)
{
	uint64_t value = 0;

	memcpy(&value, at_bus(f, bus, bytes), bytes);
	return value;
}

static void store(struct fake *f, uint64_t bus, unsigned bytes, uint64_t value)
{
	memcpy(at_bus(f, bus, bytes), &value, bytes);
}

struct desc { uint64_t address; uint32_t bytes; uint16_t flags, next; };

static struct desc desc_of(struct fake *f, const struct fake_queue *q, unsigned n)
{
	uint64_t at = q->desc + n * DESC_BYTES;

	assert_true(n < q->size);
	return (struct desc){ load(f, at, 8), (uint32_t)load(f, at + 8, 4), (uint16_t)load(f, at + 12, 2),
	                      (uint16_t)load(f, at + 14, 2) };
}

static bool next_given(struct fake *f, struct fake_queue *q, unsigned *n)
{
	if (!q->enabled || !(f->status & DRIVER_OK) || (uint16_t)load(f, q->avail + 2, 2) == q->seen)
		return false;
	*n = (unsigned)load(f, q->avail + 4 + q->seen % q->size * 2u, 2);
	q->seen++;
	return true;
}

static void give_back(struct fake *f, struct fake_queue *q, uint32_t id, uint32_t len)
{
	uint64_t at = q->used + 4 + q->said % q->size * 8u;

	store(f, at, 4, id);
	store(f, at + 4, 4, len);
	q->said++;
	store(f, q->used + 2, 2, q->said);
}

static size_t header_bytes(const struct fake *f) { return f->is_legacy ? 10 : 12; }

bool fake_receives(struct fake *f, const void *bytes, size_t len)
{
	struct fake_queue *q = &f->queues[RX];
	struct desc d;
	unsigned n;

	if (!next_given(f, q, &n))
		return false;
	d = desc_of(f, q, n);
	assert_true(d.flags == DESC_WRITE);
	assert_true(d.bytes >= header_bytes(f) + len);
	memset(at_bus(f, d.address, d.bytes), 0xee, d.bytes);
	memcpy(at_bus(f, d.address + header_bytes(f), len), bytes, len);
	give_back(f, q, n, (uint32_t)(header_bytes(f) + len));
	return true;
}

void fake_lies(struct fake *f, uint32_t id, uint32_t len) { give_back(f, &f->queues[RX], id, len); }

void fake_lies_of_sent(struct fake *f, uint32_t id) { give_back(f, &f->queues[TX], id, 0); }

void fake_sends(struct fake *f)
{
	struct fake_queue *q = &f->queues[TX];
	unsigned n;

	while (next_given(f, q, &n)) {
		struct desc d = desc_of(f, q, n);
		const uint8_t *at = at_bus(f, d.address, d.bytes);

		assert_int_equal(d.flags, 0);
		for (size_t i = 0; i < header_bytes(f); i++)
			assert_int_equal(at[i], 0);             /* no checksum, no segmentation */
		f->wire_len = d.bytes - header_bytes(f);
		assert_true(f->wire_len <= sizeof f->wire);
		memcpy(f->wire, at + header_bytes(f), f->wire_len);
		f->wire_frames++;
		give_back(f, q, n, 0);
	}
}

static void obey(struct fake *f)
{
	struct fake_queue *q = &f->queues[CONTROL];
	unsigned n;

	while (!f->never_answers && next_given(f, q, &n)) {
		struct desc out = desc_of(f, q, n), in = desc_of(f, q, out.next);
		const uint8_t *said = at_bus(f, out.address, out.bytes);

		assert_int_equal(out.flags, DESC_NEXT);
		assert_int_equal(out.bytes, 3);
		assert_int_equal(in.flags, DESC_WRITE);
		assert_int_equal(in.bytes, 1);
		assert_int_equal(said[0], 0);
		assert_int_equal(said[1], 1);
		f->all_multicast = said[2];
		store(f, in.address, 1, f->answers_no);
		give_back(f, q, n, 1);
	}
}

/* ---- registers ---- */

static void reset(struct fake *f)
{
	f->resets++;
	if (f->never_resets)
		return;
	f->status = 0;
	f->accepted = 0;
	for (unsigned n = 0; n < FAKE_QUEUES; n++)
		f->queues[n] = (struct fake_queue){ .limit = f->queues[n].limit, .size = f->queues[n].limit };
}

static void set_status(struct fake *f, uint8_t value)
{
	if (value == 0) {
		reset(f);
		return;
	}
	if (value & FEATURES_OK && f->refuses_features)
		value &= (uint8_t)~FEATURES_OK;
	f->status = value;
}

static void accept(struct fake *f, unsigned shift, uint32_t value)
{
	f->accepted = (f->accepted & ~((uint64_t)UINT32_MAX << shift)) | (uint64_t)value << shift;
	assert_true((f->accepted & ~f->offers) == 0);
}

static void notice(struct fake *f, unsigned n)
{
	assert_true(n < FAKE_QUEUES && f->queues[n].enabled && f->status & DRIVER_OK);
	f->queues[n].notices++;
	if (n == CONTROL)
		obey(f);
}

static uint32_t device_config(const struct fake *f, uint32_t at, unsigned bytes)
{
	uint8_t config[12] = { 0 };
	uint32_t value = 0;

	assert_true(at + bytes <= sizeof config);
	memcpy(config, f->mac, 6);
	memcpy(config + 6, &f->link_status, 2);
	memcpy(config + 10, &f->mtu, 2);
	memcpy(&value, config + at, bytes);
	return value;
}

static uint32_t common_read(struct fake *f, uint32_t at)
{
	struct fake_queue *q = &f->queues[f->queue_select];

	switch (at) {
	case 4:  return (uint32_t)(f->offers >> (f->feature_select ? 32 : 0));
	case 20: return f->status;
	case 24: return f->queue_select < FAKE_QUEUES ? q->size : 0;
	case 30: return f->queue_select;
	default: fail_msg("register %u is read", at);
	}
	return 0;
}

static void set_half(uint64_t *value, unsigned half, uint32_t bits)
{
	*value = (*value & ~((uint64_t)UINT32_MAX << half * 32)) | (uint64_t)bits << half * 32;
}

static void set_size(struct fake_queue *q, uint32_t value)
{
	assert_true(value && (value & (value - 1)) == 0 && value <= q->limit);
	q->size = (uint16_t)value;
}

static void common_write(struct fake *f, uint32_t at, uint32_t value)
{
	struct fake_queue *q = &f->queues[f->queue_select];

	assert_true(at < 24 || at == 22 || !q->enabled);
	switch (at) {
	case 0:  f->feature_select = value; break;
	case 8:  f->driver_select = value; break;
	case 12: accept(f, f->driver_select * 32, value); break;
	case 16: break;
	case 20: set_status(f, (uint8_t)value); break;
	case 22: f->queue_select = value; assert_true(value < FAKE_QUEUES); break;
	case 24: set_size(q, value); break;
	case 26: assert_int_equal(value, 0xffff); break;
	case 28: q->enabled = value; break;
	case 32: case 36: set_half(&q->desc, at / 4 % 2, value); break;
	case 40: case 44: set_half(&q->avail, at / 4 % 2, value); break;
	case 48: case 52: set_half(&q->used, at / 4 % 2, value); break;
	default: fail_msg("register %u is written", at);
	}
}

static uint32_t legacy_read(struct fake *f, uint32_t at, unsigned bytes)
{
	switch (at) {
	case 0:  return (uint32_t)f->offers;
	case 8:  return f->keeps_page ? 0 : (uint32_t)((f->queues[f->queue_select].desc) >> 12);
	case 12: return f->queues[f->queue_select].size;
	case 18: return f->status;
	default: return device_config(f, at - 20, bytes);
	}
}

/* Before 1.0 the queue is one piece: descriptors, avail, and used on the next page. */
static void set_page(struct fake *f, uint32_t page)
{
	struct fake_queue *q = &f->queues[f->queue_select];

	assert_false(q->enabled);
	q->desc  = (uint64_t)page << 12;
	q->avail = q->desc + q->size * 16u;
	q->used  = (q->avail + 6 + 2u * q->size + 4095) / 4096 * 4096;
	q->enabled = page != 0;
}

static void legacy_write(struct fake *f, uint32_t at, uint32_t value)
{
	switch (at) {
	case 4:  accept(f, 0, value); break;
	case 8:  set_page(f, value); break;
	case 14: f->queue_select = value; assert_true(value < FAKE_QUEUES); break;
	case 16: notice(f, value); break;
	case 18: set_status(f, (uint8_t)value); break;
	default: fail_msg("port %u is written", at);
	}
}

static uint32_t registers_read(struct hardware *h, unsigned bar, uint32_t at, unsigned bytes)
{
	struct fake *f = fake_of(h);

	assert_true(f->command & 4);
	if (f->is_legacy) {
		assert_int_equal(bar, 0);
		return legacy_read(f, at, bytes);
	}
	assert_int_equal(bar, FAKE_BAR);
	return at >= FAKE_DEVICE ? device_config(f, at - FAKE_DEVICE, bytes) : common_read(f, at - FAKE_COMMON);
}

static void registers_write(struct hardware *h, unsigned bar, uint32_t at, unsigned bytes, uint32_t value)
{
	struct fake *f = fake_of(h);

	(void)bytes;
	if (f->is_legacy) {
		assert_int_equal(bar, 0);
		legacy_write(f, at, value);
	} else if (at >= FAKE_NOTIFY) {
		assert_int_equal((at - FAKE_NOTIFY) % FAKE_NOTIFY_STEP, 0);
		assert_int_equal((at - FAKE_NOTIFY) / FAKE_NOTIFY_STEP, value);
		notice(f, value);
	} else {
		common_write(f, at - FAKE_COMMON, value);
	}
}

/* ---- configuration space: four capabilities, one of them somebody else's ---- */

static uint32_t config_byte(const struct fake *f, unsigned at)
{
	const struct { uint8_t type; uint32_t offset, bytes; } caps[] = {
		{ 1, FAKE_COMMON, 56 }, { 3, FAKE_ISR, 1 }, { 4, FAKE_DEVICE, 12 },
		{ f->notify_type, FAKE_NOTIFY, f->notify_bytes },
	};
	unsigned n = (at - FAKE_CAPS_AT) / 32, in = (at - FAKE_CAPS_AT) % 32;
	unsigned next = n + 1 < 4 ? FAKE_CAPS_AT + 32 * (n + 1) : f->caps_loop;
	const uint32_t head[] = {
		9u | next << 8 | 20u << 16 | (uint32_t)caps[n % 4].type << 24, FAKE_BAR, caps[n % 4].offset,
		caps[n % 4].bytes, FAKE_NOTIFY_STEP,
	};

	if (at == 4 || at == 5)
		return f->command >> (at - 4) * 8 & 0xff;
	if (at == 6)
		return f->is_legacy && !f->is_transitional ? 0 : 0x10;
	if (at == 0x34)
		return FAKE_CAPS_AT;
	if (at < FAKE_CAPS_AT || n >= 4 || in >= sizeof head)
		return 0;
	return head[in / 4] >> in % 4 * 8 & 0xff;
}

static uint32_t config_read(struct hardware *h, unsigned at, unsigned bytes)
{
	uint32_t value = 0;

	assert_true(at % bytes == 0 && at + bytes <= 256);
	for (unsigned i = 0; i < bytes; i++)
		value |= config_byte(fake_of(h), at + i) << 8 * i;
	return value;
}

static void config_write(struct hardware *h, unsigned at, unsigned bytes, uint32_t value)
{
	assert_int_equal(at, 4);
	assert_int_equal(bytes, 2);
	fake_of(h)->command = (uint16_t)value;
}

/* Each look takes a moment, so that every wait ends. */
static usec now(struct hardware *h) { return fake_of(h)->clock += 10; }

void fake_init(struct fake *f, bool is_legacy)
{
	static const uint8_t mac[6] = { 0x52, 0x54, 0, 9, 8, 7 };

	memset(f, 0, sizeof *f);
	f->memory = aligned_alloc(4096, FAKE_MEMORY);
	assert_non_null(f->memory);
	memset(f->memory, 0, FAKE_MEMORY);
	f->h = (struct hardware){
		.config_read = config_read, .config_write = config_write, .read = registers_read,
		.write = registers_write, .now = now, .bars = is_legacy ? 1 : 1 << FAKE_BAR, .memory = f->memory,
		.memory_bytes = virtio_net.memory_bytes, .memory_bus = FAKE_BUS,
	};
	f->is_legacy = is_legacy;
	/* MTU, MAC, STATUS, CTRL_VQ, CTRL_RX; and what nobody asked for: MRG_RXBUF, INDIRECT_DESC. */
	f->offers = (is_legacy ? 0 : (uint64_t)1 << 32)
	          | 1 << 3 | 1 << 5 | 1 << 16 | 1 << 17 | 1 << 18 | 1 << 15 | 1 << 27 | 1 << 28;
	f->link_status = 1;
	f->mtu = 1500;
	f->notify_bytes = 0x1000;
	f->notify_type = 2;
	memcpy(f->mac, mac, 6);
	for (unsigned n = 0; n < FAKE_QUEUES; n++)
		f->queues[n].limit = f->queues[n].size = n == CONTROL ? 64 : 256;
}

void fake_end(struct fake *f) { free(f->memory); }
