/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/acpi.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "lib/fmt.h"
#include "netstack/wire/acpi.h"

enum {
	PATH_MAX_BYTES = 256,
	TABLES_MAX = 999,                       /* Linux shows no more of one signature */
	/* One byte more than the longest table: a longer one is seen, and cannot be sound. */
	TABLE_BYTES_MAX = ACPI_HEAD_BYTES + HANDOVER_BYTES_MAX, ROOM = TABLE_BYTES_MAX + 1,
};

static const char cure[] = "Cure: firmware and rill-attach of one release; until then rill=rill://SERVER/DISK "
                           "on the kernel command line";

/* number 0: the name of a table that has no other beside it. */
static void name_table(char *path, const char *firmware, unsigned number)
{
	if (number == 0)
		fmt_text(path, PATH_MAX_BYTES, "%s/acpi/tables/%s", firmware, acpi_signature);
	else
		fmt_text(path, PATH_MAX_BYTES, "%s/acpi/tables/%s%u", firmware, acpi_signature, number);
}

/* The whole file; false, with errno's reason: it cannot be opened or read. */
static bool read_file(const char *path, uint8_t *bytes, size_t *len)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 0;

	if (file < 0)
		return false;
	for (*len = 0; *len < ROOM; *len += (size_t)got) {
		got = read(file, bytes + *len, ROOM - *len);
		if (got <= 0)
			break;
	}
	close(file);
	return got >= 0;
}

/* Whether these bytes are a table that is well; what is wrong with them is told. */
static bool read_table(struct kmsg *k, const char *path, struct rd table, struct handover *h)
{
	bool is_too_long = rd_left(&table) > TABLE_BYTES_MAX;
	const char *missing = "";
	enum handover_verdict v;
	enum acpi_verdict outside;
	struct rd body;

	outside = acpi_read(table, &body);
	if (is_too_long || outside != ACPI_OK) {
		kmsg_wrong(k, "the hand-over table %s is damaged: %s. %s", path,
		         is_too_long ? "it is longer than any" : acpi_verdict_text(outside), cure);
		return false;
	}
	v = handover_read(body, h, &missing);
	if (v != HANDOVER_OK)
		kmsg_wrong(k, "the hand-over block %s %s in %s. %s", handover_verdict_text(v), missing, path, cure);
	return v == HANDOVER_OK;
}

/* H5: looks at all tables. *seen: how many there are; place: where the last one is that is well. */
static bool read_tables(struct kmsg *k, const char *firmware, struct handover *h, unsigned *seen, char *place)
{
	static uint8_t bytes[ROOM];
	static struct handover one;
	char path[PATH_MAX_BYTES];
	bool found = false;
	size_t len;

	*seen = 0;
	for (unsigned number = 0; number <= TABLES_MAX; number++) {
		name_table(path, firmware, number);
		if (!read_file(path, bytes, &len)) {
			if (errno == ENOENT && number == 0)
				continue;
			if (errno != ENOENT) {
				kmsg_error(k, path);
				++*seen;
			}
			break;
		}
		++*seen;
		if (!read_table(k, path, rd_over(bytes, len), &one))
			continue;
		*h = one;
		found = true;
		memcpy(place, path, sizeof path);
	}
	return found;
}

enum acpi_found acpi_find_handover(struct kmsg *k, const char *firmware, struct handover *h)
{
	char place[PATH_MAX_BYTES], efi[PATH_MAX_BYTES];
	unsigned seen;

	if (read_tables(k, firmware, h, &seen, place)) {
		if (seen > 1)
			kmsg_step(k, "%u hand-over tables in %s/acpi/tables: the last good one counts", seen, firmware);
		kmsg_step(k, "hand-over block in %s: session %016llx, disk %s, %llu MiB", place,
		         (unsigned long long)h->session, h->disk, (unsigned long long)(h->size >> 20));
		return ACPI_FOUND;
	}
	if (seen)
		return ACPI_UNREADABLE;
	fmt_text(efi, sizeof efi, "%s/efi", firmware);
	if (access(efi, F_OK) != 0)
		return ACPI_NOTHING;
	kmsg_wrong(k, "no ACPI table %s in %s/acpi/tables of this UEFI machine. Was it started by Rill, and the kernel "
	         "without acpi=off? If not: rill=rill://SERVER/DISK on the kernel command line",
	         acpi_signature, firmware);
	return ACPI_UNREADABLE;
}
