/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_CARD_PXE_H
#define FIRMWARE_EFI_CARD_PXE_H
/*
 * The firmware's own PXE above a card that was given back, in the state in which a program expects it that PXE has
 * fetched: PXE_BASE_CODE (UEFI 24.3) started, with an address, and with the packets that say where the program came
 * from.
 *
 *     card_give_back(&card);
 *     loaded->DeviceHandle = card_pxe_start(&card, answer, program, log);
 *     StartImage(...)
 *     card_pxe_stop(&card, program);  the program came back: the network as card_give_back left it
 *
 * shim and GRUB look for it on their DeviceHandle. It stands there on a handle of its own, the card's path with an IPv4
 * node behind it, which is made anew whenever the network is connected: so it is looked for each time, and never kept.
 * In a VLAN that node stands behind the VLAN's, whose handle is there while the firmware's own setting has that VLAN.
 * A firmware without: the handle is the card's own, and the log says so.
 *
 * PXE_BASE_CODE has no call that sets a router; only its own DHCP does. It is asked first if the program came from a
 * server beyond one: what it says is then replaced, but the router stays known.
 */
#include "firmware/efi/card.h"
#include "loader/platform.h"
#include "netstack/dhcp_answer.h"

EFI_HANDLE card_pxe_start(const struct efi_card *card, const struct dhcp_answer *answer,
                          const struct chain_program *program, struct log *log);
void       card_pxe_stop(struct efi_card *card, const struct chain_program *program);
#endif
