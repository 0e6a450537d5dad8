/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef BUILD_M32_CMOCKA_H
#define BUILD_M32_CMOCKA_H
/*
 * The part of cmocka's interface our tests use, for the 32-bit world only.
 *
 * Debian has cmocka for i386 only as a package of a foreign architecture, and
 * adding one changes the machine far beyond this tree. The 64-bit runs use
 * the real library; this stands in where the same tests run as -m32 code.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
	const char *name;
	void (*test)(void **state);
	int (*setup)(void **state);
	int (*teardown)(void **state);
};

#define cmocka_unit_test(f) { #f, f, NULL, NULL }
#define cmocka_unit_test_setup_teardown(f, up, down) { #f, f, up, down }
#define cmocka_unit_test_setup(f, up) { #f, f, up, NULL }

#define m32_require(ok, ...) do { if (!(ok)) { \
	printf("%s:%d: ", __FILE__, __LINE__); printf(__VA_ARGS__); printf("\n"); exit(1); } } while (0)

#define fail_msg(...)              m32_require(0, __VA_ARGS__)
#define fail()                     m32_require(0, "fail()")
#define assert_true(x)             m32_require((x), "%s is false", #x)
#define assert_false(x)            m32_require(!(x), "%s is true", #x)
#define assert_non_null(x)         m32_require((x) != NULL, "%s is NULL", #x)
#define assert_null(x)             m32_require((x) == NULL, "%s is not NULL", #x)
#define assert_ptr_equal(a, b)     m32_require((const void *)(a) == (const void *)(b), "%s is not %s", #a, #b)
#define assert_int_equal(a, b)     do { unsigned long long m32_a = (unsigned long long)(a), \
	m32_b = (unsigned long long)(b); \
	m32_require(m32_a == m32_b, "%s is %#llx, not %s (%#llx)", #a, m32_a, #b, m32_b); } while (0)
#define assert_int_not_equal(a, b) m32_require((a) != (b), "%s equals %s", #a, #b)
#define assert_in_range(v, lo, hi) m32_require((v) >= (lo) && (v) <= (hi), "%s is out of %s..%s", #v, #lo, #hi)
#define assert_string_equal(a, b)  do { const char *m32_a = (a), *m32_b = (b); \
	m32_require(strcmp(m32_a, m32_b) == 0, "\"%s\" is not \"%s\"", m32_a, m32_b); } while (0)
#define assert_memory_equal(a, b, n) m32_require(memcmp((a), (b), (n)) == 0, "%s differs from %s", #a, #b)
#define print_message(...)         printf(__VA_ARGS__)

static inline int m32_run(const char *group, const struct CMUnitTest *t, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		void *state = NULL;

		printf("[ RUN  ] %s\n", t[i].name);
		if (t[i].setup && t[i].setup(&state) != 0)
			return 1;
		t[i].test(&state);
		if (t[i].teardown && t[i].teardown(&state) != 0)
			return 1;
	}
	printf("[ PASS ] %s: %u test(s)\n", group, (unsigned)count);
	return 0;
}

#define cmocka_run_group_tests(tests, up, down) m32_run(#tests, tests, sizeof(tests) / sizeof *(tests))
#define cmocka_run_group_tests_name(name, tests, up, down) m32_run(name, tests, sizeof(tests) / sizeof *(tests))
#endif
