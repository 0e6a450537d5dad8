/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What a card is given because of its PCI id, seen at the card. */
#include "undi/pxe_bench.h"
#include "undi/pxe_quirks.h"

static void a_short_ring_is_never_filled(void **state)
{
	static const uint16_t devices[] = { 0x1209, 0x1229, 0x2449 };

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(devices); i++) {
		fake.type.device = devices[i];
		open_it();
		assert_int_equal(card.nic.rx_frames_max, PXE_FRAMES_SHORT_RING);
	}
	fake.type.vendor = 0x10ec;              /* somebody else's 2449h */
	open_it();
	assert_int_equal(card.nic.rx_frames_max, PXE_FRAMES_MAX);
}

static void an_ne2000_gets_no_frames_of_six_pages(void **state)
{
	(void)state;
	fake.type.vendor = 0x10ec;
	fake.type.device = 0x8029;
	open_it();
	assert_int_equal(card.nic.mtu, 1258);
	fake.info.mtu = 900;                    /* what is less already stays so */
	open_it();
	assert_int_equal(card.nic.mtu, 900);
	fake.type.device = 0x8139;
	fake.info.mtu = 1500;
	open_it();
	assert_int_equal(card.nic.mtu, 1500);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_short_ring_is_never_filled), TEST(an_ne2000_gets_no_frames_of_six_pages),
	};

	return cmocka_run_group_tests_name("undi/pxe_quirks", tests, NULL, NULL);
}
