/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_ROM_SNP_EFI_H
#define FIRMWARE_EFI_ROM_SNP_EFI_H
/*
 * A card as the firmware's: EFI_SIMPLE_NETWORK_PROTOCOL over a struct nic. What the calls mean is undi/snp_provider.h's
 * business; here are EFI's types, its Mode, the event for a frame, and the level of the calls.
 *
 *     snp_efi_open(&s, nic)                   s.snp can be installed; false: the firmware makes no event
 *     snp_efi_leave_for_ever(&s)              the boot services end
 *     snp_efi_close(&s)                       after it was uninstalled
 *
 * Calls are taken at TPL_APPLICATION and TPL_CALLBACK, and run at the latter.
 */
#include "firmware/efi/services.h"
#include "undi/snp_provider.h"

struct snp_efi {
	EFI_SIMPLE_NETWORK      snp;
	EFI_SIMPLE_NETWORK_MODE mode;
	struct snp_provider     provider;
	bool is_lent;                   /* somebody has the card itself: other callers get a device error */
};

bool snp_efi_open(struct snp_efi *s, struct nic *nic);
void snp_efi_leave_for_ever(struct snp_efi *s);
void snp_efi_close(struct snp_efi *s);
#endif
