/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any bytes as requests of the kernel's nbd driver: what is served lies on the disk, what is read can be written. */
#include "driver/nbd.h"
#include "netstack/fuzz/fuzz.h"

static const uint64_t size = 1u << 30;

static void judge(const struct nbd_request *request)
{
	enum nbd_error error;
	uint8_t reply[NBD_REPLY_BYTES];
	struct wr w = wr_over(reply, sizeof reply);
	enum nbd_verdict v = nbd_judge(request, size, &error);

	if (v == NBD_SERVE_READ)
		require(error == NBD_OK && request->length && request->offset <= size - request->length);
	require(v == NBD_SERVE_READ || v == NBD_GOODBYE || request->command == NBD_FLUSH || error != NBD_OK);
	wr_nbd_reply(&w, error, request->cookie);
	require(wr_ok(&w) && wr_used(&w, reply) == sizeof reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = fuzz_copy(bytes, len), again[NBD_REQUEST_BYTES];
	struct wr w = wr_over(again, sizeof again);
	struct nbd_request request;

	if (rd_nbd_request(rd_over(copy, len), &request)) {
		wr_nbd_request(&w, &request);
		require(len == sizeof again && memcmp(again, copy, len) == 0);
		judge(&request);
	}
	free(copy);
	return 0;
}
