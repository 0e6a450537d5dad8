/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_SERVICES_H
#define FIRMWARE_EFI_SERVICES_H
/*
 * What UEFI gave main: its tables, and the handle that we are known by. All of firmware/efi speaks to the firmware
 * through these; main sets them first of all.
 *
 * <efi.h> is gnu-efi's; it is included here and nowhere else, and nothing outside of firmware/efi but the main of
 * count.efi includes this. Of gnu-efi only the headers are used: the image is linked as what it is, a PE file
 * (build/worlds.mk says why).
 */
#include <efi.h>
#include "lib/types.h"

extern EFI_SYSTEM_TABLE *st;
extern EFI_BOOT_SERVICES *bs;
extern EFI_HANDLE our_image;

/* A protocol of a handle, or NULL. The last: of any handle. */
void *protocol_of(EFI_HANDLE handle, const EFI_GUID *guid);
void *protocol_anywhere(const EFI_GUID *guid);

/* Every handle with this protocol; NULL, and *count 0: there is none. The caller frees it: bs->FreePool. */
EFI_HANDLE *handles_with(const EFI_GUID *guid, UINTN *count);

/*
 * A protocol for us alone (BY_DRIVER and EXCLUSIVE): its driver, and whoever stands on it, is disconnected first.
 * *opened may be asked for by nobody: NULL.
 */
EFI_STATUS protocol_take(EFI_HANDLE handle, const EFI_GUID *guid, void **opened);
void       protocol_let_go(EFI_HANDLE handle, const EFI_GUID *guid);
/* Who drives a handle by this protocol: BY_DRIVER there is only one. NULL: nobody. */
EFI_HANDLE protocol_driver(EFI_HANDLE handle, const EFI_GUID *guid);

/*
 * To the level at which calls of protocols of ours run (TPL_CALLBACK), so that no event of it calls us inside one;
 * undone by bs->RestoreTPL(was). False: the caller is above it, where they must not be called (UEFI 7.1, the levels).
 */
bool level_raise(EFI_TPL *was);

/* A status as people look it up: "14" for EFI_NOT_FOUND. */
static inline unsigned status_number(EFI_STATUS status) { return (unsigned)(status & 0xffff); }
#endif
