/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/pci_hardware.h"
#include "firmware/efi/clock.h"

enum { BARS_AT = 0x10, BAR_IS_PORT = 1, BAR_IS_64 = 4, BAR_KIND = 7, PAGE = 4096 };

static struct pci_hardware *device_of(struct hardware *h) { return (struct pci_hardware *)(void *)h; }

static EFI_PCI_IO_PROTOCOL_WIDTH width(unsigned bytes)
{
	return bytes == 4 ? EfiPciIoWidthUint32 : bytes == 2 ? EfiPciIoWidthUint16 : EfiPciIoWidthUint8;
}

static uint32_t config_read(struct hardware *h, unsigned at, unsigned bytes)
{
	EFI_PCI_IO_PROTOCOL *pci = device_of(h)->pci;
	uint32_t value = 0;

	pci->Pci.Read(pci, width(bytes), at, 1, &value);
	return value;
}

static void config_write(struct hardware *h, unsigned at, unsigned bytes, uint32_t value)
{
	EFI_PCI_IO_PROTOCOL *pci = device_of(h)->pci;

	pci->Pci.Write(pci, width(bytes), at, 1, &value);
}

static const EFI_PCI_IO_PROTOCOL_ACCESS *access_to(const struct pci_hardware *p, unsigned bar)
{
	return p->is_port[bar] ? &p->pci->Io : &p->pci->Mem;
}

static uint32_t registers_read(struct hardware *h, unsigned bar, uint32_t at, unsigned bytes)
{
	struct pci_hardware *p = device_of(h);
	uint32_t value = 0;

	if (bar >= PCI_BARS || !(h->bars >> bar & 1)
	    || access_to(p, bar)->Read(p->pci, width(bytes), (UINT8)bar, at, 1, &value) != EFI_SUCCESS)
		return UINT32_MAX >> (32 - 8 * bytes);
	return value;
}

static void registers_write(struct hardware *h, unsigned bar, uint32_t at, unsigned bytes, uint32_t value)
{
	struct pci_hardware *p = device_of(h);

	if (bar < PCI_BARS && h->bars >> bar & 1)
		access_to(p, bar)->Write(p->pci, width(bytes), (UINT8)bar, at, 1, &value);
}

static usec now(struct hardware *h)
{
	(void)h;
	return clock_now();
}

/* Those that the firmware gave an address. A 64-bit one takes the place of two. */
static void find_bars(struct pci_hardware *p)
{
	for (unsigned n = 0; n < PCI_BARS; n++) {
		const uint32_t bar = config_read(&p->h, BARS_AT + 4 * n, 4);
		const bool is_64 = (bar & BAR_KIND) == BAR_IS_64;

		p->is_port[n] = bar & BAR_IS_PORT;
		if (bar & ~(uint32_t)0xf || (is_64 && n + 1 < PCI_BARS && config_read(&p->h, BARS_AT + 4 * n + 4, 4)))
			p->h.bars |= 1u << n;
		n += is_64;
	}
}

static bool take_memory(struct pci_hardware *p, size_t bytes)
{
	EFI_PHYSICAL_ADDRESS seen;
	UINTN mapped;

	p->pages = (bytes + PAGE - 1) / PAGE;
	mapped   = p->pages * PAGE;
	if (p->pci->AllocateBuffer(p->pci, AllocateAnyPages, EfiBootServicesData, p->pages, &p->memory, 0)
	    != EFI_SUCCESS) {
		p->memory = NULL;
		return false;
	}
	if (p->pci->Map(p->pci, EfiPciIoOperationBusMasterCommonBuffer, p->memory, &mapped, &seen, &p->mapping)
	    != EFI_SUCCESS) {
		p->mapping = NULL;
		return false;
	}
	memset(p->memory, 0, p->pages * PAGE);
	p->h.memory       = p->memory;
	p->h.memory_bytes = p->pages * PAGE;
	p->h.memory_bus   = seen;
	return mapped == p->pages * PAGE;
}

const char *pci_hardware_open(struct pci_hardware *p, EFI_PCI_IO_PROTOCOL *pci, size_t bytes)
{
	const UINT64 wanted = EFI_PCI_IO_ATTRIBUTE_IO | EFI_PCI_IO_ATTRIBUTE_MEMORY | EFI_PCI_IO_ATTRIBUTE_BUS_MASTER;
	UINT64 can = 0;

	*p = (struct pci_hardware){
		.h = { .config_read = config_read, .config_write = config_write, .read = registers_read,
		       .write = registers_write, .now = now },
		.pci = pci,
	};
	pci->Attributes(pci, EfiPciIoAttributeOperationGet, 0, &p->attributes);
	pci->Attributes(pci, EfiPciIoAttributeOperationSupported, 0, &can);
	if (pci->Attributes(pci, EfiPciIoAttributeOperationEnable, wanted & can, NULL) != EFI_SUCCESS)
		return "the firmware does not switch it on";
	find_bars(p);
	if (!take_memory(p, bytes)) {
		pci_hardware_close(p);
		return "there is no memory that it reaches";
	}
	return NULL;
}

void pci_hardware_close(struct pci_hardware *p)
{
	if (p->mapping)
		p->pci->Unmap(p->pci, p->mapping);
	if (p->memory)
		p->pci->FreeBuffer(p->pci, p->pages, p->memory);
	p->pci->Attributes(p->pci, EfiPciIoAttributeOperationSet, p->attributes, NULL);
	p->mapping = p->memory = NULL;
}
