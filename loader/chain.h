/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_CHAIN_H
#define LOADER_CHAIN_H
/* Another program instead of a disk: what may be started, and what is refused. */
#include "loader/config.h"

enum chain_verdict {
	CHAIN_GOOD,
	CHAIN_SELF,             /* our own mark is in it: nobody chains himself */
	CHAIN_EMPTY,
	CHAIN_IS_EFI,           /* MZ, and this is a BIOS */
	CHAIN_IS_BIOS,          /* no MZ, and this is UEFI */
};

enum chain_verdict chain_judge(struct rd program, uint16_t architecture);
#endif
