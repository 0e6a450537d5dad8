/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_DRIVERS_DRIVER_SCRIPT_H
#define UNDI_DRIVERS_DRIVER_SCRIPT_H
/* What the drivers' tests share: the open card, and what comes out of it. Host only; for *_test.c. */
#include "lib/test.h"
#include "netstack/nic.h"

static struct nic *nic;

static inline void expect_frame(const void *bytes, size_t len)
{
	struct rd r;

	assert_true(nic->poll(nic, &r));
	assert_true(rd_is(&r, bytes, len));
	assert_int_equal(rd_left(&r), 0);
}

static inline void expect_nothing(void)
{
	struct rd r;

	assert_false(nic->poll(nic, &r));
}
#endif
