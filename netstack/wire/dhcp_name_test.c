/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/dhcp.h"
#include "netstack/wire/dhcp_fake.h"
#include "netstack/wire/dhcp_name.h"

static const uint8_t mac[6] = { 0x52, 0x54, 0, 0, 0, 1 };

static const char *name_of(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = exact_copy(bytes, len);
	const char *name = dhcp_name(rd_over(copy, len));

	free(copy);
	return name;
}

static void what_clients_and_servers_say_has_a_name(void **state)
{
	struct dhcp_question q = { .type = DHCP_DISCOVER, .xid = 1 };
	uint8_t bytes[DHCP_SIZE_MAX];
	struct wr w = wr_over(bytes, sizeof bytes);
	struct fake_reply r;

	(void)state;
	dhcp_emit(&w, &q);
	assert_string_equal(name_of(bytes, wr_used(&w, bytes)), "DHCPDISCOVER");
	w = wr_over(bytes, sizeof bytes);
	q.type = DHCP_RELEASE;
	dhcp_emit(&w, &q);
	assert_string_equal(name_of(bytes, wr_used(&w, bytes)), "DHCPRELEASE");
	fake_reply(&r, DHCP_OFFER, 1, mac, 0x0a000032);
	fake_end(&r);
	assert_string_equal(name_of(r.bytes, r.len), "DHCPOFFER");
	fake_reply(&r, DHCP_NAK, 1, mac, 0);
	fake_end(&r);
	assert_string_equal(name_of(r.bytes, r.len), "DHCPNAK");
	fake_reply(&r, (enum dhcp_type)99, 1, mac, 0);
	fake_end(&r);
	assert_string_equal(name_of(r.bytes, r.len), "BOOTP reply");
}

static void no_prefix_is_more_and_flipped_bits_are_survived(void **state)
{
	struct fake_reply r;

	(void)state;
	fake_reply(&r, DHCP_ACK, 1, mac, 0x0a000032);
	fake_end(&r);
	for (size_t len = 0; len < r.len; len++) {
		const char *name = name_of(r.bytes, len);

		assert_int_equal(name == NULL, len < 240);
		assert_true(!name || !strcmp(name, "DHCPACK") || !strcmp(name, "BOOTP reply"));
	}
	for (size_t bit = 0; bit < r.len * 8; bit++) {
		r.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		(void)name_of(r.bytes, r.len);
		r.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_clients_and_servers_say_has_a_name),
		cmocka_unit_test(no_prefix_is_more_and_flipped_bits_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
