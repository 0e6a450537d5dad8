/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_DISK_H
#define SERVER_DISK_H
/*
 * What the server knows of a disk it serves.
 *
 * The core (core.h) reads disks through these two functions only: server/image.c
 * makes a disk of a file, the simulator of a piece of memory. Both functions are called by
 * several threads at once.
 */
#include <sys/uio.h>
#include "netstack/wire/tlv.h"

/* Why a disk could not be read, for the log. Empty: it was already said. */
struct disk_fault { char text[TLV_TEXT_MAX + 1]; };

struct disk {
	char                  name[TLV_NAME_MAX + 1];
	struct stream_content content;
	uint64_t              size;     /* what clients see: a multiple of STREAM_PAD_BYTES */

	/* Fills the pieces, one after another, with the disk's bytes from offset on. The range is within size. */
	bool (*read)(struct disk *disk, uint64_t offset, const struct iovec *pieces, int count,
	             struct disk_fault *fault);
	/* Whether a machine may start from it now; if not, why, for the user's eyes. */
	bool (*usable)(struct disk *disk, enum stream_deny *reason, struct disk_fault *why);
};
#endif
