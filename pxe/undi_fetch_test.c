/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A descriptor that changes while UNDI_TRANSMIT looks at it, as an interrupt's handler may change it. Its page is
 * forbidden; each instruction that reads there is let through alone, and after the n-th the descriptor says something
 * else.
 */
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>
#include "pxe/api_bench.h"

enum { PAGE = 4096, TBD_AT = 0x60000, BYTES_AT = 0x70000, IMMEDIATE = 60, BEHIND = 40, TRAP_FLAG = 0x100 };

static unsigned looks, change_after;

static struct pxe_tbd *descriptor(void) { return (struct pxe_tbd *)(memory + TBD_AT); }

static void allow(int rights)
{
	if (mprotect(memory + TBD_AT, PAGE, rights))
		abort();
}

static void on_look(int number, siginfo_t *info, void *context)
{
	ucontext_t *c = context;
	const uintptr_t at = (uintptr_t)info->si_addr, page = (uintptr_t)(memory + TBD_AT);

	if (at < page || at >= page + PAGE) {
		signal(number, SIG_DFL);                /* of somebody else's: it comes again, and ends the test */
		return;
	}
	allow(PROT_READ | PROT_WRITE);
	c->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
}

static void after_look(int number, siginfo_t *info, void *context)
{
	ucontext_t *c = context;

	(void)number;
	(void)info;
	c->uc_mcontext.gregs[REG_EFL] &= ~(greg_t)TRAP_FLAG;
	if (++looks == change_after)
		descriptor()->block_count = 0xffff;
	allow(PROT_NONE);
}

static int fresh_page(void **state)
{
	fresh(state);
	free(memory);
	memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	ram.base      = memory;
	setup.frame   = memory + FRAME_AT;
	setup.packets = (uint8_t (*)[PXE_CACHED_BYTES])(memory + PACKETS_AT);
	start();
	return 0;
}

static int done_page(void **state)
{
	munmap(memory, MEMORY);
	memory = NULL;
	return done(state);
}

static uint16_t transmit_while_it_changes(void)
{
	const struct sigaction look = { .sa_sigaction = on_look, .sa_flags = SA_SIGINFO };
	const struct sigaction after = { .sa_sigaction = after_look, .sa_flags = SA_SIGINFO };
	struct pxe_transmit b = { .protocol = PXE_PROTOCOL_IP, .to = PXE_TO_ALL, .descriptor = far_to(TBD_AT) };
	struct sigaction before[2];

	*descriptor() = (struct pxe_tbd){
		.immediate_bytes = IMMEDIATE, .immediate = far_to(BYTES_AT), .block_count = 1,
		.blocks = { { .type = 1, .bytes = BEHIND, .at = far_to(BYTES_AT + IMMEDIATE) } },
	};
	looks = 0;
	sigaction(SIGSEGV, &look, &before[0]);
	sigaction(SIGTRAP, &after, &before[1]);
	allow(PROT_NONE);
	CALL(PXE_UNDI_TRANSMIT, b);
	allow(PROT_READ | PROT_WRITE);
	sigaction(SIGSEGV, &before[0], NULL);
	sigaction(SIGTRAP, &before[1], NULL);
	return b.status;
}

/* What was looked at counts: the frame that it described is sent, or none where it changed in the middle of a look. */
static void nothing_of_a_descriptor_is_read_twice(void **state)
{
	size_t sent = 0;

	(void)state;
	for (change_after = 1; change_after == 1 || looks + 1 >= change_after; change_after++) {
		if (transmit_while_it_changes() != PXE_STATUS_SUCCESS) {
			assert_int_equal(card.out_count, sent);
			continue;
		}
		assert_int_equal(card.out_count, ++sent);
		assert_int_equal(card.out[(sent - 1) % FAKE_FRAMES].len, FRAME_HEAD + IMMEDIATE + BEHIND);
	}
	assert_true(looks >= 2);                                /* the head, and the block */
	assert_true(sent >= 2);                                 /* the last time nothing has changed */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_of_a_descriptor_is_read_twice, fresh_page, done_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
