/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any frame: what is read, is written again as the same bytes. */
#include "netstack/fuzz/fuzz.h"
#include "netstack/wire/eth.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct rd frame = rd_over(bytes, len);
	struct eth_head head;
	uint8_t again[ETH_HEAD], tagged[ETH_HEAD + ETH_TAG];
	struct wr w = wr_over(again, sizeof again), t = wr_over(tagged, sizeof tagged);
	struct eth_head read_back;
	struct rd r;

	if (!eth_parse(&frame, &head))
		return 0;
	eth_emit(&w, &head);
	require(wr_ok(&w) && memcmp(again, bytes, 12) == 0);
	require(rd_left(&frame) == len - 14 || rd_left(&frame) == len - 18);
	if (head.type == ETH_VLAN)
		return 0;
	eth_emit_tagged(&t, rd_over(again, sizeof again), head.vlan);
	r = rd_over(tagged, sizeof tagged);
	require(wr_ok(&t) && eth_parse(&r, &read_back) && rd_done(&r));
	require(read_back.vlan == head.vlan && read_back.type == head.type);
	return 0;
}
