/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Who knows more of what to boot: menu and prompt, the question to a boot server, its answer. */
#include "lib/fmt.h"
#include "loader/steps.h"
#include "netstack/dhcp_lease.h"
#include "netstack/dhcp_offer.h"

enum question { ASK_NOBODY, ASK_BINL, ASK_BY_MENU, NOTHING_TO_ASK };

static bool says_more(const struct dhcp_lease *l) { return l->is_pxe && l->vendor_len; }

/*
 * Who said most of boot servers: with an option 43 before without, the lease before the offer it was made from (some
 * servers leave options out of an ACK), both before a proxy. NULL: nobody.
 */
static const struct dhcp_lease *find_offer(const struct boot *b)
{
	const struct dhcp *d = &b->attachment->dhcp;
	const struct dhcp_offer *proxy = dhcp_offer_best_proxy(d);
	const struct dhcp_lease *said[] = { &b->lease, &d->offers[d->chosen].lease, proxy ? &proxy->lease : NULL };
	const struct dhcp_lease *found = NULL;

	for (size_t i = 0; i < COUNT_OF(said); i++) {
		if (said[i] && says_more(said[i]))
			return said[i];
		if (said[i] && said[i]->is_pxe && !found)
			found = said[i];
	}
	return found;
}

static enum question what_to_ask(const struct boot *b, const struct dhcp_lease *offer, struct pxe_option *o)
{
	bool has_file = dhcp_lease_has_boot_data(&b->lease);

	if (!pxe_parse(rd_over(offer->vendor, offer->vendor_len), o)) {
		log_line(b->log, LOG_STEP, "option 43 of %s cannot be read%s", ip_text(offer->server).s,
		         has_file ? "; the boot file does without" : "");
		return has_file ? ASK_NOBODY : NOTHING_TO_ASK;
	}
	if (o->discovery & PXE_NO_DISCOVERY)
		return ASK_NOBODY;
	if (rd_left(&o->menu))
		return ASK_BY_MENU;
	if (has_file)
		return ASK_NOBODY;
	return pxe_has_discovery(o) ? NOTHING_TO_ASK : ASK_BINL;
}

/* ---- the question ---- */

static enum step no_answer(struct boot *b)
{
	const struct pxe_boot *p = &b->server;

	switch (p->failure) {
	case PXE_BOOT_NO_REPLY:
		return boot_fail(b, FAILURE_PROXY_SILENT, "%s was asked %u times", ip_text(p->ask.servers[0]).s,
		                 p->sent);
	case PXE_BOOT_NO_MULTICAST:
		return boot_fail(b, FAILURE_NO_DISCOVERY_ADDRESS, "entry of type %u", (unsigned)p->ask.type);
	case PXE_BOOT_NO_LIST:
		return boot_fail(b, FAILURE_NO_DISCOVERY_LIST, "entry of type %u", (unsigned)p->ask.type);
	case PXE_BOOT_NO_FILE:
		return boot_fail(b, FAILURE_NO_BOOT_FILE, "%s answers on port 4011, but names no file",
		                 ip_text(p->answered_by).s);
	case PXE_BOOT_NOT_FOUND:
	case PXE_BOOT_NO_FAILURE:
		break;
	}
	return boot_fail(b, FAILURE_NO_BOOT_SERVER, "type %u: %u questions, %u answers that could not be used",
	                 (unsigned)p->ask.type, p->sent, p->ignored + p->malformed);
}

/* What the boot server said, instead of what the offers did. */
static void take_answer(struct boot *b)
{
	struct dhcp_lease *l = &b->lease;

	l->boot_file[0] = l->server_name[0] = l->root_path[0] = 0;
	dhcp_lease_merge_boot_data(l, &b->server.answer);
	/* BINL's answer may be a menu alone. */
	l->vendor_len = b->server.answer.vendor_len;
	memcpy(l->vendor, b->server.answer.vendor, sizeof l->vendor);
}

/* STEP_PLAN: answered. */
static enum step ask(struct boot *b, const struct pxe_boot_ask *whom)
{
	struct attachment *a = b->attachment;
	bool go_on = true;

	pxe_boot_init(&b->server, whom, &a->dhcp.who, b->lease.address.ip, b->log, boot_now(b),
	              random_next(&b->random));
	for (b->has_server = true; go_on && pxe_boot_status(&b->server) == PXE_BOOT_WORKING;)
		go_on = boot_turn(b, NEVER);
	b->has_server = false;
	if (!go_on)
		return boot_cancel(b);
	if (pxe_boot_status(&b->server) == PXE_BOOT_FAILED)
		return no_answer(b);
	take_answer(b);
	return STEP_PLAN;
}

/* ---- menu and prompt ---- */

static bool opens_menu(int key)
{
	return key == KEY_F8 || key == KEY_ENTER || key == 'm' || key == 'M';   /* Ctrl-M is Enter */
}

/* True: the menu is wanted. *go_on false: Esc. */
static bool prompt(struct boot *b, const struct pxe_option *o, bool *go_on)
{
	usec now = boot_now(b), until = now + (usec)o->prompt_s * USEC_PER_S;
	char text[MENU_TEXT_MAX + 1];
	bool is_wanted = false;
	unsigned shown = 0;

	if (!pxe_text(o->prompt, text, sizeof text))
		fmt_text(text, sizeof text, "%s", "F8 shows the boot menu");
	boot_take_key(b);
	for (; *go_on && !is_wanted && now < until; now = boot_now(b)) {
		unsigned left = boot_seconds_left(until, now);

		if (left != shown)
			log_text(b->log, LOG_ERROR, "\r%s %u s  ", text, left);
		shown  = left;
		*go_on = boot_turn(b, min_u64(until, now + USEC_PER_S / 4));
		is_wanted = opens_menu(boot_take_key(b));
	}
	log_line(b->log, LOG_ERROR, "%s", "");
	return is_wanted;
}

static void fill_menu(struct menu *m, const struct pxe_option *o, uint32_t from)
{
	struct rd items = o->menu;
	struct pxe_menu_item item;
	char text[MENU_TEXT_MAX + 1];

	fmt_text(text, sizeof text, "Boot menu of %s", ip_text(from).s);
	menu_init(m, text);
	while (pxe_next_item(&items, &item)) {
		if (!pxe_text(item.text, text, sizeof text))
			fmt_text(text, sizeof text, "type %u", (unsigned)item.type);
		if (!menu_add(m, item.type, text))
			break;
	}
}

static enum step ask_by_menu(struct boot *b, const struct pxe_option *o, uint32_t from)
{
	unsigned wait_s = pxe_has(o, PXE_PROMPT) ? o->prompt_s : 0;
	const struct menu_item *item;
	struct pxe_boot_ask whom;
	bool go_on = true;

	fill_menu(&b->menu, o, from);
	if (wait_s == PXE_WAIT_FOREVER || (wait_s && prompt(b, o, &go_on)))
		go_on = boot_choose(b, 0);
	if (!go_on)
		return boot_cancel(b);
	item = menu_marked(&b->menu);
	log_line(b->log, LOG_STEP, "boot menu: %s", item->text);
	if (item->number == PXE_LOCAL_BOOT) {
		log_line(b->log, LOG_STEP, "local boot: the machine goes on with its next boot device");
		return boot_next_device(b);
	}
	pxe_boot_ask_item(&whom, o, (uint16_t)item->number);
	return ask(b, &whom);
}

static enum step ask_binl(struct boot *b, const struct dhcp_lease *offer)
{
	struct pxe_boot_ask whom;
	struct pxe_option o;
	enum step next;

	pxe_boot_ask_server(&whom, offer->next_server);
	log_line(b->log, LOG_STEP, "asking %s on port 4011", ip_text(offer->next_server).s);
	next = ask(b, &whom);
	if (next != STEP_PLAN || what_to_ask(b, &b->lease, &o) != ASK_BY_MENU)
		return next;
	return ask_by_menu(b, &o, b->server.answer.server);
}

/* ---- the step ---- */

/* Who is told not to look for servers takes the first of the list, if there is one: so EDK2 does. */
static void take_listed_server(struct boot *b, const struct pxe_option *o)
{
	struct rd list = o->servers;
	struct pxe_servers s;

	if ((o->discovery & PXE_NO_DISCOVERY) && pxe_next_servers(&list, &s) && rd_left(&s.addresses))
		b->lease.next_server = rd_be32(&s.addresses);
}

static enum step ask_somebody(struct boot *b)
{
	const struct dhcp_lease *found = find_offer(b);
	struct dhcp_lease offer;                /* DHCP's own may go while a menu is looked at */
	struct plan_facts facts = boot_facts(b);
	struct pxe_option o;

	if (!found || plan_is_given(&facts))
		return STEP_PLAN;
	offer = *found;
	switch (what_to_ask(b, &offer, &o)) {
	case ASK_BINL:
		return ask_binl(b, &offer);
	case ASK_BY_MENU:
		return ask_by_menu(b, &o, offer.server);
	case NOTHING_TO_ASK:
		return boot_fail(b, FAILURE_BAD_MENU, "option 43 of %s, %u bytes, and no boot file",
		                 ip_text(offer.server).s, (unsigned)offer.vendor_len);
	case ASK_NOBODY:
		take_listed_server(b, &o);
		break;
	}
	return STEP_PLAN;
}

enum step step_server(struct boot *b)
{
	const struct dhcp_lease *l = &b->lease;
	enum step next = ask_somebody(b);

	if (next != STEP_PLAN)
		return next;
	log_line(b->log, LOG_STEP, "boot server %s, boot file %s", ip_text(l->next_server).s,
	         l->boot_file[0] ? l->boot_file : "none");
	if (l->root_path[0])
		log_line(b->log, LOG_STEP, "root path %s", l->root_path);
	return STEP_PLAN;
}
