/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_BOOT_PROGRAM_H
#define FIRMWARE_EFI_BOOT_PROGRAM_H
/*
 * What UEFI starts from a disk that nobody said more about: \EFI\BOOT\BOOTX64.EFI (UEFI 3.5.1.1; target.h has the other
 * processors' names) of the first of its file systems that has one.
 *
 *     failure = boot_program_find(&p, &disk, detail, size)    connects the disk's drivers, loads the file
 *     status  = boot_program_start(&p)                        runs it; it may come back
 *     boot_program_forget(&p)                                 instead
 *
 * The file goes through LoadImage, so that the firmware judges it (Secure Boot).
 */
#include "firmware/efi/blockio_efi.h"
#include "loader/failure.h"

struct boot_program { EFI_HANDLE loaded; };

/* What stands behind the name of a program that LoadImage did not trust; its status is the argument. */
#define BOOT_PROGRAM_REFUSED "is not signed by a key this machine trusts (LoadImage: status %u)"

/* LoadImage has two words for it: EDK2 says the second where policy says deny, and makes no handle then. */
bool boot_program_is_refused(EFI_STATUS status);

enum failure_code boot_program_find(struct boot_program *p, struct blockio_efi *disk, char *detail, size_t size);
EFI_STATUS boot_program_start(struct boot_program *p);
void boot_program_forget(struct boot_program *p);
#endif
