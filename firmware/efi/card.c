/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/card.h"
#include "firmware/efi/path.h"
#include "loader/platform.h"
#include <efipciio.h>
#include <efi_nii.h>

enum { UNDI_MAJOR = 3, UNDI_MINOR = 0 };        /* what EDK2 says where there is no NII */

static EFI_GUID snp_guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID;
static const EFI_GUID path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID, loaded_guid = EFI_LOADED_IMAGE_PROTOCOL_GUID,
                      nii_guid = EFI_NETWORK_INTERFACE_IDENTIFIER_PROTOCOL_GUID;

/* A handle that is a card itself: the copies of its SNP on handles for IPv4 and IPv6 have a longer path. */
static bool take_handle(struct efi_card *card, EFI_HANDLE handle)
{
	EFI_DEVICE_PATH *path = protocol_of(handle, &path_guid);
	size_t bytes = path ? path_bytes_to_mac(path) : 0;

	if (!bytes || path_bytes(path) != bytes || !protocol_of(handle, &snp_guid))
		return false;
	card->handle     = handle;
	card->path       = path;
	card->path_bytes = bytes;
	return true;
}

/* The card that a device path leads through. */
static bool on_path(struct efi_card *card, const EFI_DEVICE_PATH *path, size_t bytes)
{
	EFI_DEVICE_PATH *own = path_make(path, bytes, 0, 0, NULL, 0), *rest = own;
	EFI_HANDLE handle;
	bool found;

	if (!own)
		return false;
	found = bs->LocateDevicePath(&snp_guid, &rest, &handle) == EFI_SUCCESS && take_handle(card, handle)
	     && path_begins(card->path, path, bytes);
	bs->FreePool(own);
	return found;
}

static bool has_cable(EFI_HANDLE handle)
{
	const EFI_SIMPLE_NETWORK *snp = protocol_of(handle, &snp_guid);

	return !snp->Mode->MediaPresentSupported || snp->Mode->MediaPresent;
}

/* The first with a cable; failing that the first. */
static bool any_card(struct efi_card *card)
{
	bool found = false;
	UINTN count;
	EFI_HANDLE *handles = handles_with(&snp_guid, &count);

	for (UINTN i = 0; i < count; i++)
		if ((!found || has_cable(handles[i])) && take_handle(card, handles[i])) {
			found = true;
			if (has_cable(handles[i]))
				break;
		}
	if (handles)
		bs->FreePool(handles);
	return found;
}

/* For the hand-over: where on the PCI bus, if it is on one. */
static uint16_t pci_address_of(const struct efi_card *card)
{
	EFI_GUID guid = EFI_PCI_IO_PROTOCOL_GUID;
	EFI_DEVICE_PATH *path = card->path;
	EFI_PCI_IO_PROTOCOL *pci;
	UINTN segment, bus, device, function;
	EFI_HANDLE handle;

	if (bs->LocateDevicePath(&guid, &path, &handle) != EFI_SUCCESS || !(pci = protocol_of(handle, &guid))
	    || pci->GetLocation(pci, &segment, &bus, &device, &function) != EFI_SUCCESS || segment || bus > 0xff)
		return PCI_UNKNOWN;
	return (uint16_t)(bus << 8 | (device & 31) << 3 | (function & 7));
}

static void identify(struct efi_card *card)
{
	const EFI_NETWORK_INTERFACE_IDENTIFIER_PROTOCOL *nii = protocol_of(card->handle, &nii_guid);

	card->pci_address = pci_address_of(card);
	card->undi_major = nii ? nii->MajorVer : UNDI_MAJOR;
	card->undi_minor = nii ? nii->MinorVer : UNDI_MINOR;
}

/* A boot manager that starts from a disk connects only that: the cards may have no driver yet. */
static void connect_all(void)
{
	EFI_GUID guid = EFI_PCI_IO_PROTOCOL_GUID;
	UINTN count;
	EFI_HANDLE *handles = handles_with(&guid, &count);

	for (UINTN i = 0; i < count; i++)
		bs->ConnectController(handles[i], NULL, NULL, TRUE);
	if (handles)
		bs->FreePool(handles);
}

static bool find_any(struct efi_card *card, struct log *log)
{
	log_line(log, LOG_STEP, "not started from a card: the first with a cable is taken");
	if (any_card(card) && has_cable(card->handle))
		return true;
	connect_all();
	return any_card(card);
}

bool card_find(struct efi_card *card, struct log *log)
{
	const EFI_LOADED_IMAGE *loaded = protocol_of(our_image, &loaded_guid);
	const EFI_DEVICE_PATH *path = loaded ? protocol_of(loaded->DeviceHandle, &path_guid) : NULL;
	size_t bytes = path ? path_bytes_to_mac(path) : 0;

	if (bytes && !on_path(card, path, bytes)) {
		log_line(log, LOG_ERROR, "RILL-E09: the card that this file came from offers no Simple Network "
		         "Protocol. Look for a newer firmware or ROM of the card.");
		return false;
	}
	if (!bytes && !find_any(card, log)) {
		log_line(log, LOG_ERROR, "RILL-E09: no card offers the Simple Network Protocol. "
		         "Turn the network stack on in the firmware's set-up.");
		return false;
	}
	identify(card);
	return true;
}

/* The firmware's own network, and whoever else drives the card, goes before this returns. */
static bool open_alone(struct efi_card *card, struct log *log, EFI_SIMPLE_NETWORK **snp)
{
	void *opened = NULL;
	EFI_STATUS status = bs->OpenProtocol(card->handle, &snp_guid, &opened, our_image, card->handle,
	                                     EFI_OPEN_PROTOCOL_BY_DRIVER | EFI_OPEN_PROTOCOL_EXCLUSIVE);

	*snp = opened;
	card->taken = status == EFI_SUCCESS;
	if (!card->taken)
		log_line(log, LOG_ERROR, "RILL-E09: somebody keeps the card to himself (OpenProtocol: status %u). "
		         "Start this file from the card itself.", status_number(status));
	return card->taken;
}

bool card_take(struct efi_card *card, struct log *log)
{
	EFI_SIMPLE_NETWORK *snp;

	if (!open_alone(card, log, &snp))
		return false;
	card->env = snp_env_of(snp);
	if (snp_open(&card->snp, &card->env))
		return true;
	log_line(log, LOG_ERROR, "RILL-E09: the card's driver does not work (%s: %s). "
	         "Look for a newer firmware or ROM of the card.", card->snp.failed.call,
	         snp_status_text(card->snp.failed.status));
	card_give_back(card);
	return false;
}

void card_give_back(struct efi_card *card)
{
	snp_close(&card->snp);
	if (!card->taken)
		return;
	card->taken = false;
	bs->CloseProtocol(card->handle, &snp_guid, our_image, card->handle);
	bs->ConnectController(card->handle, NULL, NULL, TRUE);
}
