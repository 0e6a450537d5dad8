/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Whole boots of another program where the server has it by multicast, and every way back to unicast. */
#include "loader/boot_fake.h"
#include "netstack/wire/igmp.h"
#include "netstack/wire/pxe.h"
#include "netstack/wire/tftp.h"

enum {
	GROUP = 0xefff0101, GROUP_PORT = 1758, MTFTP_PORT = 1759, TID = 2001, FILE_BYTES = 20000, BLOCK = 512,
	LISTEN_S = 2, DELAY_S = 1,
};


static const uint8_t group_mac[6] = { 0x01, 0x00, 0x5e, 0x7f, 1, 1 };

/* Between the machine and the network: a server that can do it. */
static struct {
	bool   has_option, has_mtftp, is_silent;        /* what the test wants */
	unsigned asked, opened, acks, reports, leaves;  /* what it saw */
	unsigned groups;                                /* told to the card last */
	bool   hears;                                   /* ours is among them */
} group;

static bool group_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	(void)nic;
	group.groups = count;
	group.hears  = false;
	for (unsigned i = 0; i < count; i++)
		group.hears = group.hears || memcmp(macs[i], group_mac, 6) == 0;
	return true;
}

static void send_block(uint16_t number)
{
	uint8_t frame[FRAME_MAX], payload[4 + BLOCK];
	size_t at = (size_t)(number - 1) * BLOCK, len = at > FILE_BYTES ? 0 : min_size(BLOCK, FILE_BYTES - at);
	struct wr w = wr_over(payload, sizeof payload);
	struct eth_head eth = { .type = ETH_IPV4 };
	struct ipv4_head ip = { .src = LAN_SERVER, .dst = GROUP, .protocol = IPV4_UDP };
	struct udp_head udp = { TID, GROUP_PORT };

	assert_true(group.hears);       /* or it would come too early */
	wr_be16(&w, TFTP_DATA);
	wr_be16(&w, number);
	for (size_t i = 0; i < len; i++)
		wr_u8(&w, (uint8_t)((at + i) * 31 >> 3));
	memcpy(eth.dst, group_mac, 6);
	memcpy(eth.src, lan_server_mac, 6);
	w = wr_over(frame, sizeof frame);
	eth_emit(&w, &eth);
	ipv4_emit(&w, &ip, UDP_HEAD + 4 + len);
	udp_emit(&w, &udp, &ip, rd_over(payload, 4 + len));
	wr_bytes(&w, payload, 4 + len);
	lan_queue(&w, frame);
}

static bool wants_multicast(struct rd request)
{
	for (; rd_left(&request); rd_u8(&request)) {
		struct rd r = request;

		if (rd_is(&r, "\0multicast\0\0", 12))
			return true;
	}
	return false;
}

static const char oack[] = "\0\6multicast\0" "239.255.1.1,1758,1\0blksize\0" "512";

/* True: it was for the server of the group. */
static bool group_rx(const struct udp_head *udp, struct rd said)
{
	struct tftp_message m;
	bool is_ours = wants_multicast(said);

	if (udp->dst_port == 69 && is_ours) {
		group.asked++;
		if (group.has_option)
			lan_udp(TID, udp->src_port, (const uint8_t *)oack, sizeof oack);
		return group.has_option;
	}
	if (udp->dst_port == MTFTP_PORT) {
		group.opened++;
		if (!group.is_silent)
			send_block(1);
		return true;
	}
	if (udp->dst_port != TID)
		return false;
	if (tftp_parse(said, &m) && m.op == TFTP_ACK && !group.is_silent) {
		group.acks++;
		if (m.block <= FILE_BYTES / BLOCK)
			send_block((uint16_t)(m.block + 1));
	}
	return true;
}

/* The network's own answer has no option 43. */
static void answer_dhcp(struct rd q)
{
	const struct pxe_option o = {
		.has = 0x3e, .mtftp = { GROUP, GROUP_PORT, MTFTP_PORT, LISTEN_S, DELAY_S },
	};
	struct fake_reply r;
	struct rd type = q;
	uint8_t vendor[64], asked;
	struct wr w = wr_over(vendor, sizeof vendor);

	pxe_emit(&w, &o);
	rd_skip(&q, 4);
	rd_skip(&type, FAKE_OPTIONS_AT + 2);
	asked = rd_u8(&type);
	if (asked != DHCP_DISCOVER && asked != DHCP_REQUEST)
		return;
	fake_reply(&r, asked == DHCP_DISCOVER ? DHCP_OFFER : DHCP_ACK, rd_be32(&q), lan_mac, LAN_CLIENT);
	fake_field(&r, FAKE_SIADDR_AT, LAN_SERVER);
	fake_ip(&r, OPT_SERVER_ID, LAN_SERVER);
	fake_ip(&r, OPT_NETMASK, 0xffffff00);
	fake_ip(&r, OPT_LEASE_TIME, LAN_LEASE_S);
	fake_text(&r, OPT_BOOT_FILE, lan.boot_file);
	fake_text(&r, OPT_CLASS, "PXEClient");
	fake_option(&r, OPT_VENDOR, vendor, wr_used(&w, vendor));
	fake_end(&r);
	lan_udp(67, 68, r.bytes, r.len);
}

static void igmp_said(struct rd packet)
{
	struct igmp_message m;

	assert_int_equal(igmp_parse(packet, &m), IGMP_FINE);
	assert_int_equal(m.group, GROUP);
	group.reports += m.type == IGMP_REPORT;
	group.leaves  += m.type == IGMP_LEAVE;
}

static bool group_send(struct nic *nic, const void *frame, size_t len)
{
	struct rd r = rd_over(frame, len);
	struct eth_head eth;
	struct ipv4_head ip;
	struct udp_head udp;

	assert_true(eth_parse(&r, &eth));
	if (eth.type != ETH_IPV4)
		return lan_send(nic, frame, len);
	assert_int_equal(ipv4_parse(&r, &ip), IPV4_FINE);
	if (ip.protocol == IPV4_IGMP) {
		igmp_said(r);
		return true;
	}
	assert_int_equal(udp_parse(&r, &ip, &udp), UDP_FINE);
	if (udp.dst_port == 67 && group.has_mtftp)
		answer_dhcp(r);
	else if (!group_rx(&udp, r))
		return lan_send(nic, frame, len);
	return true;
}

static int fresh(void **state)
{
	static const uint8_t on[] = "RILLCONF\0\1\0\5\2\x0f\0\1\1";

	(void)state;
	lan_init();
	memset(&group, 0, sizeof group);
	lan.nic.send   = group_send;
	lan.nic.groups = group_groups;
	lan.boot_file  = "pxelinux.0";
	lan.file_bytes = 5000;
	lan.platform.config = on;
	lan.platform.config_size = sizeof on - 1;
	return 0;
}

static void assert_came_by_multicast(void)
{
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(lan.chained_bytes, FILE_BYTES);
	for (size_t i = 0; i < FILE_BYTES; i++)
		assert_int_equal(lan.room[i], (uint8_t)(i * 31 >> 3));
	assert_true(group.reports >= 1);
	assert_int_equal(group.leaves, 1);
	assert_false(group.hears);
	assert_false(net_is_open(&attachment.net, GROUP_PORT));
	assert_false(lan_said("not by multicast"));
}

static void assert_came_by_unicast(const char *because)
{
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(lan.chained_bytes, 5000);
	if (!lan_said("not by multicast") || !lan_said(because))
		fail_msg("\"%s\" is not in:\n%s", because, lan.log);
	assert_int_equal(group.leaves, group.reports != 0);
	assert_null(attachment.net.group);
	assert_false(net_is_open(&attachment.net, GROUP_PORT));
}

static void tftp_is_asked_for_multicast_where_that_is_configured(void **state)
{
	(void)state;
	group.has_option = true;
	assert_came_by_multicast();
	assert_int_equal(group.asked, 1);
	fresh(NULL);
	group.has_option = true;
	lan.platform.config_size = 0;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(group.asked + group.reports, 0);
	assert_int_equal(lan.chained_bytes, 5000);
}

static void a_server_without_the_option_serves_by_unicast(void **state)
{
	(void)state;
	assert_came_by_unicast("the server does not know the option");
}

static void a_card_that_cannot_be_told_gets_it_by_unicast(void **state)
{
	(void)state;
	group.has_option = true;
	lan.nic.groups = NULL;
	assert_came_by_unicast("the card cannot be told to hear the group");
	fresh(NULL);
	group.has_mtftp = true;
	lan.nic.groups = NULL;
	assert_came_by_unicast("the card cannot be told to hear the group");
}

static void a_server_that_falls_silent_is_asked_by_unicast(void **state)
{
	(void)state;
	group.has_option = group.is_silent = true;
	assert_came_by_unicast("the server fell silent");
}

static void mtftp_is_taken_where_dhcp_offers_it(void **state)
{
	(void)state;
	group.has_mtftp = true;
	assert_came_by_multicast();
	assert_int_equal(group.opened, 1);
	assert_int_equal(group.asked, 0);
	assert_true(lan_said("listening for pxelinux.0 in the group 239.255.1.1"));
	assert_true(lan.clock >= LISTEN_S * USEC_PER_S);
}

static void an_mtftp_server_that_is_not_there_is_asked_by_unicast(void **state)
{
	(void)state;
	group.has_mtftp = group.is_silent = true;
	assert_came_by_unicast("the MTFTP server does not answer");
	assert_int_equal(group.opened, 3);
}

static void esc_ends_it_and_the_group_is_left(void **state)
{
	(void)state;
	group.has_mtftp = true;
	lan.esc_at = 3 * USEC_PER_S;
	boot.once = false;
	boot_init(&boot, &lan.platform, &attachment);
	assert_int_equal(boot_run(&boot), BOOT_GIVEN_BACK);
	assert_int_equal(group.leaves, 1);
	assert_int_equal(lan.chains, 0);
}

int main(void)
{
#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, done)
	const struct CMUnitTest tests[] = {
		fresh_test(tftp_is_asked_for_multicast_where_that_is_configured),
		fresh_test(a_server_without_the_option_serves_by_unicast),
		fresh_test(a_card_that_cannot_be_told_gets_it_by_unicast),
		fresh_test(a_server_that_falls_silent_is_asked_by_unicast),
		fresh_test(mtftp_is_taken_where_dhcp_offers_it),
		fresh_test(an_mtftp_server_that_is_not_there_is_asked_by_unicast),
		fresh_test(esc_ends_it_and_the_group_is_left),
	};

	return cmocka_run_group_tests_name("multicast", tests, NULL, NULL);
}
