/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_ROM_BOOT_OPTION_H
#define FIRMWARE_EFI_ROM_BOOT_OPTION_H
/*
 * "Rill" among the firmware's boot options: a handle with Load File (UEFI 13.1) beside a card's network interface.
 * Started, it boots the machine over this card as rill.efi would, without a file that had to be fetched first. The disk
 * is there from then on, and not before: a machine that starts from elsewhere asks nobody.
 *
 *     boot_option_add(card)           after driven_card_add; boot managers make an option of it
 *     boot_option_remove(card)        before driven_card_close
 *
 * Its path is the device's with a file of that name behind it, which EDK2 takes the option's name from; with the
 * interface's path in front it would take it for its own PXE, and say so.
 */
#include "firmware/efi/rom/driven_card.h"

EFI_STATUS boot_option_add(struct driven_card *card);
EFI_STATUS boot_option_remove(struct driven_card *card);
#endif
