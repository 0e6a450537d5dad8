/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_NII_BENCH_H
#define UNDI_NII_BENCH_H
/*
 * What the tests of a card over UNDI 3.1 share: the fake, a card over it, four frames to tell apart.
 *
 *     fresh                           set-up of each test; then set what is odd about `fake`, and open_it()
 *     is_right                        its end: the fake was never asked anything appendix E does not allow
 *     receives(which, len)            the next RECEIVE gives that frame
 *     expect_frame(which, len)        it comes next
 *     expect_none()                   nothing more comes in this turn
 *     send(which, len)
 */
#include "lib/test.h"
#include "undi/nii_fake.h"

static struct nii_fake fake;
static struct nii_card card;
static uint8_t frames[4][NII_RX_BYTES + 1];

static inline int fresh(void **state)
{
	(void)state;
	nii_fake_init(&fake);
	for (unsigned i = 0; i < 4; i++)
		for (unsigned at = 0; at < sizeof frames[0]; at++)
			frames[i][at] = (uint8_t)(at * 7 + i * 31);
	return 0;
}

static inline int is_right(void **state)
{
	(void)state;
	return fake.wrong || fake.reused ? -1 : 0;
}

static inline void open_it(void)
{
	assert_true(nii_open(&card, &fake.env));
	assert_int_equal(fake.state, NII_INITIALIZED);
}

static inline void receives(unsigned which, size_t len)
{
	nii_fake_receives(&fake, frames[which], len, NII_SUCCESS);
}

static inline void expect_frame(unsigned which, size_t len)
{
	struct rd got;

	assert_true(card.nic.poll(&card.nic, &got));
	assert_int_equal(rd_left(&got), len);
	assert_true(rd_is(&got, frames[which], len));
}

static inline void expect_none(void)
{
	struct rd got;

	assert_false(card.nic.poll(&card.nic, &got));
}

static inline bool send(unsigned which, size_t len) { return card.nic.send(&card.nic, frames[which], len); }
#endif
