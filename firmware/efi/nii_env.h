/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_NII_ENV_H
#define FIRMWARE_EFI_NII_ENV_H
/*
 * The firmware's Network Interface Identifier as undi/nii.h wants it, and what its UNDI may call: time, a lock, the
 * card's registers, and memory as the card sees it.
 *
 *     nii_device_init(&d, identifier, pci)    NULL, or why it cannot be called
 *     d.env                                   for nii_open
 *     nii_device_release(&d)                  after nii_close: what it has left mapped
 *
 * A UNDI is called at TPL_CALLBACK, as SnpDxe does; its lock is TPL_NOTIFY. A card that is on no PCI bus has no
 * registers it could ask us for, and sees memory as we do.
 */
#include "firmware/efi/services.h"
#include "undi/nii.h"
#include <efipciio.h>

#define NII_31_GUID { 0x1aced566, 0x76ed, 0x4218, { 0xbc, 0x81, 0x76, 0x7f, 0x1f, 0x97, 0x7a, 0x89 } }

enum { NII_MAPS_MAX = 128, NII_NO_BAR = 6 };    /* rings of both ways and what is under way; SnpDxe has room for 100 */

struct nii_map { uint64_t cpu, device; void *cookie; };         /* cookie NULL: free */

struct nii_device {
	struct nii_env env;
	void (EFIAPI *entry)(UINT64 cdb);
	EFI_PCI_IO_PROTOCOL *pci;       /* NULL: on no PCI bus */
	uint8_t  memory_bar, io_bar;    /* the first of each; NII_NO_BAR */
	unsigned locks;                 /* how deep its lock is; */
	EFI_TPL  unlocked;              /* where we were before the first */
	struct nii_map maps[NII_MAPS_MAX];
};

const char *nii_device_init(struct nii_device *d, const struct nii_protocol *identifier, EFI_PCI_IO_PROTOCOL *pci);
void nii_device_release(struct nii_device *d);
#endif
