/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_ROM_CHILD_H
#define FIRMWARE_EFI_ROM_CHILD_H
/*
 * A handle that our driver makes above a PCI device (UEFI 11.1, a bus driver's child): its device path and one
 * protocol, and the device opened for it, so that whoever disconnects the device asks for the child first.
 *
 *     child_add(&c, controller, path, &guid, interface)       not if it is there
 *     c.handle                                                NULL: it is not there
 *     child_remove(&c)                                        ... is gone, unless somebody does not let go of it
 *
 * The path, from path_make or the like, is the child's from the call on, also if that fails; NULL: there is no memory.
 */
#include "firmware/efi/services.h"

struct child {
	EFI_HANDLE handle;
	EFI_HANDLE controller;
	EFI_DEVICE_PATH *path;
	EFI_GUID *guid;
	void *interface;
};

EFI_STATUS child_add(struct child *c, EFI_HANDLE controller, EFI_DEVICE_PATH *path, EFI_GUID *guid, void *interface);
EFI_STATUS child_remove(struct child *c);
#endif
