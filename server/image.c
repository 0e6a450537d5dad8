/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "server/image.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/bytes.h"

static struct image *image_of(struct disk *disk)
{
	return (struct image *)disk;
}

/* Whether the file is still what it was when it was opened. */
static bool is_unchanged(const struct image *image, struct stat *st)
{
	return fstat(image->fd, st) == 0 && (uint64_t)st->st_size == image->bytes
	    && st->st_mtim.tv_sec == image->modified.tv_sec && st->st_mtim.tv_nsec == image->modified.tv_nsec;
}

static bool report(struct image *image, uint64_t offset, const char *what, struct disk_fault *fault)
{
	fault->text[0] = 0;
	if (!atomic_exchange(&image->told, true))
		snprintf(fault->text, sizeof fault->text,
		         "%.100s: cannot read at byte %" PRIu64 ": %.90s", image->file, offset, what);
	return false;
}

static bool report_change(struct image *image, uint64_t offset, const struct stat *st, struct disk_fault *fault)
{
	char what[100];

	if ((uint64_t)st->st_size < image->bytes)
		snprintf(what, sizeof what, "it shrank from %" PRIu64 " to %" PRIu64
		         " bytes; restore it, restart rilld", image->bytes, (uint64_t)st->st_size);
	else
		snprintf(what, sizeof what, "it was written to while served; restart rilld, then the machines");
	return report(image, offset, what, fault);
}

static void zero_from(const struct iovec *pieces, int count, uint64_t from)
{
	for (int i = 0; i < count; i++) {
		uint64_t keep = min_u64(from, pieces[i].iov_len);

		memset((uint8_t *)pieces[i].iov_base + keep, 0, pieces[i].iov_len - keep);
		from -= keep;
	}
}

/* Bytes up to the file's end; what a signal or a slow file system cut short is asked for again. */
static ssize_t read_pieces(int fd, uint64_t offset, const struct iovec *pieces, int count, uint64_t wanted)
{
	ssize_t got = preadv(fd, pieces, count, (off_t)offset);
	uint64_t have = got > 0 ? (uint64_t)got : 0, at = 0;

	if (got < 0 || have >= wanted)
		return got;
	for (int i = 0; i < count && have < wanted; at += pieces[i++].iov_len) {
		while (have < at + pieces[i].iov_len && have < wanted) {
			ssize_t more = pread(fd, (uint8_t *)pieces[i].iov_base + (have - at),
			                     min_u64(at + pieces[i].iov_len, wanted) - have, (off_t)(offset + have));

			if (more <= 0)
				return more < 0 ? -1 : (ssize_t)have;
			have += (uint64_t)more;
		}
	}
	return (ssize_t)have;
}

static bool image_read(struct disk *disk, uint64_t offset, const struct iovec *pieces, int count,
                       struct disk_fault *fault)
{
	struct image *image = image_of(disk);
	uint64_t total = 0, wanted;
	struct stat st;

	for (int i = 0; i < count; i++)
		total += pieces[i].iov_len;
	wanted = offset < image->bytes ? min_u64(total, image->bytes - offset) : 0;
	ssize_t got = wanted ? read_pieces(image->fd, offset, pieces, count, wanted) : 0;
	int error = errno;
	/* Asked after reading: what is sent was read before any change this can miss. */
	if (!is_unchanged(image, &st))
		return report_change(image, offset, &st, fault);
	if (got < 0 || (uint64_t)got < wanted)
		return report(image, offset, got < 0 ? strerror(error) : "the file ends too early", fault);
	if (wanted < total)
		zero_from(pieces, count, wanted);
	return true;
}

static bool image_usable(struct disk *disk, enum stream_deny *reason, struct disk_fault *why)
{
	struct image *image = image_of(disk);
	struct stat st;

	if (!is_unchanged(image, &st)) {
		*reason = DENY_BROKEN_DISK;
		snprintf(why->text, sizeof why->text,
		         "disk \"%s\" was changed on the server while it is served; restart rilld to serve it anew",
		         disk->name);
		return false;
	}
	if (image->bytes == 0) {
		*reason = DENY_EMPTY_DISK;
		snprintf(why->text, sizeof why->text,
		         "disk \"%s\" is empty: %.100s has 0 bytes; put an image there and restart rilld",
		         disk->name, image->file);
		return false;
	}
	return true;
}

static struct stream_content content_of(const struct image *image)
{
	struct stream_content content;
	uint8_t   text[128];
	struct wr w = wr_over(text, sizeof text);

	wr_bytes(&w, "rill image 1", 12);
	wr_u8(&w, (uint8_t)strlen(image->disk.name));
	wr_bytes(&w, image->disk.name, strlen(image->disk.name));
	wr_be64(&w, image->bytes);
	wr_be64(&w, (uint64_t)image->modified.tv_sec);
	wr_be32(&w, (uint32_t)image->modified.tv_nsec);
	(void)crypto_generichash(content.id, sizeof content.id, text, wr_used(&w, text), NULL, 0);
	return content;
}

bool image_open(struct image *image, const char *name, const char *file, char *trouble, size_t size)
{
	struct stat st;

	*image = (struct image){ .file = file, .disk = { .read = image_read, .usable = image_usable } };
	snprintf(image->disk.name, sizeof image->disk.name, "%s", name);
	/* O_NONBLOCK: a named pipe must not hold us up until it is told to be none of ours. */
	image->fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (image->fd < 0) {
		snprintf(trouble, size, "--disk %s=%s: cannot open the file: %s; give the path of a raw disk image",
		         name, file, strerror(errno));
		return false;
	}
	if (fstat(image->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		snprintf(trouble, size, "--disk %s=%s: not a regular file; give the path of a raw disk image",
		         name, file);
		image_close(image);
		return false;
	}
	image->bytes        = (uint64_t)st.st_size;
	image->modified     = st.st_mtim;
	image->disk.size    = (image->bytes + STREAM_PAD_BYTES - 1) / STREAM_PAD_BYTES * STREAM_PAD_BYTES;
	image->disk.content = content_of(image);
	return true;
}

void image_close(struct image *image)
{
	if (image->fd >= 0)
		close(image->fd);
	image->fd = -1;
}
