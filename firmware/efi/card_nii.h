/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_CARD_NII_H
#define FIRMWARE_EFI_CARD_NII_H
/*
 * A card driven by its UNDI 3.1, and who must keep away from it meanwhile.
 *
 *     if (card_nii_is_there(handle))
 *             card_nii_take(&c, handle, path, &why)   c.card.nic is the card; false: why not
 *     c.held                                          the protocol that makes it ours
 *     card_nii_give_back(&c)
 *
 * The identifier is opened BY_DRIVER and EXCLUSIVE: SnpDxe, whose SNP stands on it, is disconnected, and the network
 * above that. A driver that makes an SNP of its own beside its identifier keeps the latter open for itself, so that
 * SnpDxe does not come (iPXE's ROMs do): who has opened it and also drives the PCI device is no rival but the maker.
 * Then it is his SNP that is opened for us alone; and if somebody has that who does not let go (a program that started
 * us, and waits until we come back), he finds it as it was.
 */
#include "firmware/efi/nii_env.h"
#include "firmware/efi/services.h"

struct card_nii {
	struct nii_card   card;
	struct nii_device device;
	EFI_HANDLE handle;
	const EFI_GUID *held;
	bool holds_nii, holds_snp;
	EFI_SIMPLE_NETWORK *others;     /* an SNP that somebody else holds; NULL: none */
	uint32_t others_state, others_filters;
};

struct card_nii_trouble { const char *what, *detail; unsigned status; };        /* detail NULL: OpenProtocol's status */

bool card_nii_is_there(EFI_HANDLE handle);
bool card_nii_take(struct card_nii *c, EFI_HANDLE handle, EFI_DEVICE_PATH *path, struct card_nii_trouble *why);
void card_nii_give_back(struct card_nii *c);
#endif
