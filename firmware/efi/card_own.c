/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/card_own.h"
#include "undi/drivers/pci.h"

static EFI_GUID pci_guid = EFI_PCI_IO_PROTOCOL_GUID, snp_guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID;

static const struct card_driver *driver_of(EFI_HANDLE handle)
{
	EFI_PCI_IO_PROTOCOL *pci = protocol_of(handle, &pci_guid);
	uint16_t ids[2];
	const char *name;

	if (!pci || pci->Pci.Read(pci, EfiPciIoWidthUint16, PCI_VENDOR, 2, ids) != EFI_SUCCESS)
		return NULL;
	return driver_for(ids[0], ids[1], &name);
}

EFI_HANDLE card_own_any(void)
{
	EFI_HANDLE *handles, found = NULL;
	UINTN count;

	handles = handles_with(&pci_guid, &count);
	for (UINTN i = 0; i < count; i++)
		if (driver_of(handles[i])
		    && (!found || (protocol_driver(found, &pci_guid) && !protocol_driver(handles[i], &pci_guid))))
			found = handles[i];
	if (handles)
		bs->FreePool(handles);
	return found;
}

EFI_HANDLE card_own_below(EFI_DEVICE_PATH *path)
{
	EFI_HANDLE handle;

	return bs->LocateDevicePath(&pci_guid, &path, &handle) == EFI_SUCCESS && driver_of(handle) ? handle : NULL;
}

bool card_own_is_best(EFI_DEVICE_PATH *path)
{
	EFI_HANDLE handle = card_own_below(path);

	return handle && driver_of(handle)->is_paravirtual;
}

static void close(struct card_own *c)
{
	protocol_let_go(c->handle, &pci_guid);
	c->held = NULL;
}

/* EDK2's VirtioNetDxe does not go while its SNP is started, and who started it (MNP) goes when that is taken away. */
static void stop_network(EFI_HANDLE network)
{
	EFI_SIMPLE_NETWORK *snp;

	if (protocol_take(network, &snp_guid, (void **)&snp) != EFI_SUCCESS)
		return;
	if (snp->Mode->State == EfiSimpleNetworkInitialized)
		snp->Shutdown(snp);
	if (snp->Mode->State == EfiSimpleNetworkStarted)
		snp->Stop(snp);
	protocol_let_go(network, &snp_guid);
}

/*
 * EXCLUSIVE asks only the driver of this protocol to go. One on top of it, on the same handle, keeps him there (OVMF's
 * VirtioNetDxe, of VirtioPciDeviceDxe): all drivers of the handle are asked.
 */
static bool take(EFI_HANDLE handle, EFI_HANDLE network, void **pci)
{
	stop_network(network);
	if (protocol_take(handle, &pci_guid, pci) == EFI_SUCCESS)
		return true;
	bs->DisconnectController(handle, NULL, NULL);
	return protocol_take(handle, &pci_guid, pci) == EFI_SUCCESS;
}

const char *card_own_take(struct card_own *c, EFI_HANDLE handle, EFI_HANDLE network)
{
	const char *why;
	void *pci;

	*c = (struct card_own){ .handle = handle, .driver = driver_of(handle) };
	if (!take(handle, network, &pci))
		return "somebody keeps it to himself";
	c->held = &pci_guid;
	why = pci_hardware_open(&c->hardware, pci, c->driver->memory_bytes);
	if (why) {
		close(c);
		return why;
	}
	why = c->driver->open(&c->hardware.h, &c->nic);
	if (why) {
		pci_hardware_close(&c->hardware);
		close(c);
	}
	return why;
}

void card_own_quiet(struct card_own *c)
{
	if (c->nic)
		c->driver->close(c->nic);
}

void card_own_give_back(struct card_own *c)
{
	if (!c->nic)
		return;
	c->driver->close(c->nic);
	c->nic = NULL;
	pci_hardware_close(&c->hardware);
	close(c);
}
