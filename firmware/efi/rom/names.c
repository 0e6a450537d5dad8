/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/rom/names.h"
#include "firmware/efi/rom/driven_card.h"

static CHAR16 driver_name_text[] = L"Rill network driver";

/* RFC 4646: "en", and whatever of it stands behind a hyphen. */
static EFI_STATUS judge(const CHAR8 *language, CHAR16 **name)
{
	if (!language || !name)
		return EFI_INVALID_PARAMETER;
	if (language[0] != 'e' || language[1] != 'n' || (language[2] && language[2] != '-'))
		return EFI_UNSUPPORTED;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI driver_name(struct component_name2 *this, CHAR8 *language, CHAR16 **name)
{
	EFI_STATUS status = judge(language, name);

	(void)this;
	if (status == EFI_SUCCESS)
		*name = driver_name_text;
	return status;
}

static EFI_STATUS EFIAPI controller_name(struct component_name2 *this, EFI_HANDLE controller, EFI_HANDLE child,
                                         CHAR8 *language, CHAR16 **name)
{
	EFI_STATUS status = judge(language, name);
	struct driven_card *card;

	(void)this;
	if (!controller)
		return EFI_INVALID_PARAMETER;
	if (status != EFI_SUCCESS)
		return status;
	card = driven_card_of(controller);
	if (!card || (child && child != card->child.handle))
		return EFI_UNSUPPORTED;
	*name = child ? card->child_name : card->name;
	return EFI_SUCCESS;
}

struct component_name2 component_name2 = {
	.driver_name = driver_name, .controller_name = controller_name, .languages = (const CHAR8 *)"en",
};
