/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "pxe/dhcp_packets.h"

uint32_t pxe_dhcp_relay(const struct dhcp_answer *answer)
{
	struct dhcp_packet p;

	return dhcp_parse(rd_over(answer->ack.bytes, answer->ack.size), &p) ? p.relay_ip : 0;
}

static size_t discover(const struct pxe_origin *o, uint8_t room[DHCP_SIZE_MAX])
{
	const struct dhcp_identity *who = o->who;
	struct wr w = wr_over(room, DHCP_SIZE_MAX);
	struct dhcp_question q = {
		.type = DHCP_DISCOVER, .xid = o->answer->xid, .broadcast = true, .architecture = who->architecture,
		.undi_major = who->undi_major, .undi_minor = who->undi_minor, .id_is_uuid = who->id_is_uuid,
		.user_class = "Rill",
	};

	memcpy(q.mac, who->mac, sizeof q.mac);
	memcpy(q.uuid, who->uuid, sizeof q.uuid);
	dhcp_emit(&w, &q);
	return wr_used(&w, room);
}

void pxe_dhcp_packets(struct pxe_cached *c, const struct pxe_origin *o, uint8_t room[DHCP_SIZE_MAX])
{
	const struct dhcp_answer_packet *reply = &o->answer->server;
	size_t bytes = discover(o, room);

	if (!reply->size && o->lease->proxy)
		reply = &o->answer->proxy;
	pxe_cached_set(c, PXE_CACHED_DISCOVER, rd_over(room, bytes));
	bytes = dhcp_answer_ack(o->answer, o->lease, o->server, o->file, room);
	pxe_cached_set(c, PXE_CACHED_ACK, rd_over(room, bytes));
	pxe_cached_set(c, PXE_CACHED_REPLY, rd_over(reply->bytes, reply->size));
}
