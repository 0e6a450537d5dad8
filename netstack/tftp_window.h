/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_TFTP_WINDOW_H
#define NETSTACK_TFTP_WINDOW_H
/*
 * Which block of a TFTP transfer comes next, and when the server must hear
 * about it: after a whole window (RFC 7440; of one block: RFC 1350), at a gap,
 * at a time-out.
 *
 *     tftp_window_open(&w, block_size, size);  as granted
 *     tftp_window_judge(&w, number)            of a block that came; TFTP_BLOCK_NEXT: take its bytes and call
 *     tftp_window_take(&w)                     true: the window is whole
 *     tftp_window_acked(&w)                    ACK of w.expected - 1 was sent
 *     tftp_window_is_begun(&w)                 the rest of it comes one block behind the other
 *     tftp_window_cut(&w)                      it did not; true: the window does not fit between server and client
 *
 * A window is fixed for a transfer. Where it is longer than what a card or a
 * switch holds, the end of each is lost, nothing comes after it that would
 * tell of the gap, and each window costs a pause. This shows at once: not one
 * window was whole yet. A later cut is a lost packet.
 */
#include "lib/types.h"

struct tftp_window {
	uint16_t block_size, size;      /* as granted: bytes; blocks */
	uint16_t expected;              /* the next block's number */
	uint16_t count;                 /* blocks since the last ACK */
	uint16_t shortest;              /* the fewest blocks that came of a window that was cut */
	unsigned cuts;                  /* until the first whole window */
	bool     had_whole;
	bool     gap_told;
	bool     wraps_to_one;          /* what comes after 65535 */
	unsigned ones_for_zero;         /* after how many ACKs 1 came where 0 was expected */
	bool     one_counted;           /* since the last ACK */
};

enum tftp_block {
	TFTP_BLOCK_NEXT,
	TFTP_BLOCK_GAP,         /* one before it is missing: to be told at once */
	TFTP_BLOCK_IDLE,        /* no reason to speak: it is in already, or its gap was told */
};

void            tftp_window_open(struct tftp_window *w, uint16_t block_size, uint16_t size);
enum tftp_block tftp_window_judge(struct tftp_window *w, uint16_t number);
bool            tftp_window_take(struct tftp_window *w);
void            tftp_window_acked(struct tftp_window *w);
bool            tftp_window_is_begun(const struct tftp_window *w);
bool            tftp_window_cut(struct tftp_window *w);
#endif
