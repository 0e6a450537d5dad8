/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* In which state drivers behind the Simple Network Protocol are found, and left. */
#include "undi/snp_bench.h"

static void a_stopped_card_is_started_and_left_stopped(void **state)
{
	(void)state;
	open_it();
	assert_int_equal(fake.starts, 1);
	assert_int_equal(fake.initializes, 1);
	assert_int_equal(fake.mode.filters, SNP_UNICAST | SNP_BROADCAST);
	assert_memory_equal(card.nic.mac, fake.mode.mac, 6);
	assert_int_equal(card.nic.mtu, 1500);
	assert_true(card.nic.rx_frames_max <= card.nic.rx_window_max && card.nic.rx_window_max < 64);
	snp_close(&card);
	assert_int_equal(fake.mode.state, SNP_STOPPED);
	assert_int_equal(fake.shutdowns, 1);
	assert_int_equal(fake.stops, 1);
	assert_false(send(0, 60));
	expect_none();
	snp_close(&card);
	assert_int_equal(fake.shutdowns, 1);
}

static void a_started_card_is_left_started(void **state)
{
	(void)state;
	fake.mode.state = SNP_STARTED;
	open_it();
	assert_int_equal(fake.starts, 0);
	snp_close(&card);
	assert_int_equal(fake.mode.state, SNP_STARTED);
}

static void a_running_card_is_left_running_with_its_filters(void **state)
{
	(void)state;
	fake.mode.state = SNP_INITIALIZED;
	fake.mode.filters = SNP_UNICAST | SNP_BROADCAST | SNP_MULTICAST;
	open_it();
	assert_int_equal(fake.starts + fake.initializes, 0);
	assert_int_equal(fake.mode.filters, SNP_UNICAST | SNP_BROADCAST);
	snp_close(&card);
	assert_int_equal(fake.mode.state, SNP_INITIALIZED);
	assert_int_equal(fake.mode.filters, SNP_UNICAST | SNP_BROADCAST | SNP_MULTICAST);
	assert_int_equal(fake.shutdowns, 0);
}

static void already_started_is_as_good_as_started(void **state)
{
	(void)state;
	fake.start_says = SNP_ALREADY_STARTED;
	open_it();
}

static void a_card_that_cannot_be_started_is_told(void **state)
{
	(void)state;
	fake.start_says = SNP_DEVICE_ERROR;
	assert_false(snp_open(&card, &fake.env));
	assert_string_equal(card.failed.call, "Start");
	assert_int_equal(card.failed.status, SNP_DEVICE_ERROR);
	assert_string_equal(snp_status_text(card.failed.status), "device error");
}

static void initialize_is_tried_ten_times(void **state)
{
	(void)state;
	fake.initialize_failures = SNP_INITIALIZE_TRIES - 1;
	open_it();
	assert_int_equal(fake.waited_ms, (SNP_INITIALIZE_TRIES - 1) * SNP_INITIALIZE_WAIT_MS);
	fresh(NULL);
	fake.initialize_failures = SNP_INITIALIZE_TRIES;
	assert_false(snp_open(&card, &fake.env));
	assert_string_equal(card.failed.call, "Initialize");
	assert_int_equal(fake.mode.state, SNP_STOPPED);         /* as it was */
}

static void an_initialize_that_failed_and_did_it_counts(void **state)
{
	(void)state;
	fake.initialize_lies = true;
	open_it();
	assert_int_equal(fake.initializes, 1);
}

static void filters_that_turn_nothing_off_will_do(void **state)
{
	(void)state;
	fake.mode.state = SNP_INITIALIZED;
	fake.mode.filters = SNP_MULTICAST;
	fake.refuses_off = true;
	open_it();
	assert_int_equal(fake.mode.filters, SNP_MULTICAST | SNP_UNICAST | SNP_BROADCAST);
	assert_int_equal(card.counted.filters_refused, 1);
}

static void who_knows_only_promiscuous_hears_all(void **state)
{
	(void)state;
	fake.filters_known = fake.mode.filters_possible = SNP_PROMISCUOUS;
	open_it();
	assert_int_equal(fake.mode.filters, SNP_PROMISCUOUS);
}

static void who_does_not_say_what_it_knows_is_asked(void **state)
{
	(void)state;
	fake.mode.filters_possible = 0;
	open_it();
	assert_int_equal(fake.mode.filters, SNP_UNICAST | SNP_BROADCAST);
}

static void filters_refused_are_no_harm_to_who_hears_broadcasts(void **state)
{
	(void)state;
	fake.mode.state = SNP_INITIALIZED;
	fake.mode.filters = SNP_BROADCAST;
	fake.filters_say = SNP_DEVICE_ERROR;
	open_it();
	assert_int_equal(card.counted.filters_refused, 4);
	fake.mode.filters = SNP_MULTICAST;
	assert_false(snp_open(&card, &fake.env));
	assert_string_equal(card.failed.call, "ReceiveFilters");
}

static void what_is_no_ethernet_is_refused(void **state)
{
	(void)state;
	fake.mode.hardware_type = 32;
	assert_false(snp_open(&card, &fake.env));
	assert_int_equal(fake.starts, 0);
	fresh(NULL);
	fake.mode.address_bytes = 20;
	assert_false(snp_open(&card, &fake.env));
	assert_int_equal(card.failed.status, SNP_UNSUPPORTED);
}

static void sizes_and_addresses_that_make_no_sense(void **state)
{
	(void)state;
	memset(fake.mode.mac, 0, 6);
	fake.mode.packet_max = 1514;
	open_it();
	assert_int_equal(card.nic.mtu, 1500);
	assert_memory_equal(card.nic.mac, fake.mode.permanent_mac, 6);
	snp_close(&card);
	fake.mode.packet_max = 0;
	open_it();
	assert_int_equal(card.nic.mtu, 1500);
	snp_close(&card);
	fake.mode.packet_max = 1400;
	open_it();
	assert_int_equal(card.nic.mtu, 1400);
}

static void the_cable_is_asked_for(void **state)
{
	(void)state;
	open_it();
	assert_int_equal(card.nic.link(&card.nic), NIC_LINK_UP);
	fake.mode.has_media = false;
	assert_int_equal(card.nic.link(&card.nic), NIC_LINK_DOWN);
	assert_int_equal(fake.statuses, 2);             /* Mode alone would be the news of long ago */
	fake.mode.tells_media = false;
	assert_int_equal(card.nic.link(&card.nic), NIC_LINK_UNKNOWN);
}

static void buffers_that_do_not_come_back_are_fetched_back(void **state)
{
	(void)state;
	fake.mode.state = SNP_INITIALIZED;
	open_it();
	for (unsigned i = 0; i < TX_RING_BUFFERS + 1; i++)
		assert_true(send(0, 60));
	fake.is_slow = true;
	snp_close(&card);
	assert_true(fake.waited_ms <= SNP_DRAIN_TRIES);
	assert_int_equal(fake.held_count, 0);           /* our memory is not the card's any more */
	assert_int_equal(fake.mode.state, SNP_INITIALIZED);
}

static void quiet_is_down_without_waiting(void **state)
{
	(void)state;
	fake.mode.state = SNP_INITIALIZED;
	open_it();
	fake.is_slow = true;
	assert_true(send(0, 60));
	snp_quiet(&card);
	assert_int_equal(fake.mode.state, SNP_STOPPED);
	assert_int_equal(fake.waited_ms, 0);
	assert_false(send(0, 60));
	snp_close(&card);
	assert_int_equal(fake.shutdowns, 1);
}

/* Newer firmware has shut its drivers down before: a second Shutdown would run over what is gone. */
static void quiet_leaves_alone_what_is_down(void **state)
{
	(void)state;
	open_it();
	fake.mode.state = SNP_STOPPED;
	snp_quiet(&card);
	assert_int_equal(fake.shutdowns + fake.stops, 0);
}

static const uint8_t groups[2][6] = { { 1, 0x80, 0xc2, 0, 0, 0 }, { 1, 0x80, 0xc2, 0, 0, 2 } };

static void groups_are_heard_besides_the_rest_and_told_again_after_a_restart(void **state)
{
	(void)state;
	open_it();
	assert_true(card.nic.groups(&card.nic, groups, 2));
	assert_int_equal(fake.mode.filters, SNP_UNICAST | SNP_BROADCAST | SNP_MULTICAST);
	assert_int_equal(fake.group_count, 2);
	assert_memory_equal(fake.groups, groups, sizeof groups);
	receives(0, SNP_RX_BYTES + 1);
	expect_none();                          /* down and up again */
	assert_int_equal(card.counted.restarted, 1);
	assert_int_equal(fake.group_count, 2);
	assert_true(card.nic.groups(&card.nic, NULL, 0));
	assert_int_equal(fake.mode.filters, SNP_UNICAST | SNP_BROADCAST);
	assert_int_equal(fake.group_count, 0);
}

static void groups_that_cannot_be_told_are_gone_without(void **state)
{
	static const uint8_t many[NIC_GROUPS_MAX + 1][6];

	(void)state;
	fake.mode.groups_max = 1;
	open_it();
	assert_false(card.nic.groups(&card.nic, groups, 2));
	assert_false(card.nic.groups(&card.nic, many, NIC_GROUPS_MAX + 1));
	assert_int_equal(fake.group_calls, 0);
	assert_true(card.nic.groups(&card.nic, groups, 1));
	fresh(state);
	fake.mode.filters_possible = SNP_UNICAST | SNP_BROADCAST | SNP_PROMISCUOUS | SNP_ALL_MULTICAST;
	open_it();
	assert_false(card.nic.groups(&card.nic, groups, 2));
	assert_int_equal(fake.mode.filters, SNP_UNICAST | SNP_BROADCAST);
	fresh(state);
	fake.groups_refused = true;
	open_it();
	assert_false(card.nic.groups(&card.nic, groups, 2));
	assert_int_equal(card.counted.groups_refused, 1);
	receives(0, 100);
	expect_frame(0, 100);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_stopped_card_is_started_and_left_stopped), TEST(a_started_card_is_left_started),
		TEST(a_running_card_is_left_running_with_its_filters), TEST(already_started_is_as_good_as_started),
		TEST(a_card_that_cannot_be_started_is_told), TEST(initialize_is_tried_ten_times),
		TEST(an_initialize_that_failed_and_did_it_counts), TEST(filters_that_turn_nothing_off_will_do),
		TEST(who_knows_only_promiscuous_hears_all), TEST(who_does_not_say_what_it_knows_is_asked),
		TEST(filters_refused_are_no_harm_to_who_hears_broadcasts), TEST(what_is_no_ethernet_is_refused),
		TEST(sizes_and_addresses_that_make_no_sense), TEST(the_cable_is_asked_for),
		TEST(buffers_that_do_not_come_back_are_fetched_back), TEST(quiet_is_down_without_waiting),
		TEST(quiet_leaves_alone_what_is_down),
		TEST(groups_are_heard_besides_the_rest_and_told_again_after_a_restart),
		TEST(groups_that_cannot_be_told_are_gone_without),
	};

	return cmocka_run_group_tests_name("undi/snp", tests, NULL, NULL);
}
