/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The hand-over block in ACPI tables, as files below a folder that stands for /sys/firmware. */
#include "lib/test.h"
#include <sys/stat.h>
#include <unistd.h>
#include "driver/acpi.h"
#include "netstack/wire/acpi.h"

enum { BODY_AT = ACPI_HEAD_BYTES, ROOM = ACPI_HEAD_BYTES + HANDOVER_BYTES_MAX };

static char folder[] = "/tmp/rill-acpi-XXXXXX", said[4096];
static size_t said_len;

static void hear(struct log *log, char c)
{
	(void)log;
	if (said_len < sizeof said - 1)
		said[said_len++] = c;
	said[said_len] = 0;
}

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

/* A table with a block of this session, of `bytes` in all (0: no more than it needs). */
static size_t make(uint8_t table[ROOM], uint64_t session, size_t bytes)
{
	struct handover h = {
		.disk = "debian", .size = 1u << 30, .content = { { 1 } }, .ticket = { { 1 }, 9 }, .session = session,
		.server_current = { .port = 6910 }, .servers = { { .port = 6910 } }, .server_count = 1,
		.mac = { 2 }, .mtu = 1500, .lease = { .prefix = 24, .lease_s = 60 },
	};
	size_t len;

	memset(table, 0, ROOM);
	len = BODY_AT + handover_write(table + BODY_AT, HANDOVER_BYTES_MAX, &h);
	assert_true(len > BODY_AT);
	if (bytes)
		len = bytes;
	assert_true(acpi_write(table, len));
	return len;
}

static void put(const char *name, const uint8_t *bytes, size_t len)
{
	char inside[64];
	FILE *file;

	snprintf(inside, sizeof inside, "acpi/tables/%s", name);
	file = fopen(path_of(inside), "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

static void put_good(const char *name, uint64_t session)
{
	uint8_t table[ROOM];

	put(name, table, make(table, session, 0));
}

/* One with a bit wrong. */
static void put_damaged(const char *name)
{
	uint8_t table[ROOM];
	size_t len = make(table, 1, 0);

	table[BODY_AT + 30] ^= 4;
	put(name, table, len);
}

static enum acpi_found find(struct handover *h)
{
	struct kmsg k = { .log = { .put_char = hear, .verbosity = LOG_INFO }, .file = -1 };

	said_len = 0;
	said[0]  = 0;
	return acpi_find_handover(&k, folder, h);
}

static int set_up(void **state)
{
	(void)state;
	strcpy(folder + sizeof folder - 7, "XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(mkdir(path_of("acpi"), 0700), 0);
	assert_int_equal(mkdir(path_of("acpi/tables"), 0700), 0);
	return 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = {
		"acpi/tables/RILL", "acpi/tables/RILL1", "acpi/tables/RILL2", "acpi/tables/RILL3",
	};

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(names); i++)
		remove(path_of(names[i]));
	rmdir(path_of("efi"));
	rmdir(path_of("acpi/tables"));
	rmdir(path_of("acpi"));
	return rmdir(folder);
}

static void the_only_one(void **state)
{
	uint8_t table[ROOM];
	struct handover h;

	(void)state;
	put("RILL", table, make(table, 42, 0));
	assert_int_equal(find(&h), ACPI_FOUND);
	assert_true(h.session == 42);
	assert_non_null(strstr(said, "/acpi/tables/RILL: session 000000000000002a, disk debian, 1024 MiB\n"));
	/* the longest there is, with room behind the block; one byte more is none of ours */
	put("RILL", table, make(table, 43, ROOM));
	assert_int_equal(find(&h), ACPI_FOUND);
	assert_true(h.session == 43);
}

static void a_longer_one_than_there_can_be_is_refused(void **state)
{
	static uint8_t table[ROOM + 1];
	struct handover h;

	(void)state;
	make(table, 42, ROOM);
	assert_true(acpi_write(table, ROOM + 1));
	put("RILL", table, ROOM + 1);
	assert_int_equal(find(&h), ACPI_UNREADABLE);
	assert_non_null(strstr(said, "longer than any"));
}

/* H5 */
static void of_several_the_last_good_one_counts(void **state)
{
	struct handover h;

	(void)state;
	put_good("RILL1", 41);
	put_good("RILL2", 42);
	put_damaged("RILL3");
	assert_int_equal(find(&h), ACPI_FOUND);
	assert_true(h.session == 42);
	assert_non_null(strstr(said, "/acpi/tables/RILL3 is damaged: its checksum is wrong. Cure: "));
	assert_non_null(strstr(said, "3 hand-over tables in "));
	assert_non_null(strstr(said, "/acpi/tables/RILL2: session 000000000000002a"));
	put_good("RILL3", 43);
	assert_int_equal(find(&h), ACPI_FOUND);
	assert_true(h.session == 43);
	assert_null(strstr(said, "error"));
}

/* H6 */
static void a_damaged_one_is_told_and_is_the_end(void **state)
{
	uint8_t table[ROOM];
	struct handover h;
	size_t len = make(table, 42, 0);

	(void)state;
	put_damaged("RILL");
	assert_int_equal(find(&h), ACPI_UNREADABLE);
	assert_non_null(strstr(said, "/acpi/tables/RILL is damaged: its checksum is wrong. Cure: "));
	put("RILL", table, len - 1);
	assert_int_equal(find(&h), ACPI_UNREADABLE);
	assert_non_null(strstr(said, "RILL is damaged: the length in its header is not its own. Cure: "));
	/* the table is well and the block in it is not */
	table[BODY_AT + 30] ^= 4;
	assert_true(acpi_write(table, len));
	put("RILL", table, len);
	assert_int_equal(find(&h), ACPI_UNREADABLE);
	assert_non_null(strstr(said, "the hand-over block is damaged  in "));
	assert_true(acpi_write(table, ACPI_HEAD_BYTES));
	put("RILL", table, ACPI_HEAD_BYTES);
	assert_int_equal(find(&h), ACPI_UNREADABLE);
	assert_non_null(strstr(said, "the hand-over block is not there  in "));
}

static void what_cannot_be_read_is_told_once(void **state)
{
	struct handover h;

	(void)state;
	assert_int_equal(mkdir(path_of("acpi/tables/RILL"), 0700), 0);
	assert_int_equal(find(&h), ACPI_UNREADABLE);
	assert_non_null(strstr(said, "/acpi/tables/RILL: Is a directory\n"));
	assert_ptr_equal(strchr(said, '\n'), said + said_len - 1);
}

/* H6 */
static void without_a_table_only_bios_is_asked_further(void **state)
{
	struct handover h;

	(void)state;
	assert_int_equal(find(&h), ACPI_NOTHING);
	assert_string_equal(said, "");
	assert_int_equal(mkdir(path_of("efi"), 0700), 0);
	assert_int_equal(find(&h), ACPI_UNREADABLE);
	assert_non_null(strstr(said, "no ACPI table RILL in "));
	put_good("RILL", 42);
	assert_int_equal(find(&h), ACPI_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_only_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_longer_one_than_there_can_be_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(of_several_the_last_good_one_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_damaged_one_is_told_and_is_the_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_told_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(without_a_table_only_bios_is_asked_further, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("driver/acpi", tests, NULL, NULL);
}
