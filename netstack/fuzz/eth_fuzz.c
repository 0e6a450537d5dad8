/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any frame: what is read, is written again as the same bytes. */
#include "netstack/fuzz/fuzz.h"
#include "netstack/wire/eth.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct rd frame = rd_over(bytes, len);
	struct eth_head head;
	uint8_t again[ETH_HEAD];
	struct wr w = wr_over(again, sizeof again);

	if (!eth_parse(&frame, &head))
		return 0;
	eth_emit(&w, &head);
	require(wr_ok(&w) && memcmp(again, bytes, 12) == 0);
	require(rd_left(&frame) == len - 14 || rd_left(&frame) == len - 18);
	return 0;
}
