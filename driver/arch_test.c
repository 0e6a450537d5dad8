/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/arch.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/fmt.h"
#include "lib/test.h"

static void each_machine_has_its_number(void **state)
{
	(void)state;
	assert_int_equal(arch_of(false, "x86_64"), 0);
	assert_int_equal(arch_of(true, "x86_64"), 7);
	assert_int_equal(arch_of(true, "i686"), 6);
	assert_int_equal(arch_of(true, "aarch64"), 11);
	assert_int_equal(arch_of(false, "aarch64"), 0);
}

/* The kernel on which this runs is one of those; whether it began on UEFI is what the folder says. */
static void the_folder_of_the_firmware_decides(void **state)
{
	char folder[] = "/tmp/rill-arch-XXXXXX", efi[40];

	(void)state;
	assert_non_null(mkdtemp(folder));
	fmt_text(efi, sizeof efi, "%s/efi", folder);
	assert_int_equal(arch_here(folder), 0);
	assert_int_equal(mkdir(efi, 0700), 0);
	assert_int_not_equal(arch_here(folder), 0);
	assert_int_equal(rmdir(efi), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void what_the_block_says_stays(void **state)
{
	struct handover told = { .arch = 11, .has_arch = true, .undi_major = 3, .undi_minor = 16 };
	struct handover older = { .arch = 11, .has_arch = true }, silent = { .arch = 11 };

	(void)state;
	arch_fill_in(&told, "/nowhere");
	assert_int_equal(told.arch, 11);
	assert_true(told.undi_major == 3 && told.undi_minor == 16);
	arch_fill_in(&older, "/nowhere");
	assert_true(older.undi_major == 3 && older.undi_minor == 0);
	arch_fill_in(&silent, "/nowhere");
	assert_true(silent.arch == 0 && silent.has_arch);
	assert_true(silent.undi_major == 2 && silent.undi_minor == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_machine_has_its_number),
		cmocka_unit_test(the_folder_of_the_firmware_decides),
		cmocka_unit_test(what_the_block_says_stays),
	};

	return cmocka_run_group_tests_name("arch", tests, NULL, NULL);
}
