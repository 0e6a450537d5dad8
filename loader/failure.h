/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_FAILURE_H
#define LOADER_FAILURE_H
/*
 * Everything a boot can fail with: the standard PXE code and text where there
 * is one, ours where there is none, and what to check.
 * docs/errors.md has an entry for each; a test compares.
 */
#include "lib/types.h"

enum failure_code {
	FAILURE_NONE,
	FAILURE_NO_BASE_MEMORY,         /* PXE-E00 */
	FAILURE_API,                    /* PXE-E08 */
	FAILURE_UNDI_LOADER,            /* PXE-E09 */
	FAILURE_ARP,                    /* PXE-E11 */
	FAILURE_TFTP_OPEN,              /* PXE-E32 */
	FAILURE_TFTP_READ,              /* PXE-E35 */
	FAILURE_TFTP_ERROR,             /* PXE-E36 */
	FAILURE_TFTP_NOT_FOUND,         /* PXE-E3B */
	FAILURE_TFTP_ACCESS,            /* PXE-E3C */
	FAILURE_TFTP_SIZE,              /* PXE-E3F */
	FAILURE_NO_OFFER,               /* PXE-E51 */
	FAILURE_PROXY_ONLY,             /* PXE-E52 */
	FAILURE_NO_BOOT_FILE,           /* PXE-E53 */
	FAILURE_PROXY_SILENT,           /* PXE-E55 */
	FAILURE_NO_LINK,                /* PXE-E61 */
	FAILURE_BAD_MENU,               /* PXE-E74 */
	FAILURE_NO_DISCOVERY_ADDRESS,   /* PXE-E76 */
	FAILURE_NO_DISCOVERY_LIST,      /* PXE-E77 */
	FAILURE_NO_BOOT_SERVER,         /* PXE-E78 */
	FAILURE_TOO_BIG,                /* PXE-E79 */
	FAILURE_CANCELLED,              /* PXE-EA0 */
	FAILURE_BAD_ROM_ID,             /* PXE-EC5 */
	FAILURE_BAD_ROM,                /* PXE-EC6 */
	FAILURE_NO_PXE,                 /* PXE-EC8 */
	FAILURE_LEASE_REFUSED,          /* RILL-E01 */
	FAILURE_ADDRESS_TAKEN,          /* RILL-E02 */
	FAILURE_BAD_URI,                /* RILL-E03 */
	FAILURE_SERVER_SILENT,          /* RILL-E04 */
	FAILURE_SERVER_DENIED,          /* RILL-E05 */
	FAILURE_DISK_READ,              /* RILL-E06 */
	FAILURE_NO_BOOT_SECTOR,         /* RILL-E07 */
	FAILURE_NOT_A_PROGRAM,          /* RILL-E08 */
	FAILURE_MACHINE,                /* RILL-E09 */
	FAILURE_CD_IMAGE,               /* RILL-E10 */
	FAILURE_NO_BOOT_PROGRAM,        /* RILL-E11 */
	FAILURE_NOT_TRUSTED,            /* RILL-E12 */
	FAILURE_CODES
};

struct failure_text { const char *code, *text, *hint; };

/* Never NULL members; FAILURE_NONE has empty ones. */
const struct failure_text *failure_text(enum failure_code code);
#endif
