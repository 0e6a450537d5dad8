/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_ROM_BINDING_H
#define FIRMWARE_EFI_ROM_BINDING_H
/*
 * EFI_DRIVER_BINDING_PROTOCOL (UEFI 11.1): the firmware asks it of each PCI device whether it is ours, and starts and
 * stops it. A device has one interface, always: of RemainingDevicePath it is only looked at whether that is its kind.
 *
 * A device that somebody drives is his. From the ROM of the card itself we are asked before everybody else, for the PCI
 * bus prefers the driver that a device brought (Bus Specific Driver Override, UEFI 11.3). So the version is the lowest
 * that a maker of cards may have, 10h: there is no quarrel about a card that did not bring us.
 */
#include "firmware/efi/services.h"

extern EFI_DRIVER_BINDING driver_binding;

/* Every card that we have is let go. Not success: somebody keeps one. */
EFI_STATUS driver_binding_let_go(void);
#endif
