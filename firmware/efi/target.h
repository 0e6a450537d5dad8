/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_TARGET_H
#define FIRMWARE_EFI_TARGET_H
/* What UEFI and DHCP call the processor that we are compiled for; each processor's folder has one. */
#include "firmware/efi/services.h"

struct target {
	uint16_t      architecture;     /* DHCP option 93, RFC 4578 and IANA's list */
	const char   *build;            /* struct platform's */
	const CHAR16 *file;             /* what is started from a medium, UEFI 3.5.1.1; */
	size_t        file_bytes;       /* with its 0; */
	const char   *file_name;        /* and for the screen */
	const uint8_t *refusal;         /* code of a function that returns EFI_DEVICE_ERROR, whatever it is given */
	size_t        refusal_bytes;
};
_Static_assert(EFI_DEVICE_ERROR == 0x8000000000000007, "the refusal's number");

extern const struct target target;

/* These bytes have just been written and are to be run: a processor may have others in its instruction cache. */
void target_made_code(const void *code, size_t bytes);
#endif
