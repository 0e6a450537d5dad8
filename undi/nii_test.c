/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Which UNDI we call at all, how its commands end, and in which state it is found and left. */
#include "undi/nii_bench.h"

static struct nii_bang bang_of(uint32_t implementation, uint64_t entry)
{
	struct nii_bang b = { .signature = "!PXE", .length = sizeof b, .revision = 2, .major = 3, .minor = 1,
	                      .implementation = implementation, .entry = entry, .bus_count = 1 };
	const uint8_t *bytes = (const uint8_t *)&b;
	uint8_t sum = 0;

	for (unsigned i = 0; i < sizeof b; i++)
		sum = (uint8_t)(sum + bytes[i]);
	b.fudge = (uint8_t)-sum;
	return b;
}

static void an_entry_point_is_an_address_or_an_offset(void **state)
{
	struct nii_bang b = bang_of(NII_IMP_ABSOLUTE, 0x123456789);
	uint64_t entry = 0;

	(void)state;
	assert_int_equal(nii_look(&b, &entry), NII_GOOD);
	assert_true(entry == 0x123456789);
	b = bang_of(0, 0x40);
	assert_int_equal(nii_look(&b, &entry), NII_GOOD);
	assert_true(entry == (uint64_t)(uintptr_t)&b + 0x40);
}

static void what_cannot_be_called_is_refused(void **state)
{
	struct nii_bang b = bang_of(NII_IMP_ABSOLUTE, 0x1000);
	uint64_t entry = 0;

	(void)state;
	assert_int_equal(nii_look(NULL, &entry), NII_NO_BANG);
	b.signature[0] = '?';
	assert_int_equal(nii_look(&b, &entry), NII_NO_BANG);
	b = bang_of(NII_IMP_ABSOLUTE, 0x1000);
	b.length = 8;
	assert_int_equal(nii_look(&b, &entry), NII_NO_BANG);
	b = bang_of(NII_IMP_ABSOLUTE, 0x1000);
	b.fudge++;
	assert_int_equal(nii_look(&b, &entry), NII_BAD_CHECKSUM);
	b = bang_of(NII_IMP_HARDWARE, 0x1000);
	assert_int_equal(nii_look(&b, &entry), NII_HARDWARE);
	b = bang_of(NII_IMP_ABSOLUTE, 0);
	assert_int_equal(nii_look(&b, &entry), NII_NO_ENTRY);
	assert_true(entry == 0);
	assert_string_equal(nii_verdict_text(NII_HARDWARE), "it is a UNDI in hardware");
}

static void a_stopped_undi_is_started_and_left_stopped(void **state)
{
	(void)state;
	open_it();
	assert_true(fake.started_with == 8);
	assert_int_equal(fake.commands[NII_INITIALIZE], 1);
	assert_true(fake.initialized_with.memory == (uint64_t)(uintptr_t)fake.memory);
	assert_int_equal(fake.initialized_with.memory_bytes, sizeof fake.memory);
	assert_int_equal(fake.filters, NII_UNICAST | NII_BROADCAST);
	assert_memory_equal(card.nic.mac, fake.station.mac, 6);
	assert_int_equal(card.nic.mtu, 1500);
	assert_int_equal(card.nic.rx_frames_max, NII_FRAMES_MAX);
	assert_true(card.nic.rx_frames_max <= card.nic.rx_window_max);
	assert_string_equal(card.nic.driver, "undi 3.1");
	assert_int_equal(card.counted.calls, fake.calls);
	nii_close(&card);
	assert_int_equal(fake.state, NII_STOPPED);
	assert_int_equal(fake.memories_freed, 1);
	assert_false(send(0, 60));
	expect_none();
	nii_close(&card);
	assert_int_equal(fake.commands[NII_STOP], 1);
}

static void who_had_it_before_has_left_his_callbacks(void **state)
{
	(void)state;
	for (unsigned was = NII_STARTED; was <= NII_INITIALIZED; was++) {
		fresh(NULL);
		fake.state = was;
		open_it();
		assert_int_equal(fake.commands[NII_START], 1);
		assert_int_equal(fake.commands[NII_STOP], 1);
		assert_int_equal(fake.commands[NII_SHUTDOWN], was == NII_INITIALIZED);
		assert_true(fake.started_with == 8);
	}
}

static void a_state_that_is_not_known_or_not_true_is_no_harm(void **state)
{
	(void)state;
	fake.state = NII_INITIALIZED;
	fake.says[NII_GET_STATE] = NII_UNSUPPORTED;
	open_it();
	fresh(NULL);
	fake.state = NII_INITIALIZED;
	fake.hides_state = true;
	open_it();
	assert_int_equal(fake.commands[NII_START], 2);
}

static void a_command_that_fails_is_told_and_leaves_it_stopped(void **state)
{
	static const struct { enum nii_opcode opcode; const char *name; } cases[] = {
		{ NII_START, "Start" }, { NII_GET_INIT_INFO, "Get Init Info" }, { NII_INITIALIZE, "Initialize" },
		{ NII_STATION_ADDRESS, "Station Address" }, { NII_RECEIVE_FILTERS, "Receive Filters" },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(cases); i++) {
		fresh(NULL);
		fake.says[cases[i].opcode] = NII_DEVICE_FAILURE;
		assert_false(nii_open(&card, &fake.env));
		assert_string_equal(card.failed.command, cases[i].name);
		assert_string_equal(nii_code_text(card.failed.code), "device failure");
		assert_int_equal(fake.state, NII_STOPPED);
		assert_int_equal(fake.memories, fake.memories_freed);
	}
	assert_string_equal(nii_code_text(0x4711), "an error");
}

static void a_link_that_is_not_up_yet_is_waited_for(void **state)
{
	(void)state;
	fake.says[NII_INITIALIZE] = NII_DEVICE_FAILURE;
	fake.so_often[NII_INITIALIZE] = NII_INITIALIZE_TRIES - 1;
	open_it();
	assert_int_equal(fake.waited_us, (NII_INITIALIZE_TRIES - 1) * NII_INITIALIZE_WAIT_MS * USEC_PER_MS);
}

static void a_failure_without_a_reason_is_a_failure(void **state)
{
	(void)state;
	fake.fails_without_a_code = true;
	assert_false(nii_open(&card, &fake.env));
	assert_int_equal(card.failed.code, NII_UNKNOWN);
}

static void who_leaves_statflags_alone_is_waited_for_once(void **state)
{
	(void)state;
	fake.says_nothing = true;
	open_it();
	assert_in_range(fake.waited_us, 1, 2 * NII_SILENT_MS * USEC_PER_MS);
	fake.waited_us = 0;
	receives(0, 60);
	expect_frame(0, 60);
	expect_none();
	assert_true(send(0, 60));
	assert_int_equal(fake.waited_us, 0);
}

static void a_command_that_is_queued_is_waited_for(void **state)
{
	(void)state;
	fake.queue_looks = 3;
	open_it();
	receives(1, 80);
	expect_frame(1, 80);
	expect_none();
	assert_true(send(0, 60));
	nii_close(&card);
	assert_int_equal(fake.state, NII_STOPPED);
	assert_int_equal(fake.wire_frames, 1);
	assert_int_equal(card.counted.unfinished, 0);
}

static void as_long_as_one_has_not_ended_none_is_begun(void **state)
{
	unsigned calls, bound = NII_FINISH_MS * (USEC_PER_MS / NII_LOOK_US);

	(void)state;
	open_it();
	receives(2, 90);
	receives(1, 80);
	fake.queue_looks = 2 * bound + 10;              /* ends while the third asks */
	fake.queue_only = NII_RECEIVE;
	calls = fake.calls;
	expect_none();
	expect_none();
	assert_int_equal(fake.calls, calls + 1);
	assert_int_equal(fake.waited_us, 2 * NII_FINISH_MS * USEC_PER_MS);
	fake.queue_looks = 0;
	expect_frame(1, 80);                            /* the first had nobody who took it */
	assert_int_equal(card.counted.unfinished, 2);
}

static void what_never_ends_is_told(void **state)
{
	(void)state;
	fake.queue_looks = UINT32_MAX;
	fake.queue_only = NII_GET_INIT_INFO;
	assert_false(nii_open(&card, &fake.env));
	assert_string_equal(card.failed.command, "Get Init Info");
	assert_string_equal(nii_code_text(card.failed.code), "it does not end");
}

static void a_frame_whose_command_has_not_ended_keeps_its_buffer(void **state)
{
	(void)state;
	open_it();
	fake.is_slow = true;
	fake.queue_looks = NII_FINISH_MS * (USEC_PER_MS / NII_LOOK_US) + 5;
	fake.queue_only = NII_TRANSMIT;
	assert_false(send(0, 60));
	fake.queue_looks = 0;
	assert_true(send(1, 60));                       /* by another buffer: is_right sees that */
	assert_int_equal(fake.held_count, 2);
}

static void memory_is_what_it_asks_for(void **state)
{
	(void)state;
	fake.info.memory_bytes = 0;
	open_it();
	assert_int_equal(fake.memories, 0);
	assert_true(fake.initialized_with.memory == 0);
	fresh(NULL);
	fake.has_no_memory = true;
	assert_false(nii_open(&card, &fake.env));
	assert_int_equal(card.failed.code, NII_NOT_ENOUGH_MEMORY);
	fresh(NULL);
	fake.info.memory_bytes = NII_MEMORY_MAX + 1u;
	assert_false(nii_open(&card, &fake.env));
	assert_int_equal(fake.memories, 0);
}

static void memory_of_a_card_that_is_not_shut_down_is_given_up(void **state)
{
	(void)state;
	open_it();
	fake.says[NII_SHUTDOWN] = NII_DEVICE_FAILURE;
	nii_close(&card);
	assert_int_equal(fake.memories_freed, 0);
}

static void what_is_no_ethernet_is_refused_here_too(void **state)
{
	(void)state;
	fake.info.hardware_type = 32;
	assert_false(nii_open(&card, &fake.env));
	assert_int_equal(fake.commands[NII_INITIALIZE], 0);
	fresh(NULL);
	fake.info.address_bytes = 20;
	assert_false(nii_open(&card, &fake.env));
	assert_int_equal(card.failed.code, NII_UNSUPPORTED);
}

static void numbers_that_make_no_sense_are_not_used(void **state)
{
	(void)state;
	memset(fake.station.mac, 0, 6);
	fake.info.frame_data_bytes = 1514;
	fake.info.rx_count = 1;
	open_it();
	assert_int_equal(card.nic.mtu, 1500);
	assert_memory_equal(card.nic.mac, fake.station.permanent, 6);
	assert_int_equal(card.nic.rx_window_max, NII_WINDOW_MAX);
	fake.info.frame_data_bytes = 1400;
	fake.info.rx_count = 8;
	open_it();
	assert_int_equal(card.nic.mtu, 1400);
	assert_int_equal(card.nic.rx_frames_max, 8);
	assert_int_equal(card.nic.rx_window_max, 8);
}

static void filters_it_does_not_know_are_not_asked_for(void **state)
{
	(void)state;
	fake.env.implementation = NII_IMP_PROMISCUOUS;
	fake.filters_known = NII_UNICAST | NII_BROADCAST | NII_PROMISCUOUS;
	open_it();
	assert_int_equal(fake.filters, NII_UNICAST | NII_BROADCAST | NII_PROMISCUOUS);
	fresh(NULL);
	fake.filters_known = NII_PROMISCUOUS;
	open_it();
	assert_int_equal(fake.filters, NII_PROMISCUOUS);
}

static void the_end_of_the_boot_services_frees_nothing(void **state)
{
	(void)state;
	open_it();
	nii_quiet(&card);
	assert_int_equal(fake.state, NII_STOPPED);
	assert_int_equal(fake.memories_freed, 0);
	assert_int_equal(fake.waited_us, 0);
	assert_false(send(0, 60));
	expect_none();
	nii_quiet(&card);
	assert_int_equal(fake.commands[NII_SHUTDOWN], 1);
	fresh(NULL);
	open_it();
	fake.state = NII_STOPPED;                       /* newer firmware has shut its drivers down before */
	nii_quiet(&card);
	assert_int_equal(fake.commands[NII_SHUTDOWN] + fake.commands[NII_STOP], 0);
}

static const uint8_t groups[2][6] = { { 1, 0x80, 0xc2, 0, 0, 0 }, { 1, 0x80, 0xc2, 0, 0, 2 } };

static void groups_are_a_list_of_long_addresses(void **state)
{
	(void)state;
	open_it();
	assert_true(card.nic.groups(&card.nic, groups, 2));
	assert_int_equal(fake.filters, NII_UNICAST | NII_BROADCAST | NII_MULTICAST);
	assert_int_equal(fake.group_count, 2);
	assert_memory_equal(fake.groups.macs[0], groups[0], 6);
	assert_memory_equal(fake.groups.macs[1], groups[1], 6);
	assert_true(card.nic.groups(&card.nic, NULL, 0));
	assert_int_equal(fake.filters, NII_UNICAST | NII_BROADCAST);
	assert_int_equal(fake.group_count, 0);
}

static void who_knows_no_list_of_groups_is_not_told_one(void **state)
{
	unsigned asked;

	(void)state;
	fake.env.implementation &= ~(uint32_t)NII_IMP_MULTICAST;
	open_it();
	asked = fake.commands[NII_RECEIVE_FILTERS];
	assert_false(card.nic.groups(&card.nic, groups, 2));
	assert_int_equal(fake.commands[NII_RECEIVE_FILTERS], asked);
	nii_close(&card);
	fresh(state);
	fake.info.multicast_count = 1;
	open_it();
	assert_false(card.nic.groups(&card.nic, groups, 2));
	assert_true(card.nic.groups(&card.nic, groups, 1));
	fake.says[NII_RECEIVE_FILTERS] = NII_UNSUPPORTED;
	assert_false(card.nic.groups(&card.nic, groups, 1));
	assert_int_equal(card.counted.groups_refused, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, is_right)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_entry_point_is_an_address_or_an_offset), TEST(what_cannot_be_called_is_refused),
		TEST(a_stopped_undi_is_started_and_left_stopped), TEST(who_had_it_before_has_left_his_callbacks),
		TEST(a_state_that_is_not_known_or_not_true_is_no_harm),
		TEST(a_command_that_fails_is_told_and_leaves_it_stopped), TEST(a_link_that_is_not_up_yet_is_waited_for),
		TEST(a_failure_without_a_reason_is_a_failure), TEST(who_leaves_statflags_alone_is_waited_for_once),
		TEST(a_command_that_is_queued_is_waited_for), TEST(as_long_as_one_has_not_ended_none_is_begun),
		TEST(what_never_ends_is_told), TEST(a_frame_whose_command_has_not_ended_keeps_its_buffer),
		TEST(memory_is_what_it_asks_for), TEST(memory_of_a_card_that_is_not_shut_down_is_given_up),
		TEST(what_is_no_ethernet_is_refused_here_too), TEST(numbers_that_make_no_sense_are_not_used),
		TEST(filters_it_does_not_know_are_not_asked_for), TEST(the_end_of_the_boot_services_frees_nothing),
		TEST(groups_are_a_list_of_long_addresses), TEST(who_knows_no_list_of_groups_is_not_told_one),
	};

	return cmocka_run_group_tests_name("undi/nii", tests, NULL, NULL);
}
