/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The driver of Intel's 82540EM and 82574L against a card that obeys the manual, and against cards that do not. */
#include "undi/drivers/driver_script.h"
#include "undi/drivers/intel_fake.h"

enum { RCTL = 0x0100, TCTL = 0x0400, RDT = 0x2818, RING = 256, TX_BUFFERS = 32, ENABLE = 2, ALL_MULTICAST = 16 };

static struct intel_fake fake;

static void open_card(void) { assert_null(intel_82540em.open(&fake.h, &nic)); }

static int fresh(void **state)
{
	(void)state;
	intel_fake_init(&fake);
	return 0;
}

static int done(void **state)
{
	(void)state;
	intel_fake_end(&fake);
	return 0;
}

static void a_card_opens_and_closes(void **state)
{
	static const uint8_t mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };

	(void)state;
	open_card();
	assert_memory_equal(nic->mac, mac, 6);
	assert_string_equal(nic->driver, "e1000");
	assert_int_equal(nic->mtu, 1500);
	assert_true(fake.command & 4);
	assert_true(fake.command & 0x400);                      /* no interrupt */
	assert_int_equal(nic->link(nic), NIC_LINK_UP);
	fake.link = false;
	assert_int_equal(nic->link(nic), NIC_LINK_DOWN);
	intel_82540em.close(nic);
	assert_int_equal(fake.resets, 2);
	assert_int_equal(intel_fake_register(&fake, RCTL) & ENABLE, 0);
	assert_int_equal(intel_fake_register(&fake, TCTL) & ENABLE, 0);
	assert_false(fake.command & 4);
	assert_null(intel_82574l.open(&fake.h, &nic));          /* and once more */
	assert_string_equal(nic->driver, "e1000e");
}

static void frames_come_in_order_whole_and_for_ever(void **state)
{
	uint8_t frame[FRAME_MAX];

	(void)state;
	open_card();
	for (unsigned i = 0; i < 3000; i++) {
		for (unsigned k = 0; k < 50; k++) {
			size_t len = FRAME_HEAD + (i * 50 + k) % (FRAME_MAX - FRAME_HEAD + 1);

			memset(frame, (int)(i + k), len);
			assert_true(intel_fake_receives(&fake, frame, len, 0));
		}
		for (unsigned k = 0; k < 50; k++) {
			size_t len = FRAME_HEAD + (i * 50 + k) % (FRAME_MAX - FRAME_HEAD + 1);

			memset(frame, (int)(i + k), len);
			expect_frame(frame, len);
		}
		expect_nothing();
	}
	assert_int_equal(intel_82540em.counted(nic)->received, 150000);
}

/* The ROM of Debian's iPXE goes deaf then (docs/pxe-notes.md): its ring is filled anew only when the card says so. */
static void a_full_ring_is_read_and_hears_again(void **state)
{
	uint8_t frame[60] = { 0 };
	unsigned held;

	(void)state;
	open_card();
	for (unsigned round = 0; round < 5; round++) {
		for (held = 0; intel_fake_receives(&fake, frame, sizeof frame, 0); held++)
			frame[0] = (uint8_t)(held + 1);
		assert_in_range(held, nic->rx_frames_max, RING - 1);
		fake.tails = 0;
		for (unsigned i = 0; i < held; i++) {
			frame[0] = (uint8_t)i;
			expect_frame(frame, sizeof frame);
		}
		expect_nothing();
		frame[0] = 0;
		assert_in_range(fake.tails, 10, RING / 16 + 1);         /* not for each frame */
	}
	fake.tails = 0;
	for (unsigned i = 0; i < 1600; i++) {
		assert_true(intel_fake_receives(&fake, frame, sizeof frame, 0));
		expect_frame(frame, sizeof frame);
		expect_nothing();
		assert_in_range(fake.tails, i / 16, i / 16 + 1);        /* also if they come one by one */
	}
}

static void a_frame_stays_readable_until_the_next_call(void **state)
{
	uint8_t one[60] = { 1 }, two[60] = { 2 };
	struct rd r;

	(void)state;
	open_card();
	assert_true(intel_fake_receives(&fake, one, sizeof one, 0));
	assert_true(nic->poll(nic, &r));
	while (intel_fake_receives(&fake, two, sizeof two, 0))
		;
	assert_true(rd_is(&r, one, sizeof one));
}

static void frames_are_sent_padded_and_a_full_ring_is_busy(void **state)
{
	uint8_t frame[FRAME_MAX + 5], padded[FRAME_MIN] = { 0 };
	unsigned sent = 0;

	(void)state;
	open_card();
	memset(frame, 0x5a, sizeof frame);
	assert_true(nic->send(nic, frame, FRAME_HEAD));
	intel_fake_sends(&fake);
	memcpy(padded, frame, FRAME_HEAD);
	assert_int_equal(fake.wire_len, FRAME_MIN);
	assert_memory_equal(fake.wire, padded, FRAME_MIN);
	assert_false(nic->send(nic, frame, FRAME_HEAD - 1));
	assert_false(nic->send(nic, frame, FRAME_MAX + 5));       /* longer than one with a tag */
	assert_true(nic->send(nic, frame, FRAME_MAX));
	intel_fake_sends(&fake);
	assert_int_equal(fake.wire_len, FRAME_MAX);
	assert_memory_equal(fake.wire, frame, FRAME_MAX);
	while (nic->send(nic, frame, FRAME_MIN))
		sent++;
	assert_int_equal(sent, TX_BUFFERS);
	assert_int_equal(intel_82540em.counted(nic)->busy, 1);
	intel_fake_sends(&fake);
	for (unsigned i = 0; i < 70000; i++) {
		assert_true(nic->send(nic, frame, FRAME_MIN));
		intel_fake_sends(&fake);
	}
	assert_int_equal(fake.wire_frames, 2 + TX_BUFFERS + 70000);
	assert_int_equal(intel_82540em.counted(nic)->sent, fake.wire_frames);
}

static void what_is_broken_is_dropped_and_counted(void **state)
{
	static const uint8_t fine[] = { 0x20, 0x40, 0x60 };     /* the sums of IP and TCP: others look at them */
	uint8_t frame[4000] = { 7 };

	(void)state;
	open_card();
	for (unsigned bit = 0; bit < 8; bit++) {
		assert_true(intel_fake_receives(&fake, frame, 60, (uint8_t)(1u << bit)));
		if (1u << bit & 0x97)
			expect_nothing();
		else
			expect_frame(frame, 60);
	}
	for (size_t i = 0; i < COUNT_OF(fine); i++) {
		assert_true(intel_fake_receives(&fake, frame, 60, fine[i]));
		expect_frame(frame, 60);
	}
	assert_int_equal(intel_82540em.counted(nic)->broken, 5);
	for (size_t len = 1; len < FRAME_HEAD; len++) {
		assert_true(intel_fake_receives(&fake, frame, len, 0));
		expect_nothing();
	}
	assert_int_equal(intel_82540em.counted(nic)->broken, 5 + FRAME_HEAD - 1);
	assert_true(intel_fake_receives(&fake, frame, FRAME_MIN, 0));
	expect_frame(frame, FRAME_MIN);
}

/* A card with other ideas of what is long: a frame in parts is dropped with all of them, and the next one is right. */
static void a_frame_in_parts_is_dropped_whole(void **state)
{
	uint8_t frame[5000] = { 7 };

	(void)state;
	open_card();
	fake.registers[RCTL / 4] |= 32;
	for (unsigned i = 0; i < 200; i++) {
		assert_true(intel_fake_receives(&fake, frame, sizeof frame, 0));
		assert_true(intel_fake_receives(&fake, frame, 60 + i, 0));
		expect_frame(frame, 60 + i);
		expect_nothing();
	}
	assert_int_equal(intel_82540em.counted(nic)->too_long, 200);
}

static void long_frames_come_where_the_memory_has_them(void **state)
{
	uint8_t frame[9014];

	(void)state;
	fake.h.memory_bytes = INTEL_FAKE_MEMORY;
	open_card();
	assert_int_equal(nic->mtu, 9000);
	memset(frame, 0x77, sizeof frame);
	assert_true(intel_fake_receives(&fake, frame, sizeof frame, 0));
	expect_frame(frame, sizeof frame);
	assert_true(nic->send(nic, frame, sizeof frame));
	intel_fake_sends(&fake);
	assert_int_equal(fake.wire_len, sizeof frame);
}

/* A PCI Express card is asked to leave the bus before it is reset, and is waited for; a PCI card has no such bit. */
static void the_bus_is_left_before_a_reset(void **state)
{
	usec before = fake.clock;

	(void)state;
	fake.keeps_the_bus = true;
	open_card();
	assert_true(fake.clock - before < 21000);
	before = fake.clock;
	assert_null(intel_82574l.open(&fake.h, &nic));
	assert_in_range(fake.clock - before, 100000, 121000);
	fake.keeps_the_bus = false;
	before = fake.clock;
	assert_null(intel_82574l.open(&fake.h, &nic));
	assert_true(fake.clock - before < 21000);
}

/* What was sent last, a goodbye, shall leave; a card that does not send it is not waited for long. */
static void a_last_frame_leaves_before_the_card_is_closed(void **state)
{
	uint8_t frame[60] = { 1 };
	usec before;

	(void)state;
	open_card();
	assert_true(nic->send(nic, frame, sizeof frame));
	before = fake.clock;
	intel_82540em.close(nic);                               /* nobody sends it */
	assert_in_range(fake.clock - before, 30000, 31000);
	open_card();
	assert_true(nic->send(nic, frame, sizeof frame));
	intel_fake_sends(&fake);
	before = fake.clock;
	intel_82540em.close(nic);
	assert_in_range(fake.clock - before, 20000, 21000);
}

static void groups_are_all_or_none(void **state)
{
	static const uint8_t groups[1][6] = { { 1, 0, 0x5e, 1, 2, 3 } };

	(void)state;
	open_card();
	assert_int_equal(intel_fake_register(&fake, RCTL) & ALL_MULTICAST, 0);
	assert_true(nic->groups(nic, groups, 1));
	assert_int_equal(intel_fake_register(&fake, RCTL) & (ALL_MULTICAST | ENABLE), ALL_MULTICAST | ENABLE);
	assert_true(nic->groups(nic, NULL, 0));
	assert_int_equal(intel_fake_register(&fake, RCTL) & (ALL_MULTICAST | ENABLE), ENABLE);
}

/* QEMU's 82540EM is deaf for a second after each write of RCTL. */
static void groups_that_change_nothing_are_not_told_to_the_card(void **state)
{
	static const uint8_t groups[2][6] = { { 1, 0, 0x5e, 1, 2, 3 }, { 1, 0, 0x5e, 1, 2, 4 } };
	unsigned told;

	(void)state;
	open_card();
	told = fake.filters;
	assert_true(nic->groups(nic, NULL, 0));
	assert_int_equal(fake.filters, told);
	assert_true(nic->groups(nic, groups, 1));
	assert_true(nic->groups(nic, groups, 2));
	assert_int_equal(fake.filters, told + 1);
	assert_true(nic->groups(nic, NULL, 0));
	assert_true(nic->groups(nic, NULL, 0));
	assert_int_equal(fake.filters, told + 2);
}

static void assert_refused(void)
{
	usec before = fake.clock;

	assert_non_null(intel_82540em.open(&fake.h, &nic));
	assert_false(fake.command & 4);                         /* it reaches memory no more */
	assert_true(fake.clock - before < USEC_PER_S / 2);
}

static void a_card_that_does_not_obey_is_refused_and_at_rest(void **state)
{
	(void)state;
	fake.never_resets = true;
	assert_refused();
	fake.never_resets = false;
	fake.has_no_address = true;
	assert_refused();
	fake.has_no_address = false;
	fake.is_pulled = true;
	assert_refused();
	fake.is_pulled = false;
	fake.h.bars = 0;
	assert_refused();
	fake.h.bars = 1;
	fake.h.memory_bytes--;
	assert_refused();
	fake.h.memory_bytes++;
	fake.keeps_the_bus = true;                              /* the reset takes it away */
	open_card();
	assert_null(intel_82574l.open(&fake.h, &nic));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, done)
	const struct CMUnitTest tests[] = {
		TEST(a_card_opens_and_closes),
		TEST(frames_come_in_order_whole_and_for_ever),
		TEST(a_full_ring_is_read_and_hears_again),
		TEST(a_frame_stays_readable_until_the_next_call),
		TEST(frames_are_sent_padded_and_a_full_ring_is_busy),
		TEST(what_is_broken_is_dropped_and_counted),
		TEST(a_frame_in_parts_is_dropped_whole),
		TEST(long_frames_come_where_the_memory_has_them),
		TEST(the_bus_is_left_before_a_reset),
		TEST(a_last_frame_leaves_before_the_card_is_closed),
		TEST(groups_are_all_or_none),
		TEST(groups_that_change_nothing_are_not_told_to_the_card),
		TEST(a_card_that_does_not_obey_is_refused_and_at_rest),
	};

	return cmocka_run_group_tests_name("intel", tests, NULL, NULL);
}
