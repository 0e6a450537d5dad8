/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "firmware/bios/pci_scan.h"

enum { FUNCTIONS_MAX = 0x10000, MULTI = 0x80, E1000 = 0x100e8086, VIRTIO = 0x10001af4 };

/* Each function that there is: its ids and the type of its header. */
struct function { uint16_t address; uint32_t ids; uint8_t header; };

struct tree {
	const struct function *functions;
	size_t count;
	uint32_t nobody;
	unsigned reads;
};

static uint32_t read(void *ctx, uint16_t address, unsigned at)
{
	struct tree *t = ctx;

	t->reads++;
	assert_true(at == 0 || at == 0x0c);
	for (size_t i = 0; i < t->count; i++)
		if (t->functions[i].address == address)
			return at == 0 ? t->functions[i].ids : (uint32_t)t->functions[i].header << 16 | 0x4010;
	return t->nobody;
}

static unsigned scan(struct tree *t, unsigned last_bus, uint16_t *found, unsigned max)
{
	struct pci_scan s = { .read = read, .ctx = t, .last_bus = last_bus };
	unsigned count = 0;

	while (pci_scan_next(&s)) {
		assert_true(count < max);
		found[count++] = s.address;
		assert_int_equal(s.vendor | (uint32_t)s.device << 16, read(t, s.address, 0));
	}
	assert_false(pci_scan_next(&s));
	return count;
}

static const struct function pc[] = {
	{ 0x0000, 0x12378086, 0 },
	{ 0x0008, 0x70008086, MULTI }, { 0x0009, 0x70108086, 0 }, { 0x000b, 0x71138086, 0 },
	{ 0x0018, E1000, 0 },
	{ 0x0019, E1000, 0 },                           /* says nothing of it in its header: the same one, echoed */
	{ 0x00f8, 0x29188086, MULTI }, { 0x00ff, VIRTIO, 0 },
	{ 0x0101, E1000, 0 },                           /* without a function 0 there is no device */
	{ 0x0200, VIRTIO, 1 },
	{ 0xfff8, E1000, MULTI }, { 0xffff, VIRTIO, 0 },
};

static void everything_is_found_in_order(void **state)
{
	static const uint16_t right[] = {
		0x0000, 0x0008, 0x0009, 0x000b, 0x0018, 0x00f8, 0x00ff, 0x0200, 0xfff8, 0xffff,
	};
	struct tree t = { pc, COUNT_OF(pc), UINT32_MAX, 0 };
	uint16_t found[COUNT_OF(pc)];

	(void)state;
	assert_int_equal(scan(&t, PCI_BUS_MAX, found, COUNT_OF(found)), COUNT_OF(right));
	assert_memory_equal(found, right, sizeof right);
	t.nobody = 0;
	assert_int_equal(scan(&t, PCI_BUS_MAX, found, COUNT_OF(found)), COUNT_OF(right));
}

static void it_ends_with_the_last_bus(void **state)
{
	struct tree t = { pc, COUNT_OF(pc), UINT32_MAX, 0 };
	uint16_t found[COUNT_OF(pc)];

	(void)state;
	assert_int_equal(scan(&t, 0, found, COUNT_OF(found)), 7);
	assert_int_equal(scan(&t, 1, found, COUNT_OF(found)), 7);
	assert_int_equal(scan(&t, 2, found, COUNT_OF(found)), 8);
	assert_int_equal(scan(&t, 100000, found, COUNT_OF(found)), 10);         /* nonsense, and no bus beyond 255 */
}

/* A bus whose every function answers, and one where nobody does: both end. */
static uint32_t everybody(void *ctx, uint16_t address, unsigned at)
{
	(void)address;
	++*(unsigned *)ctx;
	return at == 0 ? VIRTIO : (uint32_t)MULTI << 16;
}

static void it_ends_whatever_answers(void **state)
{
	struct tree empty = { NULL, 0, UINT32_MAX, 0 };
	unsigned reads = 0, count = 0;
	struct pci_scan s = { .read = everybody, .ctx = &reads, .last_bus = PCI_BUS_MAX };

	(void)state;
	while (pci_scan_next(&s))
		count++;
	assert_int_equal(count, FUNCTIONS_MAX);
	assert_int_equal(reads, FUNCTIONS_MAX + FUNCTIONS_MAX / 8);
	assert_int_equal(scan(&empty, PCI_BUS_MAX, NULL, 0), 0);
	assert_int_equal(empty.reads, FUNCTIONS_MAX / 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_found_in_order),
		cmocka_unit_test(it_ends_with_the_last_bus),
		cmocka_unit_test(it_ends_whatever_answers),
	};

	return cmocka_run_group_tests_name("firmware/bios/pci_scan", tests, NULL, NULL);
}
