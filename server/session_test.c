/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "server/session.h"

static const struct stream_address somewhere = { .ip = { 1 }, .port = 1 };

static enum session_verdict login(struct sessions *s, uint64_t id, uint8_t mac)
{
	struct session it = { .id = id, .mac = { mac }, .stage = STAGE_FIRMWARE, .address = somewhere };

	return sessions_login(s, 1000, &it);
}

static unsigned note(struct sessions *s, uint64_t id)
{
	struct session_news news = { .id = id, .from = &somewhere, .stage = STAGE_FIRMWARE, .bytes = 1,
	                             .read = true };
	struct session it;

	return sessions_note(s, 1000, &news, &it);
}

/* Against a plain array that does the same slowly: insert, find and erase in any order. */
static void a_table_forgets_and_keeps_what_it_should(void **state)
{
	enum { IDS = 400, MAX = 200 };
	struct sessions *s = sessions_open(MAX, 0x9e3779b97f4a7c15);
	bool there[IDS + 1] = { false };
	unsigned count = 0, full = 0;
	uint32_t seed = 1;
	struct session it;

	(void)state;
	for (unsigned n = 0; n < 200000; n++) {
		seed = seed * 1664525 + 1013904223;
		uint64_t id = (seed >> 8) % IDS + 1;

		if (seed >> 31) {
			enum session_verdict v = login(s, id, 1);
			assert_int_equal(v == SESSION_KNOWN, there[id]);
			full += v == SESSION_FULL;
			count += v == SESSION_NEW;
			there[id] = there[id] || v == SESSION_NEW;
		} else if (seed >> 29 & 1) {
			bool known = sessions_end(s, id, &it);
			assert_int_equal(known, there[id]);
			assert_true(!known || it.id == id);
			count -= known;
			there[id] = false;
		} else if (there[id]) {
			assert_int_equal(note(s, id), SESSION_SAME);
		}
		assert_int_equal(sessions_count(s), count);
		assert_true(count <= MAX);
	}
	assert_true(full > 0);
	sessions_close(s);
}

static void a_full_table_takes_no_more(void **state)
{
	enum { MAX = 1000 };
	struct sessions *s = sessions_open(MAX, 77);
	unsigned taken = 0;
	struct session it;
	size_t cursor = 0;

	(void)state;
	for (uint64_t id = 1; id <= MAX; id++)
		taken += login(s, id * 0x9e3779b97f4a7c15, 1) == SESSION_NEW;
	assert_int_equal(taken, MAX);
	assert_int_equal(login(s, 5, 1), SESSION_FULL);
	assert_int_equal(note(s, 5), SESSION_SAME);
	assert_int_equal(sessions_count(s), MAX);
	while (sessions_take(s, &cursor, &it))
		taken--;
	assert_int_equal(taken, 0);
	assert_int_equal(sessions_count(s), 0);
	sessions_close(s);
}

static void another_mac_is_another_machine(void **state)
{
	struct sessions *s = sessions_open(4, 1);

	(void)state;
	assert_int_equal(login(s, 1, 1), SESSION_NEW);
	assert_int_equal(login(s, 1, 2), SESSION_OTHER_MAC);
	assert_int_equal(login(s, 1, 1), SESSION_KNOWN);
	assert_int_equal(note(s, 2), SESSION_RESUMED);
	assert_int_equal(login(s, 2, 9), SESSION_KNOWN);        /* its MAC was not known before */
	assert_int_equal(login(s, 2, 8), SESSION_OTHER_MAC);
	sessions_close(s);
}

static void a_driver_stays_a_driver(void **state)
{
	struct sessions *s = sessions_open(4, 1);
	struct session it = { .id = 1, .mac = { 1 }, .stage = STAGE_DRIVER, .address = somewhere };

	(void)state;
	assert_int_equal(sessions_login(s, 1000, &it), SESSION_NEW);
	it.stage = STAGE_FIRMWARE;
	assert_int_equal(sessions_login(s, 1000, &it), SESSION_KNOWN);
	assert_int_equal(it.stage, STAGE_DRIVER);
	sessions_close(s);
}

static void a_crowded_table_lets_silent_sessions_go(void **state)
{
	struct sessions *s = sessions_open(4, 1);
	usec later = 1000 + SESSION_QUIET_S * (usec)USEC_PER_S;
	size_t cursor = 0;
	struct session it;
	unsigned ended = 0;

	(void)state;
	for (uint64_t id = 1; id <= 3; id++)
		login(s, id, 1);
	while (sessions_due(s, later, 3600, &cursor, &it) != SESSION_NONE)
		assert_true(it.quiet);
	login(s, 4, 1);
	cursor = 0;
	for (enum session_due due; (due = sessions_due(s, later, 3600, &cursor, &it)) != SESSION_NONE;)
		ended += due == SESSION_EXPIRED;
	assert_true(ended >= 1);
	assert_int_equal(sessions_count(s), 4 - ended);
	sessions_close(s);
}

static void a_clock_that_jumps_back_ends_nothing(void **state)
{
	struct sessions *s = sessions_open(4, 1);
	size_t cursor = 0;
	struct session it;

	(void)state;
	login(s, 1, 1);
	assert_int_equal(sessions_due(s, 0, 3600, &cursor, &it), SESSION_NONE);
	assert_int_equal(sessions_count(s), 1);
	sessions_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_forgets_and_keeps_what_it_should),
		cmocka_unit_test(a_full_table_takes_no_more),
		cmocka_unit_test(another_mac_is_another_machine),
		cmocka_unit_test(a_driver_stays_a_driver),
		cmocka_unit_test(a_crowded_table_lets_silent_sessions_go),
		cmocka_unit_test(a_clock_that_jumps_back_ends_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
