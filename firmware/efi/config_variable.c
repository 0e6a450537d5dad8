/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/config_variable.h"
#include "firmware/efi/services.h"

/* Ours alone; firmware/rill-config and docs/configuration.md name the same. */
static const EFI_GUID vendor = {
	0x6a1d2f4e, 0x93b7, 0x4c58, { 0x8e, 0x0b, 0x52, 0x49, 0x4c, 0x4c, 0x00, 0x01 },
};

size_t config_variable_read(uint8_t room[CONFIG_VARIABLE_MAX])
{
	static CHAR16 name[] = { 'R', 'i', 'l', 'l', 'C', 'o', 'n', 'f', 'i', 'g', 0 };
	UINTN size = CONFIG_VARIABLE_MAX;
	EFI_GUID guid = vendor;                 /* gnu-efi's prototype does not promise to leave it alone */
	EFI_STATUS status;

	memset(room, 0, CONFIG_VARIABLE_MAX);
	status = st->RuntimeServices->GetVariable(name, &guid, NULL, &size, room);
	if (status == EFI_BUFFER_TOO_SMALL) {
		memset(room, 0, CONFIG_VARIABLE_MAX);
		return CONFIG_VARIABLE_MAX;
	}
	return status == EFI_SUCCESS ? size : 0;
}
