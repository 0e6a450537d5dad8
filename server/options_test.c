/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "server/journal.h"
#include "server/key.h"
#include "server/options.h"

static struct options o;
static char trouble[512];

static bool parse(const char *line)
{
	static char words[1024];
	char *argv[32] = { "rilld" }, *save = NULL;
	int argc = 1;

	snprintf(words, sizeof words, "%s", line);
	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	trouble[0] = 0;
	return options_parse(argc, argv, &o, trouble, sizeof trouble);
}

static void a_good_line(void **state)
{
	(void)state;
	assert_true(parse("--disk debian=/srv/d=1.img --disk=b=x --default debian --listen 192.0.2.1:7000 "
	                  "--key k --log json "
	                  "--redirect [2001:db8::1]:9 --sessions-max 5 --threads 3 --no-gso"));
	assert_int_equal(o.disk_count, 2);
	assert_string_equal(o.disks[0].name, "debian");
	assert_string_equal(o.disks[0].file, "/srv/d=1.img");
	assert_string_equal(o.disks[1].name, "b");
	assert_string_equal(o.default_name, "debian");
	assert_string_equal(address_text(&o.listen).s, "192.0.2.1:7000");
	assert_string_equal(address_text(&o.redirect).s, "[2001:db8::1]:9");
	assert_string_equal(o.key_file, "k");
	assert_true(o.json && o.no_gso && o.redirects && o.listens);
	assert_int_equal(o.sessions_max, 5);
	assert_int_equal(o.threads, 3);

	assert_int_equal(o.menu.shown.count, 0);

	assert_true(parse("--disk a=b"));
	assert_false(o.json || o.no_gso || o.redirects || o.listens);
	assert_int_equal(o.sessions_max, OPTIONS_SESSIONS);
	assert_true(parse("--redirect 192.0.2.1"));             /* needs no disk */
	assert_true(parse("--help --nonsense"));
	assert_int_equal(o.action, OPTIONS_HELP);
	assert_true(parse("--version"));
	assert_int_equal(o.action, OPTIONS_VERSION);
}

static void a_menu_marks_the_default_and_is_one(void **state)
{
	(void)state;
	assert_true(parse("--disk a=f --disk b=f --disk c=f --menu b=B --menu a"));
	assert_int_equal(o.menu.shown.count, 2);
	assert_string_equal(o.menu.shown.entries[0].name, "b");
	assert_string_equal(o.menu.shown.entries[0].title, "B");
	assert_string_equal(o.menu.shown.entries[1].title, "");
	assert_int_equal(o.menu.shown.marked, 0);
	assert_int_equal(o.menu.shown.seconds, OPTIONS_MENU_WAIT_S);
	assert_int_equal(o.menu.machine_count, 0);
	assert_string_equal(o.default_name, "b");
	assert_true(parse("--default a --menu b --menu a --disk a=f --disk b=f --menu-wait 0 "
	                  "--menu-for 52:54:00:*:*:* --menu-for 02:aB:Cd:ef:00:01"));
	assert_int_equal(o.menu.shown.marked, 1);
	assert_int_equal(o.menu.shown.seconds, 0);
	assert_int_equal(o.menu.machine_count, 2);
	assert_memory_equal(o.menu.machines[0].mac, "\x52\x54\0\0\0\0", 6);
	assert_memory_equal(o.menu.machines[0].mask, "\xff\xff\xff\0\0\0", 6);
	assert_memory_equal(o.menu.machines[1].mac, "\2\xab\xcd\xef\0\1", 6);
	assert_true(parse("--default c --menu b --menu a --disk a=f --disk b=f --disk c=f"));
	assert_int_equal(o.menu.shown.marked, 0);       /* not in it: the default of the others */
	assert_string_equal(o.default_name, "c");
}

static void a_mac_address_is_six_bytes(void **state)
{
	static const char *const bad[] = {
		"", "52", "52:54:00:12:34", "52:54:00:12:34:5", "52:54:00:12:34:56:", "52:54:00:12:34:56:78",
		"52-54-00-12-34-56", "525400123456", "52:54:00:12:34:5g", "**:*:*:*:*:*", "52:54:00:*", "::::::",
	};
	struct mac_pattern pattern;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		char *copy = (char *)exact_copy((const uint8_t *)bad[i], strlen(bad[i]) + 1);

		assert_false(mac_pattern_parse(copy, &pattern));
		free(copy);
	}
	assert_true(mac_pattern_parse("*:*:*:*:*:*", &pattern));
}

static void addresses(void **state)
{
	static const struct { const char *text, *is; } cases[] = {
		{ "192.0.2.1", "192.0.2.1:6910" }, { "192.0.2.1:1", "192.0.2.1:1" }, { ":7000", "[::]:7000" },
		{ "::", "[::]:6910" }, { "2001:db8::1", "[2001:db8::1]:6910" }, { "[::1]", "[::1]:6910" },
		{ "[::1]:65535", "[::1]:65535" }, { "0.0.0.0:0", "0.0.0.0:0" },
		{ "", NULL }, { "192.0.2.1:", NULL }, { "192.0.2.1:65536", NULL }, { "192.0.2.1:-1", NULL },
		{ "192.0.2", NULL }, { "host", NULL }, { "host:1", NULL }, { "[::1", NULL }, { "::1]", NULL },
		{ "[192.0.2.1]:1", NULL }, { "[::1]x", NULL }, { "[::1]:", NULL }, { "[]:1", NULL },
		{ "[", NULL }, { "]", NULL },
		{ "192.0.2.1:1x", NULL }, { "[::1]:1:2", NULL },
		{ "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd", NULL },
	};
	struct stream_address a;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(options_address(cases[i].text, 6910, &a), cases[i].is != NULL);
		if (cases[i].is)
			assert_string_equal(address_text(&a).s, cases[i].is);
	}
}

static void every_wrong_line_names_thing_and_cure(void **state)
{
	static const struct { const char *line, *trouble; } cases[] = {
		{ "", "no disk to serve; give at least one --disk NAME=FILE (see rilld --help)" },
		{ "--disk", "--disk: its value is missing; give --disk NAME=FILE" },
		{ "--disk x", "--disk x: not NAME=FILE; for example --disk debian=/srv/debian.img" },
		{ "--disk x=", "--disk x=: not NAME=FILE; for example --disk debian=/srv/debian.img" },
		{ "--disk =f", "--disk =f: not NAME=FILE; for example --disk debian=/srv/debian.img" },
		{ "--disk a/b=f", "--disk a/b=f: a name has 1 to 63 letters, digits, '.', '_' or '-'" },
		{ "--disk a=f --disk a=g", "--disk a=g: the name is taken by f; give each disk its own" },
		{ "--disk a=f --default b",
		  "--default b: no --disk has this name; add --disk b=FILE or name another" },
		{ "--disk a=f --menu b", "--menu b: no --disk has this name; add --disk b=FILE or leave it out" },
		{ "--disk a=f --menu a/b",
		  "--menu a/b: not NAME or NAME=TITLE; for example --menu debian='Debian 12'" },
		{ "--disk a=f --menu =A",
		  "--menu =A: not NAME or NAME=TITLE; for example --menu debian='Debian 12'" },
		{ "--disk a=f --menu a=", "--menu a=: a title has 1 to 48 printable ASCII characters" },
		{ "--disk a=f --menu a=\x1b[2J",
		  "--menu a=\x1b[2J: a title has 1 to 48 printable ASCII characters" },
		{ "--disk a=f --menu a=0123456789012345678901234567890123456789012345678",
		  "--menu a=0123456789012345678901234567890123456789012345678: "
		  "a title has 1 to 48 printable ASCII characters" },
		{ "--disk a=f --menu a --menu a=A",
		  "--menu a=A: this disk is in the menu already; leave out one of the two" },
		{ "--disk a=f --menu 1 --menu 2 --menu 3 --menu 4 --menu 5 --menu 6 --menu 7 --menu 8 "
		  "--menu 9 --menu a",
		  "--menu a: more than 9 entries; leave one out, it can be had by name" },
		{ "--disk a=f --menu a --menu-wait 3601", "--menu-wait 3601: give a number from 0 to 3600" },
		{ "--disk a=f --menu-wait 5",
		  "--menu-wait: there is no menu; add --menu NAME for each of its entries" },
		{ "--disk a=f --menu-for 1:2:3:4:5:6", "--menu-for 1:2:3:4:5:6: not a MAC address; "
		  "for example 52:54:00:12:34:56 or 52:54:00:*:*:*" },
		{ "--disk a=f --menu-for *:*:*:*:*:*",
		  "--menu-for: there is no menu; add --menu NAME for each of its entries" },
		{ "--disk a=f --listen nowhere", "--listen nowhere: not an address; for example 192.0.2.1, "
		  "192.0.2.1:6910 or [2001:db8::1]:6910" },
		{ "--disk a=f --redirect 0.0.0.0",
		  "--redirect 0.0.0.0: not a server's address; for example 192.0.2.1 or 192.0.2.1:6910" },
		{ "--disk a=f --redirect :1",
		  "--redirect :1: not a server's address; for example 192.0.2.1 or 192.0.2.1:6910" },
		{ "--disk a=f --log xml", "--log xml: give text or json" },
		{ "--disk a=f --sessions-max 0", "--sessions-max 0: give a number from 1 to 1000000" },
		{ "--disk a=f --sessions-max 1000001", "--sessions-max 1000001: give a number from 1 to 1000000" },
		{ "--disk a=f --threads many", "--threads many: give a number from 1 to 64" },
		{ "--disk a=f --threads 99999999999999999999", "--threads 99999999999999999999: "
		  "give a number from 1 to 64" },
		{ "--disk a=f --no-gso=1", "--no-gso=1: this option has no value; "
		  "leave out what follows --no-gso" },
		{ "--dsik a=f", "--dsik: no such option; rilld --help lists them" },
		{ "disk", "disk: no such option; rilld --help lists them" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_false(parse(cases[i].line));
		assert_string_equal(trouble, cases[i].trouble);
	}
}

static void names_and_disks_have_limits(void **state)
{
	char line[128], *argv[2 * OPTIONS_DISKS_MAX + 3] = { "rilld" }, values[OPTIONS_DISKS_MAX + 1][16];

	(void)state;
	snprintf(line, sizeof line, "--disk %063d=f", 0);
	assert_true(parse(line));
	assert_int_equal(strlen(o.disks[0].name), 63);
	snprintf(line, sizeof line, "--disk %064d=f", 0);
	assert_false(parse(line));
	for (int i = 0; i <= OPTIONS_DISKS_MAX; i++) {
		snprintf(values[i], sizeof values[i], "d%d=f", i);
		argv[1 + 2 * i] = "--disk";
		argv[2 + 2 * i] = values[i];
	}
	assert_true(options_parse(1 + 2 * OPTIONS_DISKS_MAX, argv, &o, trouble, sizeof trouble));
	assert_false(options_parse(3 + 2 * OPTIONS_DISKS_MAX, argv, &o, trouble, sizeof trouble));
	assert_string_equal(trouble, "--disk d256=f: more than 256 disks; start another rilld for them");
}

static void help_lists_every_option(void **state)
{
	static const char *const options[] = {
		"--disk NAME=FILE", "--default NAME", "--menu NAME[=TITLE]", "--menu-wait SECONDS", "--menu-for MAC",
		"--listen ADDR[:PORT]", "--key FILE", "--log text|json",
		"--redirect ADDR[:PORT]", "--sessions-max N", "--threads N", "--no-gso", "--help", "--version",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(options); i++)
		assert_non_null(strstr(options_help, options[i]));
}

static void a_key_is_64_hex_digits(void **state)
{
	static const char good[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1E1F";
	uint8_t key[TICKET_KEY_BYTES];
	char text[128];
	bool open_to_all;

	(void)state;
	snprintf(text, sizeof text, " \n%s\r\n", good);
	assert_true(key_parse(text, strlen(text), key));
	assert_int_equal(key[31], 31);
	assert_true(key_parse(good, 64, key));
	for (size_t len = 0; len < 64; len++)
		assert_false(key_parse(good, len, key));
	snprintf(text, sizeof text, "%s0", good);
	assert_false(key_parse(text, 65, key));
	snprintf(text, sizeof text, "%s00", good);
	assert_false(key_parse(text, 66, key));
	memcpy(text, good, 64);
	text[9] = 'g';
	assert_false(key_parse(text, 64, key));
	assert_false(key_read("/nonexistent/k", key, &open_to_all, trouble, sizeof trouble));
	assert_string_equal(trouble, "--key /nonexistent/k: cannot open the file: No such file or directory; "
	                    "make one with "
	                    "(umask 077; head -c32 /dev/urandom | od -An -tx1 | tr -d ' \\n' > /nonexistent/k)");
	assert_false(key_read("/dev/null", key, &open_to_all, trouble, sizeof trouble));
	assert_string_equal(trouble, "--key /dev/null: not 64 hex digits; make a key with "
	                    "(umask 077; head -c32 /dev/urandom | od -An -tx1 | tr -d ' \\n' > /dev/null)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_line),
		cmocka_unit_test(a_menu_marks_the_default_and_is_one),
		cmocka_unit_test(a_mac_address_is_six_bytes),
		cmocka_unit_test(addresses),
		cmocka_unit_test(every_wrong_line_names_thing_and_cure),
		cmocka_unit_test(names_and_disks_have_limits),
		cmocka_unit_test(help_lists_every_option),
		cmocka_unit_test(a_key_is_64_hex_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
