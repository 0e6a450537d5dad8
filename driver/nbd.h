/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_NBD_H
#define DRIVER_NBD_H
/*
 * What the kernel's nbd driver says over a socket, and how it is answered.
 *
 * Only the transmission phase of the NBD protocol: 28-byte requests, 16-byte
 * simple replies, data after a READ's reply and a WRITE's request. Everything
 * else of NBD (greeting, options, export names) happens between a client and
 * a server, and we are both: the socket is one end of a pair.
 *
 *     n bytes of the stream -> rd_nbd_request() -> nbd_judge() -> serve it or wr_nbd_reply() with the error
 */
#include "lib/bytes.h"

enum {
	NBD_REQUEST_BYTES = 28, NBD_REPLY_BYTES = 16,
	NBD_LENGTH_MAX = 32 * 1024 * 1024,      /* what the kernel can be configured to, and no more */
};

enum nbd_command { NBD_READ, NBD_WRITE, NBD_DISC, NBD_FLUSH, NBD_TRIM };
enum nbd_error   { NBD_OK = 0, NBD_EPERM = 1, NBD_EIO = 5, NBD_ENOMEM = 12, NBD_EINVAL = 22 };
enum nbd_flag    { NBD_HAS_FLAGS = 1, NBD_READ_ONLY = 2, NBD_MULTI_CONN = 256 };

struct nbd_request {
	uint16_t flags, command;
	uint64_t cookie;                /* comes back in the reply */
	uint64_t offset;
	uint32_t length;
};

enum nbd_verdict {
	NBD_SERVE_READ,
	NBD_ANSWER,                     /* nothing to do but the reply, with *error */
	NBD_REFUSE_DATA,                /* the same, after `length` bytes that follow were thrown away */
	NBD_GOODBYE,                    /* the kernel lets go of the disk; there is no reply */
};

/* From exactly NBD_REQUEST_BYTES. False: this is no request, the stream cannot be followed any further. */
bool rd_nbd_request(struct rd bytes, struct nbd_request *request);
void wr_nbd_request(struct wr *w, const struct nbd_request *request);           /* for tests */
void wr_nbd_reply(struct wr *w, enum nbd_error error, uint64_t cookie);

/* What to do with it, on a read-only disk of this many bytes. */
enum nbd_verdict nbd_judge(const struct nbd_request *request, uint64_t size, enum nbd_error *error);
#endif
