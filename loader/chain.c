/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/chain.h"

enum { ARCH_BIOS = 0 };

enum chain_verdict chain_judge(struct rd program, uint16_t architecture)
{
	struct rd mark = program;

	if (rd_left(&program) == 0)
		return CHAIN_EMPTY;
	rd_skip(&mark, SELF_MARK_AT);
	if (rd_is(&mark, SELF_MARK, SELF_MARK_BYTES))
		return CHAIN_SELF;
	if (rd_is(&program, "MZ", 2))
		return architecture == ARCH_BIOS ? CHAIN_IS_EFI : CHAIN_GOOD;
	return architecture == ARCH_BIOS ? CHAIN_GOOD : CHAIN_IS_BIOS;
}
