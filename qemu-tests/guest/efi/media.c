/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "qemu-tests/guest/efi/media.h"

/* Field by field: between them there may be anything. */
static bool is_same(const EFI_BLOCK_IO_MEDIA *a, const EFI_BLOCK_IO_MEDIA *b, UINT64 revision)
{
	return a->MediaId == b->MediaId && a->RemovableMedia == b->RemovableMedia && a->MediaPresent == b->MediaPresent
	    && a->LogicalPartition == b->LogicalPartition && a->ReadOnly == b->ReadOnly
	    && a->WriteCaching == b->WriteCaching && a->BlockSize == b->BlockSize && a->IoAlign == b->IoAlign
	    && a->LastBlock == b->LastBlock
	    && (revision < EFI_BLOCK_IO_PROTOCOL_REVISION2 || (a->LowestAlignedLba == b->LowestAlignedLba
	                && a->LogicalBlocksPerPhysicalBlock == b->LogicalBlocksPerPhysicalBlock))
	    && (revision < EFI_BLOCK_IO_PROTOCOL_REVISION3
	        || a->OptimalTransferLengthGranularity == b->OptimalTransferLengthGranularity);
}

EFI_BLOCK_IO_MEDIA media_check(struct subject *s, bool is_partition)
{
	const EFI_BLOCK_IO_MEDIA *m = s->media;
	UINT64 revision = s->io->Revision;

	report_scope(s->report, s->name, "media");
	report_that(s->report, "revision", revision == EFI_BLOCK_IO_PROTOCOL_REVISION
	            || revision == EFI_BLOCK_IO_PROTOCOL_REVISION2 || revision == EFI_BLOCK_IO_PROTOCOL_REVISION3,
	            revision, "1.0, 2.1 or 2.31");
	report_number(s->report, "present", m->MediaPresent, 1);
	report_number(s->report, "logical_partition", m->LogicalPartition, is_partition);
	report_that(s->report, "block_size", m->BlockSize >= 512 && (m->BlockSize & (m->BlockSize - 1)) == 0,
	            m->BlockSize, "a power of two from 512 on");
	report_that(s->report, "io_align", (m->IoAlign & (m->IoAlign - 1)) == 0, m->IoAlign, "0 or a power of two");
	report_that(s->report, "last_block", m->LastBlock > 0, m->LastBlock, "more than one block");
	if (is_partition && revision >= EFI_BLOCK_IO_PROTOCOL_REVISION2)
		report_number(s->report, "blocks_per_physical_block", m->LogicalBlocksPerPhysicalBlock, 0);
	if (is_partition && revision >= EFI_BLOCK_IO_PROTOCOL_REVISION3)
		report_number(s->report, "optimal_transfer_length", m->OptimalTransferLengthGranularity, 0);
	if (s->io2)
		report_that(s->report, "same_in_block_io2", is_same(m, s->io2->Media, revision), s->io2->Media->MediaId,
		            "the same fields");
	return *m;
}

void media_check_again(struct subject *s, const EFI_BLOCK_IO_MEDIA *before)
{
	report_scope(s->report, s->name, "media");
	report_that(s->report, "stays", s->io->Media == s->media && is_same(s->io->Media, before, s->io->Revision),
	            s->io->Media->MediaId, "what was said in the beginning");
	if (s->io2)
		report_that(s->report, "stays_in_block_io2", is_same(s->io2->Media, before, s->io->Revision),
		            s->io2->Media->MediaId, "what was said in the beginning");
}

void media_check_reset(struct subject *s)
{
	static const struct { const char *name; BOOLEAN extended; bool second; } resets[] = {
		{ "quick", FALSE, false }, { "extended", TRUE, false },
		{ "quick_by_block_io2", FALSE, true }, { "extended_by_block_io2", TRUE, true },
	};
	UINTN bytes = SCRATCH_BLOCKS * s->media->BlockSize;

	report_scope(s->report, s->name, "reset");
	if (!report_that(s->report, "scratch_is_read", subject_read(s, s->scratch, SCRATCH_BLOCKS, s->kept), s->scratch,
	                 "it to be read"))
		return;
	for (unsigned i = 0; i < COUNT_OF(resets); i++) {
		if (resets[i].second && !s->io2)
			continue;
		report_scope(s->report, s->name, "reset");
		report_status(s->report, resets[i].name, resets[i].second ? s->io2->Reset(s->io2, resets[i].extended)
		              : s->io->Reset(s->io, resets[i].extended), EFI_SUCCESS);
		report_scope(s->report, s->name, "read_after_reset");
		report_that(s->report, resets[i].name, subject_read(s, s->scratch, SCRATCH_BLOCKS, s->other)
		            && memcmp(s->kept, s->other, bytes) == 0, s->scratch, "the bytes that were there before");
	}
}
