/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_TFTP_SENT_H
#define NETSTACK_TFTP_SENT_H
/* What a TFTP client under test sent last, and its clock. Host only; for *_test.c. */
#include "lib/test.h"
#include "netstack/net.h"

static usec now;
static uint8_t sent[600];
static size_t sent_len;
static struct flow flow;

static inline struct wr sent_room(void) { return wr_over(sent, sizeof sent); }

/* True, as a client's tx is that sent something. */
static inline bool sent_keep(const struct wr *w)
{
	assert_true(wr_ok(w));
	sent_len = wr_used(w, sent);
	return true;
}

static inline bool says(const char *bytes, size_t len)
{
	return sent_len == len && memcmp(sent, bytes, len) == 0;
}

#define assert_says(bytes) assert_true(says(bytes, sizeof(bytes) - 1))
#endif
