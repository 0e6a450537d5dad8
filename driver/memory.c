/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/memory.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
	BASE_MEMORY_WORD = 0x413,               /* 40:13, KiB of base memory */
	BASE_LOWEST = 0x10000,                  /* no ROM leaves so little that the block lies below */
	BASE_START = 0x80000, BASE_END = 0xa0000, PAGE = 4096,
};

enum handover_verdict memory_search(const uint8_t *bytes, size_t len, uint32_t address,
                                    struct handover *h, uint32_t *found_at, const char **missing)
{
	enum handover_verdict worst = HANDOVER_NO_BLOCK;

	*missing = "";
	for (size_t at = 0; at + HANDOVER_HEAD_BYTES <= len; at += HANDOVER_ALIGN) {
		const char *lacks = "";
		enum handover_verdict v = handover_read(rd_over(bytes + at, len - at), h, &lacks);

		if (v == HANDOVER_NO_BLOCK)
			continue;
		*found_at = address + (uint32_t)at;
		if (v == HANDOVER_OK)
			return v;
		/* What is damaged may be a stale copy: the good one may lie further on (H1). */
		worst    = v;
		*missing = lacks;
	}
	return worst;
}

/* Pages that cannot be read stay zero: /dev/mem refuses some and shows others. */
static bool read_pages(int file, uint32_t from, uint32_t to, uint8_t *bytes)
{
	bool any = false;

	memset(bytes, 0, to - from);
	for (uint32_t at = from; at < to;) {
		uint32_t step = PAGE - at % PAGE;
		ssize_t got;

		if (step > to - at)
			step = to - at;
		got = pread(file, bytes + (at - from), step, (off_t)at);
		if (got > 0)
			any = true;
		at += step;
	}
	return any;
}

/* Where base memory ends; 0: nobody knows. Little-endian, as nothing of ours is. */
static uint32_t base_memory_end(int file)
{
	uint8_t word[2];
	uint32_t end;

	if (pread(file, word, sizeof word, BASE_MEMORY_WORD) != (ssize_t)sizeof word)
		return 0;
	end = (uint32_t)(word[0] | word[1] << 8) * 1024;
	return end >= BASE_LOWEST && end < BASE_END ? end : 0;
}

static bool explain(struct kmsg *k, const char *path, enum handover_verdict v, uint32_t at, const char *missing)
{
	if (v == HANDOVER_NO_BLOCK)
		kmsg_wrong(k, "no hand-over block in base memory (%s, up to 9FFFFh). Was this machine started by Rill? "
		         "If not: rill=rill://SERVER/DISK on the kernel command line", path);
	else
		kmsg_wrong(k, "the hand-over block %s %s at %x in %s. Cure: firmware and rill-attach of one release",
		         handover_verdict_text(v), missing, at, path);
	return false;
}

bool memory_find_handover(struct kmsg *k, const char *path, struct handover *h)
{
	static uint8_t bytes[BASE_END - BASE_LOWEST];
	int file = open(path, O_RDONLY | O_CLOEXEC);
	uint32_t end, from, at = 0;
	const char *missing = "";
	enum handover_verdict v = HANDOVER_NO_BLOCK;

	if (file < 0) {
		kmsg_error(k, path);
		return false;
	}
	end  = base_memory_end(file);
	from = end && end < BASE_START ? end : BASE_START;
	if (!read_pages(file, from, BASE_END, bytes))
		kmsg_error(k, path);
	close(file);
	if (end)
		v = memory_search(bytes + (end - from), BASE_END - end, end, h, &at, &missing);
	if (v == HANDOVER_NO_BLOCK)
		v = memory_search(bytes + (BASE_START - from), BASE_END - BASE_START, BASE_START, h, &at, &missing);
	if (v != HANDOVER_OK)
		return explain(k, path, v, at, missing);
	kmsg_step(k, "hand-over block at %x: session %016llx, disk %s, %llu MiB", at,
	         (unsigned long long)h->session, h->disk, (unsigned long long)(h->size >> 20));
	return true;
}
