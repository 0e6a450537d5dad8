/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "qemu-tests/guest/efi/unaligned.h"

static EFI_STATUS read(struct subject *s, UINT32 media_id, uint64_t offset, UINTN bytes, void *into)
{
	return s->disk_io->ReadDisk(s->disk_io, media_id, offset, bytes, into);
}

/* Offsets and sizes around the borders of blocks, within the scratch, against its bytes by Block IO in kept. */
static void check_reads(struct subject *s)
{
	static const int around[] = { -3, -1, 0, 1, 2 };
	uint64_t base = s->scratch * s->media->BlockSize;
	UINTN block = s->media->BlockSize;
	unsigned failed = 0, wrong = 0;

	for (unsigned from = 0; from < 4 * COUNT_OF(around); from++)
		for (unsigned to = 0; to < 4 * COUNT_OF(around); to++) {
			UINTN first = (1 + from / COUNT_OF(around)) * block + (UINTN)around[from % COUNT_OF(around)];
			UINTN end   = (1 + to / COUNT_OF(around)) * block + (UINTN)around[to % COUNT_OF(around)];

			if (end <= first)
				continue;
			memset(s->room, 0x5a, 8 * block);
			failed += read(s, s->media->MediaId, base + first, end - first, s->room) != EFI_SUCCESS;
			wrong  += memcmp(s->room, s->kept + first, end - first) != 0 || s->room[end - first] != 0x5a;
		}
	report_number(s->report, "reads_that_failed", failed, 0);
	report_number(s->report, "reads_unlike_block_io", wrong, 0);
}

static void check_arguments(struct subject *s)
{
	uint64_t all = (s->media->LastBlock + 1) * s->media->BlockSize;
	UINT32 id = s->media->MediaId;

	report_status(s->report, "last_byte", read(s, id, all - 1, 1, s->room), EFI_SUCCESS);
	report_status(s->report, "media_id_wrong", read(s, id + 1, 0, 512, s->room), EFI_MEDIA_CHANGED);
	report_status(s->report, "media_id_wrong_unaligned", read(s, id + 1, 3, 5, s->room), EFI_MEDIA_CHANGED);
	report_status(s->report, "behind_last", read(s, id, all, 512, s->room), EFI_INVALID_PARAMETER);
	report_status(s->report, "across_last", read(s, id, all - 1, 2, s->room), EFI_INVALID_PARAMETER);
}

static void check_writes(struct subject *s)
{
	UINTN block = s->media->BlockSize, first = block - 3, bytes = 2 * block + 7;
	uint64_t base = s->scratch * block;
	EFI_STATUS status;

	memcpy(s->room, s->kept, SCRATCH_BLOCKS * block);
	for (UINTN i = 0; i < bytes; i++)
		s->room[first + i] = (uint8_t)~s->room[first + i];
	status = s->disk_io->WriteDisk(s->disk_io, s->media->MediaId, base + first, bytes, s->room + first);
	if (s->media->ReadOnly) {
		report_status(s->report, "write", status, EFI_WRITE_PROTECTED);
		return;
	}
	report_status(s->report, "write", status, EFI_SUCCESS);
	report_that(s->report, "write_changes_its_bytes_only", subject_read(s, s->scratch, SCRATCH_BLOCKS, s->other)
	            && memcmp(s->other, s->room, SCRATCH_BLOCKS * block) == 0, first,
	            "these bytes inverted, the others not");
	status = s->disk_io->WriteDisk(s->disk_io, s->media->MediaId, base + first, bytes, s->kept + first);
	report_status(s->report, "write_back", status, EFI_SUCCESS);
	report_that(s->report, "all_is_as_before", subject_read(s, s->scratch, SCRATCH_BLOCKS, s->other)
	            && memcmp(s->other, s->kept, SCRATCH_BLOCKS * block) == 0, first, "the bytes of the beginning");
}

void unaligned_check(struct subject *s)
{
	report_scope(s->report, s->name, "disk_io");
	if (!report_that(s->report, "scratch_is_read", subject_read(s, s->scratch, SCRATCH_BLOCKS, s->kept), s->scratch,
	                 "it to be read"))
		return;
	check_reads(s);
	check_arguments(s);
	check_writes(s);
}
