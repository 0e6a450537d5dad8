/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Frames through the Simple Network Protocol that we offer; at last with our own client above it. */
#include "undi/snp_provider_bench.h"

static uint8_t buffers[SNP_PROVIDER_SENT_MAX + 1][GOT_ROOM];

/* ---- receiving ---- */

static void a_frame_is_received_with_what_its_head_says(void **state)
{
	uint8_t from[6], to[6];
	size_t header;
	uint16_t protocol;

	(void)state;
	bring_up();
	arrives(card_mac, 60);
	arrives(all_mac, FRAME_MAX);
	memcpy(card.frames[0] + 6, other_mac, 6);
	memcpy(card.frames[0] + 12, (const uint8_t[]){ 0x86, 0xdd }, 2);
	got_bytes = sizeof got;
	assert_int_equal(snp_provider_receive(&p, &header, &got_bytes, got, from, to, &protocol), SNP_SUCCESS);
	assert_int_equal(header, FRAME_HEAD);
	assert_int_equal(got_bytes, 60);
	assert_memory_equal(got, card.frames[0], 60);
	assert_memory_equal(from, other_mac, 6);
	assert_memory_equal(to, card_mac, 6);
	assert_int_equal(protocol, 0x86dd);
	expect_frame(1);
	assert_int_equal(receive(sizeof got), SNP_NOT_READY);
}

static void receiving_into_nothing_is_wrong_even_when_nothing_came(void **state)
{
	(void)state;
	bring_up();
	got_bytes = sizeof got;
	assert_int_equal(snp_provider_receive(&p, NULL, NULL, got, NULL, NULL, NULL), SNP_INVALID_PARAMETER);
	assert_int_equal(snp_provider_receive(&p, NULL, &got_bytes, NULL, NULL, NULL, NULL), SNP_INVALID_PARAMETER);
	assert_int_equal(got_bytes, sizeof got);
}

static void too_small_a_buffer_is_told_the_size_and_the_frame_stays(void **state)
{
	(void)state;
	bring_up();
	arrives(card_mac, 100);
	assert_int_equal(receive(0), SNP_BUFFER_TOO_SMALL);
	assert_int_equal(receive(99), SNP_BUFFER_TOO_SMALL);
	assert_int_equal(got_bytes, 100);
	assert_int_equal(got[0], 0xee);
	assert_int_equal(receive(100), SNP_SUCCESS);
	assert_memory_equal(got, card.frames[0], 100);
	assert_int_equal(receive(sizeof got), SNP_NOT_READY);
}

/* GetStatus and Transmit ask the card, whose frame that was. */
static void a_frame_that_waits_is_no_longer_the_card_s(void **state)
{
	uint32_t interrupts;

	(void)state;
	bring_up();
	arrives(card_mac, 100);
	assert_true(snp_provider_waits(&p));
	assert_int_equal(snp_provider_status(&p, &interrupts, NULL), SNP_SUCCESS);
	assert_int_equal(interrupts, SNP_INTERRUPT_RECEIVE);
	assert_int_equal(snp_provider_transmit(&p, 0, 60, buffers[0], NULL, NULL, NULL), SNP_SUCCESS);
	assert_true(snp_provider_waits(&p));
	expect_frame(0);
	assert_false(snp_provider_waits(&p));
}

static void only_what_the_filters_say_is_heard(void **state)
{
	static const uint8_t *const to[] = { card_mac, other_mac, all_mac, group_mac, group2_mac };
	static const struct { uint32_t on; unsigned heard; } rows[] = {         /* a bit for each of them */
		{ 0, 0 }, { SNP_UNICAST, 1 }, { SNP_BROADCAST, 4 }, { SNP_MULTICAST, 8 },
		{ SNP_UNICAST | SNP_BROADCAST | SNP_MULTICAST, 13 },
	};
	uint8_t list[1][SNP_ADDRESS_BYTES];

	address(list[0], group_mac);
	for (size_t row = 0; row < COUNT_OF(rows); row++) {
		fresh(state);
		bring_to(SNP_INITIALIZED);
		assert_int_equal(snp_provider_filters(&p, rows[row].on, 0, false, (rows[row].on & SNP_MULTICAST) != 0,
		                                      list), SNP_SUCCESS);
		for (unsigned i = 0; i < COUNT_OF(to); i++)
			arrives(to[i], 60);
		for (unsigned i = 0; i < COUNT_OF(to); i++)
			if (rows[row].heard >> i & 1)
				expect_frame(i);
		assert_int_equal(receive(sizeof got), SNP_NOT_READY);
	}
	/* A list alone turns nothing on. */
	fresh(state);
	bring_to(SNP_INITIALIZED);
	assert_int_equal(snp_provider_filters(&p, 0, 0, false, 1, list), SNP_SUCCESS);
	arrives(group_mac, 60);
	assert_int_equal(receive(sizeof got), SNP_NOT_READY);
}

static void lengths_that_are_no_frame_s_are_dropped(void **state)
{
	(void)state;
	bring_up();
	arrives(card_mac, 0);
	arrives(card_mac, FRAME_HEAD - 1);
	arrives(card_mac, SNP_PROVIDER_ROOM + 1);
	arrives(card_mac, GOT_ROOM);
	arrives(card_mac, SNP_PROVIDER_ROOM);
	arrives(card_mac, FRAME_HEAD);
	expect_frame(4);
	expect_frame(5);
	assert_int_equal(p.counted[SNP_RX_SHORT], 2);
	assert_int_equal(p.counted[SNP_RX_LONG], 2);
}

static void a_flood_for_others_ends_the_call(void **state)
{
	(void)state;
	bring_up();
	for (unsigned i = 0; i < SNP_PROVIDER_LOOKS_MAX; i++)
		arrives(group_mac, 60);
	arrives(card_mac, 60);
	assert_int_equal(receive(sizeof got), SNP_NOT_READY);
	expect_frame(SNP_PROVIDER_LOOKS_MAX);
}

static void what_came_before_is_forgotten(void **state)
{
	void *done;

	(void)state;
	arrives(card_mac, 60);
	bring_up();
	assert_int_equal(receive(sizeof got), SNP_NOT_READY);
	for (unsigned by_reset = 0; by_reset < 2; by_reset++) {
		arrives(card_mac, 61);
		arrives(card_mac, 62);
		assert_true(snp_provider_waits(&p));
		assert_int_equal(snp_provider_transmit(&p, 0, 60, buffers[0], NULL, NULL, NULL), SNP_SUCCESS);
		if (by_reset) {
			assert_int_equal(snp_provider_reset(&p), SNP_SUCCESS);
			assert_int_equal(p.filters, SNP_UNICAST | SNP_BROADCAST);
		} else {
			assert_int_equal(snp_provider_shutdown(&p), SNP_SUCCESS);
			assert_int_equal(snp_provider_initialize(&p, 0, 0), SNP_SUCCESS);
			hear();
		}
		assert_int_equal(snp_provider_status(&p, NULL, &done), SNP_SUCCESS);
		assert_null(done);
		assert_int_equal(receive(sizeof got), SNP_NOT_READY);
	}
}

/* ---- sending ---- */

static enum snp_status transmit(size_t header, size_t bytes)
{
	const uint16_t protocol = 0x0806;

	return snp_provider_transmit(&p, header, bytes, buffers[0], NULL, all_mac, &protocol);
}

static void a_frame_with_its_head_leaves_as_it_is(void **state)
{
	(void)state;
	bring_up();
	memset(buffers[0], 0x55, sizeof buffers[0]);
	assert_int_equal(snp_provider_transmit(&p, 0, FRAME_MAX, buffers[0], NULL, NULL, NULL), SNP_SUCCESS);
	assert_int_equal(card.sent_bytes, FRAME_MAX);
	assert_memory_equal(card.sent, buffers[0], FRAME_MAX);
	assert_int_equal(card.sent[0], 0x55);
}

static void a_head_is_made_of_what_is_said(void **state)
{
	const uint16_t protocol = 0x0806;

	(void)state;
	bring_up();
	memset(buffers[0], 0x55, sizeof buffers[0]);
	assert_int_equal(transmit(FRAME_HEAD, 61), SNP_SUCCESS);
	assert_int_equal(card.sent_bytes, 61);
	assert_memory_equal(card.sent, all_mac, 6);
	assert_memory_equal(card.sent + 6, card_mac, 6);
	assert_memory_equal(card.sent + 12, ((const uint8_t[]){ 0x08, 0x06, 0x55 }), 3);
	assert_memory_equal(buffers[0], card.sent, 61);         /* in the caller's buffer */
	assert_int_equal(snp_provider_transmit(&p, FRAME_HEAD, 60, buffers[0], other_mac, group_mac, &protocol),
	                 SNP_SUCCESS);
	assert_memory_equal(card.sent, group_mac, 6);
	assert_memory_equal(card.sent + 6, other_mac, 6);
}

static void what_cannot_be_sent_is_told(void **state)
{
	const uint16_t protocol = 0x0806;

	(void)state;
	bring_up();
	memset(buffers[0], 0x55, sizeof buffers[0]);
	assert_int_equal(transmit(1, 60), SNP_INVALID_PARAMETER);
	assert_int_equal(transmit(FRAME_HEAD + 4, 60), SNP_INVALID_PARAMETER);
	assert_int_equal(snp_provider_transmit(&p, FRAME_HEAD, 60, buffers[0], NULL, NULL, &protocol),
	                 SNP_INVALID_PARAMETER);
	assert_int_equal(snp_provider_transmit(&p, FRAME_HEAD, 60, buffers[0], NULL, all_mac, NULL),
	                 SNP_INVALID_PARAMETER);
	assert_int_equal(snp_provider_transmit(&p, 0, 60, NULL, NULL, NULL, NULL), SNP_INVALID_PARAMETER);
	assert_int_equal(snp_provider_transmit(&p, 0, 0, NULL, NULL, NULL, NULL), SNP_INVALID_PARAMETER);
	assert_int_equal(transmit(0, FRAME_HEAD - 1), SNP_BUFFER_TOO_SMALL);
	assert_int_equal(transmit(FRAME_HEAD, 0), SNP_BUFFER_TOO_SMALL);
	assert_int_equal(transmit(FRAME_HEAD, FRAME_MAX + 5), SNP_INVALID_PARAMETER);
	assert_int_equal(transmit(0, SIZE_MAX), SNP_INVALID_PARAMETER);
	assert_int_equal(buffers[0][0], 0x55);
	assert_int_equal(card.sends, 0);
	assert_int_equal(transmit(FRAME_HEAD, FRAME_HEAD), SNP_SUCCESS);
	assert_int_equal(transmit(0, FRAME_MAX), SNP_SUCCESS);
	assert_int_equal(transmit(0, FRAME_MAX + 4), SNP_SUCCESS);              /* with a VLAN's tag in it */
}

static void each_buffer_comes_back_once_in_order(void **state)
{
	uint32_t interrupts;
	void *done;

	(void)state;
	bring_up();
	for (unsigned rounds = 0; rounds < 3; rounds++) {               /* so that it goes round */
		unsigned count = rounds == 1 ? SNP_PROVIDER_SENT_MAX : 5;

		for (unsigned i = 0; i < count; i++)
			assert_int_equal(snp_provider_transmit(&p, 0, 60, buffers[i], NULL, NULL, NULL), SNP_SUCCESS);
		for (unsigned i = 0; i < count; i++) {
			assert_int_equal(snp_provider_status(&p, &interrupts, &done), SNP_SUCCESS);
			assert_int_equal(interrupts, SNP_INTERRUPT_TRANSMIT);
			assert_ptr_equal(done, buffers[i]);
		}
		assert_int_equal(snp_provider_status(&p, &interrupts, &done), SNP_SUCCESS);
		assert_int_equal(interrupts, 0);
		assert_null(done);
	}
}

static void who_only_asks_for_interrupts_loses_no_buffer(void **state)
{
	uint32_t interrupts;
	void *done;

	(void)state;
	bring_up();
	assert_int_equal(transmit(0, 60), SNP_SUCCESS);
	assert_int_equal(snp_provider_status(&p, NULL, NULL), SNP_INVALID_PARAMETER);
	assert_int_equal(snp_provider_status(&p, &interrupts, NULL), SNP_SUCCESS);
	assert_int_equal(snp_provider_status(&p, NULL, &done), SNP_SUCCESS);
	assert_ptr_equal(done, buffers[0]);
}

static void a_card_that_is_busy_and_buffers_that_nobody_fetches_are_not_ready(void **state)
{
	void *done;

	(void)state;
	bring_up();
	card.is_busy = true;
	assert_int_equal(transmit(0, 60), SNP_NOT_READY);
	assert_int_equal(snp_provider_status(&p, NULL, &done), SNP_SUCCESS);
	assert_null(done);                      /* it is still the caller's, and comes back by the answer alone */
	card.is_busy = false;
	for (unsigned i = 0; i < SNP_PROVIDER_SENT_MAX; i++)
		assert_int_equal(transmit(0, 60), SNP_SUCCESS);
	assert_int_equal(transmit(0, 60), SNP_NOT_READY);
	assert_int_equal(card.sends, SNP_PROVIDER_SENT_MAX);
	assert_int_equal(snp_provider_status(&p, NULL, &done), SNP_SUCCESS);
	assert_int_equal(transmit(0, 60), SNP_SUCCESS);
}

/* ---- statistics ---- */

static void statistics_are_counted_told_and_reset(void **state)
{
	uint64_t told[SNP_STATISTICS + 1] = { [SNP_STATISTICS] = 77 };
	size_t size = sizeof told;
	uint8_t list[1][SNP_ADDRESS_BYTES];

	(void)state;
	bring_up();
	address(list[0], group_mac);
	assert_int_equal(snp_provider_filters(&p, SNP_MULTICAST, 0, false, 1, list), SNP_SUCCESS);
	arrives(card_mac, 60);
	arrives(all_mac, 61);
	arrives(group_mac, 62);
	arrives(group2_mac, 63);
	arrives(card_mac, 13);
	for (unsigned i = 0; i < 3; i++)
		expect_frame(i);
	assert_int_equal(receive(sizeof got), SNP_NOT_READY);
	assert_int_equal(transmit(FRAME_HEAD, 100), SNP_SUCCESS);
	card.is_busy = true;
	assert_int_equal(transmit(FRAME_HEAD, 100), SNP_NOT_READY);
	assert_int_equal(transmit(0, 1), SNP_BUFFER_TOO_SMALL);
	assert_int_equal(snp_provider_statistics(&p, true, &size, told), SNP_SUCCESS);
	assert_int_equal(size, SNP_STATISTICS * sizeof(uint64_t));
	assert_memory_equal(told, ((const uint64_t[]){ 5, 3, 1, 0, 1, 1, 1, 1, UINT64_MAX, 60 + 61 + 62 + 63 + 13,
	                                               2, 1, 1, 0, 1, 0, 1, 0, UINT64_MAX, 100, 77 }), sizeof told);
	assert_int_equal(snp_provider_statistics(&p, false, &size, told), SNP_SUCCESS);
	assert_int_equal(told[SNP_RX_TOTAL] + told[SNP_TX_GOOD], 0);
}

static void statistics_for_which_there_is_no_room(void **state)
{
	uint64_t told[SNP_STATISTICS] = { 0 };
	size_t size = 2 * sizeof(uint64_t) + 7;

	(void)state;
	bring_up();
	arrives(card_mac, 60);
	expect_frame(0);
	assert_int_equal(snp_provider_statistics(&p, false, NULL, told), SNP_INVALID_PARAMETER);
	assert_int_equal(snp_provider_statistics(&p, false, NULL, NULL), SNP_SUCCESS);
	told[SNP_RX_SHORT] = 77;
	assert_int_equal(snp_provider_statistics(&p, false, &size, told), SNP_BUFFER_TOO_SMALL);
	assert_int_equal(size, sizeof told);
	assert_int_equal(told[SNP_RX_GOOD], 1);
	assert_int_equal(told[SNP_RX_SHORT], 77);
	size = 0;
	assert_int_equal(snp_provider_statistics(&p, false, &size, NULL), SNP_BUFFER_TOO_SMALL);
	assert_int_equal(size, sizeof told);
	assert_int_equal(p.counted[SNP_RX_GOOD], 1);
	assert_int_equal(snp_provider_statistics(&p, true, NULL, NULL), SNP_SUCCESS);
	assert_int_equal(p.counted[SNP_RX_GOOD], 0);
}

/* ---- with our own client above it ---- */

static enum snp_status env_start(void *ctx)      { return snp_provider_start(ctx); }
static enum snp_status env_initialize(void *ctx) { return snp_provider_initialize(ctx, 0, 0); }
static enum snp_status env_shutdown(void *ctx)   { return snp_provider_shutdown(ctx); }
static enum snp_status env_stop(void *ctx)       { return snp_provider_stop(ctx); }
static enum snp_status env_status(void *ctx, void **done) { return snp_provider_status(ctx, NULL, done); }

static enum snp_status env_filters(void *ctx, uint32_t enable, uint32_t disable)
{
	return snp_provider_filters(ctx, enable, disable, false, 0, NULL);
}

static enum snp_status env_groups(void *ctx, const uint8_t (*macs)[6], unsigned count)
{
	uint8_t list[NIC_GROUPS_MAX][SNP_ADDRESS_BYTES];

	for (unsigned i = 0; i < count; i++)
		address(list[i], macs[i]);
	return count ? snp_provider_filters(ctx, SNP_MULTICAST, 0, false, count, list)
	             : snp_provider_filters(ctx, 0, SNP_MULTICAST, true, 0, NULL);
}

static enum snp_status env_transmit(void *ctx, void *frame, size_t len)
{
	return snp_provider_transmit(ctx, 0, len, frame, NULL, NULL, NULL);
}

static enum snp_status env_receive(void *ctx, void *room, size_t *len)
{
	return snp_provider_receive(ctx, NULL, len, room, NULL, NULL, NULL);
}

static void env_mode(void *ctx, struct snp_mode *mode)
{
	const struct snp_provider *over = ctx;

	*mode = (struct snp_mode){
		.state = over->state, .address_bytes = 6, .header_bytes = FRAME_HEAD, .packet_max = over->packet_max,
		.filters_possible = over->filters_possible, .filters = over->filters, .groups_max = over->groups_max,
		.hardware_type = 1, .tells_media = over->tells_media, .has_media = over->has_media,
	};
	memcpy(mode->mac, over->nic->mac, 6);
}

static void env_wait_ms(void *ctx, unsigned ms)
{
	(void)ctx;
	(void)ms;
}

static const struct snp_env env = {
	.start = env_start, .initialize = env_initialize, .shutdown = env_shutdown, .stop = env_stop,
	.filters = env_filters, .groups = env_groups, .status = env_status, .transmit = env_transmit,
	.receive = env_receive, .mode = env_mode, .wait_ms = env_wait_ms, .ctx = &p,
};

static void our_own_client_sends_and_receives_over_it(void **state)
{
	static struct snp_card client;
	struct rd frame;

	(void)state;
	assert_true(snp_open(&client, &env));
	assert_memory_equal(client.nic.mac, card_mac, 6);
	assert_int_equal(client.nic.link(&client.nic), NIC_LINK_UP);
	assert_int_equal(p.filters, SNP_UNICAST | SNP_BROADCAST);
	assert_true(client.nic.groups(&client.nic, (const uint8_t[][6]){ { 1, 0, 0x5e, 0, 0, 1 } }, 1));
	for (unsigned i = 0; i < 200; i++) {            /* rings of both go round */
		arrives(i % 3 == 0 ? all_mac : i % 3 == 1 ? card_mac : group_mac, 60 + i);
		assert_true(client.nic.poll(&client.nic, &frame));
		assert_int_equal(rd_left(&frame), 60 + i);
		assert_true(rd_is(&frame, card.frames[i], 60 + i));
		assert_false(client.nic.poll(&client.nic, &frame));
		memset(buffers[0], (int)i, 60 + i);
		assert_true(client.nic.send(&client.nic, buffers[0], 60 + i));
		assert_int_equal(card.sent_bytes, 60 + i);
		assert_memory_equal(card.sent, buffers[0], 60 + i);
	}
	assert_int_equal(client.tx.foreign + client.tx.forced + client.counted.send_busy + client.counted.send_failed
	                 + client.counted.receive_failed + client.counted.restarted, 0);
	card.link = NIC_LINK_DOWN;
	assert_int_equal(client.nic.link(&client.nic), NIC_LINK_DOWN);
	snp_close(&client);
	assert_int_equal(client.tx.under_way, 0);
	assert_int_equal(p.state, SNP_STOPPED);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_frame_is_received_with_what_its_head_says),
		TEST(receiving_into_nothing_is_wrong_even_when_nothing_came),
		TEST(too_small_a_buffer_is_told_the_size_and_the_frame_stays),
		TEST(a_frame_that_waits_is_no_longer_the_card_s),
		TEST(only_what_the_filters_say_is_heard),
		TEST(lengths_that_are_no_frame_s_are_dropped),
		TEST(a_flood_for_others_ends_the_call),
		TEST(what_came_before_is_forgotten),
		TEST(a_frame_with_its_head_leaves_as_it_is),
		TEST(a_head_is_made_of_what_is_said),
		TEST(what_cannot_be_sent_is_told),
		TEST(each_buffer_comes_back_once_in_order),
		TEST(who_only_asks_for_interrupts_loses_no_buffer),
		TEST(a_card_that_is_busy_and_buffers_that_nobody_fetches_are_not_ready),
		TEST(statistics_are_counted_told_and_reset),
		TEST(statistics_for_which_there_is_no_room),
		TEST(our_own_client_sends_and_receives_over_it),
	};

	return cmocka_run_group_tests_name("undi/snp_provider frames", tests, NULL, NULL);
}
