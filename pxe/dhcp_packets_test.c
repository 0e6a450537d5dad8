/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "pxe/dhcp_packets.h"

#define XID 0x11223344u
#define CLIENT 0x0a630064u
#define DHCP_SERVER 0x0a630001u
#define TFTP_SERVER 0x0a630002u
#define RELAY 0x0a6300feu
enum { XID_AT = 4, SIADDR_AT = 20, GIADDR_AT = 24, MAC_AT = 28, FILE_AT = 108, OPTIONS_AT = 240 };

static uint8_t rooms[PXE_CACHED_COUNT][PXE_CACHED_BYTES], room[DHCP_SIZE_MAX];
static struct pxe_cached cached;
static struct dhcp_answer answer;
static struct dhcp_lease lease;
static struct dhcp_identity who;
static const struct pxe_origin origin = {
	.answer = &answer, .who = &who, .lease = &lease, .server = TFTP_SERVER, .file = "boot/other.0",
};

static const uint8_t *packet(unsigned which) { return rooms[which - PXE_CACHED_DISCOVER]; }

static uint32_t number(const uint8_t *at)
{
	struct rd r = rd_over(at, 4);

	return rd_be32(&r);
}

/* The first byte of an option's value; NULL: it is not there. */
static const uint8_t *option(unsigned which, uint8_t code)
{
	const uint8_t *at = packet(which) + OPTIONS_AT, *end = packet(which) + PXE_CACHED_BYTES;

	while (at + 2 < end && *at != OPT_END) {
		if (*at == code)
			return at + 2;
		at += *at == OPT_PAD ? 1 : 2 + at[1];
	}
	return NULL;
}

/* An answer as a server gave it, with a file of its own in it. */
static void answered(struct dhcp_answer_packet *k, uint32_t your_ip, const char *file)
{
	const struct dhcp_ack ack = {
		.xid = XID, .your_ip = your_ip, .relay_ip = RELAY, .mac = { 2, 3, 4, 5, 6, 7 }, .next_ip = DHCP_SERVER,
		.boot_file = file, .server_id = DHCP_SERVER, .netmask = 0xffffff00, .lease_s = 3600,
	};
	struct wr w = wr_over(k->bytes, sizeof k->bytes);

	dhcp_emit_ack(&w, &ack);
	k->size = wr_used(&w, k->bytes);
}

static int set_up(void **state)
{
	(void)state;
	memset(&answer, 0, sizeof answer);
	answer.xid = XID;
	memcpy(answer.mac, (const uint8_t[]){ 2, 3, 4, 5, 6, 7 }, 6);
	answered(&answer.ack, CLIENT, "boot/first.0");
	lease = (struct dhcp_lease){ .address = { .ip = CLIENT, .mask = 0xffffff00 }, .server = DHCP_SERVER,
	                             .lease_s = 3600 };
	who = (struct dhcp_identity){ .mac = { 2, 3, 4, 5, 6, 7 }, .uuid = { 1, 2, 3 }, .undi_major = 2,
	                              .undi_minor = 1 };
	pxe_cached_init(&cached, rooms, (struct pxe_far){ 0, 0x9000 });
	return 0;
}

static void the_discover_is_what_we_asked(void **state)
{
	const uint8_t *p = packet(PXE_CACHED_DISCOVER);

	(void)state;
	pxe_dhcp_packets(&cached, &origin, room);
	assert_int_equal(p[0], 1);                      /* BOOTREQUEST */
	assert_int_equal(number(p + XID_AT), XID);
	assert_memory_equal(p + MAC_AT, who.mac, 6);
	assert_int_equal(*option(PXE_CACHED_DISCOVER, OPT_TYPE), DHCP_DISCOVER);
	assert_memory_equal(option(PXE_CACHED_DISCOVER, OPT_CLASS), "PXEClient:Arch:00000:UNDI:002001", 32);
	assert_memory_equal(option(PXE_CACHED_DISCOVER, 97) + 1, who.uuid, 16);
}

static void the_ack_names_where_the_program_came_from(void **state)
{
	const uint8_t *p = packet(PXE_CACHED_ACK);

	(void)state;
	pxe_dhcp_packets(&cached, &origin, room);
	assert_int_equal(p[0], 2);                      /* BOOTREPLY */
	assert_int_equal(number(p + XID_AT), XID);
	assert_int_equal(number(p + SIADDR_AT), TFTP_SERVER);
	assert_string_equal((const char *)p + FILE_AT, origin.file);
	assert_int_equal(number(option(PXE_CACHED_ACK, OPT_SERVER_ID)), DHCP_SERVER);
}

static void the_reply_is_the_boot_server_s_or_the_proxy_s(void **state)
{
	(void)state;
	answered(&answer.proxy, 0, "of/proxy.0");
	pxe_dhcp_packets(&cached, &origin, room);
	assert_false(cached.there[PXE_CACHED_REPLY - PXE_CACHED_DISCOVER]);     /* nobody took what it said */
	lease.proxy = DHCP_SERVER;
	pxe_dhcp_packets(&cached, &origin, room);
	assert_string_equal((const char *)packet(PXE_CACHED_REPLY) + FILE_AT, "of/proxy.0");
	answered(&answer.server, 0, "of/server.0");
	pxe_dhcp_packets(&cached, &origin, room);
	assert_string_equal((const char *)packet(PXE_CACHED_REPLY) + FILE_AT, "of/server.0");
}

static void the_relay_is_the_ack_s(void **state)
{
	(void)state;
	assert_int_equal(pxe_dhcp_relay(&answer), RELAY);
	pxe_dhcp_packets(&cached, &origin, room);
	assert_int_equal(number(packet(PXE_CACHED_ACK) + GIADDR_AT), RELAY);
	answer.ack.size = 0;
	assert_int_equal(pxe_dhcp_relay(&answer), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_discover_is_what_we_asked, set_up),
		cmocka_unit_test_setup(the_ack_names_where_the_program_came_from, set_up),
		cmocka_unit_test_setup(the_reply_is_the_boot_server_s_or_the_proxy_s, set_up),
		cmocka_unit_test_setup(the_relay_is_the_ack_s, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
