/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Boots as the configuration wants them: a static address, a policy, a log server, a variable over the block. */
#include "loader/boot_fake.h"
#include "netstack/wire/tlv.h"

static const usec S = USEC_PER_S;

/* An IPv4 address as the protocol writes it begins so. */
#define V4 "\0\0\0\0\0\0\0\0\0\0\xff\xff"
#define OUR_ADDRESS V4 "\x0a\0\0\x32\x18" V4 "\x0a\0\0\x01"

/* A block that is written TLV by TLV. */
struct block { uint8_t bytes[CONFIG_HEAD_BYTES + CONFIG_BYTES_MAX], tlvs[CONFIG_BYTES_MAX]; struct wr w; size_t len; };
static struct block block, variable;

static void block_begin(struct block *b)
{
	b->w = wr_over(b->tlvs, sizeof b->tlvs);
}

static void block_end(struct block *b)
{
	struct wr w = wr_over(b->bytes, sizeof b->bytes);

	wr_bytes(&w, CONFIG_MAGIC, 8);
	wr_be16(&w, CONFIG_VERSION);
	wr_be16(&w, (uint16_t)wr_used(&b->w, b->tlvs));
	wr_bytes(&w, b->tlvs, wr_used(&b->w, b->tlvs));
	b->len = wr_used(&w, b->bytes);
}

static int fresh(void **state)
{
	(void)state;
	lan_init();
	block_begin(&block);
	block_begin(&variable);
	return 0;
}

static enum boot_end run_configured(bool once)
{
	block_end(&block);
	block_end(&variable);
	lan.platform.config = block.bytes;
	lan.platform.config_size = block.len;
	lan.platform.config_variable = variable.bytes;
	lan.platform.config_variable_size = variable.len > CONFIG_HEAD_BYTES ? variable.len : 0;
	return run(once);
}

static void a_static_address_boots_without_dhcp(void **state)
{
	struct handover h;
	uint32_t ip;

	(void)state;
	lan.no_dhcp = true;
	wr_tlv_text(&block.w, TLV_CONFIG_URI, "rill://10.0.0.1/kiosk");
	wr_tlv(&block.w, TLV_CONFIG_ADDRESS, OUR_ADDRESS, 33);
	wr_tlv(&block.w, TLV_CONFIG_DNS, V4 "\x0a\0\0\x03", 16);
	assert_int_equal(run_configured(true), BOOT_STARTED);
	assert_int_equal(lan.discovers + lan.requests + lan.releases, 0);
	assert_true(lan_said("address 10.0.0.50/24 from the configuration, router 10.0.0.1; DHCP is not asked"));
	assert_true(lan_said("disk kiosk"));
	assert_true(lan.login_at < 2 * S);
	/* and the system hears of an address that is its own, from nobody and for ever */
	assert_int_equal(handover_read(rd_over(lan.handover, sizeof lan.handover), &h, NULL), HANDOVER_OK);
	assert_true(handover_ip_is_ipv4(&h.lease.address, &ip) && ip == LAN_CLIENT && h.lease.prefix == 24);
	assert_true(handover_ip_is_ipv4(&h.lease.router, &ip) && ip == LAN_SERVER);
	assert_true(!handover_ip_is_ipv4(&h.lease.server, &ip) || ip == 0);
	assert_int_equal(h.lease.lease_s, UINT32_MAX);
	assert_true(h.dns_count == 1 && handover_ip_is_ipv4(&h.dns[0], &ip) && ip == 0x0a000003);
}

static void a_static_address_that_somebody_has_is_not_used(void **state)
{
	(void)state;
	lan.owns_address = true;
	wr_tlv_text(&block.w, TLV_CONFIG_URI, "rill://10.0.0.1/kiosk");
	wr_tlv(&block.w, TLV_CONFIG_ADDRESS, OUR_ADDRESS, 33);
	assert_int_equal(run_configured(true), BOOT_FAILED);
	assert_true(lan_said("RILL-E02"));
	assert_true(lan_said("10.0.0.50, which the configuration gives this machine, is used by 52:54:00:00:00:02"));
	assert_int_equal(lan.logins + lan.declines, 0);
}

static void a_static_address_wants_a_uri_with_a_server(void **state)
{
	(void)state;
	wr_tlv(&block.w, TLV_CONFIG_ADDRESS, OUR_ADDRESS, 33);
	wr_tlv_text(&block.w, TLV_CONFIG_URI, "rill:///kiosk");
	assert_int_equal(run_configured(true), BOOT_FAILED);
	assert_true(lan_said("RILL-E03") && lan_said("no server in it, and without DHCP nobody else names one"));
	fresh(NULL);
	wr_tlv(&block.w, TLV_CONFIG_ADDRESS, OUR_ADDRESS, 33);
	assert_int_equal(run_configured(true), BOOT_FAILED);
	assert_true(lan_said("PXE-E53"));
}

static void esc_gives_a_static_address_back_without_a_word(void **state)
{
	(void)state;
	lan.no_server = true;
	lan.esc_at = 3 * S;
	wr_tlv_text(&block.w, TLV_CONFIG_URI, "rill://10.0.0.1/kiosk");
	wr_tlv(&block.w, TLV_CONFIG_ADDRESS, OUR_ADDRESS, 33);
	assert_int_equal(run_configured(false), BOOT_GIVEN_BACK);
	assert_int_equal(lan.releases, 0);
	assert_int_equal(lan.gives_back, 1);
}

static void the_policy_may_be_a_reboot(void **state)
{
	(void)state;
	lan.deny = "no";
	wr_tlv_u8(&block.w, TLV_CONFIG_POLICY, CONFIG_REBOOT);
	wr_tlv_u8(&block.w, TLV_CONFIG_TRIES, 3);
	assert_int_equal(run_configured(false), BOOT_REBOOTED);
	assert_true(lan.reboots == 1 && lan.gives_back == 0 && lan.releases == 1);
	assert_true(lan_said("again in 5 s") && lan_said("reboot in 50 s") && lan_said("reboot in 1 s"));
	assert_true(lan.clock > 65 * S && lan.clock < 90 * S);
}

static void the_policy_may_be_the_next_device(void **state)
{
	(void)state;
	lan.no_dhcp = true;
	wr_tlv_u8(&block.w, TLV_CONFIG_POLICY, CONFIG_NEXT_DEVICE);
	assert_int_equal(run_configured(false), BOOT_NEXT_DEVICE);
	assert_true(lan.reboots == 0 && lan.gives_back == 1);
	assert_true(lan_said("next boot device in 10 s") && lan_said("PXE-M0F"));
	assert_false(lan_said("again in"));
}

static void a_missing_cable_is_no_reason_to_wait_for_ever(void **state)
{
	(void)state;
	lan.link = NIC_LINK_DOWN;
	wr_tlv_u8(&block.w, TLV_CONFIG_POLICY, CONFIG_NEXT_DEVICE);
	assert_int_equal(run_configured(false), BOOT_NEXT_DEVICE);
	assert_true(lan_said("PXE-E61") && lan.clock < 25 * S);
}

static void esc_wins_over_every_policy(void **state)
{
	(void)state;
	for (uint8_t policy = CONFIG_RETRY; policy <= CONFIG_NEXT_DEVICE; policy++) {
		fresh(NULL);
		lan.deny = "no";
		lan.esc_at = 6 * S;
		wr_tlv_u8(&block.w, TLV_CONFIG_POLICY, policy);
		assert_int_equal(run_configured(false), BOOT_GIVEN_BACK);
		assert_true(lan.gives_back == 1 && lan.reboots == 0 && lan.clock < 8 * S);
	}
}

static void the_configured_log_server_wins_over_the_leases(void **state)
{
	(void)state;
	lan.deny = "no";
	wr_tlv(&block.w, TLV_CONFIG_LOG_SERVER, V4 "\x0a\0\0\x01", 16);
	assert_int_equal(run_configured(true), BOOT_FAILED);
	assert_non_null(strstr(lan.syslog, "RILL-E05"));
	fresh(NULL);
	lan.deny = "no";
	lan.has_log_server = true;                                                      /* 10.0.0.1 */
	wr_tlv(&block.w, TLV_CONFIG_LOG_SERVER, V4 "\x0a\0\0\x09", 16);                 /* where nobody is */
	assert_int_equal(run_configured(true), BOOT_FAILED);
	assert_string_equal(lan.syslog, "");
	assert_true(lan.clock < 4 * S);
}

static void a_silent_server_is_waited_for_as_long_as_configured(void **state)
{
	(void)state;
	lan.no_server = true;
	wr_tlv_u16(&block.w, TLV_CONFIG_LOGIN_WAIT, 3);
	assert_int_equal(run_configured(true), BOOT_FAILED);
	assert_true(lan_said("RILL-E04"));
	assert_true(lan.clock > 4 * S && lan.clock < 6 * S);
	fresh(NULL);
	lan.no_server = true;
	wr_tlv_u16(&block.w, TLV_CONFIG_LOGIN_WAIT, 60);
	assert_int_equal(run_configured(true), BOOT_FAILED);
	assert_true(lan.clock > 60 * S && lan.clock < 64 * S);
}

static void the_variable_wins_and_the_rest_of_the_block_stays(void **state)
{
	(void)state;
	wr_tlv_text(&block.w, TLV_CONFIG_URI, "rill://10.0.0.1/blocks");
	wr_tlv_u16(&block.w, TLV_CONFIG_LOGIN_WAIT, 7);
	wr_tlv_text(&variable.w, TLV_CONFIG_URI, "rill://10.0.0.1/variables");
	assert_int_equal(run_configured(true), BOOT_STARTED);
	assert_true(lan_said("disk variables"));
	assert_int_equal(boot.config.login_wait_s, 7);
}

static void nonsense_in_the_variable_is_told_and_ignored(void **state)
{
	(void)state;
	wr_tlv_text(&block.w, TLV_CONFIG_URI, "rill://10.0.0.1/blocks");
	wr_tlv_text(&variable.w, TLV_CONFIG_URI, "rill://10.0.0.1/variables");
	wr_tlv_u16(&variable.w, TLV_CONFIG_VLAN, 5000);
	assert_int_equal(run_configured(true), BOOT_STARTED);
	assert_true(lan_said("configuration variable, byte 41: the VLAN is not"));
	assert_true(lan_said("The variable is ignored") && lan_said("disk blocks"));
	fresh(NULL);
	wr_tlv_text(&block.w, TLV_CONFIG_URI, "rill://10.0.0.1/blocks");
	wr_tlv_text(&variable.w, TLV_CONFIG_URI, "rill://nobody/variables");
	assert_int_equal(run_configured(true), BOOT_STARTED);
	assert_true(lan_said("configuration variable, URI rill://nobody/variables, character 8"));
	assert_true(lan_said("disk blocks"));
}

int main(void)
{
#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, done)
	const struct CMUnitTest tests[] = {
		fresh_test(a_static_address_boots_without_dhcp),
		fresh_test(a_static_address_that_somebody_has_is_not_used),
		fresh_test(a_static_address_wants_a_uri_with_a_server),
		fresh_test(esc_gives_a_static_address_back_without_a_word),
		fresh_test(the_policy_may_be_a_reboot),
		fresh_test(the_policy_may_be_the_next_device),
		fresh_test(a_missing_cable_is_no_reason_to_wait_for_ever),
		fresh_test(esc_wins_over_every_policy),
		fresh_test(the_configured_log_server_wins_over_the_leases),
		fresh_test(a_silent_server_is_waited_for_as_long_as_configured),
		fresh_test(the_variable_wins_and_the_rest_of_the_block_stays),
		fresh_test(nonsense_in_the_variable_is_told_and_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
