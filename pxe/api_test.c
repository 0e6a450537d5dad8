/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The table itself, and blocks that lie where they must not. */
#include "pxe/api_bench.h"

static void the_table_is_in_order_and_each_opcode_stands_once(void **state)
{
	(void)state;
	assert_null(pxe_api_table(39));
	for (unsigned n = 0; pxe_api_table(n); n++)     /* the copy of a block is as long as the longest */
		assert_in_range(pxe_api_table(n)->bytes, 2, sizeof(struct pxe_tftp_read_file));
	for (unsigned n = 1; pxe_api_table(n); n++)
		assert_true(pxe_api_table(n)->opcode > pxe_api_table(n - 1)->opcode);
}

static void what_is_not_in_the_table_is_unsupported(void **state)
{
	(void)state;
	for (unsigned opcode = 0, n = 0; opcode < 0x10000; opcode++) {
		struct pxe_plain block = { 0xfefe };

		if (pxe_api_table(n) && pxe_api_table(n)->opcode == opcode) {
			n++;
			continue;
		}
		expect((uint16_t)opcode, block, PXE_STATUS_UNSUPPORTED);
	}
}

static void what_has_no_answer_is_unsupported_in_each_state(void **state)
{
	static const uint16_t opcodes[] = {
		PXE_UNDI_DIAGNOSE, PXE_UNDI_FORCE_INTERRUPT, PXE_TFTP_READ_FILE_PMODE, PXE_RESTART_DHCP,
		PXE_MODE_SWITCH,
	};

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(opcodes); i++)
		expect_plain(opcodes[i], PXE_STATUS_UNSUPPORTED);
	expect_plain(PXE_STOP_UNDI, PXE_STATUS_SUCCESS);
	for (unsigned i = 0; i < COUNT_OF(opcodes); i++)
		expect_plain(opcodes[i], PXE_STATUS_UNSUPPORTED);
}

/* Every opcode: one byte too few, one byte too far, in the hole, across its edges, and at addresses that wrap. */
static void a_block_that_does_not_lie_in_the_window_is_a_failure(void **state)
{
	const struct pxe_call *c;

	(void)state;
	for (unsigned n = 0; (c = pxe_api_table(n)) != NULL; n++) {
		const uint32_t wild[] = { MEMORY - c->bytes + 1u, MEMORY, HOLE, HOLE - c->bytes + 1u,
		                          HOLE + HOLE_BYTES - 1u, UINT32_MAX, UINT32_MAX - c->bytes + 1u };
		const uint32_t good[] = { MEMORY - c->bytes, HOLE - c->bytes, HOLE + HOLE_BYTES };

		for (unsigned i = 0; i < COUNT_OF(wild); i++) {
			start();
			assert_int_equal(pxe_api_call(&api, &ram, c->opcode, wild[i]), PXE_EXIT_FAILURE);
			assert_int_equal(api.undi, PXE_UNDI_OPENED);
			assert_int_equal(api.base, PXE_BASE_STARTED);
		}
		for (unsigned i = 0; i < COUNT_OF(good); i++) {
			const struct pxe_plain *p = (const struct pxe_plain *)(memory + good[i]);

			start();
			memset(memory + good[i], 0xff, c->bytes);
			pxe_api_call(&api, &ram, c->opcode, good[i]);
			assert_true(p->status != 0xffff);
		}
	}
	for (unsigned i = 0; i < HOLE_BYTES; i++)
		assert_int_equal(memory[HOLE + i], 0);
}

/* AX and Status say the same: others' programs look at either. */
static void ax_is_failure_whenever_status_is_not_success(void **state)
{
	const struct pxe_call *c;

	(void)state;
	for (unsigned n = 0; (c = pxe_api_table(n)) != NULL; n++)
		for (unsigned fill = 0; fill < 256; fill += 51) {
			uint8_t block[160];
			uint16_t ax;

			start();
			memset(block, (int)fill, sizeof block);
			ax = CALL(c->opcode, block);
			assert_int_equal(ax, block[0] || block[1]);
		}
}

static void after_stop_undi_there_is_nothing(void **state)
{
	const struct pxe_call *c;

	(void)state;
	expect_plain(PXE_STOP_UNDI, PXE_STATUS_SUCCESS);
	for (unsigned n = 0; (c = pxe_api_table(n)) != NULL; n++)
		if (c->least > PXE_UNDI_STOPPED) {
			uint8_t block[160] = { 0 };

			expect(c->opcode, block, PXE_STATUS_INVALID_STATE);
		}
}

static void the_base_code_s_calls_are_unsupported_once_it_is_stopped(void **state)
{
	static const uint16_t enders[] = { PXE_STOP_BASE, PXE_UNLOAD_STACK };
	const struct pxe_call *c;
	unsigned count = 0;

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(enders); i++) {
		uint8_t end[12] = { 0 };

		start();
		expect(enders[i], end, PXE_STATUS_SUCCESS);
		for (unsigned n = 0; (c = pxe_api_table(n)) != NULL; n++)
			if (c->is_base) {
				uint8_t block[160] = { 0 };

				expect(c->opcode, block, PXE_STATUS_UNSUPPORTED);
				count++;
			}
	}
	assert_int_equal(count, 2 * 11);
}

/* ---- from an interrupt's handler ---- */

enum { HANDLER_BLOCK_AT = 0x50000 };

static unsigned nested, ours;

static void expect_nested(uint16_t opcode, void *block, size_t len, uint16_t status)
{
	expect_at(HANDLER_BLOCK_AT, opcode, block, len, status);
	nested++;
}

/* Each call that there is, and what a handler does. */
static void interrupt(void)
{
	static const uint16_t looks[] = { PXE_ISR_PROCESS, PXE_ISR_GET_NEXT };
	struct pxe_isr isr = { .function = PXE_ISR_START };
	const struct pxe_call *c;

	for (unsigned n = 0; (c = pxe_api_table(n)) != NULL; n++) {
		uint8_t block[160] = { 0 };

		if (c->opcode != PXE_UNDI_ISR)
			expect_nested(c->opcode, block, sizeof block, PXE_STATUS_FAILURE);
	}
	expect_nested(PXE_UNDI_ISR, &isr, sizeof isr, PXE_STATUS_SUCCESS);
	ours += isr.function == PXE_ISR_OURS;
	for (unsigned i = 0; i < COUNT_OF(looks); i++) {
		isr = (struct pxe_isr){ .function = looks[i], .frame_bytes = 77 };
		expect_nested(PXE_UNDI_ISR, &isr, sizeof isr, PXE_STATUS_SUCCESS);
		assert_int_equal(isr.function, PXE_ISR_BUSY);
		assert_int_equal(isr.frame_bytes, 0);
	}
	isr.function = 9;
	expect_nested(PXE_UNDI_ISR, &isr, sizeof isr, PXE_STATUS_INVALID_PARAMETER);
}

static void a_call_inside_another_is_a_failure_and_does_no_harm(void **state)
{
	struct pxe_udp_open udp = { 0 };
	struct pxe_open open = { .filter = PXE_FILTER_DIRECTED };
	struct pxe_udp_write w = { .bytes = 10, .buffer = far_to(DATA_AT) };
	struct pxe_isr isr = { .function = PXE_ISR_PROCESS };

	(void)state;
	nested = ours = 0;
	expect(PXE_UNDI_OPEN, open, PXE_STATUS_SUCCESS);
	expect(PXE_UDP_OPEN, udp, PXE_STATUS_SUCCESS);
	machine.interrupts_on = machine.interrupts_off = 0;
	pxe_put_ip(w.ip, PEER_IP + 1);                  /* nobody answers: it waits */
	peer.idle = interrupt;
	expect(PXE_UDP_WRITE, w, PXE_STATUS_ARP_TIMEOUT);
	peer.idle = NULL;
	assert_true(nested > 2 * 42);
	assert_int_equal(ours, 1);                      /* the card was made quiet then, */
	assert_int_equal(machine.interrupts_off, 1);
	assert_int_equal(machine.interrupts_on, 0);
	expect(PXE_UNDI_ISR, isr, PXE_STATUS_SUCCESS);
	assert_int_equal(isr.function, PXE_ISR_DONE);   /* and has its voice again after DONE */
	assert_int_equal(machine.interrupts_on, 1);
	assert_true(api.udp.is_open);
	expect_plain(PXE_UDP_CLOSE, PXE_STATUS_SUCCESS);
}

#define test(f) cmocka_unit_test_setup_teardown(f, fresh, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_table_is_in_order_and_each_opcode_stands_once), test(what_is_not_in_the_table_is_unsupported),
		test(what_has_no_answer_is_unsupported_in_each_state),
		test(a_block_that_does_not_lie_in_the_window_is_a_failure),
		test(ax_is_failure_whenever_status_is_not_success), test(after_stop_undi_there_is_nothing),
		test(the_base_code_s_calls_are_unsupported_once_it_is_stopped),
		test(a_call_inside_another_is_a_failure_and_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
