/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any DHCP reply, as it comes and with the fields made good that have one right value; and what we answer. */
#include "netstack/fuzz/fuzz.h"
#include "netstack/wire/dhcp.h"

static void answer(const struct dhcp_packet *p)
{
	struct dhcp_question q = {
		.type = p->type, .xid = p->xid, .client_ip = p->client_ip, .requested_ip = p->your_ip,
		.server_id = p->next_ip, .user_class = p->xid & 1 ? "Rill" : NULL, .broadcast = p->xid & 2,
		.id_is_uuid = p->xid & 16, .message = p->xid & 32 ? "why" : NULL,
	};
	size_t size = p->xid & 4 ? DHCP_SIZE_MAX : 280;
	uint8_t *room = malloc(size);
	struct wr w = wr_over(room, size);

	dhcp_emit(&w, &q);
	require(!wr_ok(&w) || wr_used(&w, room) >= DHCP_SIZE_MIN);
	free(room);
}

/* An ACK of our own with this packet's options, or with a few of its own: if it fits, it is one. */
static void answer_as_server(const struct dhcp_packet *p)
{
	static const uint32_t dns[] = { 0x09090909, 0x08080808, 0 };
	const struct dhcp_route routes[] = { { p->your_ip, p->xid, p->next_ip }, { p->next_ip, p->client_ip, 0 } };
	const struct dhcp_ack r = {
		.xid = p->xid, .your_ip = p->your_ip, .next_ip = p->next_ip, .boot_file = "boot.efi",
		.options_from = p->xid & 1 ? p : NULL, .server_id = p->relay_ip, .netmask = p->xid, .dns = dns,
		.routes = routes, .route_count = p->xid >> 4 & 1 ? 2 : 0, .mtu = (uint16_t)p->xid,
		.dns_count = p->xid >> 1 & 3, .host_name = p->xid & 8 ? "" : "kiosk7",
	};
	size_t size = p->xid & 4 ? DHCP_SIZE_MAX : 300;
	uint8_t *room = malloc(size);
	struct wr w = wr_over(room, size);
	struct dhcp_packet again;

	dhcp_emit_ack(&w, &r);
	if (wr_ok(&w))
		require(dhcp_parse(rd_over(room, wr_used(&w, room)), &again) && again.your_ip == p->your_ip);
	free(room);
}

static void judge(struct rd packet)
{
	struct dhcp_packet p;
	uint8_t *room;
	size_t size;

	if (!dhcp_parse(packet, &p))
		return;
	size = 1 + (p.xid >> 3) % 600;
	room = malloc(size);
	for (unsigned code = 1; code < 255; code++) {
		size_t len = dhcp_option(&p, code, room, size);

		require(len <= size);
		require(len == 0 || p.options_seen[code / 8] >> code % 8 & 1);
	}
	free(room);
	answer(&p);
	answer_as_server(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const uint8_t head[] = { 2, 1, 6 }, magic[] = { 0x63, 0x82, 0x53, 0x63 };
	uint8_t *copy = fuzz_copy(bytes, len);

	judge(rd_over(copy, len));
	if (len >= 240) {
		memcpy(copy, head, sizeof head);
		memcpy(copy + 236, magic, sizeof magic);
		judge(rd_over(copy, len));
	}
	free(copy);
	return 0;
}
