/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The table itself, and blocks that lie where they must not. */
#include "pxe/api_bench.h"

static void the_table_is_in_order_and_each_opcode_stands_once(void **state)
{
	(void)state;
	assert_null(pxe_api_table(39));
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

#define test(f) cmocka_unit_test_setup_teardown(f, fresh, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_table_is_in_order_and_each_opcode_stands_once), test(what_is_not_in_the_table_is_unsupported),
		test(what_has_no_answer_is_unsupported_in_each_state),
		test(a_block_that_does_not_lie_in_the_window_is_a_failure),
		test(ax_is_failure_whenever_status_is_not_success), test(after_stop_undi_there_is_nothing),
		test(the_base_code_s_calls_are_unsupported_once_it_is_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
