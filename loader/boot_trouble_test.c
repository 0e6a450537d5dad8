/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Boots over a network that works and a server that makes difficulties. */
#include "loader/boot_fake.h"

static const usec S = USEC_PER_S;

static int fresh(void **state)
{
	(void)state;
	lan_init();
	return 0;
}

static void a_busy_server_is_waited_for_as_long_as_it_says(void **state)
{
	(void)state;
	lan.busy_until = 90 * S;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_true(lan.clock >= lan.busy_until && lan.clock < lan.busy_until + 30 * S);
	/* a quarter at random may bring us back too early; each time less is left */
	assert_in_range(lan.busies, 1, 10);
	assert_true(lan_said("busy"));
	assert_false(lan_said("RILL-E04"));
}

static void a_server_that_sends_us_to_nobody_is_told_of(void **state)
{
	(void)state;
	lan.sends_us_away = true;
	assert_int_equal(run(true), BOOT_FAILED);
	assert_true(lan_said("PXE-E11"));
	assert_true(lan.clock < 30 * S);
}

static void a_server_that_likes_no_ticket_is_told_of(void **state)
{
	(void)state;
	lan.reads_want_login = true;
	assert_int_equal(run(true), BOOT_FAILED);
	assert_true(lan_said("RILL-E04") && lan_said("answers no read"));
	assert_false(lan_said("fell silent"));
	assert_true(lan.clock < 30 * S);
	assert_true(lan.logins < 20);
}

static void what_icmp_says_is_told_as_it_is(void **state)
{
	(void)state;
	lan.says_unreachable = true;
	lan.unreachable_code = ICMP_PORT_UNREACHABLE;
	assert_int_equal(run(true), BOOT_FAILED);
	assert_true(lan_said("10.0.0.1:6910 does not answer: port 6910 of 10.0.0.1 is closed"));
	lan_init();
	lan.says_unreachable = true;
	lan.unreachable_code = 1;               /* host */
	assert_int_equal(run(true), BOOT_FAILED);
	assert_true(lan_said("10.0.0.1:6910 does not answer: 10.0.0.1 says: the host cannot be reached "
	                     "(ICMP 3, code 1)"));
	assert_false(lan_said("is closed"));
}

static void a_closed_tftp_port_is_not_waited_for(void **state)
{
	(void)state;
	lan.boot_file = "pxelinux.0";
	lan.says_unreachable = true;
	lan.unreachable_code = ICMP_PORT_UNREACHABLE;
	assert_int_equal(run(true), BOOT_FAILED);
	assert_true(lan_said("PXE-E32") && lan_said("pxelinux.0 from 10.0.0.1: port 69 of 10.0.0.1 is closed"));
	assert_true(lan.clock < 3 * S);
	lan_init();
	lan.boot_file = "pxelinux.0";
	lan.says_unreachable = true;
	lan.unreachable_code = 13;              /* a firewall may be opened: it is asked to the end */
	assert_int_equal(run(true), BOOT_FAILED);
	assert_true(lan_said("PXE-E32") && lan_said("10.0.0.1 says: a firewall forbids it (ICMP 3, code 13)"));
	assert_true(lan.clock > 5 * S);
}

/* The port that lan_tftp has for a transfer is closed from the first ACK on. */
static void fetch_from_a_server_that_ends(size_t file_bytes)
{
	lan.boot_file = "pxelinux.0";
	lan.file_bytes = file_bytes;
	lan.unreachable_port = 2000;
	lan.unreachable_code = ICMP_PORT_UNREACHABLE;
}

static void a_tftp_server_that_ends_in_the_middle_is_not_waited_for(void **state)
{
	(void)state;
	fetch_from_a_server_that_ends(5000);
	assert_int_equal(run(true), BOOT_FAILED);
	assert_true(lan_said("PXE-E35") && lan_said("pxelinux.0 from 10.0.0.1: port 2000 of 10.0.0.1 is closed"));
	assert_true(lan.clock < 3 * S);
}

static void a_tftp_server_that_ends_behind_its_last_block_is_no_failure(void **state)
{
	(void)state;
	fetch_from_a_server_that_ends(500);
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(lan.chained_bytes, 500);
	assert_true(boot.attachment->net.unreachable.seen);
}

/* He speaks in the server's name, and knows its port; of ours only DHCP's. */
static void a_stranger_says_it_is_closed(struct rd packet, const struct udp_head *udp)
{
	uint8_t quoted[IPV4_HEAD + UDP_HEAD];

	if (udp->dst_port == 67)
		return;
	rd_bytes(&packet, quoted, sizeof quoted);
	quoted[IPV4_HEAD]     = 0;
	quoted[IPV4_HEAD + 1] = 68;
	lan_unreachable(rd_over(quoted, sizeof quoted));
}

static void a_stranger_does_not_end_a_transfer(void **state)
{
	(void)state;
	lan.boot_file = "pxelinux.0";
	lan.file_bytes = 60000;
	lan.unreachable_code = ICMP_PORT_UNREACHABLE;
	lan.overhears = a_stranger_says_it_is_closed;
	assert_int_equal(run(true), BOOT_STARTED);
}

static void esc_gives_the_lease_back(void **state)
{
	(void)state;
	lan.boot_file = NULL;                   /* PXE-E53: nobody was asked for a MAC address yet */
	lan.esc_at = 6 * S;
	assert_int_equal(run(false), BOOT_GIVEN_BACK);
	assert_int_equal(lan.releases, 1);
	assert_int_equal(lan.discovers, 1);     /* and no other lease is asked for */
	lan_init();
	lan.deny = "no";
	lan.esc_at = 3 * S;
	assert_int_equal(run(false), BOOT_GIVEN_BACK);
	assert_int_equal(lan.releases, 1);
	assert_int_equal(lan.discovers, 1);
}

int main(void)
{
#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, done)
	const struct CMUnitTest tests[] = {
		fresh_test(a_busy_server_is_waited_for_as_long_as_it_says),
		fresh_test(a_server_that_sends_us_to_nobody_is_told_of),
		fresh_test(a_server_that_likes_no_ticket_is_told_of),
		fresh_test(what_icmp_says_is_told_as_it_is),
		fresh_test(a_closed_tftp_port_is_not_waited_for),
		fresh_test(a_tftp_server_that_ends_in_the_middle_is_not_waited_for),
		fresh_test(a_tftp_server_that_ends_behind_its_last_block_is_no_failure),
		fresh_test(a_stranger_does_not_end_a_transfer),
		fresh_test(esc_gives_the_lease_back),
	};

	return cmocka_run_group_tests_name("boot, in trouble", tests, NULL, NULL);
}
