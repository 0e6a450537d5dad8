/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/fmt.h"
#include "loader/steps.h"
#include "netstack/dhcp_answer.h"

enum { KEY_EVERY = 50 * USEC_PER_MS };

static enum step step_card(struct boot *b);
static enum step step_plan(struct boot *b);

/* docs/boot-flow.md tells each step's have, want and then; a test compares the words. */
static const struct { const char *name, *doing; enum step (*run)(struct boot *b); } steps[STEP_END] = {
	/* step           name           what the screen says              does it          then; or else FAILED */
	[STEP_CARD]       = { "card",        "looking at the card",             step_card       }, /* LINK */
	[STEP_LINK]       = { "link",        "waiting for the network cable",   step_link       }, /* LEASE */
	[STEP_LEASE]      = { "lease",       "asking for an address",           step_lease      }, /* SERVER */
	[STEP_SERVER]     = { "boot server", "looking for the boot server",     step_server     }, /* PLAN */
	[STEP_PLAN]       = { "plan",        "deciding what to boot",           step_plan       }, /* ATTACH | CHAIN */
	[STEP_ATTACH]     = { "attach",      "attaching the disk",              step_attach     }, /* START */
	[STEP_CHAIN]      = { "chain",       "fetching another boot program",   step_chain      }, /* (gone) | ATTACH */
	[STEP_START]      = { "start",       "looking for its boot loader",     step_start      }, /* HANDOVER */
	[STEP_HANDOVER]   = { "hand over",   "starting the operating system",   step_hand_over  }, /* (gone) */
	[STEP_FAILED]     = { "failed",      "could not boot",                  step_failed     }, /* LINK or gone */
};

const char *boot_step_name(enum step step)  { return step > 0 && step < STEP_END ? steps[step].name : ""; }
const char *boot_step_doing(enum step step) { return step > 0 && step < STEP_END ? steps[step].doing : ""; }

usec boot_now(const struct boot *b) { return b->platform->port->now(b->platform->port); }

/* Milliseconds since power-on; a division of 64 bits would need a library on i386. */
static uint32_t boot_ms(const struct boot *b)
{
	usec t = boot_now(b) >> 3;

	return (t > UINT32_MAX ? UINT32_MAX : (uint32_t)t) / (USEC_PER_MS >> 3);
}

struct plan_facts boot_facts(const struct boot *b)
{
	return (struct plan_facts){
		.lease = &b->lease, .config_uri = b->config.uri, .booted_file = b->platform->booted_file,
	};
}

enum step boot_fail(struct boot *b, enum failure_code code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fmt_text_v(b->detail, sizeof b->detail, format, args);
	va_end(args);
	b->failure     = code;
	b->failed_step = b->at;
	return STEP_FAILED;
}

enum step boot_cancel(struct boot *b)
{
	return boot_fail(b, FAILURE_CANCELLED, "%s", "Esc was pressed");
}

/* ---- the pump ---- */

/* A boot server answers to DHCP's port, with a number that DHCP does not know. */
static bool rx_server(struct boot *b, usec now, const struct datagram *d)
{
	bool is_waiting = pxe_boot_status(&b->server) == PXE_BOOT_WORKING;

	if (!b->has_server || d->dst_port != DHCP_CLIENT_PORT || !pxe_boot_rx(&b->server, now, d))
		return false;
	if (is_waiting && pxe_boot_status(&b->server) == PXE_BOOT_DONE && b->platform->answer)
		dhcp_answer_note_server(b->platform->answer, d->payload);
	return true;
}

/* A menu is in the datagram that ends the login, and nowhere else. */
static void rx_login(struct boot *b, usec now, const struct datagram *d)
{
	struct stream_address from = stream_address_ipv4(d->src_ip, d->src_port);
	bool is_over = login_status(&b->login) == LOGIN_CHOOSE;
	struct stream_head head;
	struct rd body;

	login_rx(&b->login, now, &from, d->payload);
	if (!is_over && login_status(&b->login) == LOGIN_CHOOSE && stream_open(d->payload, &head, &body))
		rd_disk_menu(body, &b->disks);
}

static void boot_rx(struct boot *b, usec now, const struct datagram *d)
{
	if (rx_server(b, now, d))
		return;
	if (attachment_rx(b->attachment, now, d)) {
		if (d->dst_port == DHCP_CLIENT_PORT && b->platform->answer)
			dhcp_answer_note(b->platform->answer, &b->attachment->dhcp, d->payload);
	} else if (b->has_login && d->dst_port == STREAM_CLIENT_PORT) {
		rx_login(b, now, d);
	} else if (b->has_tftp && d->dst_port == b->tftp.port) {
		tftp_rx(&b->tftp, now, d);
	} else if (multicast_is_for(b, d->dst_port)) {
		multicast_rx(b, now, d);
	}
}

/* What the last datagram was, for whoever has to find out why nothing came after it. */
static void note_heard(struct boot *b, const struct datagram *d)
{
	struct stream_head head;
	struct rd body;

	b->heard = (struct boot_heard){ "UDP datagram", d->src_ip };
	if (d->dst_port == DHCP_CLIENT_PORT)
		b->heard.what = b->has_server && b->server.answered_by == d->src_ip ? b->server.last_packet
		                                                                    : b->attachment->dhcp.last_packet;
	else if (d->dst_port == STREAM_CLIENT_PORT && stream_open(d->payload, &head, &body))
		b->heard.what = stream_type_text(head.type);
	else if ((b->has_tftp && d->dst_port == b->tftp.port) || multicast_is_for(b, d->dst_port))
		b->heard.what = "TFTP packet";
}

static void tx_login(struct boot *b, usec now)
{
	struct attachment *a = b->attachment;
	struct wr w = net_payload(&a->net);
	const uint8_t *start = w.at;
	struct flow flow = { .src_port = STREAM_CLIENT_PORT };
	struct stream_address to;

	if (!attachment_can_send(a) || !login_tx(&b->login, now, &w, &to) || !wr_ok(&w))
		return;
	flow.dst_port = to.port;
	if (stream_address_is_ipv4(&to, &flow.dst_ip))
		attachment_send(a, now, &flow, wr_used(&w, start));
}

static void tx_tftp(struct boot *b, usec now)
{
	struct attachment *a = b->attachment;
	struct wr w = net_payload(&a->net);
	const uint8_t *start = w.at;
	struct flow flow;

	if (!attachment_can_send(a) || !tftp_tx(&b->tftp, now, &w, &flow) || !wr_ok(&w))
		return;
	if (b->tftp_port != b->tftp.port) {
		net_close_port(&a->net, b->tftp_port);
		net_open_port(&a->net, b->tftp_port = b->tftp.port);
	}
	attachment_send(a, now, &flow, wr_used(&w, start));
}

static void tx_server(struct boot *b, usec now)
{
	struct attachment *a = b->attachment;
	struct wr w = net_payload(&a->net);
	const uint8_t *start = w.at;
	struct flow flow;

	if (attachment_can_send(a) && pxe_boot_tx(&b->server, now, &w, &flow) && wr_ok(&w))
		attachment_send(a, now, &flow, wr_used(&w, start));
}

static usec boot_wake_at(const struct boot *b)
{
	usec at = attachment_wake_at(b->attachment);

	if (b->has_login && attachment_can_send(b->attachment))
		at = min_u64(at, login_wake_at(&b->login));
	if (b->has_tftp && attachment_can_send(b->attachment))
		at = min_u64(at, tftp_wake_at(&b->tftp));
	if (attachment_can_send(b->attachment))
		at = min_u64(at, multicast_wake_at(b));
	if (b->has_server && attachment_can_send(b->attachment))
		at = min_u64(at, pxe_boot_wake_at(&b->server));
	if (attachment_can_send(b->attachment))
		at = min_u64(at, report_wake_at(b));
	return at;
}

/*
 * Asking the keyboard costs a trip into the BIOS: not each turn. False: Esc or Ctrl-C. Any other key waits in b->key
 * for whoever asks for keys.
 */
static bool boot_key(struct boot *b, usec now)
{
	struct port *port = b->platform->port;
	int key;

	if (now < b->key_due || !port->key)
		return true;
	b->key_due = now + KEY_EVERY;
	key = port->key(port);
	if (key == KEY_ESC || key == KEY_CTRL_C)
		return false;
	if (key == KEY_F2 && !b->has_menu)
		packet_log_toggle(&b->packets);
	else if (key != KEY_NONE)
		b->key = key;
	return true;
}

int boot_take_key(struct boot *b)
{
	int key = b->key;

	b->key = KEY_NONE;
	return key;
}

bool boot_turn(struct boot *b, usec until)
{
	struct attachment *a = b->attachment;
	struct port *port = b->platform->port;
	usec now = boot_now(b);
	struct datagram d;

	if (!boot_key(b, now))
		return false;
	while (net_poll(&a->net, now, &d)) {
		now = boot_now(b);      /* its own time: the frames of a turn may take longer than a time-out */
		boot_rx(b, now, &d);
		note_heard(b, &d);
		/* A window of TFTP blocks is answered while it comes in; its silence is not judged by what waits. */
		if (b->has_tftp && tftp_wake_at(&b->tftp) == 0)
			tx_tftp(b, now);
		if (multicast_wake_at(b) == 0)
			multicast_tx(b, now);
	}
	attachment_tx(a, now);
	if (b->has_login)
		tx_login(b, now);
	if (b->has_tftp)
		tx_tftp(b, now);
	multicast_tx(b, now);
	if (b->has_server)
		tx_server(b, now);
	report_tx(b, now);
	until = min_u64(until, min_u64(boot_wake_at(b), port->key ? b->key_due : NEVER));
	if (until > boot_now(b))
		port->idle(port, until);
	return true;
}

/* ---- the first steps ---- */

static enum step step_card(struct boot *b)
{
	const struct platform *p = b->platform;

	log_line(b->log, LOG_STEP, "card %s, %s", mac_text(p->nic->mac).s, p->nic->driver);
	if (p->pci_address != PCI_UNKNOWN)
		log_line(b->log, LOG_INFO, "PCI %02x:%02x.%x", (unsigned)p->pci_address >> 8,
		         (unsigned)p->pci_address >> 3 & 31, (unsigned)p->pci_address & 7);
	return STEP_LINK;
}

/* "1 3 6 51 53 54": what an administrator compares with his server's settings. */
static void list_options(const uint8_t seen[32], char *room, size_t size)
{
	size_t used = 0;

	room[0] = 0;
	for (unsigned n = 1; n < 255 && used + 5 < size; n++)
		if (seen[n / 8] >> n % 8 & 1)
			used += fmt_text(room + used, size - used, " %u", n);
}

static enum step step_plan(struct boot *b)
{
	struct plan_facts facts = boot_facts(b);
	char options[BOOT_TEXT_MAX - 60];

	plan_make(&b->plan, &facts);
	switch (b->plan.kind) {
	case PLAN_NONE:
		list_options(b->lease.options_seen, options, sizeof options);
		return boot_fail(b, FAILURE_NO_BOOT_FILE, "the offer of %s has the options%s",
		                 ip_text(b->lease.server).s, options);
	case PLAN_BAD_URI:
		return boot_fail(b, FAILURE_BAD_URI, "%s, at character %zu: %s", b->plan.because, b->plan.wrong_at + 1,
		                 uri_verdict_text(b->plan.wrong));
	case PLAN_NO_SERVER:
		return boot_fail(b, FAILURE_BAD_URI, "%s: no server in it, and without DHCP nobody else names one",
		                 b->plan.because);
	case PLAN_PROGRAM:
	case PLAN_DISK:
		break;
	}
	log_line(b->log, LOG_STEP, "plan: %s", b->plan.because);
	return b->plan.kind == PLAN_PROGRAM ? STEP_CHAIN : STEP_ATTACH;
}

/* ---- the whole ---- */

void boot_init(struct boot *b, struct platform *platform, struct attachment *a)
{
	bool once = b->once;

	memset(b, 0, sizeof *b);
	b->once       = once;
	b->platform   = platform;
	b->attachment = a;
	b->log        = &platform->port->log;
	b->random     = random_from(platform->port->seed);
	policy_init(&b->policy, CONFIG_RETRY, 0);
	b->heard.what = "none";
	attachment_init(a, platform->port, packet_log_open(&b->packets, platform->nic, platform->port));
	link_init(b);
}

static void note_time(struct boot *b)
{
	struct handover_time *t = &b->times[b->time_count < BOOT_TIMES_MAX ? b->time_count++ : BOOT_TIMES_MAX - 1];

	*t = (struct handover_time){ .step = (uint8_t)b->at, .ms = boot_ms(b) };
}

enum boot_end boot_run(struct boot *b)
{
	log_line(b->log, LOG_STEP, "Rill %s", b->platform->build);
	boot_read_config(b);
	for (b->at = STEP_CARD; b->at != STEP_END; b->at = steps[b->at].run(b)) {
		if (b->at == STEP_LINK)
			b->time_count = 0;
		note_time(b);
		log_line(b->log, LOG_STEP, "%s: %s", steps[b->at].name, steps[b->at].doing);
	}
	return b->end;
}
