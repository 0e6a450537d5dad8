/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any frame as a line, as it comes and with its checksums made good: it ends, within its room, and moves no cursor. */
#include "loader/packet_text.h"
#include "netstack/fuzz/fuzz.h"

enum { IP_AT = 14, IP_PROTOCOL_AT = IP_AT + 9, TFTP_PORT = 2070 };

static void look(const uint8_t *bytes, size_t len)
{
	char text[PACKET_TEXT_MAX + 1];

	for (int sent = 0; sent < 2; sent++) {
		memset(text, 1, sizeof text);
		packet_text(text, rd_over(bytes, len), sent, TFTP_PORT);
		require(memchr(text, 0, sizeof text) != NULL && text[0]);
		for (const char *at = text; *at; at++)
			require((unsigned char)*at >= ' ' && *at != 0x7f);
	}
}

static void make_good(uint8_t *frame, size_t len)
{
	size_t head = len > IP_AT + 20 ? (size_t)(frame[IP_AT] & 15) * 4 : 0;

	if (!head || IP_AT + head + 8 > len)
		return;
	fuzz_fix_checksum(frame + IP_AT, head, 10, 0);
	if (frame[IP_PROTOCOL_AT] == 1)
		fuzz_fix_checksum(frame + IP_AT + head, len - IP_AT - head, 2, 0);
	if (frame[IP_PROTOCOL_AT] == 17)
		memset(frame + IP_AT + head + 6, 0, 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = fuzz_copy(bytes, len);

	look(bytes, len);
	make_good(copy, len);
	look(copy, len);
	free(copy);
	return 0;
}
