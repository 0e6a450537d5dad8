/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/tftp_window.h"

enum {
	ONES_MAX = 4,           /* see is_expected() */
	CUTS_MAX = 2,           /* one is a lost packet */
};

void tftp_window_open(struct tftp_window *w, uint16_t block_size, uint16_t size)
{
	*w = (struct tftp_window){ .block_size = block_size, .size = size, .expected = 1, .shortest = size };
}

/*
 * Block numbers wrap to 0 with most servers and to 1 with some. 1 for 0 is believed at once when blocks come
 * one by one; in a window it may as well mean that block 0 was lost, so it must happen again and again, each time
 * after another ACK: the network may double what it likes.
 */
static bool is_expected(struct tftp_window *w, uint16_t number)
{
	if (number == w->expected)
		return true;
	if (w->expected != 0 || number != 1)
		return false;
	w->ones_for_zero += !w->one_counted;
	w->one_counted = true;
	if (w->size > 1 && !w->wraps_to_one && w->ones_for_zero < ONES_MAX)
		return false;
	w->wraps_to_one = true;
	w->expected = 1;
	return true;
}

enum tftp_block tftp_window_judge(struct tftp_window *w, uint16_t number)
{
	if (is_expected(w, number))
		return TFTP_BLOCK_NEXT;
	/* RFC 7440: a gap is told at once, and once. A block we have is no reason to speak (RFC 1123). */
	if (w->size == 1 || w->gap_told || (uint16_t)(number - w->expected) >= w->size)
		return TFTP_BLOCK_IDLE;
	w->gap_told = true;
	return TFTP_BLOCK_GAP;
}

bool tftp_window_take(struct tftp_window *w)
{
	w->gap_told = false;
	w->ones_for_zero = 0;
	w->expected++;
	if (++w->count < w->size)
		return false;
	w->had_whole = true;
	return true;
}

void tftp_window_acked(struct tftp_window *w)
{
	w->count = 0;
	w->one_counted = false;
}

bool tftp_window_is_begun(const struct tftp_window *w) { return w->size > 1 && w->count > 0; }

bool tftp_window_cut(struct tftp_window *w)
{
	w->gap_told = false;
	if (w->had_whole)
		return false;
	w->shortest = (uint16_t)min_size(w->shortest, w->count);
	return ++w->cuts >= CUTS_MAX;
}
