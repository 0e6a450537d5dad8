/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "qemu-tests/guest/efi/arguments.h"
#include "qemu-tests/guest/efi/call.h"

enum { UNTOUCHED = 0xa5, LOOKED_AT = 4096 * 4 };

enum where { SCRATCH, LAST, BEHIND_LAST, ALL_ONES, BYTES_WRAP, TOP_BIT };
enum size  { NOTHING, ONE, TWO, ONE_BYTE, ONE_LESS, ONE_MORE, ALL_AND_ONE, LONGEST };
enum buffer { GOOD, MISALIGNED, NONE };
enum id { RIGHT_ID, NEXT_ID, OTHER_ID };

/*
 * What the argument that is named is like; the rest is right. wanted is the status where the medium can be written.
 * What would wrap is asked of disks only: a partition is the firmware's, and EDK2's PartitionDxe makes bytes of any
 * LBA before it compares, so that 2^55 is its first block whatever the disk below does.
 */
static const struct question {
	const char *name;
	enum id     id;
	enum where  where;
	enum size   size;
	enum buffer buffer;
	EFI_STATUS  wanted;
} questions[] = {
	{ "one_block",                  RIGHT_ID, SCRATCH,     ONE,         GOOD,       EFI_SUCCESS },
	{ "two_blocks",                 RIGHT_ID, SCRATCH,     TWO,         GOOD,       EFI_SUCCESS },
	{ "last_block",                 RIGHT_ID, LAST,        ONE,         GOOD,       EFI_SUCCESS },
	{ "size_0",                     RIGHT_ID, SCRATCH,     NOTHING,     GOOD,       EFI_SUCCESS },
	{ "size_0_at_last_block",       RIGHT_ID, LAST,        NOTHING,     GOOD,       EFI_SUCCESS },

	{ "media_id_next",              NEXT_ID,  SCRATCH,     ONE,         GOOD,       EFI_MEDIA_CHANGED },
	{ "media_id_other",             OTHER_ID, SCRATCH,     ONE,         GOOD,       EFI_MEDIA_CHANGED },
	{ "media_id_before_size_0",     NEXT_ID,  SCRATCH,     NOTHING,     GOOD,       EFI_MEDIA_CHANGED },
	{ "media_id_before_buffer",     NEXT_ID,  SCRATCH,     ONE,         NONE,       EFI_MEDIA_CHANGED },
	{ "media_id_before_size",       NEXT_ID,  SCRATCH,     ONE_MORE,    GOOD,       EFI_MEDIA_CHANGED },
	{ "media_id_before_lba",        NEXT_ID,  BEHIND_LAST, ONE,         GOOD,       EFI_MEDIA_CHANGED },
	{ "media_id_before_alignment",  NEXT_ID,  SCRATCH,     ONE,         MISALIGNED, EFI_MEDIA_CHANGED },
	{ "media_id_before_all",        OTHER_ID, ALL_ONES,    ONE_LESS,    NONE,       EFI_MEDIA_CHANGED },

	{ "buffer_null",                RIGHT_ID, SCRATCH,     ONE,         NONE,       EFI_INVALID_PARAMETER },
	{ "buffer_null_at_last_block",  RIGHT_ID, LAST,        ONE,         NONE,       EFI_INVALID_PARAMETER },

	{ "size_1",                     RIGHT_ID, SCRATCH,     ONE_BYTE,    GOOD,       EFI_BAD_BUFFER_SIZE },
	{ "size_block_less_1",          RIGHT_ID, SCRATCH,     ONE_LESS,    GOOD,       EFI_BAD_BUFFER_SIZE },
	{ "size_block_and_1",           RIGHT_ID, SCRATCH,     ONE_MORE,    GOOD,       EFI_BAD_BUFFER_SIZE },

	{ "lba_behind_last",            RIGHT_ID, BEHIND_LAST, ONE,         GOOD,       EFI_INVALID_PARAMETER },
	{ "lba_across_last",            RIGHT_ID, LAST,        TWO,         GOOD,       EFI_INVALID_PARAMETER },
	{ "lba_all_ones",               RIGHT_ID, ALL_ONES,    ONE,         GOOD,       EFI_INVALID_PARAMETER },
	{ "lba_sum_wraps",              RIGHT_ID, ALL_ONES,    TWO,         GOOD,       EFI_INVALID_PARAMETER },
	{ "lba_bytes_wrap",             RIGHT_ID, BYTES_WRAP,  ONE,         GOOD,       EFI_INVALID_PARAMETER },
	{ "lba_top_bit",                RIGHT_ID, TOP_BIT,     ONE,         GOOD,       EFI_INVALID_PARAMETER },
	{ "size_of_disk_and_1_block",   RIGHT_ID, SCRATCH,     ALL_AND_ONE, GOOD,       EFI_INVALID_PARAMETER },
	{ "size_longest",               RIGHT_ID, LAST,        LONGEST,     GOOD,       EFI_INVALID_PARAMETER },

	{ "alignment",                  RIGHT_ID, SCRATCH,     ONE,         MISALIGNED, EFI_INVALID_PARAMETER },
};

static bool wraps(const struct question *q)
{
	return q->wanted == EFI_INVALID_PARAMETER && q->where != SCRATCH && q->where != LAST && q->where != BEHIND_LAST;
}

static EFI_LBA lba_of(const struct subject *s, enum where where)
{
	switch (where) {
	case SCRATCH:     return s->scratch;
	case LAST:        return s->media->LastBlock;
	case BEHIND_LAST: return s->media->LastBlock + 1;
	case ALL_ONES:    return ~(EFI_LBA)0;
	case BYTES_WRAP:  return ~(EFI_LBA)0 / s->media->BlockSize + 1;
	case TOP_BIT:     return (EFI_LBA)1 << 63;
	}
	return 0;
}

static UINTN size_of(const struct subject *s, enum size size)
{
	UINTN block = s->media->BlockSize;

	switch (size) {
	case NOTHING:     return 0;
	case ONE:         return block;
	case TWO:         return 2 * block;
	case ONE_BYTE:    return 1;
	case ONE_LESS:    return block - 1;
	case ONE_MORE:    return block + 1;
	case ALL_AND_ONE: return (s->media->LastBlock + 2) * block;
	case LONGEST:     return ~(UINTN)0 / block * block;
	}
	return 0;
}

static UINT32 id_of(const struct subject *s, enum id id)
{
	return s->media->MediaId + (id == NEXT_ID ? 1 : id == OTHER_ID ? 0x80000000 : 0);
}

/* Whom a call that is wrongly accepted would write over gets what is there already. */
static void fill(struct subject *s, const struct call *c, const struct question *q, uint8_t *buffer)
{
	EFI_LBA there = q->where == BYTES_WRAP ? 0 : q->where == LAST ? s->media->LastBlock : s->scratch;
	UINTN blocks = q->where == LAST ? 1 : 2;

	memset(s->room, UNTOUCHED, LOOKED_AT);
	if (!c->writes)
		return;
	if (!subject_read(s, there, blocks, s->other))
		report_line(s->report, "error: block %llu cannot be read", (unsigned long long)there);
	memcpy(buffer, s->other, blocks * s->media->BlockSize);
}

static bool is_untouched(const struct subject *s)
{
	for (unsigned i = 0; i < LOOKED_AT; i++)
		if (s->room[i] != UNTOUCHED)
			return false;
	return true;
}

/* A partition's buffers go through Disk IO, which takes any: it may do what its disk refuses, if it does it right. */
static bool misaligned_is_right(const struct subject *s, const struct call *c, EFI_STATUS status)
{
	if (status == EFI_INVALID_PARAMETER)
		return s->media->IoAlign > 1;
	if (status != EFI_SUCCESS || (s->media->IoAlign > 1 && !s->media->LogicalPartition))
		return false;
	return c->writes || memcmp(s->room + 1, s->kept, s->media->BlockSize) == 0;
}

static void ask(struct subject *s, const struct call *c, const struct question *q)
{
	uint8_t *buffer = q->buffer == NONE ? NULL : s->room + (q->buffer == MISALIGNED);
	EFI_STATUS wanted = q->wanted, status;

	/* Only what comes before WRITE_PROTECTED is said of a medium that cannot be written. */
	if (c->writes && s->media->ReadOnly && wanted == EFI_SUCCESS && q->size != NOTHING)
		wanted = EFI_WRITE_PROTECTED;
	else if (c->writes && s->media->ReadOnly && wanted != EFI_MEDIA_CHANGED)
		return;
	fill(s, c, q, q->buffer == MISALIGNED ? s->room + 1 : s->room);
	status = call_make(s, c, id_of(s, q->id), lba_of(s, q->where), size_of(s, q->size), buffer);
	if (q->buffer == MISALIGNED && q->id == RIGHT_ID)
		report_that(s->report, q->name, misaligned_is_right(s, c, status), status,
		            "INVALID_PARAMETER where IoAlign is above 1, else SUCCESS");
	else
		report_status(s->report, q->name, status, wanted);
	if (!c->writes && status != EFI_SUCCESS)
		s->touched_in_vain += !is_untouched(s);
}

/* A read that is refused touches no buffer, and a call that is refused signals no event. */
static void ask_all(struct subject *s, const struct call *c, bool wrapping)
{
	report_scope(s->report, s->name, c->name);
	s->signalled_in_vain = s->touched_in_vain = 0;
	for (unsigned i = 0; i < COUNT_OF(questions); i++)
		if (wraps(&questions[i]) == wrapping)
			ask(s, c, &questions[i]);
	report_scope(s->report, s->name, wrapping ? "wraps" : "refused");
	if (c->kind == CALL_EVENT)
		report_number(s->report, c->writes ? "write2_event_signals" : "read2_event_signals",
		              s->signalled_in_vain, 0);
	if (!c->writes && !wrapping)
		report_number(s->report, c->name, s->touched_in_vain, 0);
}

void arguments_check(struct subject *s)
{
	if (!subject_read(s, s->scratch, SCRATCH_BLOCKS, s->kept))
		report_line(s->report, "error: the scratch blocks cannot be read");
	for (const struct call *c = calls; c->name; c++)
		if (call_is_offered(s, c))
			ask_all(s, c, false);
}

void arguments_check_wraps(struct subject *disk)
{
	/* Calls with an event come last: one that is never signalled leaves a request behind, for which others wait. */
	for (int with_event = 0; with_event < 2; with_event++)
		for (const struct call *c = calls; c->name; c++)
			if (call_is_offered(disk, c) && (c->kind == CALL_EVENT) == with_event)
				ask_all(disk, c, true);
}
