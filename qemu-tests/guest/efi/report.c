/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "qemu-tests/guest/efi/report.h"
#include "lib/fmt.h"

enum { LINE_MAX = 240, TICKS_PER_S = 10 * 1000 * 1000 };

static void switch_off(struct report *r)
{
	r->system->RuntimeServices->ResetSystem(EfiResetShutdown, EFI_SUCCESS, 0, NULL);
}

/* At TPL_NOTIFY, in the middle of whatever does not come back. */
static VOID EFIAPI tell_stuck(EFI_EVENT event, VOID *context)
{
	struct report *r = context;

	(void)event;
	report_line(r, "end: %u checks, %u failed, stuck after %s.%s.%s", r->checks, r->failed, r->last_subject,
	            r->last_part, r->last_name);
	switch_off(r);
}

bool report_open(struct report *r, EFI_SYSTEM_TABLE *system)
{
	EFI_BOOT_SERVICES *bs = system->BootServices;
	EFI_GUID id = SERIAL_IO_PROTOCOL;
	VOID *serial;

	*r = (struct report){
		.subject = "", .part = "", .last_subject = "", .last_part = "", .last_name = "", .system = system,
	};
	if (bs->LocateProtocol(&id, NULL, &serial) != EFI_SUCCESS
	 || bs->CreateEvent(EVT_TIMER | EVT_NOTIFY_SIGNAL, TPL_NOTIFY, tell_stuck, r, &r->watch) != EFI_SUCCESS)
		return false;
	r->serial = serial;
	report_alive(r);
	return true;
}

void report_alive(struct report *r)
{
	r->system->BootServices->SetTimer(r->watch, TimerRelative, (UINT64)STILL_S * TICKS_PER_S);
}

void report_end(struct report *r)
{
	r->system->BootServices->SetTimer(r->watch, TimerCancel, 0);
	report_line(r, "end: %u checks, %u failed", r->checks, r->failed);
	switch_off(r);
}

void report_scope(struct report *r, const char *subject, const char *part)
{
	r->subject = subject;
	r->part    = part;
}

static void put(struct report *r, char *text, size_t len)
{
	while (len) {
		UINTN some = len;

		if (r->serial->Write(r->serial, &some, text) != EFI_SUCCESS && some == 0)
			return;                 /* a port that takes nothing: the host will miss the line */
		text += some;
		len  -= some;
	}
}

void report_line(struct report *r, const char *format, ...)
{
	char line[LINE_MAX + 2];
	va_list args;
	size_t len;

	va_start(args, format);
	len = min_size(fmt_text_v(line, LINE_MAX, format, args), LINE_MAX - 1);
	va_end(args);
	line[len++] = '\r';
	line[len++] = '\n';
	put(r, line, len);
}

static const char *status_name(EFI_STATUS status)
{
	static const struct { EFI_STATUS status; const char *name; } names[] = {
		{ EFI_SUCCESS, "SUCCESS" }, { EFI_INVALID_PARAMETER, "INVALID_PARAMETER" },
		{ EFI_UNSUPPORTED, "UNSUPPORTED" }, { EFI_BAD_BUFFER_SIZE, "BAD_BUFFER_SIZE" },
		{ EFI_NOT_READY, "NOT_READY" }, { EFI_DEVICE_ERROR, "DEVICE_ERROR" },
		{ EFI_WRITE_PROTECTED, "WRITE_PROTECTED" }, { EFI_NO_MEDIA, "NO_MEDIA" },
		{ EFI_MEDIA_CHANGED, "MEDIA_CHANGED" }, { EFI_NOT_FOUND, "NOT_FOUND" },
		{ EFI_TIMEOUT, "TIMEOUT" }, { EFI_NOT_STARTED, "NOT_STARTED" }, { EFI_ABORTED, "ABORTED" },
		{ EFI_OUT_OF_RESOURCES, "OUT_OF_RESOURCES" },
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i].status == status)
			return names[i].name;
	return "another status";
}

/* Counts it, and says the line where it held. */
static bool holds(struct report *r, const char *name, bool good)
{
	report_alive(r);
	r->last_subject = r->subject;
	r->last_part    = r->part;
	r->last_name    = name;
	r->checks++;
	if (good)
		report_line(r, "check %s.%s.%s ok", r->subject, r->part, name);
	else
		r->failed++;
	return good;
}

bool report_status(struct report *r, const char *name, EFI_STATUS got, EFI_STATUS wanted)
{
	if (holds(r, name, got == wanted))
		return true;
	report_line(r, "check %s.%s.%s FAILED: got %s (%llx), wanted %s", r->subject, r->part, name, status_name(got),
	            (unsigned long long)got, status_name(wanted));
	return false;
}

bool report_number(struct report *r, const char *name, uint64_t got, uint64_t wanted)
{
	if (holds(r, name, got == wanted))
		return true;
	report_line(r, "check %s.%s.%s FAILED: got %llu, wanted %llu", r->subject, r->part, name,
	            (unsigned long long)got, (unsigned long long)wanted);
	return false;
}

bool report_that(struct report *r, const char *name, bool good, uint64_t got, const char *wanted)
{
	if (holds(r, name, good))
		return true;
	report_line(r, "check %s.%s.%s FAILED: got %llx, wanted %s", r->subject, r->part, name, (unsigned long long)got,
	            wanted);
	return false;
}
