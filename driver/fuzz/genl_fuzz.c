/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any bytes as what generic netlink answers, and as a disk to be given to it. */
#include "driver/genl.h"
#include "netstack/fuzz/fuzz.h"

static void write_connect(struct rd r)
{
	struct genl_disk disk = { .index = (int)rd_u8(&r) - 1, .size = rd_be64(&r), .block = 512 };
	uint8_t room[GENL_MESSAGE_MAX];
	struct wr w = wr_over(room, sizeof room);
	struct genl_reply reply;
	struct rd again;

	disk.socket_count = rd_u8(&r) % (GENL_CONNECTIONS_MAX + 1);
	wr_genl_connect(&w, 7, 33, &disk);
	require(wr_ok(&w));
	again = rd_over(room, wr_used(&w, room));
	require(rd_genl_reply(&again, &reply) && rd_done(&again) && reply.sequence == 7);
	require(reply.has_index == (disk.index >= 0) && (!reply.has_index || reply.index == (uint32_t)disk.index));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = fuzz_copy(bytes, len);
	struct rd r = rd_over(copy, len);
	struct genl_reply reply;
	size_t messages = 0;
	uint8_t small[40];
	struct wr w = wr_over(small, sizeof small);

	while (rd_genl_reply(&r, &reply))
		require(++messages <= len / 16);
	write_connect(rd_over(copy, len));
	wr_genl_family(&w, 1, "nbd");
	w = wr_over(small, sizeof small);
	wr_genl_disconnect(&w, 1, 33, 0);
	require(wr_ok(&w));
	free(copy);
	return 0;
}
