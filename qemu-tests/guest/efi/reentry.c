/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "qemu-tests/guest/efi/reentry.h"

enum { CALLS_WANTED = 16, TURNS_MAX = 200000, BLOCKS = SCRATCH_BLOCKS, PERIOD_100NS = 20 * 10000 };

/* What the notify function sees and counts. It has a room of its own: the program's may be half read. */
struct interruption {
	struct subject *s;
	uint8_t *room;
	volatile bool inside;                   /* the program is in the middle of a read */
	volatile unsigned calls, nested, refused, refused_alone, failed, wrong;
};

static VOID EFIAPI interrupt(EFI_EVENT event, VOID *context)
{
	struct interruption *i = context;
	struct subject *s = i->s;
	EFI_LBA lba = s->scratch + i->calls % BLOCKS;
	bool inside = i->inside;
	EFI_STATUS status;

	(void)event;
	status = s->io->ReadBlocks(s->io, s->media->MediaId, lba, s->media->BlockSize, i->room);
	i->calls++;
	i->nested += inside;
	if (status == EFI_NOT_READY) {
		i->refused++;
		i->refused_alone += !inside;
	} else if (status != EFI_SUCCESS) {
		i->failed++;
	} else {
		i->wrong += memcmp(i->room, s->kept + (lba - s->scratch) * s->media->BlockSize,
		                   s->media->BlockSize) != 0;
	}
}

/* Until the notify function has been there often enough. Returns how many of the program's own reads were not right. */
static unsigned read_on(struct interruption *i)
{
	UINTN bytes = BLOCKS * i->s->media->BlockSize;
	unsigned bad = 0;

	for (unsigned turn = 0; i->calls < CALLS_WANTED && turn < TURNS_MAX; turn++) {
		bool good;

		memset(i->s->room, 0, bytes);
		i->inside = true;
		good = subject_read(i->s, i->s->scratch, BLOCKS, i->s->room);
		i->inside = false;
		bad += !good || memcmp(i->s->room, i->s->kept, bytes) != 0;
	}
	return bad;
}

static void check_raised(struct subject *s)
{
	EFI_TPL before = s->bs->RaiseTPL(TPL_CALLBACK);
	bool good = subject_read(s, s->scratch, BLOCKS, s->room);

	s->bs->RestoreTPL(before);
	report_that(s->report, "read_at_tpl_callback",
	            good && memcmp(s->room, s->kept, BLOCKS * s->media->BlockSize) == 0, s->scratch,
	            "the bytes that are read at TPL_APPLICATION");
}

void reentry_check(struct subject *s)
{
	struct interruption i = { .s = s, .room = s->other };
	EFI_EVENT timer;
	unsigned bad;

	report_scope(s->report, s->name, "reentry");
	if (!report_that(s->report, "scratch_is_read", subject_read(s, s->scratch, BLOCKS, s->kept), s->scratch,
	                 "it to be read"))
		return;
	check_raised(s);
	if (!report_status(s->report, "timer_is_made", s->bs->CreateEvent(EVT_TIMER | EVT_NOTIFY_SIGNAL, TPL_CALLBACK,
	                   interrupt, &i, &timer), EFI_SUCCESS))
		return;
	if (report_status(s->report, "timer_is_set", s->bs->SetTimer(timer, TimerPeriodic, PERIOD_100NS),
	                  EFI_SUCCESS)) {
		bad = read_on(&i);
		s->bs->SetTimer(timer, TimerCancel, 0);
		report_that(s->report, "notify_came", i.calls >= CALLS_WANTED, i.calls, "16 calls");
		report_number(s->report, "program_reads_wrong", bad, 0);
		report_number(s->report, "notify_reads_failed", i.failed, 0);
		report_number(s->report, "notify_reads_wrong", i.wrong, 0);
		report_number(s->report, "notify_refused_without_a_reason", i.refused_alone, 0);
		report_that(s->report, "notify_reads_at_times", i.refused < i.calls, i.calls, "not all refused");
		report_line(s->report, "reentry %s: %u calls, %u in the middle of a read, %u refused", s->name,
		            i.calls, i.nested, i.refused);
	}
	s->bs->CloseEvent(timer);
}
