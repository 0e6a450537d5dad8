/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* From the plan "a disk" to the operating system: attach, start, hand over. */
#include "lib/fmt.h"
#include "loader/handover.h"
#include "loader/steps.h"
#include "loader/unreachable.h"

enum { HEADROOM = STREAM_DATA_HEAD_BYTES, SEGMENT_STEP = 16 };

/* A status report has this long to leave before the log and the keyboard are gone; nothing depends on it. */
#define LAST_WORDS (20u * USEC_PER_MS)

static void say_who(const struct boot *b, struct login_who *who)
{
	const struct platform *p = b->platform;
	size_t room = net_payload_max(&b->attachment->net) - HEADROOM;

	*who = (struct login_who){ .arch = p->architecture, .stage = STAGE_FIRMWARE, .build = p->build };
	memcpy(who->mac, p->nic->mac, sizeof who->mac);
	memcpy(who->uuid, p->port->uuid, sizeof who->uuid);
	memcpy(who->disk, b->plan.uri.disk, min_size(sizeof who->disk, sizeof b->plan.uri.disk));
	who->can_choose = p->port->key != NULL;
	who->window  = p->nic->rx_window_max ? p->nic->rx_window_max : 1;
	who->segment = (uint16_t)(min_size(room, STREAM_SEGMENT_BYTES_IPV4) / SEGMENT_STEP * SEGMENT_STEP);
}

/* How long one server's answer to a login is waited for. */
static usec login_patience(const struct boot *b, usec by_default)
{
	return b->config.login_wait_s ? (usec)b->config.login_wait_s * USEC_PER_S : by_default;
}

/* Nothing was heard of this server for so long that the user should know. A busy one is not silent. */
static bool is_silent(const struct boot *b)
{
	usec patience = login_patience(b, b->plan.uri.server_count > 1 ? LOGIN_PATIENCE_EACH : LOGIN_PATIENCE);
	usec since = b->login.silent_since;

	return since != NEVER && boot_now(b) >= since + patience;
}

/* Nothing came, or only an ICMP message that says why. */
static enum step tell_silence(struct boot *b, const struct uri_server *s)
{
	char words[120];

	if (unreachable_say(&b->attachment->net, s->ip, words, sizeof words))
		return boot_fail(b, FAILURE_SERVER_SILENT, "%s:%u does not answer: %s", ip_text(s->ip).s,
		                 (unsigned)s->port, words);
	return boot_fail(b, FAILURE_SERVER_SILENT, "%s:%u does not answer", ip_text(s->ip).s, (unsigned)s->port);
}

static enum step refused(struct boot *b, const struct uri_server *s)
{
	const struct net *net = &b->attachment->net;
	struct ip_text ip = ip_text(s->ip);

	if (login_status(&b->login) == LOGIN_DENIED)
		return boot_fail(b, FAILURE_SERVER_DENIED, "%s:%u says: %s", ip.s, (unsigned)s->port,
		                 b->login.denied.text);
	if (net->dropped.arp_gave_up)
		return boot_fail(b, FAILURE_ARP, "nobody answers for %s or the router to it", ip.s);
	return tell_silence(b, s);
}

static bool is_answered(const struct login *l)
{
	return login_status(l) == LOGIN_DONE || login_status(l) == LOGIN_DENIED || login_status(l) == LOGIN_CHOOSE;
}

/* One server's answer. STEP_START: granted. STEP_ATTACH: it wants to know which disk. */
static enum step log_in(struct boot *b, const struct uri_server *s)
{
	struct stream_address server = stream_address_ipv4(s->ip, s->port);
	struct attachment *a = b->attachment;
	usec patience = boot_now(b) + login_patience(b, LOGIN_PATIENCE);
	struct login_who who;
	bool go_on = true;

	log_line(b->log, LOG_STEP, "logging in to %s:%u for %s", ip_text(s->ip).s, (unsigned)s->port,
	         b->plan.uri.disk[0] ? b->plan.uri.disk : "the disk it chooses");
	say_who(b, &who);
	net_open_port(&a->net, STREAM_CLIENT_PORT);
	login_init(&b->login, &who, &server, b->log, boot_now(b), random_next(&b->random));
	a->net.unreachable.seen = false;
	a->net.dropped.arp_gave_up = 0;
	b->has_login = true;
	while (go_on && !is_answered(&b->login) && !is_silent(b) && boot_now(b) < patience) {
		go_on = boot_turn(b, boot_now(b) + USEC_PER_S);
		/* Whoever sends us on and on, or gives cookies and nothing else, is told of, but not who is busy. */
		patience = max_u64(patience, b->login.busy_until + login_patience(b, LOGIN_PATIENCE));
	}
	b->has_login = false;
	if (!go_on)
		return boot_cancel(b);
	if (login_status(&b->login) == LOGIN_CHOOSE)
		return STEP_ATTACH;
	return login_status(&b->login) == LOGIN_DONE ? STEP_START : refused(b, s);
}

/* With the menu between, if the server has one for us. Whoever names a disk is never asked again. */
static enum step log_in_by_menu(struct boot *b, const struct uri_server *s)
{
	enum step next = log_in(b, s);

	if (next != STEP_ATTACH)
		return next;
	return boot_choose_disk(b, s->ip) ? log_in(b, s) : boot_cancel(b);
}

/* The servers of the plan, in their order; what the last one said is what the screen says. */
static enum step log_in_somewhere(struct boot *b)
{
	const struct uri *uri = &b->plan.uri;
	enum step next = STEP_FAILED;

	for (unsigned i = 0; i < uri->server_count; i++) {
		next = log_in_by_menu(b, &uri->servers[i]);
		if (next == STEP_START || b->failure == FAILURE_CANCELLED)
			break;
		if (i + 1 < uri->server_count)
			log_line(b->log, LOG_STEP, "%s", b->detail);
	}
	return next;
}

/* What the hand-over block says beyond network and session. */
static void gather_facts(const struct boot *b, struct handover *h)
{
	const struct platform *p = b->platform;

	memset(h, 0, sizeof *h);
	memcpy(h->uuid, p->port->uuid, sizeof h->uuid);
	fmt_text(h->build, sizeof h->build, "%s", p->build);
	h->pci = p->pci_address;
	h->arch = p->architecture;
	h->has_arch = true;
	h->undi_major = p->undi_major;
	h->undi_minor = p->undi_minor;
	h->time_count = b->time_count < HANDOVER_TIMES_MAX ? b->time_count : HANDOVER_TIMES_MAX;
	memcpy(h->times, b->times, h->time_count * sizeof h->times[0]);
}

static usec patience_of(const struct boot *b)
{
	return b->plan.uri.timeout_s ? (usec)b->plan.uri.timeout_s * USEC_PER_S : NEVER;
}

static void open_disk(struct boot *b)
{
	struct attachment *a = b->attachment;
	const struct login_grant *g = &b->login.grant;
	struct stream_config config = {
		.who           = b->login.who,
		.window_first  = b->platform->nic->rx_frames_max,
		.window_max    = b->login.who.window,
		.segment_max   = b->login.who.segment,
		.first_request = 0,     /* M8: a random one */
	};

	attachment_open(a, &config, g);
	a->patience = patience_of(b);
	log_line(b->log, LOG_STEP, "disk %s, %u MiB, session %08x%08x", g->disk, (unsigned)(g->size >> 20),
	         (unsigned)(g->session >> 32), (unsigned)g->session);
}

enum step step_attach(struct boot *b)
{
	struct platform *p = b->platform;
	const char *why;
	enum step next = log_in_somewhere(b);

	if (next != STEP_START)
		return next;
	open_disk(b);
	policy_went_well(&b->policy);   /* this far it went; what fails later is a new matter */
	why = p->attach(p, b->attachment);
	if (why)
		return boot_fail(b, FAILURE_MACHINE, "%s", why);
	return STEP_START;
}

/* The first read tells whether the disk can be read at all; what is to be started only the platform knows. */
static enum step find(struct boot *b)
{
	struct platform *p = b->platform;
	struct attachment *a = b->attachment;
	usec asked_at = boot_now(b);
	enum disk_status status = disk_read(attachment_disk(a), 0, 1, b->sector);
	enum failure_code failure;
	char detail[BOOT_TEXT_MAX + 1];

	if (status == DISK_TIMEOUT)
		return boot_fail(b, FAILURE_SERVER_SILENT, "it granted the disk and then %s",
		                 a->stream.last_heard > asked_at ? "answers no read" : "fell silent");
	if (status != DISK_OK)
		return boot_fail(b, FAILURE_DISK_READ, "%s", "its first sector");
	failure = p->find(p, a, detail, sizeof detail);
	return failure ? boot_fail(b, failure, "%s", detail) : STEP_HANDOVER;
}

enum step step_start(struct boot *b)
{
	struct attachment *a = b->attachment;
	enum step next;

	stream_report(&a->stream, boot_now(b), STEP_START, boot_step_doing(STEP_START));
	/* While the boot is still ours, silence is told to the user rather than waited out for ever. */
	if (a->patience == NEVER)
		a->patience = LOGIN_PATIENCE;
	next = find(b);
	a->patience = patience_of(b);
	return next;
}

enum step step_hand_over(struct boot *b)
{
	struct platform *p = b->platform;
	struct attachment *a = b->attachment;
	usec until = boot_now(b) + LAST_WORDS;
	struct handover facts;
	const char *why;

	stream_report(&a->stream, boot_now(b), STEP_HANDOVER, boot_step_doing(STEP_HANDOVER));
	while (boot_now(b) < until && boot_turn(b, until))
		;
	gather_facts(b, &facts);
	if (p->handover)
		handover_start(a, p->handover, HANDOVER_BYTES_MAX, &facts);
	log_line(b->log, LOG_STEP, "starting the operating system after %u.%03u s",
	         facts.times[facts.time_count - 1].ms / 1000, facts.times[facts.time_count - 1].ms % 1000);
	packet_log_close(&b->packets, &a->net);
	attachment_silence(a);
	why = p->start(p);
	if (why)
		return boot_fail(b, FAILURE_MACHINE, "%s", why);
	b->end = BOOT_STARTED;
	return STEP_END;
}
