/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "firmware/bios/clock.h"
#include "firmware/bios/cpu.h"
#include "firmware/bios/pci_hardware.h"
#include "undi/drivers/drivers.h"
#include "undi/drivers/intel.h"
#include "undi/drivers/pci.h"
#include "undi/drivers/virtio_net.h"

enum { ADDRESS = 0x0123, CONFIG_ADDRESS = 0xcf8, CONFIG_DATA = 0xcfc, PORTS = 0xc040, PORT_BYTES = 32, BARS_AT = 0x10 };

/* One function behind mechanism 1, whose base addresses remember only the bits it does not decode. */
static struct {
	uint32_t address;
	uint8_t  config[256];
	uint32_t bar_writable[PCI_BARS];
	uint8_t  registers[PORT_BYTES];
	unsigned wild;                          /* ports that are nobody's */
	bool     decoded_while_sized;
} pc;

static uint8_t *config_at(uint16_t port, unsigned bytes)
{
	const unsigned at = (pc.address & 0xfc) + (port - CONFIG_DATA);

	assert_true(pc.address & 0x80000000u && !(pc.address & 3) && port % bytes == 0);
	assert_true(at + bytes <= sizeof pc.config);
	return (pc.address >> 8 & 0xffff) == ADDRESS ? &pc.config[at] : NULL;
}

static uint32_t in(uint16_t port, unsigned bytes)
{
	uint32_t value = UINT32_MAX;
	const uint8_t *from = NULL;

	if (port >= CONFIG_DATA && port < CONFIG_DATA + 4)
		from = config_at(port, bytes);
	else if (port >= PORTS && port + bytes <= PORTS + PORT_BYTES)
		from = &pc.registers[port - PORTS];
	else
		pc.wild++;
	if (from)
		memcpy(&value, from, bytes);
	return value;
}

/* What a base address does not decode stays as it is. */
static uint32_t into_bar(unsigned n, uint32_t value)
{
	uint32_t bar;

	if (pc.config[PCI_COMMAND] & (PCI_COMMAND_IO | PCI_COMMAND_MEMORY))
		pc.decoded_while_sized = true;
	memcpy(&bar, &pc.config[BARS_AT + 4 * n], 4);
	return (value & pc.bar_writable[n]) | (bar & ~pc.bar_writable[n]);
}

static void config_out(uint16_t port, unsigned bytes, uint32_t value)
{
	uint8_t *to = config_at(port, bytes);
	const unsigned at = pc.address & 0xfc;

	if (to && at >= BARS_AT && at < BARS_AT + 4 * PCI_BARS) {
		assert_int_equal(bytes, 4);
		value = into_bar((at - BARS_AT) / 4, value);
	}
	if (to)
		memcpy(to, &value, bytes);
}

static void out(uint16_t port, unsigned bytes, uint32_t value)
{
	if (port == CONFIG_ADDRESS)
		pc.address = value;
	else if (port >= CONFIG_DATA && port < CONFIG_DATA + 4)
		config_out(port, bytes, value);
	else if (port >= PORTS && port + bytes <= PORTS + PORT_BYTES)
		memcpy(&pc.registers[port - PORTS], &value, bytes);
	else
		pc.wild++;
}

uint8_t  cpu_in8(uint16_t port) { return (uint8_t)in(port, 1); }
uint16_t cpu_in16(uint16_t port) { return (uint16_t)in(port, 2); }
uint32_t cpu_in32(uint16_t port) { return in(port, 4); }
void cpu_out8(uint16_t port, uint8_t value) { out(port, 1, value); }
void cpu_out16(uint16_t port, uint16_t value) { out(port, 2, value); }
void cpu_out32(uint16_t port, uint32_t value) { out(port, 4, value); }
usec clock_now(void) { return 7; }

static void put_bar(unsigned n, uint32_t bar, uint32_t writable)
{
	memcpy(&pc.config[BARS_AT + 4 * n], &bar, 4);
	pc.bar_writable[n] = writable;
}

static uint16_t command(void) { return (uint16_t)(pc.config[PCI_COMMAND] | pc.config[PCI_COMMAND + 1] << 8); }

static int fresh(void **state)
{
	(void)state;
	memset(&pc, 0, sizeof pc);
	pc.config[0] = 0xf4;
	pc.config[1] = 0x1a;
	pc.config[PCI_COMMAND + 1] = 0x01;
	pc.config[PCI_COMMAND] = PCI_COMMAND_MEMORY;
	put_bar(0, PORTS | 1, 0xffe0);                          /* 32 ports; the upper half is wired to 0 */
	put_bar(1, 0xfebc0000, 0xfffe0000);                     /* 128 KiB */
	put_bar(2, 0, 0xfffffff0);                              /* the BIOS gave it no address */
	put_bar(4, 0xfe00000c, 0xffffc000);                     /* 64 bits, below 4 GiB */
	return 0;
}

static void what_has_an_address_is_reached_and_no_more(void **state)
{
	struct pci_hardware p;

	(void)state;
	pci_hardware_open(&p, ADDRESS);
	assert_int_equal(p.h.bars, 1 << 0 | 1 << 1 | 1 << 4);
	assert_true(p.bars[0].is_port && p.bars[0].base == PORTS && p.bars[0].bytes == PORT_BYTES);
	assert_true(!p.bars[1].is_port && p.bars[1].base == 0xfebc0000 && p.bars[1].bytes == 0x20000);
	assert_true(p.bars[4].base == 0xfe000000 && p.bars[4].bytes == 0x4000);
	assert_int_equal(p.h.config_read(&p.h, BARS_AT, 4), PORTS | 1);
	assert_int_equal(p.h.config_read(&p.h, BARS_AT + 4, 4), 0xfebc0000);
	assert_int_equal(p.h.config_read(&p.h, BARS_AT + 16, 4), 0xfe00000c);
	assert_false(pc.decoded_while_sized);
	assert_int_equal(p.h.now(&p.h), 7);
	pci_hardware_close(&p);
}

static void a_register_has_the_size_it_is_asked_for_with(void **state)
{
	struct pci_hardware p;

	(void)state;
	pci_hardware_open(&p, ADDRESS);
	p.h.write(&p.h, 0, 4, 4, 0x11223344);
	p.h.write(&p.h, 0, 6, 2, 0xaabb);
	p.h.write(&p.h, 0, 5, 1, 0xcc);
	assert_int_equal(p.h.read(&p.h, 0, 4, 4), 0xaabbcc44);
	assert_int_equal(p.h.read(&p.h, 0, 6, 2), 0xaabb);
	assert_int_equal(p.h.read(&p.h, 0, 4, 1), 0x44);
	assert_int_equal(pci_config_read(ADDRESS, 1, 1), 0x1a);
	assert_int_equal(pci_config_read(ADDRESS, 0, 2), 0x1af4);
	assert_int_equal(pci_config_read(ADDRESS + 1, 0, 4), UINT32_MAX);
	assert_int_equal(pc.wild, 0);
}

/* A virtio card says itself where in a base address its registers are. */
static void nothing_is_read_or_written_beside_a_base_address(void **state)
{
	static const struct { unsigned bar; uint32_t at; unsigned bytes; } bad[] = {
		{ 0, PORT_BYTES, 1 }, { 0, PORT_BYTES - 1, 2 }, { 0, PORT_BYTES - 3, 4 }, { 0, UINT32_MAX, 1 },
		{ 0, UINT32_MAX - 1, 4 }, { 2, 0, 4 }, { 3, 0, 4 }, { 5, 0, 1 }, { 6, 0, 4 }, { UINT32_MAX, 0, 4 },
		{ 1, 0x20000, 4 }, { 4, 0x4000, 2 },
	};
	struct pci_hardware p;

	(void)state;
	pci_hardware_open(&p, ADDRESS);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		p.h.write(&p.h, bad[i].bar, bad[i].at, bad[i].bytes, 0x5a);
		assert_int_equal(p.h.read(&p.h, bad[i].bar, bad[i].at, bad[i].bytes),
		                 UINT32_MAX >> (32 - 8 * bad[i].bytes));
	}
	for (size_t i = 0; i < PORT_BYTES; i++)
		assert_int_equal(pc.registers[i], 0);
	assert_int_equal(pc.wild, 0);
}

static void a_base_address_above_4_gib_is_not_there(void **state)
{
	struct pci_hardware p;

	(void)state;
	put_bar(5, 1, 0xffffffff);
	pci_hardware_open(&p, ADDRESS);
	assert_int_equal(p.h.bars, 1 << 0 | 1 << 1);
	put_bar(5, 0xfffffffc, 0xffffffff);                     /* and a sixth of 64 bits has no upper half */
	put_bar(4, 0, 0);
	pci_hardware_open(&p, ADDRESS);
	assert_int_equal(p.h.bars, 1 << 0 | 1 << 1);
}

static void the_command_register_is_as_before(void **state)
{
	struct pci_hardware p;

	(void)state;
	pci_hardware_open(&p, ADDRESS);
	pci_enable(&p.h);
	assert_int_equal(command() & 7, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	pci_disable(&p.h);
	pci_hardware_close(&p);
	assert_int_equal(command(), 0x0100 | PCI_COMMAND_MEMORY);
}

static void there_is_memory_for_every_driver(void **state)
{
	static const struct card_driver *const drivers[] = { &virtio_net, &intel_82540em, &intel_82574l };
	struct pci_hardware p;

	(void)state;
	pci_hardware_open(&p, ADDRESS);
	assert_int_equal((uintptr_t)p.h.memory % 4096, 0);
	for (size_t i = 0; i < COUNT_OF(drivers); i++)
		assert_true(drivers[i]->memory_bytes <= p.h.memory_bytes);
	memset(p.h.memory, 0xa5, p.h.memory_bytes);
	pci_hardware_close(&p);
	pci_hardware_open(&p, ADDRESS);
	for (size_t i = 0; i < p.h.memory_bytes; i++)
		assert_int_equal(p.h.memory[i], 0);
}

#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		fresh_test(what_has_an_address_is_reached_and_no_more),
		fresh_test(a_register_has_the_size_it_is_asked_for_with),
		fresh_test(nothing_is_read_or_written_beside_a_base_address),
		fresh_test(a_base_address_above_4_gib_is_not_there),
		fresh_test(the_command_register_is_as_before),
		fresh_test(there_is_memory_for_every_driver),
	};

	return cmocka_run_group_tests_name("firmware/bios/pci_hardware", tests, NULL, NULL);
}
