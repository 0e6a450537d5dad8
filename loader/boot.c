/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/fmt.h"
#include "loader/steps.h"
#include "netstack/dhcp_answer.h"

enum { ADDRESSES_MAX = 4, KEY_EVERY = 50 * USEC_PER_MS };

static enum step step_card(struct boot *b);
static enum step step_link(struct boot *b);
static enum step step_lease(struct boot *b);
static enum step step_server(struct boot *b);
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

static void boot_rx(struct boot *b, usec now, const struct datagram *d)
{
	struct stream_address from = stream_address_ipv4(d->src_ip, d->src_port);

	if (b->has_login && d->dst_port == STREAM_CLIENT_PORT)
		login_rx(&b->login, now, &from, d->payload);
	else if (b->has_tftp && d->dst_port == b->tftp.port)
		tftp_rx(&b->tftp, now, d);
}

/* What the last datagram was, for whoever has to find out why nothing came after it. */
static void note_heard(struct boot *b, const struct datagram *d)
{
	struct stream_head head;
	struct rd body;

	b->heard = (struct boot_heard){ "UDP datagram", d->src_ip };
	if (d->dst_port == DHCP_CLIENT_PORT)
		b->heard.what = b->attachment->dhcp.last_packet;
	else if (d->dst_port == STREAM_CLIENT_PORT && stream_open(d->payload, &head, &body))
		b->heard.what = stream_type_text(head.type);
	else if (b->has_tftp && d->dst_port == b->tftp.port)
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

	if (attachment_can_send(a) && tftp_tx(&b->tftp, now, &w, &flow) && wr_ok(&w))
		attachment_send(a, now, &flow, wr_used(&w, start));
}

static usec boot_wake_at(const struct boot *b)
{
	usec at = attachment_wake_at(b->attachment);

	if (b->has_login && attachment_can_send(b->attachment))
		at = min_u64(at, login_wake_at(&b->login));
	if (b->has_tftp && attachment_can_send(b->attachment))
		at = min_u64(at, tftp_wake_at(&b->tftp));
	return at;
}

/* Asking the keyboard costs a trip into the BIOS: not each turn. */
static bool esc_pressed(struct boot *b, usec now)
{
	struct port *port = b->platform->port;

	if (now < b->key_due)
		return false;
	b->key_due = now + KEY_EVERY;
	return port->key && port->key(port) == KEY_ESC;
}

bool boot_turn(struct boot *b, usec until)
{
	struct attachment *a = b->attachment;
	struct port *port = b->platform->port;
	usec now = boot_now(b);
	struct datagram d;

	if (esc_pressed(b, now))
		return false;
	while (net_poll(&a->net, now, &d)) {
		now = boot_now(b);      /* its own time: the frames of a turn may take longer than a time-out */
		if (!attachment_rx(a, now, &d))
			boot_rx(b, now, &d);
		else if (d.dst_port == DHCP_CLIENT_PORT && b->platform->answer)
			dhcp_answer_note(b->platform->answer, &a->dhcp, d.payload);
		note_heard(b, &d);
		/* A window of TFTP blocks is answered while it comes in. */
		if (b->has_tftp)
			tx_tftp(b, now);
	}
	attachment_tx(a, now);
	if (b->has_login)
		tx_login(b, now);
	if (b->has_tftp)
		tx_tftp(b, now);
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

static enum step step_link(struct boot *b)
{
	struct nic *nic = b->platform->nic;
	usec patience = boot_now(b) + LINK_PATIENCE;

	/* No DHCP try is spent while nobody can hear it. */
	while (nic->link(nic) == NIC_LINK_DOWN) {
		if (boot_now(b) >= patience && b->once)
			return boot_fail(b, FAILURE_NO_LINK, "no link at %s", mac_text(nic->mac).s);
		if (boot_now(b) >= patience) {
			log_line(b->log, LOG_STEP, "PXE-E61: no link yet; check the cable. Esc gives the machine back");
			patience = NEVER;
		}
		if (!boot_turn(b, boot_now(b) + 50 * USEC_PER_MS))
			return boot_cancel(b);
	}
	return STEP_LEASE;
}

/* Two probes; true: nobody else uses it. *go_on false: Esc. */
static bool address_is_free(struct boot *b, uint32_t ip, bool *go_on)
{
	struct net *net = &b->attachment->net;
	usec until = boot_now(b);

	net->address_conflict = false;
	for (int probe = 0; probe < 2; probe++) {
		until += PROBE_APART;
		net_probe(net, boot_now(b), ip);
		while (*go_on && boot_now(b) < until && !net->address_conflict)
			*go_on = boot_turn(b, until);
	}
	return !net->address_conflict;
}

static enum step lease_failed(struct boot *b)
{
	const struct dhcp *d = &b->attachment->dhcp;

	switch (d->failure) {
	case DHCP_PROXY_ONLY:
		return boot_fail(b, FAILURE_PROXY_ONLY, "%u proxy offers, no address", d->proxy_count);
	case DHCP_NO_ACK:
		return boot_fail(b, FAILURE_LEASE_REFUSED, "%u offers, no answer to the request", d->offer_count);
	case DHCP_NAKED:
		return boot_fail(b, FAILURE_LEASE_REFUSED, "%s", "the server took its offers back");
	case DHCP_NO_OFFER:
	case DHCP_NO_FAILURE:
		break;
	}
	return boot_fail(b, FAILURE_NO_OFFER, "%u packets sent from %s", d->sent, mac_text(d->who.mac).s);
}

static void start_dhcp(struct boot *b)
{
	const struct platform *p = b->platform;
	struct attachment *a = b->attachment;
	struct dhcp_identity who = {
		.architecture = p->architecture, .undi_major = p->undi_major, .undi_minor = p->undi_minor,
	};

	memcpy(who.mac, p->nic->mac, sizeof who.mac);
	memcpy(who.uuid, p->port->uuid, sizeof who.uuid);
	attachment_init(a, p->port, p->nic);
	net_open_port(&a->net, DHCP_CLIENT_PORT);
	dhcp_init(&a->dhcp, &who, b->log, boot_now(b), random_next(&b->random));
	a->has_dhcp = true;
}

static enum step step_lease(struct boot *b)
{
	struct attachment *a = b->attachment;
	unsigned taken = 0;
	bool go_on = true;

	start_dhcp(b);
	while (go_on && taken < ADDRESSES_MAX) {
		enum dhcp_status status = dhcp_status(&a->dhcp);

		if (status == DHCP_FAILED || status == DHCP_LOST)
			return lease_failed(b);
		if (status == DHCP_WORKING) {
			go_on = boot_turn(b, NEVER);
			continue;
		}
		if (address_is_free(b, a->dhcp.lease.address.ip, &go_on))
			break;
		dhcp_decline(&a->dhcp, boot_now(b));
		taken++;
	}
	if (!go_on)
		return boot_cancel(b);
	if (taken == ADDRESSES_MAX)
		return boot_fail(b, FAILURE_ADDRESS_TAKEN, "%s is used by %s", ip_text(a->dhcp.lease.address.ip).s,
		                 mac_text(a->net.conflict_mac).s);
	b->lease = a->dhcp.lease;
	attachment_configure(a, &b->lease);
	net_announce(&a->net, boot_now(b));
	log_line(b->log, LOG_STEP, "address %s from %s, router %s", ip_text(b->lease.address.ip).s,
	         ip_text(b->lease.server).s, b->lease.router ? ip_text(b->lease.router).s : "none");
	return STEP_SERVER;
}

/* netstack/dhcp has joined what DHCP and proxy servers said; menus and discovery are not asked for yet. */
static enum step step_server(struct boot *b)
{
	const struct dhcp_lease *l = &b->lease;

	log_line(b->log, LOG_STEP, "boot server %s, boot file %s", ip_text(l->next_server).s,
	         l->boot_file[0] ? l->boot_file : "none");
	if (l->root_path[0])
		log_line(b->log, LOG_STEP, "root path %s", l->root_path);
	return STEP_PLAN;
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
	case PLAN_PROGRAM:
	case PLAN_DISK:
		break;
	}
	log_line(b->log, LOG_STEP, "plan: %s", b->plan.because);
	return b->plan.kind == PLAN_PROGRAM ? STEP_CHAIN : STEP_ATTACH;
}

/* ---- the whole ---- */

/* Nonsense in the configuration is told and then ignored: a machine that boots can be repaired over the network. */
static void read_config(struct boot *b)
{
	const struct platform *p = b->platform;
	struct config_complaint c;
	struct uri uri;
	size_t at;
	enum uri_verdict v;

	b->config = (struct config){ 0 };
	if (!p->config)
		return;
	if (config_read(rd_over(p->config, p->config_size), &b->config, &c) == CONFIG_BAD)
		log_line(b->log, LOG_ERROR, "configuration block, byte %zu: %s. The block is ignored.", c.at, c.what);
	if (b->config.has_verbosity)
		b->log->verbosity = (enum log_level)b->config.verbosity;
	if (!b->config.uri[0])
		return;
	v = uri_read(rd_over(b->config.uri, strlen(b->config.uri)), &uri, &at);
	if (v == URI_OK)
		return;
	log_line(b->log, LOG_ERROR, "configuration block, URI %s, character %zu: %s. The URI is ignored.",
	         b->config.uri, at + 1, uri_verdict_text(v));
	b->config.uri[0] = 0;
}

void boot_init(struct boot *b, struct platform *platform, struct attachment *a)
{
	bool once = b->once;

	memset(b, 0, sizeof *b);
	b->once       = once;
	b->platform   = platform;
	b->attachment = a;
	b->log        = &platform->port->log;
	b->random     = random_from(platform->port->seed);
	b->wait       = RETRY_FIRST;
	b->heard.what = "none";
	attachment_init(a, platform->port, platform->nic);
}

static void note_time(struct boot *b)
{
	struct handover_time *t = &b->times[b->time_count < BOOT_TIMES_MAX ? b->time_count++ : BOOT_TIMES_MAX - 1];

	*t = (struct handover_time){ .step = (uint8_t)b->at, .ms = boot_ms(b) };
}

enum boot_end boot_run(struct boot *b)
{
	log_line(b->log, LOG_STEP, "Rill %s", b->platform->build);
	read_config(b);
	for (b->at = STEP_CARD; b->at != STEP_END; b->at = steps[b->at].run(b)) {
		if (b->at == STEP_LINK)
			b->time_count = 0;
		note_time(b);
		log_line(b->log, LOG_STEP, "%s: %s", steps[b->at].name, steps[b->at].doing);
	}
	return b->end;
}
