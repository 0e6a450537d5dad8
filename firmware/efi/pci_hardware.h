/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_PCI_HARDWARE_H
#define FIRMWARE_EFI_PCI_HARDWARE_H
/*
 * A PCI device as our drivers want it (undi/drivers/hardware.h), by the firmware's EFI_PCI_IO_PROTOCOL (UEFI 14.4).
 *
 *     pci_hardware_open(&p, pci, bytes)        its registers answer, and it sees so much memory; else why not
 *     p.h                                      for the driver; must stay where it is
 *     pci_hardware_close(&p)                   after the driver's close: the memory is gone, the device as it was
 */
#include "firmware/efi/services.h"
#include <efipciio.h>
#include "undi/drivers/hardware.h"

enum { PCI_BARS = 6 };

struct pci_hardware {
	struct hardware h;                      /* first: the driver knows only this */
	EFI_PCI_IO_PROTOCOL *pci;
	bool   is_port[PCI_BARS];               /* the base address is of ports, not of memory */
	UINT64 attributes;                      /* as they were */
	VOID  *memory, *mapping;
	UINTN  pages;
};

const char *pci_hardware_open(struct pci_hardware *p, EFI_PCI_IO_PROTOCOL *pci, size_t bytes);
void        pci_hardware_close(struct pci_hardware *p);
#endif
