/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_CARD_OWN_H
#define FIRMWARE_EFI_CARD_OWN_H
/*
 * A card that the firmware has no driver for, or shall not drive, by a driver of ours (undi/drivers).
 *
 *     handle = card_own_any()                  a PCI device that we have a driver for, best one that nobody drives (a
 *                                              firmware may drive it halfway, to no network); NULL: none
 *     handle = card_own_below(path)            the PCI device that a card's path leads through; NULL: none we know
 *     card_own_is_best(path)                   ... and its driver is to be preferred to the firmware's
 *     card_own_take(&c, handle, network)       c.nic is the card; else why not. network: where its SNP is, if any
 *     c.held                                   the protocol that makes it ours
 *     card_own_give_back(&c)
 *
 * It is opened BY_DRIVER and EXCLUSIVE: a driver of the firmware's, and the network above it, are disconnected.
 */
#include "firmware/efi/pci_hardware.h"
#include "firmware/efi/services.h"
#include "undi/drivers/drivers.h"

struct card_own {
	struct nic *nic;                        /* NULL: not taken */
	const struct card_driver *driver;
	struct pci_hardware hardware;
	EFI_HANDLE handle;
	const EFI_GUID *held;
};

EFI_HANDLE  card_own_any(void);
EFI_HANDLE  card_own_below(EFI_DEVICE_PATH *path);
bool        card_own_is_best(EFI_DEVICE_PATH *path);
const char *card_own_take(struct card_own *c, EFI_HANDLE handle, EFI_HANDLE network);
/* In the notification of ExitBootServices: the card reaches no memory any more. */
void        card_own_quiet(struct card_own *c);
void        card_own_give_back(struct card_own *c);
#endif
