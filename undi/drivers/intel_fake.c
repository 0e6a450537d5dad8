/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/drivers/intel_fake.h"

enum {
	CTRL = 0x0000, STATUS = 0x0008, ICR = 0x00c0, RCTL = 0x0100, TCTL = 0x0400, RDBAL = 0x2800, RDLEN = 0x2808,
	RDH = 0x2810, RDT = 0x2818, TDBAL = 0x3800, TDLEN = 0x3808, TDH = 0x3810, TDT = 0x3818,
	RAL = 0x5400, RAH = 0x5404,
	DESC_BYTES = 16, ENABLE = 2, LONG = 32, LARGE = 1 << 25, STRIP_CRC = 1 << 26, DONE = 1, END = 2, TX_END = 1,
	TX_CRC = 2, TX_REPORT = 8,
};
#define RESET  (1u << 26)
#define MASTER (1u << 19)

static struct intel_fake *fake_of(struct hardware *h) { return (struct intel_fake *)(void *)h; }

uint32_t intel_fake_register(const struct intel_fake *f, uint32_t at) { return f->registers[at / 4]; }
static uint32_t *reg(struct intel_fake *f, uint32_t at) { return &f->registers[at / 4]; }

static uint8_t *at_bus(struct intel_fake *f, uint64_t bus, size_t bytes)
{
	const uint64_t at = bus - INTEL_FAKE_BUS;

	assert_true(f->command & 4);            /* or it does not reach memory */
	assert_true(bus >= INTEL_FAKE_BUS && at <= f->h.memory_bytes && bytes <= f->h.memory_bytes - at);
	return f->memory + at;
}

static uint8_t *desc(struct intel_fake *f, uint32_t base, uint32_t n)
{
	uint64_t ring = *reg(f, base) | (uint64_t)*reg(f, base + 4) << 32;

	assert_int_equal(ring % 16, 0);
	return at_bus(f, ring + n * DESC_BYTES, DESC_BYTES);
}

static uint64_t address_in(const uint8_t *d)
{
	uint64_t address;

	memcpy(&address, d, sizeof address);
	return address;
}

static uint32_t ring_size(struct intel_fake *f, uint32_t len)
{
	assert_true(*reg(f, len) && *reg(f, len) % 128 == 0);
	return *reg(f, len) / DESC_BYTES;
}

/* How many descriptors are the card's. */
static uint32_t free_rx(struct intel_fake *f)
{
	uint32_t size = ring_size(f, RDLEN);

	return (*reg(f, RDT) + size - *reg(f, RDH)) % size;
}

bool intel_fake_receives(struct intel_fake *f, const void *bytes, size_t len, uint8_t errors)
{
	const size_t buffer = *reg(f, RCTL) & LARGE ? 16384 : 2048;
	const uint8_t *from = bytes;

	if (!(*reg(f, RCTL) & ENABLE) || (len > 1518 && !(*reg(f, RCTL) & LONG)))
		return false;
	assert_true(*reg(f, RCTL) & STRIP_CRC);
	if (free_rx(f) < (len + buffer - 1) / buffer)
		return false;
	do {
		uint8_t *d = desc(f, RDBAL, *reg(f, RDH));
		const size_t part = min_size(len, buffer);
		const uint16_t said = (uint16_t)part;

		assert_int_equal(d[12] & DONE, 0);              /* a descriptor that was not read yet */
		memcpy(at_bus(f, address_in(d), buffer), from, part);
		memcpy(d + 8, &said, 2);
		from += part;
		len  -= part;
		d[13] = len ? 0 : errors;
		d[12] = (uint8_t)(DONE | (len ? 0 : END));
		*reg(f, RDH) = (*reg(f, RDH) + 1) % ring_size(f, RDLEN);
	} while (len);
	return true;
}

void intel_fake_sends(struct intel_fake *f)
{
	if (!(*reg(f, TCTL) & ENABLE))
		return;
	while (*reg(f, TDH) != *reg(f, TDT)) {
		uint8_t *d = desc(f, TDBAL, *reg(f, TDH));
		uint16_t bytes;

		memcpy(&bytes, d + 8, 2);
		assert_int_equal(d[11], TX_END | TX_CRC | TX_REPORT);
		assert_true(bytes <= sizeof f->wire);
		memcpy(f->wire, at_bus(f, address_in(d), bytes), bytes);
		f->wire_len = bytes;
		f->wire_frames++;
		d[12] = DONE;
		*reg(f, TDH) = (*reg(f, TDH) + 1) % ring_size(f, TDLEN);
	}
}

static void reset(struct intel_fake *f)
{
	static const uint32_t low = 0x12005452, high = 0x80005634;

	f->resets++;
	memset(f->registers, 0, sizeof f->registers);
	*reg(f, RAL) = f->has_no_address ? 0 : low;
	*reg(f, RAH) = f->has_no_address ? 0 : high;
}

static uint32_t read_register(struct hardware *h, unsigned bar, uint32_t at, unsigned bytes)
{
	struct intel_fake *f = fake_of(h);

	assert_int_equal(bar, 0);
	assert_int_equal(bytes, 4);
	assert_true(at < sizeof f->registers && at % 4 == 0);
	if (f->is_pulled)
		return UINT32_MAX;
	if (at == STATUS)
		return (f->link ? 2u : 0) | (f->keeps_the_bus || !(*reg(f, CTRL) & 4) ? MASTER : 0);
	return *reg(f, at);
}

static void write_register(struct hardware *h, unsigned bar, uint32_t at, unsigned bytes, uint32_t value)
{
	struct intel_fake *f = fake_of(h);

	assert_int_equal(bar, 0);
	assert_int_equal(bytes, 4);
	assert_true(at < sizeof f->registers && at % 4 == 0);
	f->tails += at == RDT;
	f->filters += at == RCTL;
	*reg(f, at) = value;
	if (at == CTRL && value & RESET && !f->never_resets)
		reset(f);
}

static uint32_t config_read(struct hardware *h, unsigned at, unsigned bytes)
{
	(void)bytes;
	return at == 4 ? fake_of(h)->command : 0;
}

static void config_write(struct hardware *h, unsigned at, unsigned bytes, uint32_t value)
{
	assert_int_equal(at, 4);
	assert_int_equal(bytes, 2);
	fake_of(h)->command = (uint16_t)value;
}

/* Each look takes a moment, so that every wait ends. */
static usec now(struct hardware *h) { return fake_of(h)->clock += 10; }

void intel_fake_init(struct intel_fake *f)
{
	memset(f, 0, sizeof *f);
	f->memory = aligned_alloc(4096, INTEL_FAKE_MEMORY);
	assert_non_null(f->memory);
	memset(f->memory, 0, INTEL_FAKE_MEMORY);
	f->h = (struct hardware){
		.config_read = config_read, .config_write = config_write, .read = read_register,
		.write = write_register, .now = now, .bars = 1, .memory = f->memory,
		.memory_bytes = intel_82540em.memory_bytes,
		.memory_bus = INTEL_FAKE_BUS,
	};
	f->link = true;
}

void intel_fake_end(struct intel_fake *f) { free(f->memory); }
