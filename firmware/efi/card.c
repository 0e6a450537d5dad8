/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/card.h"
#include "firmware/efi/vlan_setting.h"
#include "lib/fmt.h"
#include "loader/platform.h"
#include <efipciio.h>

enum { UNDI_MAJOR = 3, UNDI_MINOR = 0 };        /* what EDK2 says where there is no NII */

static EFI_GUID snp_guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID, nii_guid = NII_31_GUID;
static const EFI_GUID path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID, loaded_guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;

/* What makes a handle a card, the better first. */
static EFI_GUID *const card_guids[] = { &snp_guid, &nii_guid };

/* A handle that is a card itself: the copies of its SNP on handles for IPv4 and IPv6 have a longer path. */
static bool take_handle(struct efi_card *card, EFI_HANDLE handle)
{
	EFI_DEVICE_PATH *path = protocol_of(handle, &path_guid);
	size_t bytes = path ? path_bytes_to_mac(path) : 0;

	if (!bytes || path_bytes(path) != bytes || bytes > CARD_PATH_BYTES_MAX)
		return false;
	card->handle     = handle;
	card->path_bytes = bytes;
	path_copy(card->path, path, bytes);
	return true;
}

/* The card that a device path leads through. */
static bool on_path(struct efi_card *card, const EFI_DEVICE_PATH *path, size_t bytes)
{
	EFI_DEVICE_PATH *own = path_make(path, bytes, 0, 0, NULL, 0);
	bool found = false;

	for (unsigned g = 0; own && !found && g < COUNT_OF(card_guids); g++) {
		EFI_DEVICE_PATH *rest = own;
		EFI_HANDLE handle;

		found = bs->LocateDevicePath(card_guids[g], &rest, &handle) == EFI_SUCCESS
		     && take_handle(card, handle) && path_begins(card->path, path, bytes);
	}
	if (own)
		bs->FreePool(own);
	return found;
}

/* What does not tell has one. */
static bool has_cable(EFI_HANDLE handle)
{
	const EFI_SIMPLE_NETWORK *snp = protocol_of(handle, &snp_guid);

	return !snp || !snp->Mode->MediaPresentSupported || snp->Mode->MediaPresent;
}

/* The first with a cable; failing that the first. */
static bool any_card_with(struct efi_card *card, const EFI_GUID *guid)
{
	bool found = false;
	UINTN count;
	EFI_HANDLE *handles = handles_with(guid, &count);

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

static bool any_card(struct efi_card *card)
{
	for (unsigned g = 0; g < COUNT_OF(card_guids); g++)
		if (any_card_with(card, card_guids[g]))
			return true;
	return false;
}

/* For the hand-over: where on the PCI bus, if it is on one. */
static uint16_t pci_address_of(struct efi_card *card)
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
	const struct nii_protocol *nii = protocol_of(card->handle, &nii_guid);

	card->pci_address = pci_address_of(card);
	card->undi_major = nii ? nii->major : UNDI_MAJOR;
	card->undi_minor = nii ? nii->minor : UNDI_MINOR;
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

/* One that the firmware has no driver for, and we have. */
static bool bare_card(struct efi_card *card)
{
	EFI_HANDLE handle = card_own_any();
	EFI_DEVICE_PATH *path = handle ? protocol_of(handle, &path_guid) : NULL;
	size_t bytes = path ? path_bytes(path) : 0;

	if (!bytes || bytes + PATH_MAC_BYTES > CARD_PATH_BYTES_MAX)
		return false;
	card->handle     = handle;
	card->path_bytes = bytes;
	card->is_bare    = true;
	path_copy(card->path, path, bytes);
	return true;
}

static bool find_any(struct efi_card *card, struct log *log)
{
	log_line(log, LOG_STEP, "not started from a card: the first with a cable is taken");
	if (any_card(card) && has_cable(card->handle))
		return true;
	connect_all();
	return any_card(card) || bare_card(card);
}

static void say_vlan(const struct efi_card *card, const char *whence, struct log *log)
{
	if (card->vlan)
		log_line(log, LOG_STEP, "VLAN %u, %s", (unsigned)card->vlan, whence);
}

bool card_find(struct efi_card *card, struct log *log)
{
	const EFI_LOADED_IMAGE *loaded = protocol_of(our_image, &loaded_guid);
	const EFI_DEVICE_PATH *path = loaded ? protocol_of(loaded->DeviceHandle, &path_guid) : NULL;
	size_t bytes = path ? path_bytes_to_mac(path) : 0;

	if (bytes && !on_path(card, path, bytes)) {
		log_line(log, LOG_ERROR, "RILL-E09: the card that this file came from offers neither SNP nor UNDI 3.1. "
		         "Look for a newer firmware or ROM of the card.");
		return false;
	}
	if (!bytes && !find_any(card, log)) {
		log_line(log, LOG_ERROR, "RILL-E09: no card offers SNP (Simple Network Protocol) or UNDI 3.1, nor is "
		         "there one that we have a driver for. Turn the network stack on in the firmware's set-up.");
		return false;
	}
	identify(card);
	card->vlan = bytes ? path_vlan(path, bytes) : vlan_setting(card->handle, log);
	say_vlan(card, bytes ? "which this file came through" : "by the firmware's setting", log);
	return true;
}

bool card_find_lent(struct efi_card *card, const struct card_lent *lent, struct log *log)
{
	if (!take_handle(card, lent->handle)) {
		log_line(log, LOG_ERROR, "RILL-E09: the network interface has gone, or its path has no MAC address.");
		return false;
	}
	card->lent = *lent;
	identify(card);
	card->vlan = vlan_setting(card->handle, log);
	say_vlan(card, "by the firmware's setting", log);
	return true;
}

/* The firmware's own network, and whoever else drives the card, goes before this returns. NULL: why says why not. */
static void *hold_snp(struct efi_card *card, char *why, size_t size)
{
	void *opened = NULL;
	EFI_STATUS status = protocol_take(card->handle, &snp_guid, &opened);

	if (status != EFI_SUCCESS) {
		fmt_text(why, size, status == EFI_UNSUPPORTED ? "the card offers no SNP (OpenProtocol: status %u)"
		         : "somebody keeps the card's SNP to himself (OpenProtocol: status %u)", status_number(status));
		return NULL;
	}
	card->held = &snp_guid;
	return opened;
}

static bool take_lent(struct efi_card *card, char *why, size_t size)
{
	if (!hold_snp(card, why, size))
		return false;
	card->nic = card->lent.nic;
	*card->lent.is_taken = true;
	return true;
}

static bool take_snp(struct efi_card *card, char *why, size_t size)
{
	void *opened = hold_snp(card, why, size);

	if (!opened)
		return false;
	card->protocol.snp = opened;
	card->env = snp_env_of(&card->protocol);
	if (snp_open(&card->snp, &card->env)) {
		card->nic = &card->snp.nic;
		return true;
	}
	fmt_text(why, size, "the driver behind the card's SNP does not work (%s: %s)", card->snp.failed.call,
	         snp_status_text(card->snp.failed.status));
	card_give_back(card);
	return false;
}

static bool take_nii(struct efi_card *card, char *why, size_t size)
{
	struct card_nii_trouble trouble;

	if (!card_nii_is_there(card->handle)) {
		fmt_text(why, size, "the card offers no UNDI 3.1");
		return false;
	}
	if (card_nii_take(&card->nii, card->handle, card->path, &trouble)) {
		card->nic  = &card->nii.card.nic;
		card->held = card->nii.held;
		return true;
	}
	if (trouble.detail)
		fmt_text(why, size, "the card's UNDI does not work (%s: %s)", trouble.what, trouble.detail);
	else
		fmt_text(why, size, "%s (OpenProtocol: status %u)", trouble.what, trouble.status);
	bs->ConnectController(card->handle, NULL, NULL, TRUE);
	return false;
}

/* The firmware's drivers make that node; so does a card without one get it, and the disk's path looks the same. */
static void add_mac_node(struct efi_card *card)
{
	EFI_DEVICE_PATH *made = path_add_mac(card->path, card->path_bytes, card->own.nic->mac);

	if (!made)
		return;
	card->path_bytes += PATH_MAC_BYTES;
	path_copy(card->path, made, card->path_bytes);
	bs->FreePool(made);
}

static bool take_own(struct efi_card *card, char *why, size_t size)
{
	EFI_HANDLE handle = card_own_below(card->path);
	const char *trouble = "it is none that we have a driver for";

	if (handle)
		trouble = card_own_take(&card->own, handle, card->handle);
	if (trouble) {
		fmt_text(why, size, "the card cannot be driven from here: %s", trouble);
		if (handle)
			bs->ConnectController(handle, NULL, NULL, TRUE);
		return false;
	}
	card->handle = handle;
	card->held   = card->own.held;
	card->nic    = card->own.nic;
	if (!path_bytes_to_mac(card->path))
		add_mac_node(card);
	return true;
}

/* In the order that card.h has. */
static bool take(struct efi_card *card, enum config_driver wanted, struct log *log, char *why, size_t size)
{
	bool is_any  = wanted == CONFIG_DRIVER_ANY;
	bool is_own  = wanted == CONFIG_DRIVER_OWN || (is_any && (card->is_bare || card_own_is_best(card->path)));
	bool instead;

	if (card->lent.handle)
		return take_lent(card, why, size);
	if (is_own && take_own(card, why, size))
		return true;
	if (is_own && is_any && !card->is_bare && card_find_again(card)) {
		log_line(log, LOG_STEP, "%s: the firmware's driver does", why);
		is_own = false;
	}
	instead = is_any && !is_own && card_nii_is_there(card->handle);
	if (!is_own && wanted != CONFIG_DRIVER_UNDI && take_snp(card, why, size))
		return true;
	if (instead)
		log_line(log, LOG_STEP, "%s: its UNDI is driven instead", why);
	return (instead || wanted == CONFIG_DRIVER_UNDI) && take_nii(card, why, size);
}

bool card_take(struct efi_card *card, enum config_driver wanted, struct log *log)
{
	char why[120] = "";

	if (take(card, wanted, log, why, sizeof why))
		return true;
	log_line(log, LOG_ERROR, "RILL-E09: %s. Start this file from the card itself, look for a newer firmware or "
	         "ROM of the card%s", why, wanted == CONFIG_DRIVER_ANY ? "." : ", or say rill-config --driver any.");
	return false;
}

bool card_find_again(struct efi_card *card)
{
	EFI_HANDLE bare;

	if (on_path(card, card->path, card->path_bytes))
		return true;
	bare = card_own_below(card->path);
	if (bare)
		card->handle = bare;
	return bare != NULL;
}

void card_say_calls(const struct efi_card *card, struct log *log)
{
	const struct nii_counters *undi = &card->nii.card.counted;
	const struct snp_counters *snp = &card->snp.counted;

	if (card->nic && (card->own.nic || card->lent.handle)) {
		const struct card_driver *driver = card->lent.handle ? card->lent.driver : card->own.driver;
		const struct card_counters *own = driver->counted(card->nic);

		log_line(log, LOG_STEP, "%s: our own driver; %u frames in, %u out", card->nic->driver,
		         (unsigned)own->received, (unsigned)own->sent);
		return;
	}
	if (card->nic)
		log_line(log, LOG_STEP, "%s: %u UNDI calls, %u SNP calls; %u frames in, %u out", card->nic->driver,
		         (unsigned)undi->calls, (unsigned)card->protocol.calls, (unsigned)(undi->frames + snp->frames),
		         (unsigned)(undi->sent + snp->sent));
}

void card_quiet(struct efi_card *card)
{
	snp_quiet(&card->snp);
	nii_quiet(&card->nii.card);
	card_own_quiet(&card->own);
}

void card_give_back(struct efi_card *card)
{
	bool was_own = card->own.nic != NULL;

	snp_close(&card->snp);
	card_nii_give_back(&card->nii);
	card_own_give_back(&card->own);
	if (!card->held)
		return;
	if (card->held == &snp_guid)
		protocol_let_go(card->handle, &snp_guid);
	if (card->lent.handle)
		*card->lent.is_taken = false;
	card->held = NULL;
	card->nic  = NULL;
	bs->ConnectController(card->handle, NULL, NULL, TRUE);
	if (was_own)
		card_find_again(card);          /* whoever is next wants the firmware's handle, if it has one */
}
