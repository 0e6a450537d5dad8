/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The virtio driver against a card that obeys the standard, in both of its ages, and against cards that do not. */
#include "undi/drivers/driver_script.h"
#include "undi/drivers/virtio_fake.h"

enum { DRIVER_OK = 4, RX = 0, TX = 1, CONTROL = 2, FRAMES = 256 };

static struct fake fake;

static void open_card(void)
{
	assert_null(virtio_net.open(&fake.h, &nic));
	assert_true(fake.status & DRIVER_OK);
}

/* Every test runs with a card of either age. */
#define FOR_BOTH(legacy) for (int legacy = 0; legacy < 2; legacy++)

static void start(int is_legacy)
{
	fake_init(&fake, is_legacy);
	open_card();
}

static void assert_refused(void)
{
	assert_non_null(virtio_net.open(&fake.h, &nic));
	assert_false(fake.command & 4);                 /* it reaches memory no more */
	fake_end(&fake);
}

static void a_card_opens_and_closes(void **state)
{
	(void)state;
	FOR_BOTH(legacy) {
		start(legacy);
		assert_memory_equal(nic->mac, fake.mac, 6);
		assert_int_equal(nic->mtu, 1500);
		assert_int_equal(nic->rx_frames_max, FRAMES);
		assert_int_equal(fake.queues[RX].notices, 1);   /* that there are buffers */
		assert_true(fake.command & 4);
		assert_true(fake.command & 0x400);              /* no interrupt */
		virtio_net.close(nic);
		assert_int_equal(fake.status, 0);
		assert_false(fake.command & 4);
		fake_end(&fake);
	}
}

static void frames_come_in_order_whole_and_for_ever(void **state)
{
	uint8_t frame[FRAME_MAX];

	(void)state;
	FOR_BOTH(legacy) {
		start(legacy);
		for (unsigned i = 0; i < 3 * 65536 / 50; i++) {         /* the indices wrap three times */
			for (unsigned k = 0; k < 50; k++) {
				size_t len = FRAME_HEAD + (i * 50 + k) % (FRAME_MAX - FRAME_HEAD + 1);

				memset(frame, (int)(i + k), len);
				assert_true(fake_receives(&fake, frame, len));
			}
			for (unsigned k = 0; k < 50; k++) {
				size_t len = FRAME_HEAD + (i * 50 + k) % (FRAME_MAX - FRAME_HEAD + 1);

				memset(frame, (int)(i + k), len);
				expect_frame(frame, len);
			}
			expect_nothing();
		}
		assert_int_equal(virtio_net.counted(nic)->received, 3 * 65536 / 50 * 50);
		fake_end(&fake);
	}
}

static void the_ring_holds_256_frames_and_is_told_of_new_buffers(void **state)
{
	uint8_t frame[60] = { 0 };
	unsigned notices;

	(void)state;
	FOR_BOTH(legacy) {
		start(legacy);
		for (unsigned i = 0; i < FRAMES; i++) {
			frame[0] = (uint8_t)i;
			assert_true(fake_receives(&fake, frame, sizeof frame));
		}
		assert_false(fake_receives(&fake, frame, sizeof frame));
		notices = fake.queues[RX].notices;
		for (unsigned i = 0; i < FRAMES; i++) {
			frame[0] = (uint8_t)i;
			expect_frame(frame, sizeof frame);
		}
		expect_nothing();
		assert_in_range(fake.queues[RX].notices, notices + 1, notices + 9);
		for (unsigned i = 0; i < FRAMES; i++)
			assert_true(fake_receives(&fake, frame, sizeof frame));
		fake_end(&fake);
	}
}

static void a_card_that_looks_anyway_is_not_told(void **state)
{
	uint8_t frame[60] = { 0 };
	unsigned rx, tx;

	(void)state;
	FOR_BOTH(legacy) {
		start(legacy);
		for (unsigned n = 0; n < 2; n++)
			fake.memory[fake.queues[n].used - FAKE_BUS] = 1;        /* VIRTQ_USED_F_NO_NOTIFY */
		rx = fake.queues[RX].notices;
		tx = fake.queues[TX].notices;
		assert_true(fake_receives(&fake, frame, sizeof frame));
		expect_frame(frame, sizeof frame);
		expect_nothing();
		assert_true(nic->send(nic, frame, sizeof frame));
		assert_int_equal(fake.queues[RX].notices, rx);
		assert_int_equal(fake.queues[TX].notices, tx);
		fake_end(&fake);
	}
}

static void frames_are_sent_padded_and_a_full_ring_is_busy(void **state)
{
	uint8_t frame[FRAME_MAX + 5], padded[FRAME_MIN] = { 0 };
	unsigned sent = 0;

	(void)state;
	FOR_BOTH(legacy) {
		start(legacy);
		memset(frame, 0x5a, sizeof frame);
		assert_true(nic->send(nic, frame, FRAME_HEAD));
		fake_sends(&fake);
		memcpy(padded, frame, FRAME_HEAD);
		assert_int_equal(fake.wire_len, FRAME_MIN);
		assert_memory_equal(fake.wire, padded, FRAME_MIN);
		assert_false(nic->send(nic, frame, FRAME_HEAD - 1));
		assert_false(nic->send(nic, frame, FRAME_MAX + 5));       /* longer than one with a tag */
		assert_true(nic->send(nic, frame, FRAME_MAX));
		fake_sends(&fake);
		assert_int_equal(fake.wire_len, FRAME_MAX);
		assert_memory_equal(fake.wire, frame, FRAME_MAX);
		for (sent = 0; sent < FRAMES && nic->send(nic, frame, FRAME_MIN);)
			sent++;
		assert_int_equal(sent, 32);
		assert_int_equal(virtio_net.counted(nic)->busy, 1);
		fake_sends(&fake);
		for (unsigned i = 0; i < 70000; i++) {
			assert_true(nic->send(nic, frame, FRAME_MIN));
			fake_sends(&fake);
		}
		assert_int_equal(fake.wire_frames, 2 + 32 + 70000);
		fake_end(&fake);
	}
}

static void the_link_is_what_the_card_says(void **state)
{
	(void)state;
	FOR_BOTH(legacy) {
		start(legacy);
		assert_int_equal(nic->link(nic), NIC_LINK_UP);
		fake.link_status = 0;
		assert_int_equal(nic->link(nic), NIC_LINK_DOWN);
		fake_end(&fake);
		fake_init(&fake, legacy);
		fake.offers &= ~((uint64_t)1 << 16);
		open_card();
		assert_int_equal(nic->link(nic), NIC_LINK_UNKNOWN);
		fake_end(&fake);
	}
}

static void groups_are_all_or_none(void **state)
{
	static const uint8_t groups[1][6] = { { 1, 0, 0x5e, 1, 2, 3 } };
	usec before;

	(void)state;
	FOR_BOTH(legacy) {
		start(legacy);
		for (unsigned i = 0; i < 300; i++) {
			assert_true(nic->groups(nic, groups, 1));
			assert_int_equal(fake.all_multicast, 1);
			assert_true(nic->groups(nic, NULL, 0));
			assert_int_equal(fake.all_multicast, 0);
		}
		fake.answers_no = true;
		assert_false(nic->groups(nic, groups, 1));
		fake.never_answers = true;
		before = fake.clock;
		assert_false(nic->groups(nic, groups, 1));
		assert_in_range(fake.clock - before, 100000, 110000);
		assert_false(nic->groups(nic, groups, 1));      /* and not another wait */
		assert_in_range(fake.clock - before, 100000, 110000);
		fake_end(&fake);
		fake_init(&fake, legacy);
		fake.offers &= ~((uint64_t)1 << 17);            /* rx modes, but nothing to set them by */
		open_card();
		assert_false(nic->groups(nic, groups, 1));
		fake_end(&fake);
	}
}

/* What a card writes is input: every id and every length, and the next sound frame is right. */
static void what_the_card_says_is_not_believed(void **state)
{
	static const uint32_t ids[] = { 256, 257, 65535, 65536, UINT32_MAX };
	uint8_t frame[60] = { 7 };

	(void)state;
	FOR_BOTH(legacy) {
		const uint32_t header = legacy ? 10 : 12;

		start(legacy);
		for (size_t i = 0; i < COUNT_OF(ids); i++) {
			fake_lies(&fake, ids[i], 100);
			expect_nothing();
		}
		assert_int_equal(virtio_net.counted(nic)->lies, COUNT_OF(ids));
		for (uint32_t len = 0; len < header + FRAME_HEAD; len++) {
			fake_lies(&fake, len, len);             /* a buffer that is out: with too little in it */
			expect_nothing();
		}
		assert_int_equal(virtio_net.counted(nic)->broken, header + FRAME_HEAD);
		fake_lies(&fake, 100, 2049);
		fake_lies(&fake, 101, UINT32_MAX);
		expect_nothing();
		assert_int_equal(virtio_net.counted(nic)->too_long, 2);
		assert_int_equal(virtio_net.counted(nic)->received, 0);
		for (unsigned i = 0; i < 30; i++)
			fake_lies_of_sent(&fake, 3);            /* it was not sent */
		assert_true(nic->send(nic, frame, sizeof frame));
		expect_nothing();
		assert_int_equal(virtio_net.counted(nic)->lies, COUNT_OF(ids) + 30);
		assert_true(fake_receives(&fake, frame, sizeof frame));
		expect_frame(frame, sizeof frame);
		fake_end(&fake);
	}
}

/* The buffer whose frame is being read is nobody's to give back. */
static void a_frame_stays_readable_until_the_next_call(void **state)
{
	uint8_t one[60] = { 1 }, two[60] = { 2 };
	struct rd r;

	(void)state;
	FOR_BOTH(legacy) {
		start(legacy);
		assert_true(fake_receives(&fake, one, sizeof one));
		assert_true(nic->poll(nic, &r));
		for (unsigned i = 0; i < FRAMES - 1; i++)
			assert_true(fake_receives(&fake, two, sizeof two));
		assert_false(fake_receives(&fake, two, sizeof two));
		assert_true(rd_is(&r, one, sizeof one));
		fake_end(&fake);
	}
}

static void a_card_that_does_not_obey_is_refused_and_at_rest(void **state)
{
	(void)state;
	FOR_BOTH(legacy) {
		fake_init(&fake, legacy);
		fake.never_resets = true;
		fake.status = 1;
		assert_refused();
		fake_init(&fake, legacy);
		fake.offers &= ~((uint64_t)1 << 5);
		assert_refused();
		for (unsigned n = 0; n < 3; n++) {
			fake_init(&fake, legacy);
			fake.queues[n].limit = fake.queues[n].size = 0;
			assert_refused();
		}
		fake_init(&fake, legacy);
		fake.h.bars = 0;
		assert_refused();
		for (size_t bytes = 0; bytes < virtio_net.memory_bytes / 2; bytes += 4096) {
			fake_init(&fake, legacy);
			fake.h.memory_bytes = bytes;
			assert_non_null(virtio_net.open(&fake.h, &nic));
			fake_end(&fake);
		}
	}
	fake_init(&fake, false);
	fake.refuses_features = true;
	assert_refused();
	fake_init(&fake, false);
	fake.offers &= ~((uint64_t)1 << 32);
	assert_refused();
	fake_init(&fake, false);
	fake.notify_bytes = 9;                          /* the third queue's is beyond */
	assert_refused();
	fake_init(&fake, true);
	fake.keeps_page = true;
	assert_refused();
	fake_init(&fake, true);
	fake.offers &= ~((uint64_t)1 << 27);            /* its header apart, as nobody wants it any more */
	assert_refused();
	fake_init(&fake, true);
	fake.queues[RX].limit = fake.queues[RX].size = 768;
	assert_refused();
}

static void a_list_of_capabilities_that_goes_round_ends(void **state)
{
	(void)state;
	fake_init(&fake, false);
	fake.caps_loop = FAKE_CAPS_AT;
	open_card();
	fake_end(&fake);
	fake_init(&fake, false);
	fake.caps_loop = FAKE_CAPS_AT;
	fake.notify_type = 99;                          /* and what is looked for is not there */
	assert_refused();
}

/* A card of both ages, of whose newer registers not all are within reach: none of them is used. */
static void a_card_whose_newer_registers_are_not_all_there_is_driven_by_the_older(void **state)
{
	uint8_t frame[60] = { 7 };

	(void)state;
	fake_init(&fake, true);
	fake.is_transitional = true;
	fake.notify_type = 99;
	fake.h.bars |= 1u << FAKE_BAR;
	open_card();
	assert_true(fake_receives(&fake, frame, sizeof frame));
	expect_frame(frame, sizeof frame);
	fake_end(&fake);
}

static void long_frames_come_where_the_card_and_the_memory_have_them(void **state)
{
	uint8_t frame[9014];

	(void)state;
	memset(frame, 0x77, sizeof frame);
	FOR_BOTH(legacy) {
		fake_init(&fake, legacy);
		fake.mtu = 9000;
		open_card();
		assert_int_equal(nic->mtu, 1500);               /* not with so little memory */
		fake_end(&fake);
		fake_init(&fake, legacy);
		fake.mtu = 9000;
		fake.h.memory_bytes = FAKE_MEMORY;
		open_card();
		assert_int_equal(nic->mtu, 9000);
		assert_true(fake_receives(&fake, frame, sizeof frame));
		expect_frame(frame, sizeof frame);
		assert_true(nic->send(nic, frame, sizeof frame));
		fake_sends(&fake);
		assert_int_equal(fake.wire_len, sizeof frame);
		fake_end(&fake);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_card_opens_and_closes),
		cmocka_unit_test(frames_come_in_order_whole_and_for_ever),
		cmocka_unit_test(the_ring_holds_256_frames_and_is_told_of_new_buffers),
		cmocka_unit_test(a_card_that_looks_anyway_is_not_told),
		cmocka_unit_test(frames_are_sent_padded_and_a_full_ring_is_busy),
		cmocka_unit_test(the_link_is_what_the_card_says),
		cmocka_unit_test(groups_are_all_or_none),
		cmocka_unit_test(what_the_card_says_is_not_believed),
		cmocka_unit_test(a_frame_stays_readable_until_the_next_call),
		cmocka_unit_test(a_card_that_does_not_obey_is_refused_and_at_rest),
		cmocka_unit_test(a_list_of_capabilities_that_goes_round_ends),
		cmocka_unit_test(a_card_whose_newer_registers_are_not_all_there_is_driven_by_the_older),
		cmocka_unit_test(long_frames_come_where_the_card_and_the_memory_have_them),
	};

	return cmocka_run_group_tests_name("virtio_net", tests, NULL, NULL);
}
