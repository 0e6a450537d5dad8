/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include <stdatomic.h>
#include "server/fake.h"

static struct tlv_set answer(const struct fake *f)
{
	struct tlv_set set;
	struct rd body;

	fake_head(f, 0, &body);
	assert_int_equal(tlv_read_set(body, &set), TLV_OK);
	return set;
}

static void a_machine_is_let_in(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);
	struct tlv_set set;

	(void)state;
	assert_int_equal(fake_login(f, &c, "b"), STREAM_RLOGIN);
	assert_int_equal(f->count, 1);
	set = answer(f);
	assert_string_equal(set.disk, "b");
	assert_memory_equal(set.content.id, "bbbbbbbbbbbbbbbb", 16);
	assert_int_equal(set.size, FAKE_DISK_BYTES);
	assert_int_equal(set.mode, MODE_READ_ONLY);
	assert_int_equal(set.ticket.len, TICKET_BYTES);
	assert_int_equal(set.expires_s, SERVER_EXPIRES_S);
	assert_int_equal(set.segment, STREAM_SEGMENT_BYTES);
	assert_int_equal(set.window, SERVER_WINDOW);
	assert_int_not_equal(c.session, 0);
	assert_non_null(strstr(f->log, " login session="));
	assert_non_null(strstr(f->log, " mac=52:54:00:00:00:01 address=10.0.0.1:1068 disk=b stage=firmware"));
	fake_close(f);
}

static void m04_the_same_login_twice_gives_the_same_session(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX];
	struct stream_cookie cookie;
	struct rd body;

	(void)state;
	cookie_make(&f->server.key, f->now / USEC_PER_S, &c.address, &cookie);
	size_t len = fake_login_write(&c, &cookie, "a", NULL, NULL, datagram, sizeof datagram);
	fake_sealed(f, &c.address, datagram, len);
	uint64_t session = fake_head(f, 0, &body).session;
	fake_sealed(f, &c.address, datagram, len);
	assert_int_equal(fake_head(f, 0, &body).session, session);
	assert_int_equal(sessions_count(f->server.sessions), 1);
	c.request++;            /* another login is another boot */
	fake_sealed(f, &c.address, datagram, fake_login_write(&c, &cookie, "a", NULL, NULL, datagram,
	                                                      sizeof datagram));
	assert_int_not_equal(fake_head(f, 0, &body).session, session);
	fake_close(f);
}

/* Two disks, the second marked, for ten seconds; nobody asks for less than a menu knows. */
static void give_menu(struct fake *f)
{
	f->server.menu.shown = (struct disk_menu){
		.entries = { { "a", "The first" }, { "b", "" } }, .count = 2, .marked = 1, .seconds = 10,
	};
}

static void add_choice(struct wr *w, void *with)
{
	(void)with;
	wr_tlv_u8(w, TLV_CHOICE, 0);
}

static void add_choice_and_content(struct wr *w, void *with)
{
	wr_tlv_u8(w, TLV_CHOICE, 0);
	wr_tlv(w, TLV_CONTENT, with, STREAM_CONTENT_BYTES);
}

static void m31_who_can_choose_is_sent_the_menu_and_nothing_is_kept(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);
	struct disk_menu menu;
	struct rd body;

	(void)state;
	give_menu(f);
	for (int empty_name = 0; empty_name < 2; empty_name++) {        /* the cookie came first: fake_login_with() */
		assert_int_equal(fake_login_with(f, &c, empty_name ? "" : NULL, add_choice, NULL), STREAM_RDENY);
		assert_int_equal(answer(f).reason, DENY_CHOOSE);
		assert_string_equal(answer(f).text, "choose a disk");
		fake_head(f, 0, &body);
		assert_true(rd_disk_menu(body, &menu));
		assert_int_equal(menu.count, 2);
		assert_string_equal(menu.entries[0].title, "The first");
		assert_string_equal(menu.entries[1].name, "b");
		assert_string_equal(menu.entries[1].title, "b");
		assert_int_equal(menu.marked, 1);
		assert_int_equal(menu.seconds, 10);
	}
	assert_int_equal(sessions_count(f->server.sessions), 0);
	assert_int_equal(f->out.counts.menus, 2);
	assert_int_equal(f->out.counts.denied, 0);
	assert_non_null(strstr(f->log, " menu mac=52:54:00:00:00:01 address=10.0.0.1:1068 entries=2 default=b"));
	assert_int_equal(fake_login(f, &c, "b"), STREAM_RLOGIN);
	assert_string_equal(answer(f).disk, "b");
	fake_close(f);
}

static void m31_anyone_else_gets_a_disk(void **state)
{
	static const struct mac_pattern ours = { { 0x52, 0x54, 0, 0, 0, 2 }, { 255, 255, 255, 0, 0, 255 } };
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1), other = fake_client(2);
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX];
	struct rd body;

	(void)state;
	give_menu(f);
	fake_sealed(f, &c.address, datagram, fake_login_write(&c, NULL, NULL, add_choice, NULL, datagram,
	                                                      sizeof datagram));
	assert_int_equal(fake_head(f, 0, &body).type, STREAM_RCOOKIE);  /* a lie about the address gets no menu */
	assert_int_equal(fake_login(f, &c, NULL), STREAM_RLOGIN);       /* an old client, the driver */
	assert_string_equal(answer(f).disk, "a");
	assert_int_equal(fake_login_with(f, &c, "b", add_choice, NULL), STREAM_RLOGIN);
	assert_string_equal(answer(f).disk, "b");
	assert_int_equal(fake_login_with(f, &c, NULL, add_choice_and_content, c.content.id), STREAM_RLOGIN);
	assert_int_equal(fake_login_with(f, &c, "c", add_choice, NULL), STREAM_RDENY);
	assert_int_equal(answer(f).reason, DENY_NO_SUCH_DISK);
	f->server.menu.machines[0]   = ours;
	f->server.menu.machine_count = 1;
	assert_int_equal(fake_login_with(f, &c, NULL, add_choice, NULL), STREAM_RLOGIN);
	assert_int_equal(fake_login_with(f, &other, NULL, add_choice, NULL), STREAM_RDENY);
	assert_int_equal(answer(f).reason, DENY_CHOOSE);
	f->server.menu.shown.count = 0;
	assert_int_equal(fake_login_with(f, &other, NULL, add_choice, NULL), STREAM_RLOGIN);
	fake_close(f);
}

static void m02_the_longest_menu_has_at_most_1200_bytes(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);
	struct disk_menu *m = &f->server.menu.shown, menu;
	struct rd body;

	(void)state;
	m->count   = TLV_MENU_MAX;
	m->seconds = DISK_MENU_SECONDS_MAX;
	for (unsigned i = 0; i < m->count; i++) {
		memset(m->entries[i].name, 'n', TLV_NAME_MAX);
		memset(m->entries[i].title, 't', DISK_MENU_TITLE_MAX);
	}
	assert_int_equal(fake_login_with(f, &c, NULL, add_choice, NULL), STREAM_RDENY);
	assert_true(f->used <= STREAM_MESSAGE_BYTES_MAX);
	fake_head(f, 0, &body);
	assert_true(rd_disk_menu(body, &menu));
	assert_memory_equal(&menu, m, sizeof menu);
	fake_close(f);
}

static void m11_a_login_below_128_bytes_is_dropped(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX];

	(void)state;
	for (size_t len = 0; len <= 160; len++) {
		struct stream_head head = { .type = STREAM_TLOGIN, .request = 1 };
		struct wr w = wr_over(datagram, sizeof datagram);

		wr_stream_head(&w, &head);
		if (len >= STREAM_HEAD_BYTES + 4)
			wr_tlv_pad(&w, len - STREAM_HEAD_BYTES);
		fake_sealed(f, &c.address, datagram, wr_used(&w, datagram));
		assert_int_equal(f->count, wr_used(&w, datagram) >= STREAM_LOGIN_BYTES_MIN);
	}
	fake_close(f);
}

static void m12_without_a_good_cookie_comes_a_cookie_and_nothing_is_kept(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX];
	struct stream_cookie good, bad;
	struct rd body;

	(void)state;
	cookie_make(&f->server.key, f->now / USEC_PER_S, &c.address, &good);
	for (int bit = -1; bit < 128; bit++) {
		bad = good;
		if (bit >= 0)
			bad.bytes[bit / 8] = (uint8_t)(bad.bytes[bit / 8] ^ 1u << bit % 8);
		size_t len = fake_login_write(&c, bit < 0 ? NULL : &bad, "a", NULL, NULL, datagram,
		                              sizeof datagram);
		fake_sealed(f, &c.address, datagram, len);
		assert_int_equal(f->count, 1);
		assert_int_equal(fake_head(f, 0, &body).type, STREAM_RCOOKIE);
		assert_true(rd_left(&body) + STREAM_HEAD_BYTES <= len);
	}
	assert_int_equal(sessions_count(f->server.sessions), 0);
	assert_int_equal(f->log_len, 0);
	fake_close(f);
}

static void m12_a_cookie_is_bound_to_address_and_port_and_lives_30_seconds(void **state)
{
	struct fake *f = fake_open();
	struct stream_address here = stream_address_ipv4(1, 1), there = stream_address_ipv4(2, 1),
	                      port = stream_address_ipv4(1, 2);
	struct stream_cookie cookie;

	(void)state;
	for (uint64_t at = 1700000000; at < 1700000000 + 2 * COOKIE_SLOT_S; at++) {
		cookie_make(&f->server.key, at, &here, &cookie);
		assert_true(cookie_good(&f->server.key, &cookie, at, &here));
		assert_true(cookie_good(&f->server.key, &cookie, at + 30, &here));
		assert_false(cookie_good(&f->server.key, &cookie, at + 2 * COOKIE_SLOT_S, &here));
		assert_false(cookie_good(&f->server.key, &cookie, at, &there));
		assert_false(cookie_good(&f->server.key, &cookie, at, &port));
	}
	fake_close(f);
}

static void m15_an_empty_or_absent_name_lets_the_server_choose(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);

	(void)state;
	assert_int_equal(fake_login(f, &c, NULL), STREAM_RLOGIN);
	assert_string_equal(answer(f).disk, "a");
	c.session = 0;
	assert_int_equal(fake_login(f, &c, ""), STREAM_RLOGIN);
	assert_string_equal(answer(f).disk, "a");
	f->server.default_disk = NULL;
	assert_int_equal(fake_login(f, &c, ""), STREAM_RDENY);
	assert_int_equal(answer(f).reason, DENY_NO_DEFAULT_DISK);
	assert_string_equal(answer(f).text, "name a disk, or start rilld with --default; this server has: a, b, "
	                    "hollow");
	fake_close(f);
}

static void a_denial_names_reason_and_cure(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);

	(void)state;
	assert_int_equal(fake_login(f, &c, "windows"), STREAM_RDENY);
	assert_int_equal(answer(f).reason, DENY_NO_SUCH_DISK);
	assert_string_equal(answer(f).text, "no disk \"windows\" here; this server has: a, b, hollow");
	assert_int_equal(fake_login(f, &c, "hollow"), STREAM_RDENY);
	assert_int_equal(answer(f).reason, DENY_EMPTY_DISK);
	assert_string_equal(answer(f).text, "the fake is empty");
	assert_non_null(strstr(f->log, " deny mac=52:54:00:00:00:01 address=10.0.0.1:1068 asked=windows reason=1 "
	                       "text=\"no"));
	assert_int_equal(sessions_count(f->server.sessions), 0);
	fake_close(f);
}

static void a_denial_with_many_disks_fits(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);
	struct disk *many[100];

	(void)state;
	memset(f->disks[1].disk.name, 'x', TLV_NAME_MAX);
	for (size_t i = 0; i < COUNT_OF(many); i++)
		many[i] = &f->disks[1].disk;
	f->server.disks      = many;
	f->server.disk_count = COUNT_OF(many);
	assert_int_equal(fake_login(f, &c, "windows"), STREAM_RDENY);
	assert_string_equal(answer(f).text + strlen(answer(f).text) - 5, ", ...");
	fake_close(f);
}

static void add_content(struct wr *w, void *with)
{
	wr_tlv(w, TLV_CONTENT, with, STREAM_CONTENT_BYTES);
}

static void m16_a_content_is_served_exactly_or_denied(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);
	struct stream_content b = f->disks[1].disk.content, unknown = { "?" };
	const struct { const char *disk; uint8_t *content; } denied[] = {
		{ "a", b.id }, { NULL, unknown.id }, { "b", unknown.id }, { "windows" /* M15 */, b.id },
	};

	(void)state;
	assert_int_equal(fake_login_with(f, &c, "b", add_content, b.id), STREAM_RLOGIN);
	assert_int_equal(fake_login_with(f, &c, NULL, add_content, b.id), STREAM_RLOGIN);
	assert_string_equal(answer(f).disk, "b");               /* found by its content, not the default */
	for (size_t i = 0; i < COUNT_OF(denied); i++) {
		assert_int_equal(fake_login_with(f, &c, denied[i].disk, add_content, denied[i].content), STREAM_RDENY);
		assert_int_equal(answer(f).reason, DENY_CONTENT_CHANGED);
	}
	assert_non_null(strstr(answer(f).text, "runs from it: serve it again; this server has: a, b, hollow"));
	fake_close(f);
}

static void m17_a_session_is_kept_unless_it_is_another_machines(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1), moved, thief = fake_client(2), stranger = fake_client(3);

	(void)state;
	assert_int_equal(fake_login(f, &c, "a"), STREAM_RLOGIN);
	moved = c;
	moved.address = stream_address_ipv4(0x0a0000ff, 9);
	assert_int_equal(fake_login(f, &moved, "a"), STREAM_RLOGIN);
	assert_int_equal(moved.session, c.session);
	assert_non_null(strstr(f->log, " login-again session="));

	thief.session = c.session;
	assert_int_equal(fake_login(f, &thief, "a"), STREAM_RLOGIN);
	assert_int_not_equal(thief.session, c.session);
	assert_int_not_equal(thief.session, 0);

	stranger.session = 0x1234;              /* of before a restart, say */
	assert_int_equal(fake_login(f, &stranger, "a"), STREAM_RLOGIN);
	assert_int_equal(stranger.session, 0x1234);
	fake_close(f);
}

static void add_demand(struct wr *w, void *with)
{
	(void)with;
	wr_tlv(w, TLV_MUST | 99, NULL, 0);
}

static void m09_what_we_do_not_know_is_skipped_or_denied(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);

	(void)state;
	assert_int_equal(fake_login_with(f, &c, "a", add_demand, NULL), STREAM_RDENY);
	assert_int_equal(answer(f).reason, DENY_UNSUPPORTED);
	assert_int_equal(sessions_count(f->server.sessions), 0);
	fake_close(f);
}

static void m10_a_malformed_login_is_dropped(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX + 8];
	struct stream_cookie cookie;

	(void)state;
	cookie_make(&f->server.key, f->now / USEC_PER_S, &c.address, &cookie);
	size_t whole = fake_login_write(&c, &cookie, "a", NULL, NULL, datagram, sizeof datagram);
	for (size_t cut = 1; cut < 4; cut++) {          /* the last TLV does not end where the message ends */
		fake_sealed(f, &c.address, datagram, whole - cut);
		assert_int_equal(f->count, 0);
	}
	memset(datagram + whole, 0, 3);
	fake_sealed(f, &c.address, datagram, whole + 1);
	assert_int_equal(f->count, 0);
	struct wr w = wr_over(datagram + whole, 16);    /* a type twice */
	wr_tlv_u8(&w, TLV_STAGE, 1);
	fake_sealed(f, &c.address, datagram, whole + 5);
	assert_int_equal(f->count, 0);
	w = wr_over(datagram + whole, 16);              /* a length that is not its type's */
	wr_tlv_u8(&w, TLV_CHOICE, 1);
	fake_sealed(f, &c.address, datagram, whole + 5);
	assert_int_equal(f->count, 1);
	w = wr_over(datagram + whole, 16);
	wr_tlv_u16(&w, TLV_CHOICE, 1);
	fake_sealed(f, &c.address, datagram, whole + 6);
	assert_int_equal(f->count, 0);
	fake_close(f);
}

static void m02_a_login_above_1200_bytes_is_dropped(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX + 8];
	size_t used;

	(void)state;
	for (size_t more = 0; more <= 4; more += 4) {
		used = fake_login_write(&c, NULL, "a", NULL, NULL, datagram, sizeof datagram);
		struct wr w = wr_over(datagram + used, sizeof datagram - used);
		wr_tlv_pad(&w, STREAM_MESSAGE_BYTES_MAX + more - used);
		fake_sealed(f, &c.address, datagram, STREAM_MESSAGE_BYTES_MAX + more);
		assert_int_equal(f->count, more == 0);
	}
	fake_close(f);
}

static void a_login_without_mac_is_told_so(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX];
	struct stream_head head = { .type = STREAM_TLOGIN, .request = 1 };
	struct wr w = wr_over(datagram, sizeof datagram);
	struct stream_cookie cookie;

	(void)state;
	cookie_make(&f->server.key, f->now / USEC_PER_S, &c.address, &cookie);
	wr_stream_head(&w, &head);
	wr_tlv(&w, TLV_COOKIE, cookie.bytes, sizeof cookie.bytes);
	wr_tlv_pad(&w, STREAM_LOGIN_BYTES_MIN);
	fake_sealed(f, &c.address, datagram, wr_used(&w, datagram));
	assert_int_equal(answer(f).reason, DENY_MALFORMED);
	fake_close(f);
}

static void a_full_server_is_busy_for_new_machines_only(void **state)
{
	struct fake *f = fake_open();
	struct fake_client first = fake_client(1), second = fake_client(2);
	struct rd body;

	(void)state;
	sessions_close(f->server.sessions);
	f->server.sessions = sessions_open(1, 5);
	assert_int_equal(fake_login(f, &first, "a"), STREAM_RLOGIN);
	assert_int_equal(fake_login(f, &second, "a"), STREAM_RBUSY);
	assert_int_equal(answer(f).wait_ms, SERVER_BUSY_MS);
	assert_int_equal(fake_login(f, &first, "a"), STREAM_RLOGIN);
	fake_tell(f, &first, STREAM_TBYE, NULL);
	assert_int_equal(fake_head(f, 0, &body).type, STREAM_RBYE);
	assert_int_equal(fake_login(f, &second, "a"), STREAM_RLOGIN);
	fake_close(f);
}

static void a_redirecting_server_sends_everybody_on(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);

	(void)state;
	f->server.redirects = true;
	f->server.redirect  = stream_address_ipv4(0xc0a80102, 6910);
	assert_int_equal(fake_login(f, &c, "a"), STREAM_RREDIRECT);
	assert_int_equal(answer(f).server_count, 1);
	assert_true(stream_address_same(&answer(f).servers[0], &f->server.redirect));
	assert_int_equal(sessions_count(f->server.sessions), 0);
	fake_close(f);
}

static void a_draining_server_lets_nobody_in_and_says_so(void **state)
{
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1), late = fake_client(2);
	struct rd body;

	(void)state;
	assert_int_equal(fake_login(f, &c, "a"), STREAM_RLOGIN);
	assert_int_equal(fake_head(f, 0, &body).flags, 0);
	atomic_store(&f->server.draining, true);
	assert_int_equal(fake_login(f, &late, "a"), STREAM_RBUSY);
	assert_int_equal(fake_head(f, 0, &body).flags, STREAM_DRAINING);
	fake_read(f, &c, 0, 512, 512, 1);
	assert_int_equal(f->count, 1);
	assert_int_equal(fake_head(f, 0, &body).flags, STREAM_DRAINING);
	fake_close(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_is_let_in),
		cmocka_unit_test(m02_a_login_above_1200_bytes_is_dropped),
		cmocka_unit_test(m04_the_same_login_twice_gives_the_same_session),
		cmocka_unit_test(m09_what_we_do_not_know_is_skipped_or_denied),
		cmocka_unit_test(m10_a_malformed_login_is_dropped),
		cmocka_unit_test(m11_a_login_below_128_bytes_is_dropped),
		cmocka_unit_test(m12_without_a_good_cookie_comes_a_cookie_and_nothing_is_kept),
		cmocka_unit_test(m12_a_cookie_is_bound_to_address_and_port_and_lives_30_seconds),
		cmocka_unit_test(m15_an_empty_or_absent_name_lets_the_server_choose),
		cmocka_unit_test(m16_a_content_is_served_exactly_or_denied),
		cmocka_unit_test(m17_a_session_is_kept_unless_it_is_another_machines),
		cmocka_unit_test(a_denial_names_reason_and_cure),
		cmocka_unit_test(a_denial_with_many_disks_fits),
		cmocka_unit_test(m31_who_can_choose_is_sent_the_menu_and_nothing_is_kept),
		cmocka_unit_test(m31_anyone_else_gets_a_disk),
		cmocka_unit_test(m02_the_longest_menu_has_at_most_1200_bytes),
		cmocka_unit_test(a_login_without_mac_is_told_so),
		cmocka_unit_test(a_full_server_is_busy_for_new_machines_only),
		cmocka_unit_test(a_redirecting_server_sends_everybody_on),
		cmocka_unit_test(a_draining_server_lets_nobody_in_and_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
