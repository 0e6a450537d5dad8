/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_ROM_NAMES_H
#define FIRMWARE_EFI_ROM_NAMES_H
/*
 * EFI_COMPONENT_NAME2_PROTOCOL (UEFI 11.5): what set-up menus and the shell call the driver, a card, and its interface,
 * in English. gnu-efi does not know it.
 */
#include "firmware/efi/services.h"

#define COMPONENT_NAME2_GUID { 0x6a7a5cff, 0xe8d9, 0x4f70, { 0xba, 0xda, 0x75, 0xab, 0x30, 0x25, 0xce, 0x14 } }

struct component_name2 {
	EFI_STATUS (EFIAPI *driver_name)(struct component_name2 *this, CHAR8 *language, CHAR16 **name);
	/* child NULL: the name of the controller itself. */
	EFI_STATUS (EFIAPI *controller_name)(struct component_name2 *this, EFI_HANDLE controller, EFI_HANDLE child,
	                                     CHAR8 *language, CHAR16 **name);
	const CHAR8 *languages;
};

extern struct component_name2 component_name2;
#endif
