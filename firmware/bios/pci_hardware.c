/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/clock.h"
#include "firmware/bios/cpu.h"
#include "firmware/bios/pci_hardware.h"
#include "undi/drivers/pci.h"

enum { CONFIG_ADDRESS = 0xcf8, CONFIG_DATA = 0xcfc };
#define CONFIG_ENABLE 0x80000000u
enum { BARS_AT = 0x10, BAR_IS_PORT = 1, BAR_IS_64 = 4, BAR_KIND = 7, PORT_FLAGS = 3, MEMORY_FLAGS = 15 };

static _Alignas(4096) uint8_t memory[PCI_MEMORY];

uint8_t *pci_hardware_memory(void) { return memory; }

static uint32_t ones(unsigned bytes) { return UINT32_MAX >> (32 - 8 * bytes); }

static uint32_t port_read(uint16_t port, unsigned bytes)
{
	return bytes == 4 ? cpu_in32(port) : bytes == 2 ? cpu_in16(port) : cpu_in8(port);
}

static void port_write(uint16_t port, unsigned bytes, uint32_t value)
{
	if (bytes == 4)
		cpu_out32(port, value);
	else if (bytes == 2)
		cpu_out16(port, (uint16_t)value);
	else
		cpu_out8(port, (uint8_t)value);
}

/* The port behind which this place is now. */
static uint16_t select(uint16_t address, unsigned at)
{
	cpu_out32(CONFIG_ADDRESS, CONFIG_ENABLE | (uint32_t)address << 8 | (at & 0xfc));
	return (uint16_t)(CONFIG_DATA + at % 4);
}

uint32_t pci_config_read(uint16_t address, unsigned at, unsigned bytes)
{
	return port_read(select(address, at), bytes);
}

static struct pci_hardware *device_of(struct hardware *h) { return (struct pci_hardware *)(void *)h; }

static uint32_t config_read(struct hardware *h, unsigned at, unsigned bytes)
{
	return pci_config_read(device_of(h)->address, at, bytes);
}

static void config_write(struct hardware *h, unsigned at, unsigned bytes, uint32_t value)
{
	port_write(select(device_of(h)->address, at), bytes, value);
}

static bool is_within(const struct pci_bar *b, uint32_t at, unsigned bytes)
{
	return at <= b->bytes && bytes <= b->bytes - at;
}

static uint32_t registers_read(struct hardware *h, unsigned bar, uint32_t at, unsigned bytes)
{
	const struct pci_bar *b = &device_of(h)->bars[bar < PCI_BARS ? bar : 0];
	const volatile void *place = (const volatile void *)(uintptr_t)(b->base + at);

	if (bar >= PCI_BARS || !is_within(b, at, bytes))
		return ones(bytes);
	if (b->is_port)
		return port_read((uint16_t)(b->base + at), bytes);
	return bytes == 4 ? *(const volatile uint32_t *)place
	     : bytes == 2 ? *(const volatile uint16_t *)place : *(const volatile uint8_t *)place;
}

static void registers_write(struct hardware *h, unsigned bar, uint32_t at, unsigned bytes, uint32_t value)
{
	const struct pci_bar *b = &device_of(h)->bars[bar < PCI_BARS ? bar : 0];
	volatile void *place = (volatile void *)(uintptr_t)(b->base + at);

	if (bar >= PCI_BARS || !is_within(b, at, bytes))
		return;
	if (b->is_port)
		port_write((uint16_t)(b->base + at), bytes, value);
	else if (bytes == 4)
		*(volatile uint32_t *)place = value;
	else if (bytes == 2)
		*(volatile uint16_t *)place = (uint16_t)value;
	else
		*(volatile uint8_t *)place = (uint8_t)value;
}

static usec now(struct hardware *h)
{
	(void)h;
	return clock_now();
}

/* 6.2.5.1: what stays 0 of all ones is decoded by the device. It must not answer meanwhile. */
static struct pci_bar measure(struct pci_hardware *p, unsigned at, uint32_t bar)
{
	struct pci_bar b = { .is_port = bar & BAR_IS_PORT };
	const uint32_t flags = b.is_port ? PORT_FLAGS : MEMORY_FLAGS;
	uint32_t decoded;

	config_write(&p->h, at, 4, UINT32_MAX);
	decoded = config_read(&p->h, at, 4) & ~flags;
	config_write(&p->h, at, 4, bar);
	b.base = bar & ~flags;
	b.bytes = b.base && decoded ? ~decoded + 1 : 0;
	if (b.is_port)
		b.bytes &= 0xffff;              /* the upper half may be wired to 0 */
	if (b.bytes > ~b.base)
		b.bytes = 0;                    /* it would go round */
	return b;
}

/* Those that the BIOS gave an address we reach. A 64-bit one takes the place of two. */
static void find_bars(struct pci_hardware *p)
{
	for (unsigned n = 0; n < PCI_BARS; n++) {
		const unsigned at = BARS_AT + 4 * n;
		const uint32_t bar = config_read(&p->h, at, 4);
		const bool is_64 = (bar & BAR_KIND) == BAR_IS_64;

		if (!is_64 || (n + 1 < PCI_BARS && config_read(&p->h, at + 4, 4) == 0))
			p->bars[n] = measure(p, at, bar);
		if (p->bars[n].bytes)
			p->h.bars |= 1u << n;
		n += is_64;
	}
}

void pci_hardware_open(struct pci_hardware *p, uint16_t address)
{
	const uint32_t decoding = PCI_COMMAND_IO | PCI_COMMAND_MEMORY;

	*p = (struct pci_hardware){
		.h = { .config_read = config_read, .config_write = config_write, .read = registers_read,
		       .write = registers_write, .now = now, .memory = memory, .memory_bytes = sizeof memory,
		       .memory_bus = (uint32_t)(uintptr_t)memory },
		.address = address,
	};
	memset(memory, 0, sizeof memory);
	p->command = (uint16_t)config_read(&p->h, PCI_COMMAND, 2);
	config_write(&p->h, PCI_COMMAND, 2, p->command & ~decoding);
	find_bars(p);
	config_write(&p->h, PCI_COMMAND, 2, p->command | decoding);
}

void pci_hardware_close(struct pci_hardware *p)
{
	config_write(&p->h, PCI_COMMAND, 2, p->command);
}
