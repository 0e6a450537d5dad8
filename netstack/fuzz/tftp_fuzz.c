/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any TFTP message; its options, asked for again, fit a request. */
#include "netstack/fuzz/fuzz.h"
#include "netstack/wire/tftp.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct tftp_message m;
	uint8_t room[80];
	struct wr w = wr_over(room, sizeof room);

	if (!tftp_parse(rd_over(bytes, len), &m))
		return 0;
	require(rd_left(&m.rest) <= len);
	require(!m.options.has_block_size
	        || (m.options.block_size >= TFTP_BLOCK_MIN && m.options.block_size <= TFTP_BLOCK_MAX));
	require(!m.options.has_window || m.options.window);
	tftp_emit_request(&w, "file", &m.options);
	require(wr_ok(&w));
	w = wr_over(room, sizeof room);
	tftp_emit_ack(&w, m.block);
	tftp_emit_error(&w, TFTP_ERROR_UNKNOWN_TID, "who");
	require(wr_ok(&w));
	return 0;
}
