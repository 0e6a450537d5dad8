/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * The driver in a card's ROM (docs/uefi-rom.md). Its start touches no card: it only says that it is there, and the
 * firmware asks it about the cards that it wants connected.
 */
#include "firmware/efi/clock.h"
#include "firmware/efi/rom/binding.h"
#include "firmware/efi/rom/names.h"

/* EFI_DRIVER_SUPPORTED_EFI_VERSION_PROTOCOL, which drivers on plug-in cards must have (UEFI 11.17). */
#define SUPPORTED_VERSION_GUID { 0x5c198761, 0x16a8, 0x4e69, { 0x97, 0x2c, 0x89, 0xd6, 0x79, 0x54, 0xf8, 0x1d } }
enum { UEFI_2_10 = 2 << 16 | 100 };

static struct { UINT32 length, version; } supported_version = { sizeof supported_version, UEFI_2_10 };

static EFI_GUID binding_guid = EFI_DRIVER_BINDING_PROTOCOL_GUID, names_guid = COMPONENT_NAME2_GUID,
                version_guid = SUPPORTED_VERSION_GUID, loaded_guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;

static EFI_STATUS EFIAPI unload(EFI_HANDLE image)
{
	EFI_STATUS status = driver_binding_let_go();

	if (status != EFI_SUCCESS)
		return status;
	return bs->UninstallMultipleProtocolInterfaces(image, &binding_guid, &driver_binding, &names_guid,
	                                               &component_name2, &version_guid, &supported_version, NULL);
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	EFI_LOADED_IMAGE *loaded;

	our_image = image;
	st = table;
	bs = table->BootServices;
	clock_init();
	loaded = protocol_of(image, &loaded_guid);
	if (loaded)
		loaded->Unload = unload;
	driver_binding.ImageHandle = driver_binding.DriverBindingHandle = image;
	return bs->InstallMultipleProtocolInterfaces(&image, &binding_guid, &driver_binding, &names_guid,
	                                             &component_name2, &version_guid, &supported_version, NULL);
}
