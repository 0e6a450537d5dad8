/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* rill.efi: started by the firmware's PXE or HTTP boot, from a medium, or by another program. */
#include "firmware/efi/rill.h"

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	our_image = image;
	st = table;
	bs = table->BootServices;
	return rill_run(NULL);
}
