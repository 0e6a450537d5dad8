/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_IMAGE_H
#define SERVER_IMAGE_H
/*
 * A disk made of a raw file.
 *
 * The content id is a hash of the disk's name and of the file's size and time of modification: two servers with
 * copies made by `cp -p` or `rsync -t` serve the same content; a file that was written to is another content. A file
 * that changes while it is served can no longer give the bytes its machines were promised: from then on every read
 * fails (the machines wait), and one log line names the file and the cure.
 */
#include <time.h>
#include "server/disk.h"

struct image {
	struct disk     disk;           /* first: the disk's functions find the image by it */
	const char     *file;           /* for messages; the caller keeps it */
	int             fd;
	uint64_t        bytes;          /* the file's size when it was opened */
	struct timespec modified;
	_Atomic bool    told;
};

/* False: *trouble is one line that names the file and the cure. */
bool image_open(struct image *image, const char *name, const char *file, char *trouble, size_t size);
void image_close(struct image *image);
#endif
