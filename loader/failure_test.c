/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A 32-bit readdir() stumbles over inode numbers that need more bits. */
#define _FILE_OFFSET_BITS 64
#include <dirent.h>
#include "lib/fmt.h"
#include "lib/test.h"
#include "loader/failure.h"

static char page[64 * 1024], source[128 * 1024];

static size_t read_all(const char *path, char *room, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t len;

	assert_non_null(f);
	len = fread(room, 1, size - 1, f);
	assert_true(len < size - 1);
	fclose(f);
	room[len] = 0;
	return len;
}

static void every_failure_has_its_entry_in_the_manual(void **state)
{
	unsigned entries = 0;

	(void)state;
	read_all("docs/errors.md", page, sizeof page);
	for (int code = FAILURE_NONE + 1; code < FAILURE_CODES; code++) {
		const struct failure_text *t = failure_text((enum failure_code)code);
		char line[600];

		assert_non_null(t->code);
		assert_true(strlen(t->code) >= 7 && strlen(t->text) > 5 && strlen(t->hint) > 5);
		fmt_text(line, sizeof line, "\n## %s: %s\n\n*To do: %s.*\n", t->code, t->text, t->hint);
		if (!strstr(page, line))
			fail_msg("docs/errors.md lacks:%s", line);
	}
	/* and no entry of what does not exist */
	for (const char *at = page; (at = strstr(at, "\n## ")) != NULL; at++)
		entries++;
	assert_int_equal(entries, FAILURE_CODES - 1);
}

/* Codes are PXE-E53 and RILL-E12: this long, whatever follows. */
static void every_code_has_an_entry(const char *path, const char *mark, size_t len)
{
	for (const char *at = source; (at = strstr(at, mark)) != NULL; at++) {
		char heading[20];

		if (!strchr("0123456789ABCDEF", at[len - 2]) || !strchr("0123456789ABCDEF", at[len - 1]))
			continue;
		snprintf(heading, sizeof heading, "\n## %.*s: ", (int)len, at);
		if (!strstr(page, heading))
			fail_msg("%s names %.*s, which docs/errors.md does not know", path, (int)len, at);
	}
}

static void every_code_that_the_sources_name_has_its_entry_too(void **state)
{
	static const char *const folders[] = {
		"loader", "netstack", "netstack/wire", "undi", "firmware", "firmware/bios", "firmware/efi",
	};
	unsigned files = 0;

	(void)state;
	read_all("docs/errors.md", page, sizeof page);
	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		DIR *folder = opendir(folders[i]);

		assert_non_null(folder);
		for (struct dirent *e; (e = readdir(folder)) != NULL;) {
			const char *dot = strrchr(e->d_name, '.');
			char path[300];

			if (!dot || (strcmp(dot, ".c") && strcmp(dot, ".h")) || strstr(e->d_name, "_test.c"))
				continue;
			snprintf(path, sizeof path, "%s/%s", folders[i], e->d_name);
			read_all(path, source, sizeof source);
			every_code_has_an_entry(path, "PXE-E", 7);
			every_code_has_an_entry(path, "RILL-E", 8);
			files++;
		}
		closedir(folder);
	}
	assert_true(files > 100);
}

/* What administrators search for: number and text as every PXE ROM prints them. */
static void pxe_s_codes_have_pxe_s_texts(void **state)
{
	static const char *const texts[] = {
		"PXE-E00: Could not find enough free base memory",
		"PXE-E08: Unexpected API error",
		"PXE-E09: Unexpected UNDI loader error",
		"PXE-E11: ARP timeout",
		"PXE-E20: BIOS extended memory copy error",
		"PXE-E32: TFTP open timeout",
		"PXE-E35: TFTP read timeout",
		"PXE-E36: Error received from TFTP server",
		"PXE-E38: TFTP cannot open connection",
		"PXE-E39: TFTP cannot read from connection",
		"PXE-E3A: TFTP too many packages",
		"PXE-E3B: TFTP error - File not found",
		"PXE-E3C: TFTP error - Access violation",
		"PXE-E3F: TFTP packet size is invalid",
		"PXE-E51: No DHCP or proxyDHCP offers were received",
		"PXE-E52: proxyDHCP offers were received. No DHCP offers were received",
		"PXE-E53: No boot filename received",
		"PXE-E55: proxyDHCP service did not reply to request on port 4011",
		"PXE-E61: Media test failed, check cable",
		"PXE-E74: Bad or missing PXE menu and/or prompt information",
		"PXE-E76: Bad or missing multicast discovery address",
		"PXE-E77: Bad or missing discovery server list",
		"PXE-E78: Could not locate boot server",
		"PXE-E79: NBP is too big to fit in free base memory",
		"PXE-E7A: Client could not locate a secure server",
		"PXE-E7B: Missing MTFTP server IP address",
		"PXE-EA0: Network boot canceled by keystroke",
		"PXE-EC5: UNDI ROM ID structure is invalid",
		"PXE-EC6: UNDI driver image is invalid",
		"PXE-EC8: !PXE structure was not found in UNDI driver code segment",
	};

	(void)state;
	for (int code = FAILURE_NONE + 1; code < FAILURE_CODES; code++) {
		const struct failure_text *t = failure_text((enum failure_code)code);
		char line[200];
		size_t i = 0;

		fmt_text(line, sizeof line, "%s: %s", t->code, t->text);
		while (i < COUNT_OF(texts) && strcmp(texts[i], line))
			i++;
		if (i == COUNT_OF(texts) && !strncmp(t->code, "PXE", 3))
			fail_msg("PXE has no \"%s\"", line);
	}
}

static void nonsense_has_an_empty_text(void **state)
{
	(void)state;
	assert_string_equal(failure_text(FAILURE_CODES)->code, "");
	assert_string_equal(failure_text(FAILURE_NONE)->hint, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_failure_has_its_entry_in_the_manual),
		cmocka_unit_test(every_code_that_the_sources_name_has_its_entry_too),
		cmocka_unit_test(pxe_s_codes_have_pxe_s_texts),
		cmocka_unit_test(nonsense_has_an_empty_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
