/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Whole boots through a switch port that makes one wait, or wants something. */
#include "loader/boot_fake.h"
#include "loader/switch_fake.h"
#include "netstack/wire/tlv.h"

static const usec S = USEC_PER_S;

static int fresh(void **state)
{
	(void)state;
	lan_init();
	port_init();
	return 0;
}

static int end(void **state)
{
	port_end();
	return done(state);
}

/* Two bytes of configuration. */
static void configure(uint16_t type, uint16_t value)
{
	static uint8_t block[CONFIG_HEAD_BYTES + 6];
	struct wr w = wr_over(block, sizeof block);

	wr_bytes(&w, CONFIG_MAGIC, 8);
	wr_be16(&w, CONFIG_VERSION);
	wr_be16(&w, 6);
	wr_be16(&w, type);
	wr_be16(&w, 2);
	wr_be16(&w, value);
	lan.platform.config = block;
	lan.platform.config_size = sizeof block;
}

static void a_port_that_says_it_does_not_forward_is_not_asked_through(void **state)
{
	(void)state;
	port.tree = PORT_RAPID;
	port.forwards_at = 46 * S;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(port.early_discovers, 0);
	assert_int_equal(port.dropped, 0);
	assert_int_equal(lan.discovers, 1);
	assert_true(port.passed_first_at < 46 * S + 2 * S + S / 2);     /* a hello, and a look */
	assert_true(lan_said("does not forward yet, says its spanning tree (bridge 00:1b:54:aa:bb:cc)"));
	assert_true(lan_said("\rwaiting for it, at most 120 s; Esc gives the machine back")
	            && lan_said("\rwaiting for it, at most 80 s"));
	assert_true(lan_said("it forwards after 4"));
}

static void a_port_that_says_so_late_is_not_asked_any_more(void **state)
{
	(void)state;
	port.tree = PORT_RAPID;
	port.speaks_at = 2 * S + S / 2;
	port.forwards_at = 46 * S;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(port.early_discovers, 1);      /* before it had said anything */
	assert_int_equal(lan.discovers, 1);
	assert_true(port.passed_first_at < 49 * S);
}

static void an_old_tree_is_asked_again_when_it_is_through(void **state)
{
	(void)state;
	port.tree = PORT_OLD;
	port.forwards_at = 31 * S;                      /* of no DISCOVER's time: 29 s was the last before 61 s */
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(port.early_discovers, 4);
	assert_true(port.passed_first_at >= 31 * S && port.passed_first_at < 32 * S);
	assert_false(lan_said("PXE-E51"));
}

static void what_comes_from_beyond_proves_that_an_old_tree_is_through(void **state)
{
	(void)state;
	port.tree = PORT_OLD;
	port.has_talkers = true;
	port.forwards_at = 20 * S;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(port.early_discovers, 3);              /* 1, 5 and 13 s; the next would be at 29 */
	assert_true(port.passed_first_at >= 20 * S && port.passed_first_at < 23 * S);
}

static void an_old_tree_that_forwards_costs_nothing(void **state)
{
	(void)state;
	port.tree = PORT_OLD;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(lan.discovers, 1);
	assert_true(lan.login_at - lan.discover_at <= 700 * USEC_PER_MS);
	assert_true(lan.discover_at < USEC_PER_S + 100 * USEC_PER_MS);
}

static void a_port_that_says_nothing_is_asked_until_it_forwards(void **state)
{
	(void)state;
	port.forwards_at = 46 * S;
	assert_int_equal(run(false), BOOT_STARTED);
	assert_true(lan.clock < 75 * S);
}

static void waiting_for_a_port_has_an_end_and_is_explained(void **state)
{
	(void)state;
	port.tree = PORT_RAPID;
	port.forwards_at = NEVER;
	assert_int_equal(run(true), BOOT_FAILED);
	assert_true(lan_said("it still does not forward; asking all the same"));
	assert_true(lan_said("PXE-E51"));
	assert_true(lan_said("the switch port does not forward, says its spanning tree (bridge 00:1b:54:aa:bb:cc)"));
	assert_true(lan.clock >= 180 * S && lan.clock < 190 * S);
	end(state);
	fresh(state);
	port.tree = PORT_OLD;
	port.speaks_at = 40 * S;                        /* DHCP's tries are over before it is surely through */
	port.forwards_at = NEVER;
	assert_int_equal(run(true), BOOT_FAILED);
	assert_true(lan_said("the switch port may not forward yet: its spanning tree (bridge 00:1b:54:aa:bb:cc)"));
	assert_true(lan_said("make it an edge port (PortFast)"));
}

static void a_switch_that_falls_silent_is_asked(void **state)
{
	(void)state;
	port.tree = PORT_RAPID;
	port.silent_at = 10 * S;
	port.forwards_at = 12 * S;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_true(port.passed_first_at > 12 * S && port.passed_first_at < 17 * S);    /* three hellos */
	assert_int_equal(port.early_discovers, 0);
}

static void esc_ends_the_waiting(void **state)
{
	(void)state;
	port.tree = PORT_RAPID;
	port.forwards_at = NEVER;
	lan.esc_at = 100 * S;
	assert_int_equal(run(true), BOOT_GIVEN_BACK);
	assert_true(lan.clock < 101 * S);
	assert_int_equal(port.dropped, 0);
	end(state);
	fresh(state);
	port.tree = PORT_RAPID;
	port.speaks_at = 3 * S;                         /* while DHCP is asking */
	port.forwards_at = NEVER;
	lan.esc_at = 20 * S;
	assert_int_equal(run(true), BOOT_GIVEN_BACK);
	assert_true(lan.clock < 21 * S);
	assert_int_equal(port.dropped, 1);
}

static void a_cable_that_comes_late_is_listened_to_for_a_hello(void **state)
{
	(void)state;
	port.cable_at = 4 * S;
	port.speaks_at = 5 * S + S / 2;
	port.forwards_at = 34 * S;
	port.tree = PORT_RAPID;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(port.early_discovers, 0);
	end(state);
	fresh(state);
	port.cable_at = 4 * S;
	assert_int_equal(run(true), BOOT_STARTED);              /* nobody says hello */
	assert_true(port.passed_first_at <= 4 * S + LINK_HELLO + S / 2);
	assert_true(port.passed_first_at >= 4 * S + LINK_HELLO);
	end(state);
	fresh(state);
	port.cable_at = 4 * S;
	port.has_talkers = true;
	assert_int_equal(run(true), BOOT_STARTED);              /* somebody talks: it forwards */
	assert_true(port.passed_first_at <= 4 * S + S / 2);
}

static void a_cable_that_is_pulled_while_dhcp_asks_spends_no_try(void **state)
{
	(void)state;
	lan.no_dhcp = true;
	port.pulled_at = 3 * S;
	port.cable_back_at = 60 * S;
	lan.esc_at = 61 * S;
	assert_int_equal(run(false), BOOT_GIVEN_BACK);          /* port_send() fails where there is no cable */
	assert_int_equal(lan.discovers, 1);
	assert_true(lan_said("PXE-E61"));
	end(state);
	fresh(state);
	lan.dhcp_at = 59 * S;
	port.pulled_at = 3 * S;
	port.cable_back_at = 60 * S;
	assert_int_equal(run(false), BOOT_STARTED);
	assert_int_equal(lan.discovers, 2);
	assert_true(lan.clock < 64 * S);
}

static void a_port_of_a_bundle_is_answered_and_stays_answered(void **state)
{
	unsigned answers;
	struct datagram d;

	(void)state;
	port.is_bundle = true;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_true(port.answers >= 2);
	assert_int_equal(port.early_discovers, 0);
	assert_true(port.passed_first_at < 5 * S);
	assert_true(lan_said("is not in its bundle yet, says LACP (system 00:1b:54:aa:bb:05)"));
	/* The system's loader reads, and the port still asks. */
	assert_int_equal(port.group_count, 1);
	assert_memory_equal(port.groups[0], slow_group, 6);
	answers = port.answers;
	lan.clock += 2 * S;
	memset(&boot, 0xa5, sizeof boot);                       /* what only the boot needs is gone */
	assert_false(net_poll(&attachment.net, lan.clock, &d));
	assert_int_equal(port.answers, answers + 1);
}

static void without_a_bundle_no_group_is_heard_after_the_lease(void **state)
{
	(void)state;
	port.tree = PORT_RAPID;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_true(port.group_calls >= 2);
	assert_int_equal(port.group_count, 0);
	assert_null(attachment.net.listener);
	assert_int_equal(lan.discovers, 1);
	/* Nor does anything of the boot's hear one when the system has started. */
	net_listen(&attachment.net, &boot.link.listener);
	attachment_silence(&attachment);
	assert_null(attachment.net.listener);
	assert_true(lan.discover_at < USEC_PER_S + 100 * USEC_PER_MS);
}

static void who_asks_for_802_1x_is_told_of_and_never_answered(void **state)
{
	(void)state;
	port.wants_eap = true;
	port.forwards_at = NEVER;
	assert_int_equal(run(true), BOOT_FAILED);               /* port_send() lets no EAP frame pass */
	assert_true(lan_said("PXE-E51"));
	assert_true(lan_said("the switch asks for 802.1X (") && lan_said("nothing was answered"));
	assert_int_equal(port.dropped, 4);                      /* four DISCOVERs */
}

static void the_firmware_s_vlan_is_the_boot_s(void **state)
{
	(void)state;
	port.vlan = 7;
	lan.platform.vlan = 7;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(port.wrong_tags, 0);
	assert_true(lan_said("in VLAN 7"));
	assert_int_equal(attachment.net.vlan, 7);
}

static void the_configuration_s_vlan_0_overrules_the_firmware_s(void **state)
{
	(void)state;
	lan.platform.vlan = 7;
	configure(TLV_CONFIG_VLAN, 0);
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(port.wrong_tags, 0);
	assert_int_equal(attachment.net.vlan, 0);
}

/* Machines that a late port kept waiting are apart already. */
static void the_start_delay_is_waited_for_once(void **state)
{
	(void)state;
	configure(TLV_CONFIG_START_DELAY, 300);
	port.tree = PORT_RAPID;
	port.speaks_at = 300 * S;
	port.forwards_at = 320 * S;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_true(port.passed_first_at < 330 * S);
}

static void esc_gives_back_the_lease_of_the_try_before(void **state)
{
	(void)state;
	lan.deny = "no";
	port.pulled_at = 2 * S;         /* when the first try has failed */
	port.cable_back_at = 20 * S;
	lan.esc_at = 20 * S + S / 2;    /* while a hello is listened for */
	assert_int_equal(run(false), BOOT_GIVEN_BACK);
	assert_int_equal(lan.discovers, 1);
	assert_int_equal(lan.releases, 1);
}

static void a_wrong_vlan_is_explained(void **state)
{
	(void)state;
	port.vlan = 8;
	port.tree = PORT_OLD;
	lan.platform.vlan = 7;
	assert_int_equal(run(true), BOOT_FAILED);
	assert_true(lan_said("PXE-E51"));
	assert_true(port.wrong_tags >= 4);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, end)
	const struct CMUnitTest tests[] = {
		TEST(a_port_that_says_it_does_not_forward_is_not_asked_through),
		TEST(a_port_that_says_so_late_is_not_asked_any_more),
		TEST(an_old_tree_is_asked_again_when_it_is_through), TEST(an_old_tree_that_forwards_costs_nothing),
		TEST(what_comes_from_beyond_proves_that_an_old_tree_is_through),
		TEST(a_cable_that_is_pulled_while_dhcp_asks_spends_no_try),
		TEST(a_port_that_says_nothing_is_asked_until_it_forwards),
		TEST(waiting_for_a_port_has_an_end_and_is_explained), TEST(a_switch_that_falls_silent_is_asked),
		TEST(esc_ends_the_waiting),
		TEST(a_cable_that_comes_late_is_listened_to_for_a_hello),
		TEST(a_port_of_a_bundle_is_answered_and_stays_answered),
		TEST(without_a_bundle_no_group_is_heard_after_the_lease),
		TEST(who_asks_for_802_1x_is_told_of_and_never_answered), TEST(the_firmware_s_vlan_is_the_boot_s),
		TEST(the_configuration_s_vlan_0_overrules_the_firmware_s), TEST(the_start_delay_is_waited_for_once),
		TEST(esc_gives_back_the_lease_of_the_try_before), TEST(a_wrong_vlan_is_explained),
	};

	return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
