/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_RILL_H
#define FIRMWARE_EFI_RILL_H
/*
 * One boot, from the card to the system. Two programs are made of it: rill.efi, and the boot option of our option ROM
 * (firmware/efi/rom).
 *
 *     status = rill_run(NULL)         over the card that this image was started from, or any
 *     status = rill_run(&lent)        over the card that this image drives itself
 *
 * It comes back when the user, or the configuration, gives the machine to its next boot device, or when a system's
 * loader came back. The answer is what the boot manager shall hear: it goes on with its next entry, unless a program
 * ran and was content.
 */
#include "firmware/efi/card.h"

EFI_STATUS rill_run(const struct card_lent *lent);
#endif
