/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_ROM_DRIVEN_CARD_H
#define FIRMWARE_EFI_ROM_DRIVEN_CARD_H
/*
 * A card that this driver has: the PCI device, which is ours alone, and above it a handle of its own, the network
 * interface, with the Simple Network Protocol that the firmware's network stack finds.
 *
 *     driver_of_pci(pci, &name)               which of our drivers knows this device; NULL: none
 *     card = driven_card_of(controller)       NULL: we do not drive it
 *     driven_card_open(controller, &card)     its memory, its registers; it receives
 *     driven_card_add(card)                   the interface's handle; not if it is there
 *     driven_card_remove(card)                ... is gone, unless somebody does not let go of it
 *     driven_card_close(card)                 the card is at rest, all is freed; not before the interface is gone
 *
 * The card is open from the first to the last, whatever the interface's state: its link, which takes seconds to come up
 * on real cards, does not go down whenever the firmware's PXE looks for a cable. It reaches no memory but its own.
 *
 * When the boot services end it is at rest before the system starts, in a notification; nothing is freed then.
 */
#include "firmware/efi/pci_hardware.h"
#include "firmware/efi/rom/child.h"
#include "firmware/efi/rom/snp_efi.h"
#include "undi/drivers/drivers.h"

enum { CARD_NAME_MAX = 80 };            /* "Intel 82540EM, 52:54:00:12:34:56" */

/* boot_option.h's. */
struct boot_option {
	EFI_LOAD_FILE_PROTOCOL load;
	struct child child;
	bool is_running;
};

struct driven_card {
	struct driven_card *next;
	EFI_HANDLE controller;
	struct child child;                     /* the interface */
	const struct card_driver *driver;
	struct nic *nic;
	struct pci_hardware hardware;
	struct snp_efi snp;
	struct boot_option option;
	EFI_EVENT quiet;
	bool is_quiet;                          /* the boot services ended */
	CHAR16 name[CARD_NAME_MAX], child_name[CARD_NAME_MAX];
};

const struct card_driver *driver_of_pci(EFI_PCI_IO_PROTOCOL *pci, const char **name);
struct driven_card *driven_card_of(EFI_HANDLE controller);
/* Any of them; NULL: there is none. */
struct driven_card *driven_card_any(void);
EFI_STATUS driven_card_open(EFI_HANDLE controller, struct driven_card **card);
EFI_STATUS driven_card_add(struct driven_card *card);
EFI_STATUS driven_card_remove(struct driven_card *card);
EFI_STATUS driven_card_close(struct driven_card *card);
#endif
