/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/vlan.h"

bool vlan_is_ours(const struct net *n, const struct eth_head *h)
{
	return h->vlan == n->vlan || (h->is_tagged && h->vlan == 0);
}

bool vlan_send_untagged(struct net *n, const void *frame, size_t len)
{
	if (!n->nic->send(n->nic, frame, len)) {
		n->dropped.card_busy++;
		return false;
	}
	n->dropped.sent++;
	return true;
}

bool vlan_send(struct net *n, const void *frame, size_t len)
{
	struct wr w = wr_over(n->tagged, sizeof n->tagged);

	if (!n->vlan)
		return vlan_send_untagged(n, frame, len);
	eth_emit_tagged(&w, rd_over(frame, len), n->vlan);
	return wr_ok(&w) && vlan_send_untagged(n, n->tagged, wr_used(&w, n->tagged));
}
