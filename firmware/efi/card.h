/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_CARD_H
#define FIRMWARE_EFI_CARD_H
/*
 * From the handle we were loaded from to a card that sends and receives, and that nobody else has.
 *
 *     if (!card_find(&card, log) || !card_take(&card, wanted, log))
 *             return;                 why stands on the screen
 *     ...                             card.nic sends and receives
 *     card_say_calls(&card, log);     how often its driver was called, for people and tests
 *     card_give_back(&card);
 *
 * An image that drives the card itself (firmware/efi/rom) says card_find_lent() instead of card_find(): its handle is
 * the network interface's. Taking it then means only to take its SNP away from the firmware's network.
 *
 * The card is the one whose MAC address is in the device path of that handle: whatever PXE, HTTP boot or a chainloader
 * put behind it, its path begins with the card's. Who was started from a disk or a stick has no such card; then it
 * is the first with a cable in it.
 *
 * The VLAN is the one we came through, which the path tells behind the card's own: UEFI has a handle for each VLAN of a
 * card. Who came from a disk takes the firmware's setting (VLAN Configuration Protocol), if it has exactly one.
 *
 * A virtio-net is driven by our own driver (firmware/efi/card_own.h): three times as fast as through SNP, and what a
 * hypervisor makes is what the specification says. So is a card that the firmware has no driver for, in a machine where
 * no card has one. All else, and a virtio-net that is not to be had so, is driven through SNP; where there is none,
 * where it is not to be had or does not work, by its UNDI (firmware/efi/card_nii.h). The configuration may say any of
 * the three.
 *
 * Taking it means BY_DRIVER and EXCLUSIVE: the firmware's own network (MNP, which polls every 10 ms and would eat our
 * frames, and PXE above it) is disconnected first, and whoever wants the card afterwards, GRUB for one, is refused.
 * Giving it back connects the firmware's drivers again.
 */
#include "firmware/efi/card_nii.h"
#include "firmware/efi/card_own.h"
#include "firmware/efi/path.h"
#include "firmware/efi/services.h"
#include "firmware/efi/snp_env.h"
#include "lib/log.h"
#include "loader/config.h"

enum { CARD_PATH_BYTES_MAX = 508 };     /* PCI bridges have 6 bytes each, a MAC 37 */

/* Who lends it keeps it open; and puts it down when the boot services end. */
struct card_lent {
	EFI_HANDLE handle;
	struct nic *nic;
	const struct card_driver *driver;
	bool *is_taken;                 /* while the nic is ours: its owner lets nobody else call it */
};

struct efi_card {
	struct nic *nic;                /* of what drives it; NULL: not taken */
	const EFI_GUID *held;           /* the protocol that makes it ours, and is the disk's parent */
	struct snp_card snp;
	struct snp_env  env;
	struct snp_protocol protocol;
	struct card_nii nii;
	struct card_own own;
	struct card_lent lent;          /* no handle: it is not */
	bool   is_bare;                 /* the firmware has no driver for it; no MAC node until it is taken */
	EFI_HANDLE handle;
	/* Its path up to the MAC node, and a copy: the handle, and its own, may be made anew while a program runs. */
	EFI_DEVICE_PATH path[(CARD_PATH_BYTES_MAX + PATH_END_BYTES) / sizeof(EFI_DEVICE_PATH)];
	size_t   path_bytes;            /* of it, without the end */
	uint16_t pci_address;           /* bus[8] device[5] function[3], or PCI_UNKNOWN */
	uint8_t  undi_major, undi_minor;
	uint16_t vlan;                  /* as the firmware has it; 0: none */
};

bool card_find(struct efi_card *card, struct log *log);
bool card_find_lent(struct efi_card *card, const struct card_lent *lent, struct log *log);
/* The handle on its path as it is now, when somebody else had the card. False: there is none. */
bool card_find_again(struct efi_card *card);
bool card_take(struct efi_card *card, enum config_driver wanted, struct log *log);
void card_say_calls(const struct efi_card *card, struct log *log);
void card_give_back(struct efi_card *card);

/* In the notification of ExitBootServices. */
void card_quiet(struct efi_card *card);
#endif
