/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/rom/binding.h"
#include "firmware/efi/path.h"
#include "firmware/efi/rom/boot_option.h"

enum { VERSION = 0x10 };

static EFI_GUID pci_guid = EFI_PCI_IO_PROTOCOL_GUID;

/* UEFI 11.1, Start(): an end asks for the device and none of its children. */
static bool is_end(const EFI_DEVICE_PATH *remaining) { return remaining && !path_bytes(remaining); }

/* NULL asks for whatever there is; a boot manager that connects no more than it must, for its option's path. */
static bool is_made_here(const EFI_DEVICE_PATH *remaining)
{
	return !remaining || is_end(remaining)
	    || path_node_is(remaining, 0, MESSAGING_DEVICE_PATH, MSG_MAC_ADDR_DP)
	    || path_node_is(remaining, 0, MEDIA_DEVICE_PATH, MEDIA_FILEPATH_DP);
}

/* Of every device of the machine this is asked: nothing is changed by it. Opened and closed again: nobody has it. */
static EFI_STATUS EFIAPI supported(EFI_DRIVER_BINDING *this, EFI_HANDLE controller, EFI_DEVICE_PATH *remaining)
{
	const struct driven_card *card = driven_card_of(controller);
	const struct card_driver *driver;
	const char *name;
	EFI_STATUS status;
	void *pci;

	(void)this;
	if (!is_made_here(remaining))
		return EFI_UNSUPPORTED;
	if (card)
		return card->child.handle && card->option.child.handle ? EFI_ALREADY_STARTED : EFI_SUCCESS;
	status = bs->OpenProtocol(controller, &pci_guid, &pci, our_image, controller, EFI_OPEN_PROTOCOL_BY_DRIVER);
	if (status != EFI_SUCCESS)
		return status;
	driver = driver_of_pci(pci, &name);
	bs->CloseProtocol(controller, &pci_guid, our_image, controller);
	return driver ? EFI_SUCCESS : EFI_UNSUPPORTED;
}

static EFI_STATUS add_children(struct driven_card *card)
{
	EFI_STATUS status = driven_card_add(card);

	return status == EFI_SUCCESS ? boot_option_add(card) : status;
}

/* The interface first: if that is kept by somebody, all stays. */
static EFI_STATUS remove_children(struct driven_card *card)
{
	EFI_STATUS status = card->option.is_running ? EFI_DEVICE_ERROR : driven_card_remove(card);

	return status == EFI_SUCCESS ? boot_option_remove(card) : status;
}

static EFI_STATUS EFIAPI start(EFI_DRIVER_BINDING *this, EFI_HANDLE controller, EFI_DEVICE_PATH *remaining)
{
	struct driven_card *card = driven_card_of(controller);
	EFI_STATUS status = EFI_SUCCESS;

	(void)this;
	if (card)
		return is_end(remaining) ? EFI_SUCCESS : add_children(card);
	status = driven_card_open(controller, &card);
	if (status != EFI_SUCCESS || is_end(remaining))
		return status;
	status = add_children(card);
	if (status != EFI_SUCCESS && remove_children(card) == EFI_SUCCESS)
		driven_card_close(card);
	return status;
}

static bool is_among(EFI_HANDLE child, UINTN count, const EFI_HANDLE *children)
{
	for (UINTN i = 0; child && i < count; i++)
		if (children[i] == child)
			return true;
	return false;
}

/*
 * First with the children that are to go, then, if those went, without any: for the device itself. The option goes with
 * the interface: it is nothing without.
 */
static EFI_STATUS EFIAPI stop(EFI_DRIVER_BINDING *this, EFI_HANDLE controller, UINTN count, EFI_HANDLE *children)
{
	struct driven_card *card = driven_card_of(controller);

	(void)this;
	if (!card)
		return EFI_DEVICE_ERROR;
	if (!count)
		return driven_card_close(card);
	if (is_among(card->child.handle, count, children))
		return remove_children(card);
	return is_among(card->option.child.handle, count, children) ? boot_option_remove(card) : EFI_DEVICE_ERROR;
}

EFI_DRIVER_BINDING driver_binding = { .Supported = supported, .Start = start, .Stop = stop, .Version = VERSION };

EFI_STATUS driver_binding_let_go(void)
{
	EFI_STATUS status = EFI_SUCCESS;

	for (const struct driven_card *card = driven_card_any(); card; card = card->next)
		if (card->option.is_running)
			return EFI_DEVICE_ERROR;        /* before any of them has gone */
	while (status == EFI_SUCCESS && driven_card_any())
		status = bs->DisconnectController(driven_card_any()->controller, our_image, NULL);
	return status;
}
