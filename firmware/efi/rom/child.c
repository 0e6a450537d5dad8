/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/rom/child.h"
#include "firmware/efi/rill.h"

static EFI_GUID path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID, pci_guid = EFI_PCI_IO_PROTOCOL_GUID;

static EFI_STATUS hold(struct child *c)
{
	void *ignored;

	return bs->OpenProtocol(c->controller, &pci_guid, &ignored, our_image, c->handle,
	                        EFI_OPEN_PROTOCOL_BY_CHILD_CONTROLLER);
}

static EFI_STATUS take_out(struct child *c)
{
	return bs->UninstallMultipleProtocolInterfaces(c->handle, &path_guid, c->path, c->guid, c->interface, NULL);
}

static void forget(struct child *c)
{
	if (c->path)
		bs->FreePool(c->path);
	*c = (struct child){ .handle = NULL };
}

EFI_STATUS child_add(struct child *c, EFI_HANDLE controller, EFI_DEVICE_PATH *path, EFI_GUID *guid, void *interface)
{
	EFI_STATUS status = EFI_OUT_OF_RESOURCES;

	*c = (struct child){ .controller = controller, .path = path, .guid = guid, .interface = interface };
	if (path)
		status = bs->InstallMultipleProtocolInterfaces(&c->handle, &path_guid, path, guid, interface, NULL);
	if (status == EFI_SUCCESS) {
		status = hold(c);
		/* One that cannot be held and does not go stays as it is: somebody uses it already. */
		if (status == EFI_SUCCESS || take_out(c) != EFI_SUCCESS)
			return status;
	}
	forget(c);
	return status;
}

/* Whoever drives the child is asked to go by the uninstalling; one that stays keeps all of it. */
EFI_STATUS child_remove(struct child *c)
{
	if (!c->handle)
		return EFI_SUCCESS;
	bs->CloseProtocol(c->controller, &pci_guid, our_image, c->handle);
	if (take_out(c) != EFI_SUCCESS) {
		hold(c);
		return EFI_DEVICE_ERROR;
	}
	forget(c);
	return EFI_SUCCESS;
}
