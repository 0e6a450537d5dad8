/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "sim/host.h"
#include <stdlib.h>
#include "netstack/dhcp.h"
#include "netstack/wire/dhcp_fake.h"
#include "sim/provider.h"

enum { NETWORK = 0x0a000000, NETMASK = 0xffffff00, MACHINE_IP = NETWORK + 100 };

struct host {
	struct card card;
	struct net  net;
	uint32_t    ip;
	struct provider provider;
	struct host_offer offer;
	uint64_t    leases_given, unsent_data;
	struct stream_address client;           /* whom the provider answers */
	const usec *now;
};

/* ---- the DHCP server ---- */

struct question { uint32_t xid; uint8_t mac[6]; uint8_t type; };

static bool read_question(struct rd r, struct question *q)
{
	uint8_t op = rd_u8(&r);

	*q = (struct question){ 0 };
	rd_skip(&r, 3);
	q->xid = rd_be32(&r);
	rd_skip(&r, FAKE_CHADDR_AT - 8);
	rd_bytes(&r, q->mac, sizeof q->mac);
	rd_skip(&r, FAKE_OPTIONS_AT - FAKE_CHADDR_AT - 6);
	while (rd_left(&r)) {
		uint8_t code = rd_u8(&r);
		struct rd value;

		if (code == OPT_END)
			break;
		if (code == OPT_PAD)
			continue;
		value = rd_sub(&r, rd_u8(&r));
		if (code == OPT_TYPE)
			q->type = rd_u8(&value);
	}
	return rd_ok(&r) && op == 1 && (q->type == DHCP_DISCOVER || q->type == DHCP_REQUEST);
}

static void answer_dhcp(struct host *h, const struct datagram *d)
{
	struct flow flow = { .dst_ip = IP_BROADCAST, .src_port = DHCP_SERVER_PORT, .dst_port = DHCP_CLIENT_PORT };
	struct fake_reply r;
	struct question q;
	struct wr w;

	if (!read_question(d->payload, &q))
		return;
	fake_reply(&r, q.type == DHCP_DISCOVER ? DHCP_OFFER : DHCP_ACK, q.xid, q.mac, MACHINE_IP);
	fake_ip(&r, OPT_SERVER_ID, h->ip);
	fake_ip(&r, OPT_NETMASK, NETMASK);
	fake_ip(&r, OPT_LEASE_TIME, h->offer.lease_s);
	if (h->offer.root_path) {
		fake_text(&r, OPT_ROOT_PATH, h->offer.root_path);
	} else {
		fake_field(&r, FAKE_SIADDR_AT, h->ip);
		fake_text(&r, OPT_BOOT_FILE, "rill.kpxe");
	}
	fake_end(&r);
	w = net_payload(&h->net);
	wr_bytes(&w, r.bytes, r.len);
	net_send(&h->net, *h->now, &flow, r.len);
	h->leases_given += q.type == DHCP_REQUEST;
}

/* ---- the provider ---- */

static void emit(struct provider *p, const uint8_t *datagram, size_t len)
{
	struct host *h = p->who;
	struct flow flow = { .src_port = STREAM_PORT, .dst_port = h->client.port };
	struct wr w = net_payload(&h->net);

	wr_bytes(&w, datagram, len);
	if (!stream_address_is_ipv4(&h->client, &flow.dst_ip) || !wr_ok(&w)
	    || net_send(&h->net, *h->now, &flow, len) != NET_SENT)
		h->unsent_data += datagram[1] == STREAM_RDATA;
}

struct host *host_open(struct air *air, const usec *now, unsigned node, uint64_t image, uint64_t size, uint64_t key)
{
	struct net_address address = { .ip = NETWORK + node, .mask = NETMASK, .route_count = 1 };
	struct host *h = calloc(1, sizeof *h);

	if (!h)
		abort();
	address.routes[0] = (struct route){ NETWORK, NETMASK, 0 };
	h->ip  = address.ip;
	h->now = now;
	card_init(&h->card, air, now, node, CARD_FRAMES_MAX);
	net_init(&h->net, &h->card.nic, NULL);
	net_configure(&h->net, &address);
	net_open_port(&h->net, STREAM_PORT);
	net_open_port(&h->net, DHCP_SERVER_PORT);
	provider_open(&h->provider, image, size, key);
	h->provider.emit = emit;
	h->provider.who  = h;
	return h;
}

void host_close(struct host *h)
{
	card_close(&h->card);
	provider_close(&h->provider);
	free(h);
}

void host_offers(struct host *h, const struct host_offer *offer)
{
	h->offer = *offer;
}

void host_enter_vlan(struct host *h, uint16_t vlan)
{
	net_set_vlan(&h->net, vlan);
}

void host_stop(struct host *h)
{
	h->provider.is_down = true;
}

void host_restart(struct host *h, uint64_t key)
{
	provider_restart(&h->provider, key);
	h->provider.is_down = false;
}

struct host_counts host_count(const struct host *h)
{
	return (struct host_counts){
		.leases = h->leases_given, .data_sent = h->provider.data_sent,
		.data_for_copies = h->provider.data_for_copies, .data_unsent = h->unsent_data,
	};
}

void host_receive(struct host *h, struct air_packet *p)
{
	uint64_t number = p->number;
	struct datagram d;

	card_receive(&h->card, p);
	while (net_poll(&h->net, *h->now, &d)) {
		if (d.dst_port == DHCP_SERVER_PORT && h->offer.gives)
			answer_dhcp(h, &d);
		if (d.dst_port != STREAM_PORT)
			continue;
		h->client = stream_address_ipv4(d.src_ip, d.src_port);
		provider_rx(&h->provider, *h->now, &h->client, number, d.payload.at, rd_left(&d.payload));
	}
}
