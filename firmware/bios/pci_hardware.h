/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_PCI_HARDWARE_H
#define FIRMWARE_BIOS_PCI_HARDWARE_H
/*
 * A PCI device as our drivers want it (undi/drivers/hardware.h), by configuration mechanism 1 (PCI Local Bus 3.0,
 * 3.2.2.3.2), the CPU's ports and, below 4 GiB, its memory.
 *
 *     pci_config_read(address, at, bytes)      of any function; all ones where there is none
 *     pci_hardware_open(&p, address)           its registers answer, and it has the memory there is for a card
 *     p.h                                      for the driver; must stay where it is
 *     pci_hardware_close(&p)                   after the driver's close: its command register is as before
 *
 * An address is bus[8] device[5] function[3]. Interrupts are off while C runs, so nobody comes between the two ports.
 * How many bytes a base address has is asked of the device: what its driver computes from the card's own words (a
 * virtio card tells where its registers are) cannot leave them. There is memory for one card. Resident.
 */
#include "undi/drivers/hardware.h"

enum { PCI_BARS = 6 };

/* The largest that a driver of ours asks for: virtio's; the linker reckons with it. */
enum { PCI_MEMORY = 175 * 4096 };

struct pci_bar { uint32_t base, bytes; bool is_port; };

struct pci_hardware {
	struct hardware h;                      /* first: the driver knows only this */
	uint16_t address;
	uint16_t command;                       /* as it was */
	struct pci_bar bars[PCI_BARS];          /* bytes 0: not reached */
};

uint32_t pci_config_read(uint16_t address, unsigned at, unsigned bytes);
void     pci_hardware_open(struct pci_hardware *p, uint16_t address);
void     pci_hardware_close(struct pci_hardware *p);

/* The PCI_MEMORY bytes there are for a card, for who drives one without a struct pci_hardware. */
uint8_t *pci_hardware_memory(void);
#endif
