/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/rom/boot_option.h"
#include "firmware/efi/path.h"
#include "firmware/efi/rill.h"

static const CHAR16 name[] = L"Rill";

static EFI_GUID load_guid = EFI_LOAD_FILE_PROTOCOL_GUID, path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID,
                pci_guid = EFI_PCI_IO_PROTOCOL_GUID;

static struct driven_card *of(EFI_LOAD_FILE_PROTOCOL *load)
{
	return (struct driven_card *)((uint8_t *)load - offsetof(struct driven_card, option.load));
}

/*
 * There is never a file for the boot manager to start: what is to be started has been, from inside this call. So the
 * answer is an error in any case, and it goes on with its next option.
 */
static EFI_STATUS run(struct driven_card *card)
{
	const struct card_lent lent = { .handle = card->child, .nic = card->nic, .driver = card->driver,
	                                .is_taken = &card->snp.is_lent };
	EFI_STATUS status;

	if (!card->child || card->is_quiet || card->option.is_running)
		return EFI_NOT_FOUND;
	card->option.is_running = true;
	status = rill_run(&lent);
	card->option.is_running = false;
	return !EFI_ERROR(status) || status == EFI_BUFFER_TOO_SMALL ? EFI_ABORTED : status;
}

static EFI_STATUS EFIAPI load_file(EFI_LOAD_FILE_PROTOCOL *this, EFI_DEVICE_PATH *path, BOOLEAN is_boot, UINTN *bytes,
                                   VOID *buffer)
{
	(void)buffer;
	if (!this || !path || !bytes)
		return EFI_INVALID_PARAMETER;
	if (!is_boot)
		return EFI_UNSUPPORTED;
	return path_bytes(path) ? EFI_NOT_FOUND : run(of(this));
}

static EFI_STATUS hold(struct driven_card *card)
{
	void *ignored;

	return bs->OpenProtocol(card->controller, &pci_guid, &ignored, our_image, card->option.handle,
	                        EFI_OPEN_PROTOCOL_BY_CHILD_CONTROLLER);
}

static EFI_STATUS take_out(struct boot_option *option)
{
	return bs->UninstallMultipleProtocolInterfaces(option->handle, &path_guid, option->path, &load_guid,
	                                               &option->load, NULL);
}

static void forget(struct boot_option *option)
{
	option->handle = NULL;
	if (option->path)
		bs->FreePool(option->path);
	option->path = NULL;
}

EFI_STATUS boot_option_add(struct driven_card *card)
{
	const EFI_DEVICE_PATH *below = protocol_of(card->controller, &path_guid);
	struct boot_option *option = &card->option;
	EFI_STATUS status = EFI_OUT_OF_RESOURCES;

	if (option->handle)
		return EFI_SUCCESS;
	option->load.LoadFile = load_file;
	if (below)
		option->path = path_make(below, path_bytes(below), MEDIA_DEVICE_PATH, MEDIA_FILEPATH_DP, name,
		                         sizeof name);
	if (option->path)
		status = bs->InstallMultipleProtocolInterfaces(&option->handle, &path_guid, option->path, &load_guid,
		                                               &option->load, NULL);
	if (status == EFI_SUCCESS) {
		status = hold(card);
		if (status == EFI_SUCCESS || take_out(option) != EFI_SUCCESS)
			return status;
	}
	forget(option);
	return status;
}

EFI_STATUS boot_option_remove(struct driven_card *card)
{
	struct boot_option *option = &card->option;

	if (!option->handle)
		return EFI_SUCCESS;
	if (option->is_running)
		return EFI_DEVICE_ERROR;
	bs->CloseProtocol(card->controller, &pci_guid, our_image, option->handle);
	if (take_out(option) != EFI_SUCCESS) {
		hold(card);
		return EFI_DEVICE_ERROR;
	}
	forget(option);
	return EFI_SUCCESS;
}
