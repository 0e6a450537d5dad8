/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Full circle: our own client of an UNDI, over our own API, over a card. */
#include "pxe/api_bench.h"
#include "undi/pxe.h"

enum { CALL_AT = 0x40000, TBD_AT = 0x40800, SEND_AT = 0x41000 };

static struct pxe_record records[PXE_RECORDS];
static struct pxe_card client;

static uint16_t env_call(void *ctx, uint16_t function, void *block, size_t len)
{
	(void)ctx;
	return call_at(CALL_AT, function, block, len);
}

/* As real_burst in firmware/bios/modes.inc does it. */
static unsigned env_burst(void *ctx, struct pxe_burst *b)
{
	uint16_t function = b->function, looks = b->looks;
	unsigned count = 0;

	b->empty = 0;
	if (b->send) {
		struct pxe_transmit block = *b->send;

		b->send_exit = env_call(ctx, PXE_UNDI_TRANSMIT, &block, sizeof block);
	}
	while (count < b->max) {
		struct pxe_isr *isr = &records[count].isr;

		*isr = (struct pxe_isr){ .function = function };
		b->exit = env_call(ctx, PXE_UNDI_ISR, isr, sizeof *isr);
		function = PXE_ISR_GET_NEXT;
		if (!b->exit && isr->function == PXE_ISR_DONE && ++b->empty < looks && b->wait_us) {
			function = PXE_ISR_PROCESS;
			continue;
		}
		count++;
		if (b->exit || (isr->function != PXE_ISR_RECEIVE && isr->function != PXE_ISR_TRANSMIT))
			break;
		if (isr->function == PXE_ISR_RECEIVE)
			memcpy(records[count - 1].bytes, memory + linear(isr->frame), isr->buffer_bytes);
	}
	return count;
}

static void env_wait(void *ctx, unsigned ms)
{
	(void)ctx;
	machine.now += ms * USEC_PER_MS;
}

static const struct pxe_env *env(void)
{
	static struct pxe_env e;

	e = (struct pxe_env){
		.call = env_call, .burst = env_burst, .wait_ms = env_wait, .records = records,
		.frame = memory + SEND_AT, .tbd = (struct pxe_tbd *)(memory + TBD_AT),
		.frame_at = far_to(SEND_AT), .tbd_at = far_to(TBD_AT),
	};
	return &e;
}

static void expect_frame(const struct fake_frame *f)
{
	struct rd got;

	assert_true(client.nic.poll(&client.nic, &got) || client.nic.poll(&client.nic, &got));
	assert_int_equal(rd_left(&got), f->len);
	assert_true(rd_is(&got, f->bytes, f->len));
}

static void send_and_expect(uint16_t type, const uint8_t src[6], size_t len)
{
	uint8_t frame[FRAME_MAX];
	struct wr w = wr_over(frame, sizeof frame);
	const struct fake_frame *f = &card.out[card.out_count % FAKE_FRAMES];

	wr_bytes(&w, peer_mac, 6);
	wr_bytes(&w, src, 6);
	wr_be16(&w, type);
	for (size_t i = FRAME_HEAD; i < len; i++)
		wr_u8(&w, (uint8_t)(i * 3));
	assert_true(client.nic.send(&client.nic, frame, len));
	assert_int_equal(f->len, len);
	assert_memory_equal(f->bytes, frame, len);
}

static void our_own_client_sends_and_receives(void **state)
{
	struct rd got;

	(void)state;
	assert_true(pxe_open(&client, env()));
	assert_memory_equal(client.nic.mac, our_mac, 6);
	assert_string_equal(client.nic.driver, "undi 1af4:1000");
	assert_int_equal(client.counted.reopened, 0);
	send_and_expect(0x0800, our_mac, 100);
	send_and_expect(0x0806, our_mac, 60);
	send_and_expect(0x0800, peer_mac, FRAME_MAX);   /* not from us: taken as it is */
	for (unsigned i = 0; i < 40; i++)
		receive(our_mac, 0x0800, 60 + i);
	for (unsigned i = 0; i < 40; i++)
		expect_frame(&card.in[i]);
	assert_false(client.nic.poll(&client.nic, &got));
	assert_int_equal(client.counted.sent_done, 3);
	assert_int_equal(client.counted.call_failed, 1);        /* SET_STATION_ADDRESS while it is open */
	pxe_close(&client);
	assert_int_equal(api.undi, PXE_UNDI_INITIALIZED);
	assert_int_equal(machine.downs, 0);
}

/* After a program that took everything down the client begins from the beginning. */
static void our_own_client_starts_what_was_cleaned_up(void **state)
{
	(void)state;
	expect_plain(PXE_UNDI_CLEANUP, PXE_STATUS_SUCCESS);
	assert_true(pxe_open(&client, env()));
	assert_int_equal(machine.ups, 1);
	receive(our_mac, 0x0800, 60);
	expect_frame(&card.in[0]);
	pxe_close(&client);
	assert_int_equal(machine.downs, 2);
}

static void our_own_client_hears_its_groups(void **state)
{
	static const uint8_t group[1][6] = { { 1, 0x80, 0xc2, 0, 0, 0 } };

	(void)state;
	assert_true(pxe_open(&client, env()));
	assert_true(client.nic.groups(&client.nic, group, 1));
	assert_memory_equal(card.groups[0], group[0], 6);
	receive(group[0], 0x0069, 60);
	expect_frame(&card.in[0]);
	pxe_close(&client);
}

/* The orders in which programs give everything back; the machine is a bare one after each. */
static void all_is_given_back_in_any_usual_order(void **state)
{
	static const uint16_t orders[][6] = {
		{ PXE_UNDI_CLOSE, PXE_UNDI_SHUTDOWN, PXE_UNDI_CLEANUP, PXE_UNLOAD_STACK, PXE_STOP_UNDI },
		{ PXE_UNDI_SHUTDOWN, PXE_UNLOAD_STACK, PXE_STOP_UNDI },
		{ PXE_STOP_BASE, PXE_UNLOAD_STACK, PXE_UNDI_SHUTDOWN, PXE_UNDI_CLEANUP, PXE_STOP_UNDI },
		{ PXE_UNDI_CLEANUP, PXE_STOP_UNDI, PXE_UNLOAD_STACK },
		{ PXE_STOP_UNDI, PXE_UNLOAD_STACK },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(orders); i++) {
		start();
		machine.downs = 0;
		for (const uint16_t *opcode = orders[i]; *opcode; opcode++) {
			struct pxe_unload b = { 0 };

			expect(*opcode, b, PXE_STATUS_SUCCESS);
		}
		assert_int_equal(api.undi, PXE_UNDI_STOPPED);
		assert_int_equal(api.base, PXE_BASE_GONE);
		assert_int_equal(machine.downs, 1);
	}
}

#define test(f) cmocka_unit_test_setup_teardown(f, fresh, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(our_own_client_sends_and_receives), test(our_own_client_starts_what_was_cleaned_up),
		test(our_own_client_hears_its_groups), test(all_is_given_back_in_any_usual_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
