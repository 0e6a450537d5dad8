/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/rom/driven_card.h"
#include "firmware/efi/path.h"
#include "lib/fmt.h"
#include "undi/drivers/pci.h"

static EFI_GUID pci_guid = EFI_PCI_IO_PROTOCOL_GUID, snp_guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID,
                path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID;

static struct driven_card *cards;

const struct card_driver *driver_of_pci(EFI_PCI_IO_PROTOCOL *pci, const char **name)
{
	uint16_t ids[2];

	if (pci->Pci.Read(pci, EfiPciIoWidthUint16, PCI_VENDOR, 2, ids) != EFI_SUCCESS)
		return NULL;
	return driver_for(ids[0], ids[1], name);
}

struct driven_card *driven_card_any(void) { return cards; }

struct driven_card *driven_card_of(EFI_HANDLE controller)
{
	struct driven_card *card = cards;

	while (card && card->controller != controller)
		card = card->next;
	return card;
}

static void forget(struct driven_card *card)
{
	struct driven_card **at = &cards;

	while (*at && *at != card)
		at = &(*at)->next;
	if (*at)
		*at = card->next;
	bs->FreePool(card);
}

static void put_name(CHAR16 *to, const char *from)
{
	size_t i = 0;

	for (; from[i] && i + 1 < CARD_NAME_MAX; i++)
		to[i] = (uint8_t)from[i];
	to[i] = 0;
}

/* ---- the card ---- */

/* At TPL_CALLBACK, as all calls: never inside one. */
static VOID EFIAPI on_quiet(EFI_EVENT event, VOID *context)
{
	struct driven_card *card = context;

	(void)event;
	snp_efi_leave_for_ever(&card->snp);
	card->driver->close(card->nic);
	card->is_quiet = true;
}

static EFI_STATUS start_card(struct driven_card *card, EFI_PCI_IO_PROTOCOL *pci)
{
	char text[CARD_NAME_MAX];
	const char *name;

	card->driver = driver_of_pci(pci, &name);
	if (!card->driver)
		return EFI_UNSUPPORTED;
	if (pci_hardware_open(&card->hardware, pci, card->driver->memory_bytes))
		return EFI_OUT_OF_RESOURCES;
	if (card->driver->open(&card->hardware.h, &card->nic)) {
		pci_hardware_close(&card->hardware);
		return EFI_DEVICE_ERROR;
	}
	put_name(card->name, name);
	fmt_text(text, sizeof text, "%s, %s", name, mac_text(card->nic->mac).s);
	put_name(card->child_name, text);
	return EFI_SUCCESS;
}

static void stop_card(struct driven_card *card)
{
	if (!card->is_quiet)
		card->driver->close(card->nic);
	pci_hardware_close(&card->hardware);
}

static EFI_STATUS open_with(struct driven_card *card, EFI_PCI_IO_PROTOCOL *pci)
{
	EFI_STATUS status = start_card(card, pci);

	if (status != EFI_SUCCESS)
		return status;
	if (snp_efi_open(&card->snp, card->nic)) {
		status = bs->CreateEvent(EVT_SIGNAL_EXIT_BOOT_SERVICES, TPL_CALLBACK, on_quiet, card, &card->quiet);
		if (status == EFI_SUCCESS)
			return status;
		snp_efi_close(&card->snp);
	}
	stop_card(card);
	return EFI_OUT_OF_RESOURCES;
}

EFI_STATUS driven_card_open(EFI_HANDLE controller, struct driven_card **opened)
{
	struct driven_card *card;
	EFI_STATUS status;
	void *pci;

	status = bs->OpenProtocol(controller, &pci_guid, &pci, our_image, controller, EFI_OPEN_PROTOCOL_BY_DRIVER);
	if (status != EFI_SUCCESS)
		return status;
	status = bs->AllocatePool(EfiBootServicesData, sizeof *card, (void **)&card);
	if (status == EFI_SUCCESS) {
		memset(card, 0, sizeof *card);
		card->controller = controller;
		card->next = cards;
		cards = *opened = card;
		status = open_with(card, pci);
		if (status == EFI_SUCCESS)
			return status;
		forget(card);
	}
	bs->CloseProtocol(controller, &pci_guid, our_image, controller);
	return status;
}

EFI_STATUS driven_card_close(struct driven_card *card)
{
	if (card->child.handle || card->option.child.handle)
		return EFI_DEVICE_ERROR;
	bs->CloseEvent(card->quiet);
	snp_efi_close(&card->snp);
	stop_card(card);
	bs->CloseProtocol(card->controller, &pci_guid, our_image, card->controller);
	forget(card);
	return EFI_SUCCESS;
}

/* ---- the interface ---- */

EFI_STATUS driven_card_add(struct driven_card *card)
{
	const EFI_DEVICE_PATH *below = protocol_of(card->controller, &path_guid);

	if (card->child.handle)
		return EFI_SUCCESS;
	return child_add(&card->child, card->controller,
	                 below ? path_add_mac(below, path_bytes(below), card->nic->mac) : NULL, &snp_guid,
	                 &card->snp.snp);
}

EFI_STATUS driven_card_remove(struct driven_card *card) { return child_remove(&card->child); }
