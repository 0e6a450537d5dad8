/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/unreachable.h"
#include "lib/fmt.h"
#include "netstack/wire/icmp.h"

bool unreachable_say(const struct net *n, uint32_t ip, char *room, size_t size)
{
	const struct net_unreachable *u = &n->unreachable;

	if (!u->seen || u->quoted.dst_ip != ip)
		return false;
	if (net_is_refused(n, &u->quoted))
		fmt_text(room, size, "port %u of %s is closed", (unsigned)u->quoted.dst_port, ip_text(ip).s);
	else if (u->mtu)
		fmt_text(room, size, "%s says: too long for the way, which takes %u bytes (ICMP %u, code %u)",
		         ip_text(u->from).s, (unsigned)u->mtu, (unsigned)u->type, (unsigned)u->code);
	else
		fmt_text(room, size, "%s says: %s (ICMP %u, code %u)", ip_text(u->from).s,
		         icmp_error_text(u->type, u->code), (unsigned)u->type, (unsigned)u->code);
	return true;
}

void unreachable_explain(const struct net *n, struct log *to)
{
	const struct net_unreachable *u = &n->unreachable;
	char words[120];

	if (unreachable_say(n, u->quoted.dst_ip, words, sizeof words))
		log_line(to, LOG_ERROR, "  of what was sent to %s, port %u: %s", ip_text(u->quoted.dst_ip).s,
		         (unsigned)u->quoted.dst_port, words);
}
