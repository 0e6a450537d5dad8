/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/nbd.h"

#define REQUEST_MAGIC 0x25609513u
#define REPLY_MAGIC   0x67446698u

enum { SECTOR = 512 };

bool rd_nbd_request(struct rd bytes, struct nbd_request *request)
{
	uint32_t magic = rd_be32(&bytes);

	request->flags   = rd_be16(&bytes);
	request->command = rd_be16(&bytes);
	request->cookie  = rd_be64(&bytes);
	request->offset  = rd_be64(&bytes);
	request->length  = rd_be32(&bytes);
	return rd_done(&bytes) && magic == REQUEST_MAGIC;
}

void wr_nbd_request(struct wr *w, const struct nbd_request *request)
{
	wr_be32(w, REQUEST_MAGIC);
	wr_be16(w, request->flags);
	wr_be16(w, request->command);
	wr_be64(w, request->cookie);
	wr_be64(w, request->offset);
	wr_be32(w, request->length);
}

void wr_nbd_reply(struct wr *w, enum nbd_error error, uint64_t cookie)
{
	wr_be32(w, REPLY_MAGIC);
	wr_be32(w, (uint32_t)error);
	wr_be64(w, cookie);
}

static bool is_on_disk(const struct nbd_request *r, uint64_t size)
{
	return r->length != 0 && r->length <= NBD_LENGTH_MAX
	    && r->length % SECTOR == 0 && r->offset % SECTOR == 0
	    && r->length <= size && r->offset <= size - r->length;
}

enum nbd_verdict nbd_judge(const struct nbd_request *request, uint64_t size, enum nbd_error *error)
{
	*error = NBD_OK;
	switch (request->command) {
	case NBD_READ:
		if (is_on_disk(request, size))
			return NBD_SERVE_READ;
		*error = NBD_EINVAL;
		return NBD_ANSWER;
	case NBD_WRITE:
		*error = NBD_EPERM;
		return NBD_REFUSE_DATA;
	case NBD_DISC:
		return NBD_GOODBYE;
	case NBD_FLUSH:                 /* nothing was written, so all of it is durable */
		return NBD_ANSWER;
	case NBD_TRIM:
		*error = NBD_EPERM;
		return NBD_ANSWER;
	default:
		*error = NBD_EINVAL;
		return NBD_ANSWER;
	}
}
