/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "loader/chain.h"
#include "loader/plan.h"

enum { DHCP_SERVER = 0x0a000001, BOOT_SERVER = 0x0a000002 };

static struct dhcp_lease lease;
static struct plan_facts facts;
static struct plan plan;

static int fresh(void **state)
{
	(void)state;
	lease = (struct dhcp_lease){ .server = DHCP_SERVER, .next_server = DHCP_SERVER };
	facts = (struct plan_facts){ .lease = &lease, .config_uri = "", .booted_file = "rill.kpxe" };
	return 0;
}

static void the_configuration_block_comes_first(void **state)
{
	(void)state;
	facts.config_uri = "rill://10.9.9.9/kiosk";
	strcpy(lease.root_path, "rill://10.0.0.7/other");
	strcpy(lease.boot_file, "pxelinux.0");
	plan_make(&plan, &facts);
	assert_int_equal(plan.kind, PLAN_DISK);
	assert_string_equal(plan.uri.disk, "kiosk");
	assert_int_equal(plan.uri.servers[0].ip, 0x0a090909);
}

static void then_options_17_67_and_66(void **state)
{
	(void)state;
	strcpy(lease.server_name, "rill://10.0.0.66");
	plan_make(&plan, &facts);
	assert_int_equal(plan.uri.servers[0].ip, 0x0a000042);
	assert_string_equal(plan.because, "option 66");
	strcpy(lease.boot_file, "rill://10.0.0.67");
	plan_make(&plan, &facts);
	assert_int_equal(plan.uri.servers[0].ip, 0x0a000043);
	strcpy(lease.root_path, "rill://10.0.0.17");
	plan_make(&plan, &facts);
	assert_int_equal(plan.uri.servers[0].ip, 0x0a000011);
	assert_string_equal(plan.because, "option 17");
}

static void a_uri_without_a_server_means_the_boot_server(void **state)
{
	(void)state;
	lease.next_server = BOOT_SERVER;
	strcpy(lease.root_path, "rill:///kiosk");
	plan_make(&plan, &facts);
	assert_int_equal(plan.kind, PLAN_DISK);
	assert_int_equal(plan.uri.server_count, 1);
	assert_int_equal(plan.uri.servers[0].ip, BOOT_SERVER);
	assert_int_equal(plan.uri.servers[0].port, 6910);
}

static void a_bad_uri_is_told_and_not_passed_over(void **state)
{
	(void)state;
	strcpy(lease.root_path, "rill://server/kiosk");
	strcpy(lease.boot_file, "pxelinux.0");
	plan_make(&plan, &facts);
	assert_int_equal(plan.kind, PLAN_BAD_URI);
	assert_int_equal(plan.wrong, URI_NAME);
	assert_int_equal(plan.wrong_at, 7);
}

static void another_root_path_is_none_of_our_business(void **state)
{
	(void)state;
	strcpy(lease.root_path, "10.0.0.2:/srv/nfs");
	strcpy(lease.boot_file, "rill.kpxe");
	plan_make(&plan, &facts);
	assert_int_equal(plan.kind, PLAN_DISK);
}

static void another_program_is_chained(void **state)
{
	(void)state;
	lease.next_server = BOOT_SERVER;
	strcpy(lease.boot_file, "boot\\x86\\wdsnbp.com");
	plan_make(&plan, &facts);
	assert_int_equal(plan.kind, PLAN_PROGRAM);
	assert_int_equal(plan.tftp_server, BOOT_SERVER);
	assert_string_equal(plan.file, "boot\\x86\\wdsnbp.com");
	facts.booted_file = "";         /* we do not know our own name: the mark in the file will tell */
	strcpy(lease.boot_file, "rill.kpxe");
	plan_make(&plan, &facts);
	assert_int_equal(plan.kind, PLAN_PROGRAM);
	plan_instead_of_self(&plan, &facts);
	assert_int_equal(plan.kind, PLAN_DISK);
	assert_int_equal(plan.uri.servers[0].ip, BOOT_SERVER);
	assert_string_equal(plan.uri.disk, "");
}

static void our_own_name_makes_the_server_choose(void **state)
{
	static const char *const names[] = { "rill.kpxe", "/rill.kpxe", "boot/RILL.KPXE", "tftp\\rill.kpxe" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		strcpy(lease.boot_file, names[i]);
		plan_make(&plan, &facts);
		assert_int_equal(plan.kind, PLAN_DISK);
		assert_int_equal(plan.uri.servers[0].ip, DHCP_SERVER);
		assert_string_equal(plan.uri.disk, "");
	}
	strcpy(lease.boot_file, "rill.kpxe2");
	plan_make(&plan, &facts);
	assert_int_equal(plan.kind, PLAN_PROGRAM);
}

static void a_boot_server_alone_is_enough_but_nothing_is_not(void **state)
{
	(void)state;
	plan_make(&plan, &facts);
	assert_int_equal(plan.kind, PLAN_NONE);
	lease.next_server = BOOT_SERVER;
	plan_make(&plan, &facts);
	assert_int_equal(plan.kind, PLAN_DISK);
	assert_int_equal(plan.uri.servers[0].ip, BOOT_SERVER);
}

static void programs_are_judged_by_their_first_bytes(void **state)
{
	static const struct { const char *bytes; size_t len; uint16_t arch; enum chain_verdict verdict; } cases[] = {
		{ "", 0, 0, CHAIN_EMPTY },
		{ "", 0, 7, CHAIN_EMPTY },
		{ "\xea", 1, 0, CHAIN_GOOD },
		{ "MZ\x90", 3, 0, CHAIN_IS_EFI },
		{ "MZ\x90", 3, 7, CHAIN_GOOD },
		{ "M", 1, 0, CHAIN_GOOD },
		{ "\xea\0\0\0\0\0", 6, 7, CHAIN_IS_BIOS },
		{ "\xeb\x0e......RILLSELF", 16, 0, CHAIN_SELF },
		{ "\xeb\x0e......RILLSEL", 15, 0, CHAIN_GOOD },
		{ "MZ......RILLSELF...", 19, 7, CHAIN_SELF },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		uint8_t *copy = exact_copy(cases[i].bytes, cases[i].len);

		assert_int_equal(chain_judge(rd_over(copy, cases[i].len), cases[i].arch), cases[i].verdict);
		free(copy);
	}
}

int main(void)
{
#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)
	const struct CMUnitTest tests[] = {
		fresh_test(the_configuration_block_comes_first),
		fresh_test(then_options_17_67_and_66),
		fresh_test(a_uri_without_a_server_means_the_boot_server),
		fresh_test(a_bad_uri_is_told_and_not_passed_over),
		fresh_test(another_root_path_is_none_of_our_business),
		fresh_test(another_program_is_chained),
		fresh_test(our_own_name_makes_the_server_choose),
		fresh_test(a_boot_server_alone_is_enough_but_nothing_is_not),
		fresh_test(programs_are_judged_by_their_first_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
