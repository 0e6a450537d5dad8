/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_SNP_BENCH_H
#define UNDI_SNP_BENCH_H
/*
 * What the tests of a card over the Simple Network Protocol share: the fake, a card over it, four frames to tell apart.
 *
 *     fresh                           set-up of each test; then set what is odd about `fake`, and open_it()
 *     receives(which, len)            the next Receive gives that frame
 *     expect_frame(which, len)        it comes next
 *     expect_none()                   nothing more comes in this turn
 *     send(which, len)
 */
#include "lib/test.h"
#include "undi/snp_fake.h"

static struct snp_fake fake;
static struct snp_card card;
static uint8_t frames[4][SNP_RX_BYTES + 1];

static inline int fresh(void **state)
{
	(void)state;
	snp_fake_init(&fake);
	for (unsigned i = 0; i < 4; i++)
		for (unsigned at = 0; at < sizeof frames[0]; at++)
			frames[i][at] = (uint8_t)(at * 7 + i * 31);
	return 0;
}

static inline void open_it(void)
{
	assert_true(snp_open(&card, &fake.env));
	assert_int_equal(fake.mode.state, SNP_INITIALIZED);
}

static inline void receives(unsigned which, size_t len)
{
	snp_fake_receives(&fake, frames[which], len, SNP_SUCCESS);
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
