/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any ARP packet: what is accepted, is written again as the same bytes. */
#include "netstack/fuzz/fuzz.h"
#include "netstack/wire/arp.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arp_packet a;
	uint8_t again[ARP_SIZE];
	struct wr w = wr_over(again, sizeof again);

	if (!arp_parse(rd_over(bytes, len), &a))
		return 0;
	arp_emit(&w, &a);
	require(wr_ok(&w) && len >= ARP_SIZE && memcmp(again, bytes, ARP_SIZE) == 0);
	return 0;
}
