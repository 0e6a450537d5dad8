/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "qemu-tests/guest/efi/writing.h"
#include "qemu-tests/guest/efi/call.h"

/* Bytes that differ from block to block and from turn to turn. */
static void make_bytes(uint8_t *bytes, size_t len, uint32_t seed)
{
	for (uint32_t v = seed * 2654435761u | 1; len; len--) {
		v ^= v << 13;
		v ^= v >> 17;
		v ^= v << 5;
		*bytes++ = (uint8_t)v;
	}
}

static EFI_STATUS flush(struct subject *s, const struct call *c)
{
	EFI_BLOCK_IO2_TOKEN token = { .TransactionStatus = EFI_NOT_STARTED };
	EFI_STATUS status;

	if (c->kind == CALL_PLAIN)
		return s->io->FlushBlocks(s->io);
	if (c->kind != CALL_EVENT)
		return s->io2->FlushBlocksEx(s->io2, c->kind == CALL_NO_TOKEN ? NULL : &token);
	status = s->bs->CreateEvent(0, TPL_CALLBACK, NULL, NULL, &token.Event);
	if (status == EFI_SUCCESS)
		status = s->io2->FlushBlocksEx(s->io2, &token);
	return status == EFI_SUCCESS ? call_finish(s, &token) : status;
}

/* The scratch in pieces of 1, 2, 3... blocks, then all of it read at once and compared. */
static void check_call(struct subject *s, const struct call *c, uint32_t seed)
{
	UINTN block = s->media->BlockSize, piece = 1;
	unsigned failed = 0;

	make_bytes(s->room, SCRATCH_BLOCKS * block, seed);
	for (UINTN at = 0; at < SCRATCH_BLOCKS; at += piece++) {
		UINTN blocks = min_u64(piece, SCRATCH_BLOCKS - at);

		failed += call_make(s, c, s->media->MediaId, s->scratch + at, blocks * block, s->room + at * block)
		        != EFI_SUCCESS;
	}
	report_number(s->report, "writes_that_failed", failed, 0);
	report_status(s->report, "flush", flush(s, c), EFI_SUCCESS);
	report_that(s->report, "reads_back", subject_read(s, s->scratch, SCRATCH_BLOCKS, s->other)
	            && memcmp(s->room, s->other, SCRATCH_BLOCKS * block) == 0, seed, "what was written");

	/* One block in the middle: its neighbours stay. */
	make_bytes(s->room + 5 * block, block, ~seed);
	failed = call_make(s, c, s->media->MediaId, s->scratch + 5, block, s->room + 5 * block) != EFI_SUCCESS;
	report_that(s->report, "neighbours_stay", !failed && subject_read(s, s->scratch, SCRATCH_BLOCKS, s->other)
	            && memcmp(s->room, s->other, SCRATCH_BLOCKS * block) == 0, seed,
	            "one block changed, the others not");
}

static bool keep(struct subject *s)
{
	return subject_read(s, s->scratch, SCRATCH_BLOCKS, s->kept);
}

static bool put_back(struct subject *s)
{
	return s->io->WriteBlocks(s->io, s->media->MediaId, s->scratch, SCRATCH_BLOCKS * s->media->BlockSize, s->kept)
	    == EFI_SUCCESS && s->io->FlushBlocks(s->io) == EFI_SUCCESS;
}

void writing_check(struct subject *s)
{
	uint32_t seed = 1;

	if (s->media->ReadOnly)
		return;
	report_scope(s->report, s->name, "write");
	if (!report_that(s->report, "scratch_is_kept", keep(s), s->scratch, "it to be read"))
		return;
	for (const struct call *c = calls; c->name; c++) {
		if (!c->writes || !call_is_offered(s, c))
			continue;
		report_scope(s->report, s->name, c->name);
		check_call(s, c, seed++);
	}
	report_scope(s->report, s->name, "write");
	report_that(s->report, "scratch_is_put_back", put_back(s), s->scratch, "it to be written");
}

void writing_check_partition(struct subject *partition, struct subject *disk)
{
	UINTN bytes = SCRATCH_BLOCKS * disk->media->BlockSize;
	bool seen, back;

	if (disk->media->ReadOnly)
		return;
	report_scope(partition->report, "partition", "write");
	if (!report_that(partition->report, "scratch_is_the_disks", keep(disk) && keep(partition)
	                 && memcmp(disk->kept, partition->kept, bytes) == 0, partition->start, "the same bytes"))
		return;
	make_bytes(disk->room, bytes, 77);
	seen = disk->io->WriteBlocks(disk->io, disk->media->MediaId, disk->scratch, bytes, disk->room) == EFI_SUCCESS
	    && subject_read(partition, partition->scratch, SCRATCH_BLOCKS, partition->room)
	    && memcmp(partition->room, disk->room, bytes) == 0;
	back = put_back(partition) && keep(disk) && memcmp(disk->kept, partition->kept, bytes) == 0;
	report_that(partition->report, "what_the_disk_writes_is_seen", seen, 0, "the bytes that the disk wrote");
	report_that(partition->report, "what_it_writes_the_disk_sees", back, 0, "the bytes that it wrote");
}
