/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "qemu-tests/guest/efi/reading.h"
#include "lib/fmt.h"
#include "qemu-tests/guest/efi/call.h"

enum { PLACES = 12, AT_ONCE = 8, GUARD = 0x5a };

static const UINTN piece_sizes[] = { 1, 2, 7, 8, 63, 64, 127, 128, 3, 255 };

static uint32_t crc32(uint32_t crc, const uint8_t *bytes, size_t len)
{
	/* Of each half byte, for the reversed polynomial 04C11DB7h. */
	static const uint32_t half[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};

	for (crc = ~crc; len; len--) {
		crc ^= *bytes++;
		crc = crc >> 4 ^ half[crc & 15];
		crc = crc >> 4 ^ half[crc & 15];
	}
	return ~crc;
}

static UINTN fitting(const struct subject *s, UINTN blocks)
{
	return min_u64(blocks, ROOM_BYTES / s->media->BlockSize);
}

void reading_crc(struct subject *s, const char *when)
{
	EFI_LBA blocks = s->media->LastBlock + 1;
	uint32_t crc = 0;
	unsigned turn = 0;

	for (EFI_LBA at = 0; at < blocks;) {
		UINTN some = min_u64(fitting(s, piece_sizes[turn++ % COUNT_OF(piece_sizes)]), blocks - at);

		if (!subject_read(s, at, some, s->room)) {
			report_line(s->report, "error: blocks %llu to %llu of the %s cannot be read",
			            (unsigned long long)at, (unsigned long long)(at + some - 1), s->name);
			return;
		}
		report_alive(s->report);
		crc = crc32(crc, s->room, some * s->media->BlockSize);
		at += some;
	}
	report_line(s->report, "crc %s %s %08x of %llu blocks", s->name, when, crc, (unsigned long long)blocks);
}

/* Somewhere, differently for each turn: a step that has no factor in common with most sizes. */
static EFI_LBA place(const struct subject *s, unsigned turn, UINTN blocks)
{
	return (turn * 7919ull * 104729ull + turn) % (s->media->LastBlock + 2 - blocks);
}

static bool is_all(const uint8_t *bytes, size_t len, uint8_t byte)
{
	while (len--)
		if (*bytes++ != byte)
			return false;
	return true;
}

/* Blocks read one by one are what is right. */
static bool read_singly(struct subject *s, EFI_LBA lba, UINTN blocks)
{
	report_alive(s->report);                /* many reads, one check */
	for (UINTN i = 0; i < blocks; i++)
		if (!subject_read(s, lba + i, 1, s->other + i * s->media->BlockSize))
			return false;
	return true;
}

static void check_call(struct subject *s, const struct call *c)
{
	unsigned wrong = 0, spilt = 0, failed = 0;

	for (unsigned turn = 0; turn < PLACES; turn++) {
		UINTN blocks = fitting(s, piece_sizes[turn % COUNT_OF(piece_sizes)]);
		UINTN bytes  = blocks * s->media->BlockSize;
		EFI_LBA lba  = place(s, turn, blocks);

		memset(s->room - GUARD_BYTES, GUARD, ROOM_BYTES + 2 * GUARD_BYTES);
		failed += call_make(s, c, s->media->MediaId, lba, bytes, s->room) != EFI_SUCCESS
		        || !read_singly(s, lba, blocks);
		wrong += memcmp(s->room, s->other, bytes) != 0;
		spilt += !is_all(s->room - GUARD_BYTES, GUARD_BYTES, GUARD)
		       || !is_all(s->room + bytes, ROOM_BYTES - bytes + GUARD_BYTES, GUARD);
	}
	report_number(s->report, "long_reads_that_failed", failed, 0);
	report_number(s->report, "long_reads_unlike_single_blocks", wrong, 0);
	report_number(s->report, "reads_beyond_their_buffer", spilt, 0);
}

/* Several of Block IO2 under way at once, each into its own part of the room. */
static void check_at_once(struct subject *s, const struct call *c)
{
	enum { BLOCKS = 8, FROM = PLACES };
	EFI_BLOCK_IO2_TOKEN tokens[AT_ONCE];
	UINTN bytes = BLOCKS * s->media->BlockSize;
	unsigned failed = 0, wrong = 0;
	EFI_STATUS begun[AT_ONCE];

	for (unsigned i = 0; i < AT_ONCE; i++)
		begun[i] = call_begin(s, c, &tokens[i], s->media->MediaId, place(s, FROM + i, BLOCKS), bytes,
		                      s->room + i * bytes);
	for (unsigned i = 0; i < AT_ONCE; i++) {
		failed += begun[i] != EFI_SUCCESS || call_finish(s, &tokens[i]) != EFI_SUCCESS;
		wrong  += !read_singly(s, place(s, FROM + i, BLOCKS), BLOCKS)
		        || memcmp(s->room + i * bytes, s->other, bytes) != 0;
	}
	report_number(s->report, "reads_at_once_that_failed", failed, 0);
	report_number(s->report, "reads_at_once_with_wrong_bytes", wrong, 0);
}

void reading_check(struct subject *s)
{
	for (const struct call *c = calls; c->name; c++) {
		if (c->writes || !call_is_offered(s, c))
			continue;
		report_scope(s->report, s->name, c->name);
		check_call(s, c);
		if (c->kind == CALL_EVENT)
			check_at_once(s, c);
	}
}

void reading_check_partition(struct subject *partition, struct subject *disk)
{
	unsigned wrong = 0;

	report_scope(partition->report, "partition", "read");
	for (unsigned turn = 0; turn < PLACES; turn++) {
		EFI_LBA lba = place(partition, turn, 1);

		wrong += !subject_read(partition, lba, 1, partition->room)
		       || !subject_read(disk, partition->start + lba, 1, disk->room)
		       || memcmp(partition->room, disk->room, disk->media->BlockSize) != 0;
	}
	report_number(partition->report, "blocks_unlike_the_disks", wrong, 0);
}
