/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/options.h"
#include "lib/test.h"

static char wrong[160];

static bool reads(struct options *o, char *const *words)
{
	int count = 0;

	while (words[count])
		count++;
	options_init(o);
	return options_read_words(o, count, words, wrong, sizeof wrong);
}
#define READS(o, ...) reads(o, (char *[]){ "rill-attach", __VA_ARGS__, NULL })

static bool kernel_says(struct options *o, const char *text)
{
	uint8_t *copy = exact_copy(text, strlen(text));
	bool good;

	options_init(o);
	good = options_read_kernel(o, rd_over(copy, strlen(text)));
	free(copy);
	return good;
}

static void its_own_words(void **state)
{
	struct options o;

	(void)state;
	assert_true(READS(&o, "--rill", "rill://10.0.0.1/debian", "--connections", "2", "--index", "3",
	                  "--foreground", "--memory", "/tmp/mem", "--home", "/run/rill", "--keep-network",
	                  "--firmware", "/tmp/firmware"));
	assert_string_equal(o.rill, "rill://10.0.0.1/debian");
	assert_string_equal(o.memory, "/tmp/mem");
	assert_string_equal(o.firmware, "/tmp/firmware");
	assert_string_equal(o.home, "/run/rill");
	assert_int_equal(o.connections, 2);
	assert_int_equal(o.index, 3);
	assert_true(o.foreground && o.keep_network && !o.detach);
}

static void wrong_words_are_named(void **state)
{
	struct options o;

	(void)state;
	assert_false(READS(&o, "--connections", "0"));
	assert_string_equal(wrong, "--connections cannot be \"0\"");
	assert_false(READS(&o, "--connections", "5"));
	assert_false(READS(&o, "--connections", "99999999999999999999"));
	assert_false(READS(&o, "--index", "-1"));
	assert_false(READS(&o, "--index"));
	assert_string_equal(wrong, "--index needs a value");
	assert_false(READS(&o, "--home", "here"));
	assert_false(READS(&o, "--frobnicate"));
	assert_string_equal(wrong, "what is \"--frobnicate\"? --help lists the options");
	assert_false(READS(&o, "--frobnicate", "--help"));
	assert_false(READS(&o, "--detach"));
	assert_true(READS(&o, "--detach", "--index", "0"));
}

static void the_kernels_command_line(void **state)
{
	struct options o;

	(void)state;
	assert_true(kernel_says(&o, "root=LABEL=rill-root ro rill=auto console=ttyS0\n"));
	assert_string_equal(o.rill, "auto");
	assert_true(kernel_says(&o, "rill=auto rill=rill://192.0.2.1:6911/x"));
	assert_string_equal(o.rill, "rill://192.0.2.1:6911/x");
	assert_true(kernel_says(&o, "root=/dev/sda1 krill=auto rill rill.overlay=512m\n"));
	assert_string_equal(o.rill, "");
	assert_int_equal(o.connections, 1);
	assert_true(kernel_says(&o, ""));
	assert_string_equal(o.rill, "");
}

static void what_is_too_long_is_refused(void **state)
{
	char text[2 * OPTIONS_TEXT_MAX];
	struct options o;

	(void)state;
	memset(text, 'x', sizeof text);
	memcpy(text, "rill=", 5);
	text[5 + OPTIONS_TEXT_MAX] = 0;
	assert_true(kernel_says(&o, text));
	assert_int_equal(strlen(o.rill), OPTIONS_TEXT_MAX);
	text[5 + OPTIONS_TEXT_MAX] = 'x';
	text[6 + OPTIONS_TEXT_MAX] = 0;
	assert_false(kernel_says(&o, text));
	text[6 + OPTIONS_TEXT_MAX] = 'x';
	text[sizeof text - 1] = 0;
	assert_false(kernel_says(&o, text));
}

static void its_own_words_win(void **state)
{
	static const char kernel[] = "rill=auto";
	struct options o;

	(void)state;
	assert_true(READS(&o, "--rill", "rill://10.0.0.1"));
	assert_true(options_read_kernel(&o, rd_over(kernel, strlen(kernel))));
	assert_string_equal(o.rill, "rill://10.0.0.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_own_words),
		cmocka_unit_test(wrong_words_are_named),
		cmocka_unit_test(the_kernels_command_line),
		cmocka_unit_test(what_is_too_long_is_refused),
		cmocka_unit_test(its_own_words_win),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
