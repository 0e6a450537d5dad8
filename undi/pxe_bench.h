/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_PXE_BENCH_H
#define UNDI_PXE_BENCH_H
/*
 * What the tests of a whole card share: the fake ROM, a card over it, and four frames to tell apart.
 *
 *     fresh                           set-up of each test; then set what is odd about `fake`, and open_it()
 *     says_frame(which, len)          the ROM's next answer is that frame, or says(function) without one
 *     expect_frame(which, len)        it comes next, in this turn or the one after
 *     expect_none()                   nothing more comes in this turn
 */
#include "lib/test.h"
#include "undi/pxe_fake.h"

static struct pxe_fake fake;
static struct pxe_card card;
static uint8_t frames[4][FRAME_MAX];

static inline int fresh(void **state)
{
	(void)state;
	pxe_fake_init(&fake);
	for (unsigned i = 0; i < 4; i++)
		for (unsigned at = 0; at < FRAME_MAX; at++)
			frames[i][at] = (uint8_t)(at * 7 + i * 31);
	return 0;
}

static inline void open_it(void)
{
	assert_true(pxe_open(&card, &fake.env));
	assert_true(fake.open);
}

static inline void says_frame(unsigned which, uint16_t len)
{
	fake_says(&fake, (struct fake_answer){ .function = PXE_ISR_RECEIVE, .buffer_bytes = len, .frame_bytes = len,
	                                       .bytes = frames[which] });
}

static inline void says(uint16_t function)
{
	fake_says(&fake, (struct fake_answer){ .function = function });
}

static inline void expect_frame(unsigned which, size_t len)
{
	struct rd got;

	assert_true(card.nic.poll(&card.nic, &got) || card.nic.poll(&card.nic, &got));
	assert_int_equal(rd_left(&got), len);
	assert_true(rd_is(&got, frames[which], len));
}

static inline void expect_none(void)
{
	struct rd got;

	assert_false(card.nic.poll(&card.nic, &got));
}
#endif
