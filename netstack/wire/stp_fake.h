/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_STP_FAKE_H
#define NETSTACK_WIRE_STP_FAKE_H
/* BPDUs for tests, as a bridge writes them. Host only. */
#include "netstack/wire/stp.h"

enum { FAKE_BPDU_PORT = 0x8005, FAKE_BPDU_BYTES = 3 + 36 };

static const uint8_t fake_bridge[6] = { 0x00, 0x1b, 0x54, 0xaa, 0xbb, 0xcc };

/* The LLC payload, without padding. Times in seconds. */
static inline void fake_bpdu(struct wr *w, enum stp_kind kind, uint8_t flags, unsigned hello, unsigned forward_delay)
{
	wr_bytes(w, "\x42\x42\x03\0\0", 5);
	wr_u8(w, kind == STP_RAPID ? 2 : 0);
	wr_u8(w, (uint8_t)kind);
	if (kind == STP_TOPOLOGY)
		return;
	wr_u8(w, flags);
	wr_bytes(w, "\x80\0\0\x1b\x54\1\2\3\0\0\0\4", 12);
	wr_be16(w, 0x8000);
	wr_bytes(w, fake_bridge, 6);
	wr_be16(w, FAKE_BPDU_PORT);
	wr_be16(w, 1 << 8);             /* message age, */
	wr_be16(w, 20 << 8);            /* and what it may be */
	wr_be16(w, (uint16_t)(hello << 8));
	wr_be16(w, (uint16_t)(forward_delay << 8));
	if (kind == STP_RAPID)
		wr_u8(w, 0);            /* nothing of version 1 */
}
#endif
