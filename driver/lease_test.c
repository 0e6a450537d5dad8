/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The lease of a hand-over block, with a clock and a DHCP server that are ours; what it tells is counted. */
#include "driver/lease.h"
#include "lib/test.h"
#include "netstack/wire/dhcp_fake.h"

enum { OUR_IP = 0x0a000069, SERVER = 0x0a000001, OTHER = 0x0a000002, LEASE_S = 3600 };

static const usec S = USEC_PER_S;
static struct lease l;
static struct handover h;
static uint8_t sent[DHCP_SIZE_MAX];
static size_t sent_len;
static struct flow flow;
static struct kmsg kmsg;
static char told[1000];
static size_t told_len;

static void keep(struct log *log, char c)
{
	(void)log;
	assert_true(told_len < sizeof told - 1);
	told[told_len++] = c;
	told[told_len] = 0;
}

static unsigned lines_told(void)
{
	unsigned lines = 0;

	for (const char *c = told; *c; c++)
		lines += *c == '\n';
	return lines;
}

static void resume(uint32_t lease_s, uint32_t t1_s, uint32_t t2_s)
{
	h = (struct handover){
		.mac = { 2, 0, 0, 0, 0, 7 }, .uuid = { 1, 2, 3 }, .undi_major = 2, .undi_minor = 1,
		.lease = { .address = handover_ipv4(OUR_IP), .server = handover_ipv4(SERVER), .prefix = 24,
		           .lease_s = lease_s, .t1_s = t1_s, .t2_s = t2_s },
	};
	kmsg = (struct kmsg){ .log = { .put_char = keep, .verbosity = LOG_INFO } };
	told_len = 0;
	told[0] = 0;
	assert_true(lease_resume(&l, &kmsg, &h, 5 * S));
}

/* True: a request for our address left, to this server. */
static bool asks(usec now, uint32_t server)
{
	struct wr w = wr_over(sent, sizeof sent);
	struct rd ciaddr = rd_over(sent + 12, 4);

	if (!lease_say(&l, now, &w, &flow))
		return false;
	assert_true(wr_ok(&w));
	sent_len = wr_used(&w, sent);
	assert_int_equal(sent[FAKE_OPTIONS_AT + 2], DHCP_REQUEST);
	assert_int_equal(rd_be32(&ciaddr), OUR_IP);
	assert_int_equal(flow.dst_ip, server);
	return true;
}

static void answer(usec now, enum dhcp_type type, uint32_t ip, uint32_t server)
{
	struct fake_reply r;

	fake_reply(&r, type, l.dhcp.xid, h.mac, ip);
	fake_ip(&r, OPT_SERVER_ID, server);
	if (ip)
		fake_ip(&r, OPT_LEASE_TIME, LEASE_S);
	fake_end(&r);
	lease_hear(&l, now, server, rd_over(r.bytes, r.len));
}

static void it_is_renewed_at_t1_and_rebound_at_t2_in_silence(void **state)
{
	(void)state;
	resume(3000, 1200, 2550);
	assert_false(asks(1200 * S - 1, SERVER));
	assert_true(asks(1200 * S, SERVER));
	answer(1201 * S, DHCP_ACK, OUR_IP, SERVER);
	assert_false(asks(3000 * S - 1, SERVER));               /* half of an hour later */
	assert_true(asks(3000 * S, SERVER));
	assert_true(asks((1200 + 3150) * S, IP_BROADCAST));
	answer(4351 * S, DHCP_ACK, OUR_IP, OTHER);
	assert_true(asks((4350 + 1800) * S, OTHER));
	assert_int_equal(lines_told(), 0);
}

static bool holds(const void *bytes, size_t len)
{
	for (size_t at = FAKE_OPTIONS_AT; at + len <= sent_len; at++)
		if (!memcmp(sent + at, bytes, len))
			return true;
	return false;
}

static void it_says_what_the_firmware_said(void **state)
{
	static const uint8_t client_id[] = { OPT_CLIENT_ID, 7, 1, 2, 0, 0, 0, 0, 7 };
	static const uint8_t uuid[] = { OPT_UUID, 17, 0, 1, 2, 3 };
	static const uint8_t user[] = { OPT_USER_CLASS, 5, 4, 'R', 'i', 'l', 'l' };
	static const char class[] = "PXEClient:Arch:00000:UNDI:002001", arms[] = "PXEClient:Arch:00011:UNDI:003016";
	static const uint8_t architecture[] = { OPT_ARCHITECTURE, 2, 0, 11 }, undi[] = { OPT_INTERFACE, 3, 1, 3, 16 };

	(void)state;
	resume(3000, 1200, 2550);
	assert_true(asks(1200 * S, SERVER));
	assert_true(holds(client_id, sizeof client_id));
	assert_true(holds(uuid, sizeof uuid));
	assert_true(holds(user, sizeof user));
	assert_true(holds(class, sizeof class - 1));
	assert_memory_equal(sent + FAKE_CHADDR_AT, h.mac, 6);
	h.arch = 11;
	h.undi_major = 3;
	h.undi_minor = 16;
	assert_true(lease_resume(&l, &kmsg, &h, 5 * S));
	assert_true(asks(1200 * S, SERVER));
	assert_true(holds(architecture, sizeof architecture));
	assert_true(holds(undi, sizeof undi));
	assert_true(holds(arms, sizeof arms - 1));
}

static void a_loss_is_told_once_and_so_is_the_return(void **state)
{
	(void)state;
	resume(3000, 1200, 2550);
	assert_true(asks(1200 * S, SERVER));
	answer(1201 * S, DHCP_NAK, 0, SERVER);
	assert_int_equal(lines_told(), 1);
	assert_non_null(strstr(told, "error: 10.0.0.105 was taken back"));
	for (unsigned turn = 0; turn < 20; turn++) {
		usec now = dhcp_wake_at(&l.dhcp);

		assert_true(asks(now, IP_BROADCAST));
		answer(now, DHCP_NAK, 0, OTHER);
	}
	assert_int_equal(lines_told(), 1);
	assert_true(asks(dhcp_wake_at(&l.dhcp), IP_BROADCAST));
	answer(9000 * S, DHCP_ACK, OUR_IP, OTHER);
	assert_int_equal(lines_told(), 2);
	assert_non_null(strstr(told, "10.0.0.105 is leased again, by 10.0.0.2, for 3600 s"));
}

static void another_address_is_not_taken(void **state)
{
	(void)state;
	resume(3000, 1200, 2550);
	assert_true(asks(2550 * S, IP_BROADCAST));
	answer(2551 * S, DHCP_ACK, OUR_IP + 1, OTHER);
	assert_int_equal(lines_told(), 1);
	assert_non_null(strstr(told, "taken back"));
	assert_true(asks(dhcp_wake_at(&l.dhcp), IP_BROADCAST));
}

static void a_lease_nobody_renews_runs_out(void **state)
{
	usec now = 0;

	(void)state;
	resume(3000, 1200, 2550);
	for (unsigned turn = 0; lines_told() == 0 && turn < 40; turn++) {
		struct wr w = wr_over(sent, sizeof sent);

		now = dhcp_wake_at(&l.dhcp);
		lease_say(&l, now, &w, &flow);
	}
	assert_int_equal(now, 3000 * S);
	assert_non_null(strstr(told, "error: 10.0.0.105 is no longer leased"));
	assert_in_range(dhcp_wake_at(&l.dhcp), 3003 * S, 3005 * S);
}

/* H4 of docs/handover.md: asked for at once, by broadcast; used meanwhile. */
static void a_lease_that_is_over_already_is_asked_for_at_once(void **state)
{
	(void)state;
	resume(0, 0, 0);
	assert_true(asks(5 * S, IP_BROADCAST));
	assert_int_equal(lines_told(), 1);
	answer(6 * S, DHCP_ACK, OUR_IP, SERVER);
	assert_int_equal(lines_told(), 2);
	assert_false(asks(1805 * S - 1, SERVER));
	assert_true(asks(1805 * S, SERVER));

	resume(4, 2, 3);                                        /* the kernel took five seconds to start */
	assert_true(asks(5 * S, IP_BROADCAST));
	assert_int_equal(lines_told(), 1);
}

static void an_address_without_a_server_or_an_end_is_left_alone(void **state)
{
	static const struct handover_ip nobody;

	(void)state;
	resume(UINT32_MAX, UINT32_MAX / 2, UINT32_MAX / 8 * 7);
	assert_true(dhcp_wake_at(&l.dhcp) > (usec)3600 * 24 * 365 * 60 * S);
	h.lease.server = nobody;
	assert_false(lease_resume(&l, &kmsg, &h, 0));
	assert_true(lease_wake_at(&l) == NEVER);
	lease_rx(&l, 0);
	lease_tx(&l, 0);
	assert_int_equal(lines_told(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_renewed_at_t1_and_rebound_at_t2_in_silence),
		cmocka_unit_test(it_says_what_the_firmware_said),
		cmocka_unit_test(a_loss_is_told_once_and_so_is_the_return),
		cmocka_unit_test(another_address_is_not_taken),
		cmocka_unit_test(a_lease_nobody_renews_runs_out),
		cmocka_unit_test(a_lease_that_is_over_already_is_asked_for_at_once),
		cmocka_unit_test(an_address_without_a_server_or_an_end_is_left_alone),
	};

	return cmocka_run_group_tests_name("lease", tests, NULL, NULL);
}
