/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* One test a quirk; the names are those of docs/pxe-notes.md. */
#include "undi/pxe_bench.h"

/* ---- opening ---- */

static void base_code_left_it_open(void **state)
{
	(void)state;
	open_it();
	assert_int_equal(fake_asked(&fake, PXE_UNDI_CLOSE), 0);
	assert_int_equal(fake_asked(&fake, PXE_UNDI_STARTUP), 0);
	assert_int_equal(fake_asked(&fake, PXE_UNDI_INITIALIZE), 0);
	assert_memory_equal(card.nic.mac, fake.info.mac, 6);
	assert_int_equal(card.nic.mtu, 1500);
	assert_int_equal(card.nic.rx_frames_max, PXE_FRAMES_MAX);
	assert_int_equal(card.nic.rx_window_max, PXE_WINDOW_MAX);
	assert_string_equal(card.nic.driver, "undi 8086:100e");
	assert_int_equal(card.failed.function, 0);
}

static void open_is_refused_until_close(void **state)
{
	(void)state;
	fake.open_until_closed = true;
	open_it();
	assert_int_equal(fake_asked(&fake, PXE_UNDI_CLOSE), 1);
	assert_int_equal(fake_asked(&fake, PXE_UNDI_INITIALIZE), 0);
}

static void initialize_is_tried_ten_times(void **state)
{
	(void)state;
	fake.never_started = true;
	fake.initialize_failures = PXE_INITIALIZE_TRIES - 1;
	open_it();
	assert_int_equal(fake_asked(&fake, PXE_UNDI_STARTUP), 1);
	assert_int_equal(fake_asked(&fake, PXE_UNDI_INITIALIZE), PXE_INITIALIZE_TRIES);
	assert_int_equal(fake.waited_ms, (PXE_INITIALIZE_TRIES - 1) * PXE_INITIALIZE_WAIT_MS);
}

static void no_cable_is_told(void **state)
{
	(void)state;
	fake.never_started = true;
	fake.initialize_failures = PXE_INITIALIZE_TRIES;
	assert_false(pxe_open(&card, &fake.env));
	assert_int_equal(card.failed.function, PXE_UNDI_INITIALIZE);
	assert_int_equal(card.failed.status, PXE_STATUS_MEDIA_TEST);
	assert_int_equal(card.nic.link(&card.nic), NIC_LINK_DOWN);
	expect_none();
	assert_int_equal(fake.bursts, 0);
}

static void what_was_started_in_vain_is_stopped(void **state)
{
	(void)state;
	fake.never_started = fake.open_refused = true;
	assert_false(pxe_open(&card, &fake.env));
	assert_int_equal(card.failed.function, PXE_UNDI_OPEN);
	assert_int_equal(fake_asked(&fake, PXE_UNDI_SHUTDOWN), 1);
	assert_int_equal(fake_asked(&fake, PXE_UNDI_CLEANUP), 1);
}

static void who_was_never_started_is_initialized_before_anything_is_asked(void **state)
{
	(void)state;
	fake.never_started = fake.unknown_before = true;
	assert_true(pxe_open_new(&card, &fake.env));
	assert_true(fake.open);
	assert_int_equal(fake.asked[0], PXE_UNDI_STARTUP);
	assert_int_equal(fake.asked[1], PXE_UNDI_INITIALIZE);
	pxe_close(&card);
	assert_int_equal(fake_asked(&fake, PXE_UNDI_SHUTDOWN), 1);
	assert_int_equal(fake_asked(&fake, PXE_UNDI_CLEANUP), 1);
}

static void a_new_one_without_a_cable_is_told_and_stopped(void **state)
{
	(void)state;
	fake.never_started = fake.unknown_before = true;
	fake.initialize_failures = PXE_INITIALIZE_TRIES;
	assert_false(pxe_open_new(&card, &fake.env));
	assert_int_equal(card.failed.function, PXE_UNDI_INITIALIZE);
	assert_int_equal(card.failed.status, PXE_STATUS_MEDIA_TEST);
	fresh(NULL);
	fake.never_started = fake.unknown_before = fake.open_refused = true;
	assert_false(pxe_open_new(&card, &fake.env));
	assert_int_equal(card.failed.function, PXE_UNDI_OPEN);
	assert_int_equal(fake_asked(&fake, PXE_UNDI_SHUTDOWN), 1);
}

static void station_address_may_be_refused(void **state)
{
	(void)state;
	fake.station_refused = true;
	open_it();
	assert_int_equal(fake_asked(&fake, PXE_UNDI_SET_STATION), 1);
}

static void status_is_nonsense_on_success(void **state)
{
	(void)state;
	fake.nonsense_status = true;
	open_it();
	assert_int_equal(card.counted.call_failed, 0);
}

static void not_ethernet_is_refused(void **state)
{
	(void)state;
	fake.info.address_bytes = 8;
	assert_false(pxe_open(&card, &fake.env));
	assert_int_equal(card.failed.function, PXE_UNDI_GET_INFO);
	fake.info.address_bytes = 6;
	fake.no_information = true;
	assert_false(pxe_open(&card, &fake.env));
}

static void no_current_address_means_the_permanent_one(void **state)
{
	static const uint8_t permanent[6] = { 2, 1, 2, 3, 4, 5 };

	(void)state;
	memset(fake.info.mac, 0, 16);
	memcpy(fake.info.permanent_mac, permanent, 6);
	open_it();
	assert_memory_equal(card.nic.mac, permanent, 6);
}

static void mtu_may_be_the_frame_or_nothing(void **state)
{
	static const uint16_t said[] = { 0, 1, 1500, 1514, 1518, 9000, 1400 };
	static const uint16_t meant[] = { 1500, 1500, 1500, 1500, 1500, 1500, 1400 };

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(said); i++) {
		fake.info.mtu = said[i];
		open_it();
		assert_int_equal(card.nic.mtu, meant[i]);
	}
}

static void a_rom_without_names_is_still_a_card(void **state)
{
	(void)state;
	fake.no_iface = fake.no_nic_type = true;
	open_it();
	assert_string_equal(card.nic.driver, "undi");
	assert_int_equal(card.pci_address, PXE_PCI_UNKNOWN);
}

static void the_pci_address_is_the_roms(void **state)
{
	(void)state;
	open_it();
	assert_int_equal(card.pci_address, 0x0018);
}

static void no_one_elses_frames(void **state)
{
	(void)state;
	open_it();
	assert_int_equal(fake.filter, PXE_FILTER_DIRECTED | PXE_FILTER_BROADCAST);
}

static const uint8_t groups[2][6] = { { 1, 0x80, 0xc2, 0, 0, 0 }, { 1, 0x80, 0xc2, 0, 0, 2 } };

static void groups_are_told_while_it_is_open_and_when_it_is_opened_anew(void **state)
{
	(void)state;
	fake.services = PXE_SERVES_GROUPS | 1;
	open_it();
	assert_int_equal(fake.groups.count, 0);
	assert_true(card.nic.groups(&card.nic, groups, 2));
	assert_int_equal(fake.groups.count, 2);
	assert_memory_equal(fake.groups.macs[0], groups[0], 6);
	assert_memory_equal(fake.groups.macs[1], groups[1], 6);
	assert_int_equal(fake_asked(&fake, PXE_UNDI_CLOSE), 0);
	assert_int_equal(fake.filter, PXE_FILTER_DIRECTED | PXE_FILTER_BROADCAST);
	memset(&fake.groups, 0, sizeof fake.groups);
	fake.transmit_failures = 2 * PXE_WATCHDOG_POLLS;
	for (unsigned i = 0; i < 2 * PXE_WATCHDOG_POLLS && !card.counted.reopened; i++) {
		card.nic.send(&card.nic, frames[0], 60);
		expect_none();
	}
	assert_int_equal(card.counted.reopened, 1);
	assert_int_equal(fake.groups.count, 2);
	assert_true(card.nic.groups(&card.nic, NULL, 0));
	assert_int_equal(fake.groups.count, 0);
}

static void a_rom_that_serves_no_groups_goes_on_without(void **state)
{
	static const uint8_t many[PXE_GROUPS_MAX + 1][6];

	(void)state;
	fake.services = 1;                      /* broadcasts, and nothing of groups */
	open_it();
	assert_false(card.nic.groups(&card.nic, groups, 2));
	assert_int_equal(fake_asked(&fake, PXE_UNDI_SET_GROUPS), 0);
	fresh(state);
	fake.groups_refused = true;
	open_it();
	assert_false(card.nic.groups(&card.nic, groups, 2));
	assert_int_equal(fake_asked(&fake, PXE_UNDI_SET_GROUPS), 1);
	assert_int_equal(fake_asked(&fake, PXE_UNDI_CLOSE), 0);
	says_frame(0, 100);
	expect_frame(0, 100);
	fresh(state);
	fake.no_iface = true;                   /* who does not say is asked */
	open_it();
	assert_false(card.nic.groups(&card.nic, many, PXE_GROUPS_MAX + 1));
	assert_true(card.nic.groups(&card.nic, groups, 2));
}

/* ---- sending ---- */

static void make_frame(uint8_t *frame, size_t len, const uint8_t dst[6], uint16_t type)
{
	memset(frame, 0x5a, len);
	memcpy(frame, dst, 6);
	memcpy(frame + 6, fake.info.mac, 6);
	frame[12] = (uint8_t)(type >> 8);
	frame[13] = (uint8_t)type;
}

static const uint8_t someone[6] = { 2, 0, 0, 0, 0, 9 }, everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static void expect_sent(const uint8_t *frame, size_t len, size_t on_wire)
{
	unsigned before = fake.wire_frames;
	static const uint8_t zeros[FRAME_MIN];

	assert_true(card.nic.send(&card.nic, frame, len));
	assert_int_equal(fake.wire_frames, before + 1);
	assert_int_equal(fake.wire_len, on_wire);
	assert_memory_equal(fake.wire, frame, len);
	if (on_wire > len)
		assert_memory_equal(fake.wire + len, zeros, on_wire - len);
}

static void ip_and_arp_go_without_their_header(void **state)
{
	uint8_t frame[FRAME_MAX];

	(void)state;
	fake.only_with_header_stripped = true;
	open_it();
	make_frame(frame, 1514, someone, 0x0800);
	expect_sent(frame, 1514, 1514);
	make_frame(frame, 42, everyone, 0x0806);
	expect_sent(frame, 42, FRAME_MIN);
	make_frame(frame, 14, someone, 0x0800);
	expect_sent(frame, 14, FRAME_MIN);
}

static void other_frames_go_as_they_are(void **state)
{
	uint8_t frame[FRAME_MAX];

	(void)state;
	open_it();
	make_frame(frame, 100, someone, 0x88a2);
	expect_sent(frame, 100, 100);
	make_frame(frame, 100, someone, 0x0800);
	frame[11] ^= 1;                         /* somebody else's source address must survive */
	expect_sent(frame, 100, 100);
}

static void a_tagged_frame_goes_with_its_header(void **state)
{
	uint8_t frame[FRAME_MAX] = { 0 };

	(void)state;
	open_it();
	make_frame(frame, 46, someone, 0x8100);
	frame[15] = 5;
	frame[16] = 8;
	frame[17] = 6;                          /* ARP, and yet no P_ARP: the ROM would make a header without the tag */
	expect_sent(frame, 46, FRAME_MIN);
	make_frame(frame, FRAME_MAX, someone, 0x8100);
	expect_sent(frame, FRAME_MAX, FRAME_MAX);
	fake.only_with_header_stripped = true;
	assert_false(card.nic.send(&card.nic, frame, FRAME_MAX));       /* it is refused, not sent without its tag */
	assert_int_equal(card.counted.send_failed, 1);
}

static void lengths_that_are_no_frame_are_refused(void **state)
{
	uint8_t frame[FRAME_MAX + 1] = { 0 };

	(void)state;
	open_it();
	assert_false(card.nic.send(&card.nic, frame, FRAME_HEAD - 1));
	assert_false(card.nic.send(&card.nic, frame, FRAME_MAX + 1));
	assert_int_equal(fake.wire_frames, 0);
}

static void busy_is_not_an_error(void **state)
{
	uint8_t frame[60];

	(void)state;
	open_it();
	fake.transmit_failures = 1;
	make_frame(frame, sizeof frame, someone, 0x0800);
	assert_false(card.nic.send(&card.nic, frame, sizeof frame));
	expect_sent(frame, sizeof frame, sizeof frame);
	assert_int_equal(card.counted.send_failed, 1);
}

static void completion_is_never_waited_for(void **state)
{
	uint8_t frame[60];

	(void)state;
	open_it();
	make_frame(frame, sizeof frame, someone, 0x0800);
	for (unsigned i = 0; i < 50; i++)
		assert_true(card.nic.send(&card.nic, frame, sizeof frame));
	assert_int_equal(fake.bursts, 0);
	says(PXE_ISR_TRANSMIT);
	says_frame(0, 60);
	expect_frame(0, 60);
	assert_int_equal(card.counted.sent_done, 1);
}

/* ---- closing ---- */

static void drained_before_close(void **state)
{
	struct rd got;

	(void)state;
	open_it();
	for (unsigned i = 0; i < 40; i++)
		says_frame(0, 60);
	pxe_close(&card);
	assert_int_equal(fake.answer_next, fake.answer_count);
	assert_int_equal(fake.asked[fake.asked_count - 1], PXE_UNDI_CLOSE);
	assert_false(card.nic.poll(&card.nic, &got));
	assert_false(card.nic.send(&card.nic, frames[0], 60));
	pxe_close(&card);
	assert_int_equal(fake_asked(&fake, PXE_UNDI_CLOSE), 1);
}

static void a_flood_does_not_hold_close_up(void **state)
{
	(void)state;
	open_it();
	says_frame(0, 60);
	fake.repeats = true;
	pxe_close(&card);
	assert_false(fake.open);
}

static void the_stack_is_never_unloaded(void **state)
{
	(void)state;
	fake.never_started = true;
	open_it();
	pxe_close(&card);
	assert_int_equal(fake_asked(&fake, PXE_UNDI_SHUTDOWN), 1);      /* we started it */
	for (unsigned i = 0; i < fake.asked_count; i++) {
		assert_int_not_equal(fake.asked[i], PXE_STOP_UNDI);
		assert_int_not_equal(fake.asked[i], 0x70);
		assert_int_not_equal(fake.asked[i], 0x76);
	}
	fresh(NULL);
	open_it();
	pxe_close(&card);
	assert_int_equal(fake_asked(&fake, PXE_UNDI_SHUTDOWN), 0);      /* we found it started */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(base_code_left_it_open), TEST(open_is_refused_until_close), TEST(initialize_is_tried_ten_times),
		TEST(no_cable_is_told), TEST(what_was_started_in_vain_is_stopped),
		TEST(who_was_never_started_is_initialized_before_anything_is_asked),
		TEST(a_new_one_without_a_cable_is_told_and_stopped),
		TEST(station_address_may_be_refused), TEST(status_is_nonsense_on_success),
		TEST(not_ethernet_is_refused), TEST(no_current_address_means_the_permanent_one),
		TEST(mtu_may_be_the_frame_or_nothing), TEST(a_rom_without_names_is_still_a_card),
		TEST(the_pci_address_is_the_roms), TEST(no_one_elses_frames),
		TEST(groups_are_told_while_it_is_open_and_when_it_is_opened_anew),
		TEST(a_rom_that_serves_no_groups_goes_on_without), TEST(a_tagged_frame_goes_with_its_header),
		TEST(ip_and_arp_go_without_their_header), TEST(other_frames_go_as_they_are),
		TEST(lengths_that_are_no_frame_are_refused), TEST(busy_is_not_an_error),
		TEST(completion_is_never_waited_for), TEST(drained_before_close), TEST(a_flood_does_not_hold_close_up),
		TEST(the_stack_is_never_unloaded),
	};

	return cmocka_run_group_tests_name("undi/pxe", tests, NULL, NULL);
}
