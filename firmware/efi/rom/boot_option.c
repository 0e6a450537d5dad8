/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/rom/boot_option.h"
#include "firmware/efi/path.h"
#include "firmware/efi/rill.h"

static const CHAR16 name[] = L"Rill";

static EFI_GUID load_guid = EFI_LOAD_FILE_PROTOCOL_GUID, path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID;

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
	const struct card_lent lent = { .handle = card->child.handle, .nic = card->nic, .driver = card->driver,
	                                .is_taken = &card->snp.is_lent };
	EFI_STATUS status;

	if (!card->child.handle || card->is_quiet || card->option.is_running)
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

EFI_STATUS boot_option_add(struct driven_card *card)
{
	const EFI_DEVICE_PATH *below = protocol_of(card->controller, &path_guid);
	struct boot_option *option = &card->option;
	EFI_DEVICE_PATH *path = NULL;

	if (option->child.handle)
		return EFI_SUCCESS;
	option->load.LoadFile = load_file;
	if (below)
		path = path_make(below, path_bytes(below), MEDIA_DEVICE_PATH, MEDIA_FILEPATH_DP, name, sizeof name);
	return child_add(&option->child, card->controller, path, &load_guid, &option->load);
}

EFI_STATUS boot_option_remove(struct driven_card *card)
{
	return card->option.is_running ? EFI_DEVICE_ERROR : child_remove(&card->option.child);
}
