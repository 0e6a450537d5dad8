/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A boot failed: it is explained; then the policy: again, a reboot, or the machine back. Esc: the machine back. */
#include "lib/fmt.h"
#include "loader/steps.h"

/* Whole seconds, rounded up, of at most some minutes. */
static unsigned seconds_up(usec t) { return ((unsigned)t + USEC_PER_S - 1) / USEC_PER_S; }

static const char *move_text(enum policy_move move)
{
	switch (move) {
	case POLICY_REBOOT:      return "reboot";
	case POLICY_NEXT_DEVICE: return "next boot device";
	case POLICY_AGAIN:       break;
	}
	return "again";
}

/* False: Esc. */
static bool count_down(struct boot *b, const struct policy_answer *answer)
{
	usec now = boot_now(b), until = now + answer->wait;
	unsigned shown = 0;
	bool go_on = true;

	for (; go_on && now < until; now = boot_now(b)) {
		unsigned left = seconds_up(until - now);

		if (left != shown)
			log_text(b->log, LOG_ERROR, "\r%s in %u s, Esc gives the machine back  ",
			         move_text(answer->move), left);
		shown = left;
		go_on = boot_turn(b, min_u64(until, now + USEC_PER_S / 4));
	}
	log_line(b->log, LOG_ERROR, "%s", "");
	return go_on;
}

/* What the log server has not heard yet; bounded, since it may be dead. */
static void finish_report(struct boot *b)
{
	struct attachment *a = b->attachment;
	usec until = boot_now(b) + RELEASE_PATIENCE;

	while (report_wake_at(b) != NEVER && boot_now(b) < until) {
		attachment_turn(a);
		report_tx(b, boot_now(b));
		attachment_idle(a, attachment_can_send(a) ? min_u64(until, report_wake_at(b)) : until);
	}
}

static void release_lease(struct boot *b)
{
	struct attachment *a = b->attachment;
	usec until = boot_now(b) + RELEASE_PATIENCE;

	a->keeps_lease = false;         /* or a new one would be asked for as soon as this one is gone */
	if (a->has_dhcp)
		dhcp_release(&a->dhcp, boot_now(b));
	/* The server's MAC address may have to be asked for first. */
	for (attachment_turn(a); !attachment_can_send(a) && boot_now(b) < until; attachment_turn(a))
		attachment_idle(a, until);
}

static enum step give_back(struct boot *b, enum boot_end end)
{
	struct platform *p = b->platform;

	finish_report(b);
	log_line(b->log, LOG_ERROR, "PXE-M0F: Exiting PXE ROM.");
	b->end = end;
	release_lease(b);
	p->give_back(p);
	return STEP_END;
}

static enum step reboot(struct boot *b)
{
	struct port *port = b->platform->port;

	finish_report(b);
	b->end = BOOT_REBOOTED;
	release_lease(b);
	port->reboot(port);
	return STEP_END;
}

static enum step follow_policy(struct boot *b)
{
	struct policy_answer answer = policy_failed(&b->policy, &b->random);

	if (!count_down(b, &answer))
		return give_back(b, BOOT_GIVEN_BACK);
	switch (answer.move) {
	case POLICY_REBOOT:      return reboot(b);
	case POLICY_NEXT_DEVICE: return give_back(b, BOOT_NEXT_DEVICE);
	case POLICY_AGAIN:       break;
	}
	b->heard = (struct boot_heard){ .what = "none" };
	return STEP_LINK;
}

enum step step_failed(struct boot *b)
{
	struct platform *p = b->platform;

	b->has_login = b->has_tftp = false;
	report_write(b);
	attachment_close(b->attachment, b->detail);
	p->detach(p);
	if (b->failure == FAILURE_CANCELLED)
		return give_back(b, BOOT_GIVEN_BACK);
	if (!b->once)
		return follow_policy(b);
	finish_report(b);
	b->end = BOOT_FAILED;
	return STEP_END;
}
