/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The plan "another program": fetched by our own TFTP, judged, started. */
#include "lib/fmt.h"
#include "loader/chain.h"
#include "loader/progress.h"
#include "loader/steps.h"
#include "loader/unreachable.h"

enum {
	TFTP_OVERHEAD = 4, TFTP_BLOCK_BIOS = 1456,
	TFTP_WINDOW_MAX = 64,           /* tftp-hpa fails with more */
};

/* As much as a stream may have under way: one that does not fit costs two pauses of milliseconds, once. */
static uint16_t window_of(uint16_t frames) { return (uint16_t)min_size(frames, TFTP_WINDOW_MAX); }

static enum failure_code code_of(const struct tftp *t)
{
	static const enum failure_code codes[] = {
		[TFTP_OPEN_TIMEOUT] = FAILURE_TFTP_OPEN,
		[TFTP_READ_TIMEOUT] = FAILURE_TFTP_READ,
		[TFTP_NOT_FOUND]    = FAILURE_TFTP_NOT_FOUND,
		[TFTP_ACCESS]       = FAILURE_TFTP_ACCESS,
		[TFTP_SERVER_ERROR] = FAILURE_TFTP_ERROR,
		[TFTP_TOO_BIG]      = FAILURE_TOO_BIG,
		[TFTP_BAD_OPTION]   = FAILURE_TFTP_SIZE,
	};

	if (t->failure == TFTP_NO_FAILURE)              /* refused by ICMP: it was still waiting */
		return tftp_is_granted(t) ? FAILURE_TFTP_READ : FAILURE_TFTP_OPEN;
	return codes[t->failure];
}

static enum step tftp_failed(struct boot *b)
{
	const struct tftp *t = &b->tftp;
	bool is_silence = t->failure == TFTP_NO_FAILURE || t->failure == TFTP_OPEN_TIMEOUT
	               || t->failure == TFTP_READ_TIMEOUT;
	size_t limit = b->platform->program_bytes_max;
	char words[120];

	if (t->failure == TFTP_TOO_BIG && t->size)
		return boot_fail(b, FAILURE_TOO_BIG, "%s has %llu bytes, there is room for %zu", b->plan.file,
		                 (unsigned long long)t->size, limit);
	if (t->failure == TFTP_TOO_BIG)
		return boot_fail(b, FAILURE_TOO_BIG, "%s has more than the %zu bytes there is room for",
		                 b->plan.file, limit);
	if (!is_silence || !unreachable_say(&b->attachment->net, b->plan.tftp_server, words, sizeof words))
		fmt_text(words, sizeof words, "%s", t->error_text[0] ? t->error_text : "no answer");
	return boot_fail(b, code_of(t), "%s from %s: %s", b->plan.file, ip_text(b->plan.tftp_server).s, words);
}

/* Turns until the transfer ends, or its server says that nobody listens. False: Esc. */
static bool wait_for_file(struct boot *b)
{
	struct progress shown;
	bool go_on = true;

	progress_init(&shown, b->log, boot_now(b));
	while (go_on && tftp_status(&b->tftp) == TFTP_WORKING && !tftp_is_refused(&b->tftp, &b->attachment->net)) {
		go_on = boot_turn(b, shown.due);
		progress_show(&shown, boot_now(b), b->tftp.received, b->tftp.size);
	}
	progress_end(&shown);
	return go_on;
}

/* 1456 is what Intel's own clients can bear, so every server was tried with it. */
static uint16_t block_size_for(const struct boot *b)
{
	return (uint16_t)min_size(net_payload_max(&b->attachment->net) - TFTP_OVERHEAD, TFTP_BLOCK_BIOS);
}

static enum step fetch_by_unicast(struct boot *b)
{
	struct platform *p = b->platform;
	struct attachment *a = b->attachment;
	struct tftp_profile profile = { .block_size = block_size_for(b), .window = window_of(a->net.nic->rx_window_max),
	                                .window_near = window_of(a->net.nic->rx_frames_max) };
	bool go_on;

	tftp_init(&b->tftp, b->plan.tftp_server, b->plan.file, p->program, p->program_bytes_max, &profile, b->log,
	          boot_now(b), random_next(&b->random));
	a->net.unreachable.seen = false;
	b->has_tftp = true;
	go_on = wait_for_file(b);
	/* The last ACK may be lost: a server that asks again within a moment gets it again. */
	for (usec until = boot_now(b) + BOOT_DALLY; go_on && boot_now(b) < until && tftp_status(&b->tftp) == TFTP_DONE
	     && tftp_wake_at(&b->tftp) != NEVER;)
		go_on = boot_turn(b, until);
	b->has_tftp = false;
	net_close_port(&a->net, b->tftp_port);
	b->tftp_port = 0;
	if (!go_on)
		return boot_cancel(b);
	b->program_bytes = b->tftp.received;
	return tftp_status(&b->tftp) == TFTP_DONE ? STEP_CHAIN : tftp_failed(b);
}

static bool is_program(const struct boot *b)
{
	const struct platform *p = b->platform;
	enum chain_verdict v = chain_judge(rd_over(p->program, b->program_bytes), p->architecture);

	return v == CHAIN_GOOD || v == CHAIN_SELF;
}

/* The file into the platform's room. STEP_CHAIN: it is there. */
static enum step fetch(struct boot *b)
{
	switch (multicast_fetch(b, block_size_for(b))) {
	case MULTICAST_FETCHED:
		if (is_program(b))
			return STEP_CHAIN;
		/* Others' transfer of another file, perhaps: only one of our own is surely what we asked for. */
		log_line(b->log, LOG_STEP, "what came by multicast is no program for this machine; by unicast, then");
		break;
	case MULTICAST_CANCELLED: return boot_cancel(b);
	case MULTICAST_UNICAST:   break;
	}
	return fetch_by_unicast(b);
}

enum step step_chain(struct boot *b)
{
	struct platform *p = b->platform;
	const struct dhcp *dhcp = &b->attachment->dhcp;
	struct plan_facts facts = boot_facts(b);
	const char *file = b->plan.file;
	struct chain_program program = {
		.lease = &dhcp->lease, .server = b->plan.tftp_server, .file = file, .vlan = b->attachment->net.vlan,
	};
	char detail[BOOT_TEXT_MAX + 1];
	enum failure_code failure;
	enum step next;

	log_line(b->log, LOG_STEP, "fetching %s from %s", file, ip_text(b->plan.tftp_server).s);
	next = fetch(b);
	if (next != STEP_CHAIN)
		return next;
	switch (chain_judge(rd_over(p->program, b->program_bytes), p->architecture)) {
	case CHAIN_GOOD:
		break;
	case CHAIN_SELF:
		plan_instead_of_self(&b->plan, &facts);
		log_line(b->log, LOG_STEP, "%s", b->plan.because);
		return STEP_ATTACH;
	case CHAIN_EMPTY:
		return boot_fail(b, FAILURE_NOT_A_PROGRAM, "%s is empty", file);
	case CHAIN_IS_EFI:
		return boot_fail(b, FAILURE_NOT_A_PROGRAM,
		                 "%s begins with MZ: a UEFI or DOS program, and this is a BIOS", file);
	case CHAIN_IS_BIOS:
		return boot_fail(b, FAILURE_NOT_A_PROGRAM, "%s does not begin with MZ: no UEFI program", file);
	}
	/* And another address, if one was found meanwhile, is not what the program's server knows. */
	if (b->attachment->has_dhcp && dhcp_status(dhcp) != DHCP_BOUND)
		return boot_fail(b, FAILURE_LEASE_REFUSED, "the lease ran out while %s was fetched", file);
	program.bytes = b->program_bytes;
	log_line(b->log, LOG_STEP, "starting %s, %zu bytes", file, program.bytes);
	failure = p->chain(p, &program, detail, sizeof detail);
	if (failure)
		return boot_fail(b, failure, "%s", detail);
	b->end = BOOT_STARTED;
	return STEP_END;
}
