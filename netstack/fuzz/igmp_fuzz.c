/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any IGMP message, as it comes and with its checksum made good; and what a member of a group makes of it. */
#include "netstack/fuzz/fuzz.h"
#include "netstack/igmp.h"
#include "netstack/wire/igmp.h"

enum { GROUP = 0xefff0001 };

static bool wire_send(struct nic *nic, const void *frame, size_t len)
{
	(void)nic;
	require(frame && len == FRAME_HEAD + IGMP_PACKET);
	return true;
}

static bool wire_poll(struct nic *nic, struct rd *frame)
{
	(void)nic;
	(void)frame;
	return false;
}

static bool wire_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	(void)nic;
	return macs && count <= NIC_GROUPS_MAX;
}

static void judge(struct rd packet, struct igmp *g, struct net *net, usec now)
{
	struct igmp_message m;
	uint8_t again[IGMP_PACKET];
	struct wr w = wr_over(again, sizeof again);

	g->group.rx(&g->group, net, now, packet);
	if (igmp_parse(packet, &m) != IGMP_FINE)
		return;
	require(m.wait_max <= UINT32_MAX);
	require(m.type != IGMP_QUERY || (m.group && m.group != GROUP) || g->group.due <= now + m.wait_max);
	igmp_emit_packet(&w, 1, GROUP, &m);
	require(wr_ok(&w) && wr_used(&w, again) == sizeof again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct net net;
	struct nic nic = { .send = wire_send, .poll = wire_poll, .groups = wire_groups, .mac = { 2 } };
	uint8_t *copy = fuzz_copy(bytes, len);
	struct datagram d;
	struct igmp g;

	net_init(&net, &nic, NULL);
	require(igmp_join(&g, &net, 0, GROUP, 1));
	judge(rd_over(copy, len), &g, &net, 0);
	fuzz_fix_checksum(copy, len, 2, 0);
	judge(rd_over(copy, len), &g, &net, 1);
	require(!net_poll(&net, NEVER - 1, &d));
	igmp_leave(&g, &net);
	free(copy);
	return 0;
}
