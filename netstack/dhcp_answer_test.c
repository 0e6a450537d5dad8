/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The network's answer as it came: what is kept of it, and the ACK that another program is given. */
#include "lib/fmt.h"
#include "netstack/dhcp_answer.h"
#include "netstack/dhcp_lease.h"
#include "netstack/dhcp_script.h"

static const enum dhcp_option OPT_OF_OTHERS = (enum dhcp_option)209;    /* pxelinux's: Rill knows it not */

static struct dhcp_answer a;
static uint8_t given[DHCP_SIZE_MAX];
static struct dhcp_packet p;            /* of given */
static struct dhcp_lease l;             /* what our own parser makes of it */

/* As the boot does it: the client first. Of exactly so many bytes, which may be more than r has. */
static void hear_bytes(usec now, size_t size)
{
	struct datagram in = { .src_ip = SERVER, .src_port = 67, .dst_port = 68 };
	uint8_t *copy = calloc(1, size);

	memcpy(copy, r.bytes, min_size(size, r.len));
	in.payload = rd_over(copy, size);
	dhcp_rx(&d, now, &in);
	dhcp_answer_note(&a, &d, in.payload);
	free(copy);
}

static void hear(usec now)
{
	fake_end(&r);
	hear_bytes(now, r.len);
}

static void begin(void)
{
	memset(&a, 0, sizeof a);
	start();
}

static void hear_offer(void)
{
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_text(&r, OPT_BOOT_FILE, "rill.efi");
	hear(0);
	assert_int_equal(tx(0), DHCP_REQUEST);
}

/* The answer begins; the caller adds options and lets it be heard. */
static void ack(void)
{
	static const uint8_t dns[] = { 9, 9, 9, 9, 8, 8, 8, 8 };

	reply(DHCP_ACK, OUR_IP, SERVER);
	fake_option(&r, OPT_DNS, dns, sizeof dns);
	fake_text(&r, OPT_HOST_NAME, "kiosk7");
	fake_text(&r, OPT_DOMAIN, "example.org");
	fake_text(&r, OPT_ROOT_PATH, "/srv/root");
	fake_text(&r, OPT_BOOT_FILE, "of/dhcp.efi");
	fake_text(&r, OPT_SERVER_NAME, "boot.example.org");
}

static bool has(enum dhcp_option code, const char *text)
{
	char room[256];
	size_t len = dhcp_option(&p, code, room, sizeof room);

	return len == strlen(text) && memcmp(room, text, len) == 0;
}

/* Gives it, for a program that came from there, and holds every field that is the same whatever came. */
static void give(uint32_t server, const char *file)
{
	size_t size;

	memset(given, 0xee, sizeof given);
	size = dhcp_answer_ack(&a, &d.lease, server, file, given);
	assert_true(size >= DHCP_SIZE_MIN && size <= sizeof given);
	for (size_t i = size; i < sizeof given; i++)
		assert_int_equal(given[i], 0);
	assert_true(dhcp_parse(rd_over(given, size), &p));
	dhcp_lease_read(&l, &p, 0);
	assert_int_equal(p.type, DHCP_ACK);
	assert_int_equal(p.client_ip, 0);
	assert_int_equal(p.your_ip, d.lease.address.ip);
	assert_int_equal(p.next_ip, server);
	assert_true(has(OPT_SERVER_NAME, ip_text(server).s));
	assert_true(has(OPT_BOOT_FILE, file));
	assert_int_equal(l.next_server, server);
	assert_string_equal(l.boot_file, file);
	assert_memory_equal(p.mac, who.mac, sizeof who.mac);
	assert_int_equal(p.xid, a.xid);
	assert_int_equal(l.server, d.lease.server);
	assert_memory_equal(&l.address, &d.lease.address, sizeof l.address);
	assert_int_equal(l.router, d.lease.router);
	assert_int_equal(l.lease_s, d.lease.lease_s);
	assert_memory_equal(l.dns, d.lease.dns, sizeof l.dns);
	assert_string_equal(l.host_name, d.lease.host_name);
	assert_string_equal(l.domain, d.lease.domain);
	assert_string_equal(l.root_path, d.lease.root_path);
}

static void the_ack_is_given_with_the_server_and_the_file_that_were_really_used(void **state)
{
	(void)state;
	begin();
	hear_offer();
	ack();
	fake_text(&r, OPT_OF_OTHERS, "conf");
	fake_field(&r, FAKE_SIADDR_AT, OTHER);
	hear(0);
	give(SERVER, "debian/grubnetx64.efi");
	assert_true(rd_is(&p.boot_file, "debian/grubnetx64.efi", sizeof "debian/grubnetx64.efi"));
	assert_true(has(OPT_OF_OTHERS, "conf"));
	assert_int_equal(a.proxy.size, 0);
}

static void a_name_too_long_for_its_field_stands_in_its_option(void **state)
{
	char file[256];

	(void)state;
	begin();
	hear_offer();
	ack();
	hear(0);
	memset(file, 'f', sizeof file);
	for (size_t len = 126; len < 130; len++) {
		file[len] = 0;
		give(SERVER, file);
		assert_int_equal(rd_u8(&p.boot_file), len < 128 ? 'f' : 0);
		file[len] = 'f';
	}
	file[255] = 0;
	give(SERVER, file);
}

static void overloaded_fields_are_unfolded(void **state)
{
	(void)state;
	begin();
	hear_offer();
	ack();
	fake_option(&r, OPT_OVERLOAD, "\3", 1);
	memcpy(r.bytes + FAKE_FILE_AT, "\xd1\4conf\xff", 7);
	memcpy(r.bytes + FAKE_SNAME_AT, "\xd1\4.cfg\xff", 7);
	hear(0);
	give(SERVER, "grubx64.efi");
	assert_true(rd_is(&p.boot_file, "grubx64.efi", 12));
	assert_true(has(OPT_OF_OTHERS, "conf.cfg"));
	assert_int_equal(p.options_seen[OPT_OVERLOAD / 8] >> OPT_OVERLOAD % 8 & 1, 0);
}

/* Full to the last byte, and the name of the file that was fetched is longer than the one in there. */
static void what_does_not_fit_any_more_is_made_of_the_lease(void **state)
{
	static const uint8_t value[255];
	char file[101];

	(void)state;
	begin();
	hear_offer();
	ack();
	while (r.len + 2 + sizeof value < DHCP_SIZE_MAX)
		fake_option(&r, OPT_OF_OTHERS, value, sizeof value);
	fake_option(&r, OPT_OF_OTHERS, value, DHCP_SIZE_MAX - r.len - 3);
	hear(0);
	assert_int_equal(a.ack.size, DHCP_SIZE_MAX);
	memset(file, 'f', sizeof file);
	file[sizeof file - 1] = 0;
	give(SERVER, file);
	assert_int_equal(p.options_seen[OPT_OF_OTHERS / 8] >> OPT_OF_OTHERS % 8 & 1, 0);
}

static void an_overlong_packet_is_not_kept_and_the_lease_is_told(void **state)
{
	(void)state;
	for (size_t size = DHCP_SIZE_MAX; size <= DHCP_SIZE_MAX + 1; size++) {
		begin();
		hear_offer();
		ack();
		fake_text(&r, OPT_OF_OTHERS, "conf");
		fake_end(&r);
		hear_bytes(0, size);
		assert_int_equal(dhcp_status(&d), DHCP_BOUND);
		assert_int_equal(a.ack.size, size > DHCP_SIZE_MAX ? 0 : DHCP_SIZE_MAX);
		give(SERVER, "grubx64.efi");
		assert_int_equal(has(OPT_OF_OTHERS, "conf"), size <= DHCP_SIZE_MAX);
	}
}

static void a_bootp_answer_is_told_as_a_lease_for_ever(void **state)
{
	(void)state;
	begin();
	reply(DHCP_BOOTP, OUR_IP, SERVER);
	fake_field(&r, FAKE_SIADDR_AT, OTHER);
	memcpy(r.bytes + FAKE_FILE_AT, "boot.efi", 8);
	hear(0);
	tx(dhcp_wake_at(&d));
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
	assert_int_equal(a.ack.size, 0);
	give(OTHER, "boot.efi");
	assert_int_equal(l.lease_s, UINT32_MAX);
}

/* As OpenStack's agent sends them: who is told routes does not look at option 3 (RFC 3442). */
static void a_lease_with_routes_keeps_them(void **state)
{
	static const uint8_t classless[] = { 32, 169, 254, 169, 254, 192, 168, 1, 2, 0, 192, 168, 1, 254 };
	static const uint8_t default_only[] = { 0, 192, 168, 1, 254 };
	static const uint8_t on_link_only[] = { 16, 192, 168, 0, 0, 0, 0 };
	static const struct { const uint8_t *value; size_t len; bool told; } routes[] = {
		{ classless, sizeof classless, true }, { default_only, sizeof default_only, false },
		{ on_link_only, sizeof on_link_only, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(routes); i++) {
		begin();
		reply(DHCP_OFFER, OUR_IP, SERVER);
		fake_text(&r, OPT_BOOT_FILE, "rill.efi");
		hear(0);
		assert_int_equal(tx(0), DHCP_REQUEST);
		ack();
		fake_option(&r, OPT_ROUTES, routes[i].value, routes[i].len);
		fake_option(&r, OPT_MTU, "\x05\xaa", 2);
		fake_end(&r);
		hear_bytes(0, DHCP_SIZE_MAX + 1);               /* not kept: told of the lease */
		assert_int_equal(a.ack.size, 0);
		assert_int_equal(d.lease.address.mtu, 1450);
		give(SERVER, "grubx64.efi");                    /* which holds l.address against the lease's */
		assert_int_equal(p.options_seen[OPT_ROUTES / 8] >> OPT_ROUTES % 8 & 1, routes[i].told);
	}
}

static void a_renewal_is_no_other_answer(void **state)
{
	struct dhcp_answer_packet first;
	usec now;

	(void)state;
	begin();
	hear_offer();
	ack();
	fake_text(&r, OPT_OF_OTHERS, "conf");
	hear(0);
	first = a.ack;
	now = dhcp_wake_at(&d);
	assert_int_equal(tx(now), DHCP_REQUEST);
	reply(DHCP_ACK, OUR_IP, SERVER);
	hear(now);
	assert_int_equal(d.lease.bound_at, now);                /* it was one */
	assert_memory_equal(&a.ack, &first, sizeof first);
	give(SERVER, "grubx64.efi");
	assert_true(has(OPT_OF_OTHERS, "conf"));
}

static void a_new_beginning_forgets_what_was(void **state)
{
	usec now;

	(void)state;
	begin();
	proxy_offer(0, true);
	dhcp_answer_note(&a, &d, rd_over(r.bytes, r.len));
	hear_offer();
	ack();
	hear(0);
	assert_true(a.ack.size && a.proxy.size);
	assert_int_equal(d.lease.proxy, 0);     /* the server said itself what to boot */
	dhcp_decline(&d, S);
	assert_int_equal(tx(S), DHCP_DECLINE);
	now = dhcp_wake_at(&d);
	assert_int_equal(tx(now), DHCP_DISCOVER);
	reply(DHCP_OFFER, OUR_IP + 1, SERVER);
	fake_text(&r, OPT_BOOT_FILE, "rill.efi");
	hear(now);
	assert_true(!a.ack.size && !a.proxy.size);
	assert_int_equal(a.xid, d.xid);
	assert_int_equal(tx(now), DHCP_REQUEST);
	reply(DHCP_ACK, OUR_IP + 1, SERVER);
	hear(now);
	assert_true(a.ack.size);
	give(SERVER, "grubx64.efi");
}

/* The address from one, what to boot from another: the ACK says both, and the other's offer is there as it came. */
static void the_offer_of_the_proxy_that_was_chosen_is_kept(void **state)
{
	struct dhcp_answer_packet first;

	(void)state;
	begin();
	proxy_offer(0, false);                  /* it would have to be asked first */
	dhcp_answer_note(&a, &d, rd_over(r.bytes, r.len));
	assert_int_equal(a.proxy.size, 0);
	proxy_offer(0, true);
	dhcp_answer_note(&a, &d, rd_over(r.bytes, r.len));
	first = a.proxy;
	assert_int_equal(first.size, r.len);
	assert_memory_equal(first.bytes, r.bytes, r.len);
	reply(DHCP_OFFER, 0, OTHER);            /* a second one comes too late */
	fake_text(&r, OPT_CLASS, "PXEClient");
	fake_text(&r, OPT_BOOT_FILE, "other.efi");
	hear(0);
	reply(DHCP_OFFER, OUR_IP, SERVER);
	hear(0);
	assert_int_equal(tx(0), DHCP_REQUEST);
	reply(DHCP_ACK, OUR_IP, SERVER);
	hear(0);
	assert_memory_equal(&a.proxy, &first, sizeof first);
	assert_int_equal(d.lease.proxy, PROXY);
	give(d.lease.next_server, d.lease.boot_file);
	assert_int_equal(p.next_ip, PROXY);
	assert_string_equal(l.boot_file, "boot/rill.kpxe");
}

/* A host that was too late with its answer, and hears our numbers, tries again. */
static void what_comes_after_the_decision_is_not_kept(void **state)
{
	struct dhcp_answer first;

	(void)state;
	begin();
	proxy_offer(0, true);
	dhcp_answer_note(&a, &d, rd_over(r.bytes, r.len));
	hear_offer();
	ack();
	hear(0);
	first = a;
	reply(DHCP_OFFER, 0, PROXY);
	fake_text(&r, OPT_CLASS, "PXEClient");
	fake_text(&r, OPT_BOOT_FILE, "evil.efi");
	hear(0);
	assert_memory_equal(&a, &first, sizeof a);
	ack();
	fake_text(&r, OPT_OF_OTHERS, "evil");
	hear(0);
	assert_memory_equal(&a, &first, sizeof a);
	assert_int_equal(tx(dhcp_wake_at(&d)), DHCP_REQUEST);   /* a renewal, whose number a late offer has */
	reply(DHCP_OFFER, OUR_IP, SERVER);
	hear(0);
	assert_memory_equal(&a, &first, sizeof a);
}

static void what_was_not_taken_is_not_kept(void **state)
{
	static const uint8_t stranger[6] = { 2, 0, 0, 0, 0, 9 };

	(void)state;
	begin();
	hear_offer();
	fake_reply(&r, DHCP_ACK, d.xid, stranger, OUR_IP);
	fake_ip(&r, OPT_SERVER_ID, SERVER);
	hear(0);
	fake_reply(&r, DHCP_ACK, d.xid + 1, who.mac, OUR_IP);
	fake_ip(&r, OPT_SERVER_ID, SERVER);
	hear(0);
	reply(DHCP_ACK, OUR_IP, OTHER);         /* not asked */
	hear(0);
	reply(DHCP_NAK, 0, OTHER);
	hear(0);
	ack();
	fake_end(&r);
	hear_bytes(0, r.len - 4);               /* cut */
	assert_int_equal(dhcp_status(&d), DHCP_WORKING);
	assert_int_equal(a.ack.size, 0);
	ack();
	hear(0);
	assert_int_equal(a.ack.size, r.len);
	reply(DHCP_ACK, OUR_IP, OTHER);         /* too late, too */
	hear(0);
	assert_memory_equal(a.ack.bytes + FAKE_OPTIONS_AT + 3, "\x36\4\xc0\xa8\1\1", 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ack_is_given_with_the_server_and_the_file_that_were_really_used),
		cmocka_unit_test(a_name_too_long_for_its_field_stands_in_its_option),
		cmocka_unit_test(overloaded_fields_are_unfolded),
		cmocka_unit_test(what_does_not_fit_any_more_is_made_of_the_lease),
		cmocka_unit_test(an_overlong_packet_is_not_kept_and_the_lease_is_told),
		cmocka_unit_test(a_bootp_answer_is_told_as_a_lease_for_ever),
		cmocka_unit_test(a_lease_with_routes_keeps_them),
		cmocka_unit_test(a_renewal_is_no_other_answer),
		cmocka_unit_test(a_new_beginning_forgets_what_was),
		cmocka_unit_test(the_offer_of_the_proxy_that_was_chosen_is_kept),
		cmocka_unit_test(what_comes_after_the_decision_is_not_kept),
		cmocka_unit_test(what_was_not_taken_is_not_kept),
	};

	return cmocka_run_group_tests_name("dhcp_answer", tests, NULL, NULL);
}
