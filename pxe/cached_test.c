/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* GET_CACHED_INFO. */
#include "pxe/api_bench.h"

static uint8_t packet[1472];

/* BOOTP's fields and then so many bytes of options of ten bytes each, closed by an end. */
static struct rd make_packet(uint8_t first, size_t bytes)
{
	memset(packet, first, 240);
	for (size_t at = 240; at < bytes; at++)
		packet[at] = (at - 240) % 10 == 0 ? 200 : (at - 240) % 10 == 1 ? 8 : 0xdd;
	packet[bytes - 1] = 255;
	return rd_over(packet, bytes);
}

static struct pxe_cached_info ask(uint16_t which, uint16_t bytes, uint16_t status)
{
	struct pxe_cached_info b = { .packet = which, .bytes = bytes, .buffer = far_to(DATA_AT), .limit = 0xeeee };

	memset(memory + DATA_AT, 0xab, 2000);
	expect(PXE_GET_CACHED_INFO, b, status);
	return b;
}

static void each_packet_is_copied(void **state)
{
	struct pxe_cached_info b;

	(void)state;
	for (unsigned which = 1; which <= 3; which++)
		pxe_cached_set(&api.cached, which, make_packet((uint8_t)which, 300));
	for (uint16_t which = 1; which <= 3; which++) {
		b = ask(which, PXE_CACHED_BYTES, PXE_STATUS_SUCCESS);
		assert_int_equal(b.bytes, PXE_CACHED_BYTES);
		assert_int_equal(memory[DATA_AT], which);
		assert_memory_equal(memory + DATA_AT + 240, packet + 240, 60);
		assert_int_equal(memory[DATA_AT + 300], 0);
		assert_int_equal(memory[DATA_AT + PXE_CACHED_BYTES], 0xab);
	}
}

/* WinPE takes our size for that of a buffer of its own: 1260 bytes, no more and no less. */
static void a_buffer_of_more_than_1260_bytes_gets_1260(void **state)
{
	struct pxe_cached_info b;

	(void)state;
	pxe_cached_set(&api.cached, PXE_CACHED_ACK, make_packet(2, 1472));
	b = ask(PXE_CACHED_ACK, 2000, PXE_STATUS_SUCCESS);
	assert_int_equal(b.bytes, 1260);
	assert_int_equal(memory[DATA_AT + 1260], 0xab);
	b = ask(PXE_CACHED_ACK, 100, PXE_STATUS_SUCCESS);
	assert_int_equal(b.bytes, 100);
	assert_int_equal(memory[DATA_AT + 99], 2);
	assert_int_equal(memory[DATA_AT + 100], 0xab);
}

static void a_size_of_0_asks_for_a_pointer(void **state)
{
	struct pxe_cached_info b;

	(void)state;
	pxe_cached_set(&api.cached, PXE_CACHED_ACK, make_packet(2, 300));
	pxe_cached_set(&api.cached, PXE_CACHED_REPLY, make_packet(3, 300));
	b = ask(PXE_CACHED_REPLY, 0, PXE_STATUS_SUCCESS);
	assert_int_equal(b.bytes, 1260);
	assert_int_equal(linear(b.buffer), PACKETS_AT + 2 * 1260);
	assert_int_equal(memory[linear(b.buffer)], 3);
	assert_int_equal(memory[DATA_AT], 0xab);
}

static void the_pointer_is_right_wherever_the_rooms_lie(void **state)
{
	static const uint16_t offsets[] = { 0, 5, 0x1000, 0xf800, 0xffff };

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(offsets); i++) {
		const uint32_t at = PACKETS_AT + offsets[i] % 16;

		setup.packets    = (uint8_t (*)[PXE_CACHED_BYTES])(memory + at);
		setup.packets_at = (struct pxe_far){ .off = offsets[i], .seg = (uint16_t)((at - offsets[i]) / 16) };
		start();
		for (uint16_t which = 1; which <= 3; which++) {
			struct pxe_cached_info b;

			pxe_cached_set(&api.cached, which, make_packet((uint8_t)which, 300));
			b = ask(which, 0, PXE_STATUS_SUCCESS);
			assert_int_equal(linear(b.buffer), at + which * 1260u - 1260);
			assert_int_equal(memory[linear(b.buffer)], which);
		}
	}
}

/* Altiris' program has no room for it. */
static void the_buffer_limit_is_not_touched(void **state)
{
	const uint32_t at = MEMORY - offsetof(struct pxe_cached_info, limit);
	struct pxe_cached_info b = { .packet = PXE_CACHED_ACK };

	(void)state;
	pxe_cached_set(&api.cached, PXE_CACHED_ACK, make_packet(2, 300));
	assert_int_equal(ask(PXE_CACHED_ACK, 0, PXE_STATUS_SUCCESS).limit, 0xeeee);
	memcpy(memory + at, &b, MEMORY - at);
	assert_int_equal(pxe_api_call(&api, &ram, PXE_GET_CACHED_INFO, at), PXE_EXIT_SUCCESS);
}

/* WinPE and Limine read the third one whether there was a proxy or not. */
static void without_a_reply_the_ack_is_the_reply(void **state)
{
	struct pxe_cached_info b;

	(void)state;
	ask(PXE_CACHED_REPLY, 1260, PXE_STATUS_FAILURE);
	pxe_cached_set(&api.cached, PXE_CACHED_ACK, make_packet(2, 300));
	b = ask(PXE_CACHED_REPLY, 0, PXE_STATUS_SUCCESS);
	assert_int_equal(linear(b.buffer), PACKETS_AT + 2 * 1260);
	assert_memory_equal(memory + linear(b.buffer), packet, 300);
	pxe_cached_set(&api.cached, PXE_CACHED_REPLY, make_packet(3, 300));
	ask(PXE_CACHED_REPLY, 1260, PXE_STATUS_SUCCESS);
	assert_int_equal(memory[DATA_AT], 3);
}

static void a_packet_that_is_too_long_loses_whole_options(void **state)
{
	(void)state;
	pxe_cached_set(&api.cached, PXE_CACHED_ACK, make_packet(2, 1472));
	ask(PXE_CACHED_ACK, 1260, PXE_STATUS_SUCCESS);
	/* 240 and 101 options of ten bytes, then the end; 1260 would be the 102nd's. */
	assert_memory_equal(memory + DATA_AT, packet, 1250);
	assert_int_equal(memory[DATA_AT + 1250], 255);
	assert_int_equal(memory[DATA_AT + 1251], 0);
	assert_int_equal(memory[DATA_AT + 1259], 0);
	memset(packet + 240, 0, sizeof packet - 240);           /* one of 255 at its end, and pads */
	packet[1200] = 200;
	packet[1201] = 250;
	pxe_cached_set(&api.cached, PXE_CACHED_ACK, rd_over(packet, 1472));
	ask(PXE_CACHED_ACK, 1260, PXE_STATUS_SUCCESS);
	assert_int_equal(memory[DATA_AT + 1200], 255);
	assert_int_equal(memory[DATA_AT + 1201], 0);
	make_packet(2, 1472);
	packet[270] = 255;                                      /* what is behind the end is nobody's */
	pxe_cached_set(&api.cached, PXE_CACHED_ACK, rd_over(packet, 1472));
	ask(PXE_CACHED_ACK, 1260, PXE_STATUS_SUCCESS);
	assert_int_equal(memory[DATA_AT + 270], 255);
	assert_int_equal(memory[DATA_AT + 271], 0);
}

static void there_are_three_packets(void **state)
{
	(void)state;
	for (unsigned which = 0; which < 6; which++)
		pxe_cached_set(&api.cached, which, make_packet(2, 300));
	ask(0, 100, PXE_STATUS_UNSUPPORTED);
	ask(4, 100, PXE_STATUS_UNSUPPORTED);
	ask(0xffff, 100, PXE_STATUS_UNSUPPORTED);
	start();
	ask(PXE_CACHED_DISCOVER, 100, PXE_STATUS_FAILURE);
}

static void a_buffer_out_of_the_window_is_refused(void **state)
{
	struct pxe_cached_info b = { .packet = PXE_CACHED_ACK, .bytes = 1260, .buffer = far_to(HOLE - 1259) };

	(void)state;
	pxe_cached_set(&api.cached, PXE_CACHED_ACK, make_packet(2, 300));
	expect(PXE_GET_CACHED_INFO, b, PXE_STATUS_INVALID_PARAMETER);
	assert_int_equal(memory[HOLE - 1259], 0);
}

#define test(f) cmocka_unit_test_setup_teardown(f, fresh, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(each_packet_is_copied), test(a_buffer_of_more_than_1260_bytes_gets_1260),
		test(a_size_of_0_asks_for_a_pointer), test(the_pointer_is_right_wherever_the_rooms_lie),
		test(the_buffer_limit_is_not_touched),
		test(without_a_reply_the_ack_is_the_reply), test(a_packet_that_is_too_long_loses_whole_options),
		test(there_are_three_packets), test(a_buffer_out_of_the_window_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
