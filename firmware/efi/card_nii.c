/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/card_nii.h"

static EFI_GUID snp_guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID, nii_guid = NII_31_GUID,
                pci_guid = EFI_PCI_IO_PROTOCOL_GUID;

bool card_nii_is_there(EFI_HANDLE handle) { return protocol_of(handle, &nii_guid) != NULL; }

/* The handle below the card's that is the PCI device, or NULL. */
static EFI_HANDLE pci_handle_of(EFI_DEVICE_PATH *path)
{
	EFI_HANDLE handle;

	return bs->LocateDevicePath(&pci_guid, &path, &handle) == EFI_SUCCESS ? handle : NULL;
}

static bool maker_keeps_it(EFI_HANDLE handle, EFI_HANDLE pci)
{
	EFI_HANDLE keeper = protocol_driver(handle, &nii_guid);

	return keeper && pci && keeper == protocol_driver(pci, &pci_guid);
}

/* The network above the SNP of the same handle would eat our frames. Its holder may be somebody who waits for us. */
static void take_snp(struct card_nii *c)
{
	EFI_SIMPLE_NETWORK *snp = protocol_of(c->handle, &snp_guid);

	if (!snp)
		return;
	c->holds_snp = protocol_take(c->handle, &snp_guid, NULL) == EFI_SUCCESS;
	if (c->holds_snp)
		return;
	c->others = snp;
	c->others_state = snp->Mode->State;
	c->others_filters = snp->Mode->ReceiveFilterSetting;
}

/* He who has the SNP and waits for us. */
static void restore_others(struct card_nii *c)
{
	EFI_SIMPLE_NETWORK *snp = c->others;

	if (!snp || c->others_state == EfiSimpleNetworkStopped)
		return;
	snp->Start(snp);
	if (c->others_state != EfiSimpleNetworkInitialized)
		return;
	snp->Initialize(snp, 0, 0);
	snp->ReceiveFilters(snp, c->others_filters, 0, FALSE, 0, NULL);
}

static void let_go(struct card_nii *c)
{
	if (c->holds_snp)
		protocol_let_go(c->handle, &snp_guid);
	if (c->holds_nii)
		protocol_let_go(c->handle, &nii_guid);
	c->holds_snp = c->holds_nii = false;
	c->others = NULL;
	c->held = NULL;
}

bool card_nii_take(struct card_nii *c, EFI_HANDLE handle, EFI_DEVICE_PATH *path, struct card_nii_trouble *why)
{
	EFI_HANDLE pci = pci_handle_of(path);
	EFI_STATUS status = protocol_take(handle, &nii_guid, NULL);
	const char *refused;

	c->handle = handle;
	c->holds_nii = status == EFI_SUCCESS;
	if (!c->holds_nii && !maker_keeps_it(handle, pci)) {
		*why = (struct card_nii_trouble){ .what = "somebody keeps the card's UNDI to himself",
		                                  .status = status_number(status) };
		return false;
	}
	take_snp(c);
	c->held = c->holds_nii || !c->holds_snp ? &nii_guid : &snp_guid;
	refused = nii_device_init(&c->device, protocol_of(handle, &nii_guid), pci ? protocol_of(pci, &pci_guid) : NULL);
	if (refused) {
		*why = (struct card_nii_trouble){ "the card's UNDI cannot be called", refused, 0 };
		let_go(c);
		return false;
	}
	if (nii_open(&c->card, &c->device.env))
		return true;
	*why = (struct card_nii_trouble){ c->card.failed.command, nii_code_text(c->card.failed.code), 0 };
	nii_device_release(&c->device);
	restore_others(c);
	let_go(c);
	return false;
}

void card_nii_give_back(struct card_nii *c)
{
	if (!c->held)
		return;
	nii_close(&c->card);
	nii_device_release(&c->device);
	restore_others(c);
	let_go(c);
}
