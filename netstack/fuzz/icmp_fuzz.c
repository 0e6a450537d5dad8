/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any ICMP message, as it comes and with its checksum made good. */
#include "netstack/fuzz/fuzz.h"
#include "netstack/wire/icmp.h"

static void judge(struct rd packet)
{
	struct icmp_message m;
	size_t len = rd_left(&packet);
	uint8_t *again;
	struct wr w;

	if (icmp_parse(packet, &m) != ICMP_FINE)
		return;
	require(rd_left(&m.body) == len - ICMP_HEAD);
	again = malloc(len);
	w = wr_over(again, len);
	icmp_emit(&w, &m);
	require(wr_ok(&w) && wr_used(&w, again) == len && icmp_parse(rd_over(again, len), &m) == ICMP_FINE);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = fuzz_copy(bytes, len);

	judge(rd_over(copy, len));
	fuzz_fix_checksum(copy, len, 2, 0);
	judge(rd_over(copy, len));
	free(copy);
	return 0;
}
