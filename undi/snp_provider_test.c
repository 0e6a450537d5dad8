/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Each function of the Simple Network Protocol that we offer, in each state, and with each argument that is wrong. */
#include "undi/snp_provider_bench.h"

static uint8_t buffer[GOT_ROOM], list[NIC_GROUPS_MAX + 1][SNP_ADDRESS_BYTES];
static const uint8_t ip[16] = { 0xe0, 0, 0, 1 };

/* ---- states ---- */

static enum snp_status call_start(void)      { return snp_provider_start(&p); }
static enum snp_status call_stop(void)       { return snp_provider_stop(&p); }
static enum snp_status call_initialize(void) { return snp_provider_initialize(&p, 0, 0); }
static enum snp_status call_reset(void)      { return snp_provider_reset(&p); }
static enum snp_status call_shutdown(void)   { return snp_provider_shutdown(&p); }
static enum snp_status call_filters(void)    { return snp_provider_filters(&p, SNP_UNICAST, 0, false, 0, NULL); }
static enum snp_status call_station(void)    { return snp_provider_station(&p, true, NULL); }
static enum snp_status call_nvdata(void)     { return snp_provider_nvdata(&p); }

static enum snp_status call_statistics(void)
{
	return snp_provider_statistics(&p, false, NULL, NULL);
}

static enum snp_status call_group_mac(void)
{
	uint8_t mac[6];

	return snp_provider_group_mac(&p, false, ip, mac);
}

static enum snp_status call_status(void)
{
	void *done;

	return snp_provider_status(&p, NULL, &done);
}

static enum snp_status call_transmit(void)
{
	return snp_provider_transmit(&p, 0, 60, buffer, NULL, NULL, NULL);
}

static enum snp_status call_receive(void) { return receive(sizeof got); }

/* What each answers when the card is stopped, started and initialized, and in which state it leaves it then. */
static const struct row {
	const char *name;
	enum snp_status (*call)(void);
	enum snp_status right[3];
	enum snp_state  then[3];
} rows[] = {
#define FRAMES(name, answer) { #name, call_##name, { SNP_NOT_STARTED, SNP_DEVICE_ERROR, answer }, \
	{ SNP_STOPPED, SNP_STARTED, SNP_INITIALIZED } }
	{ "start", call_start, { SNP_SUCCESS, SNP_ALREADY_STARTED, SNP_ALREADY_STARTED },
	  { SNP_STARTED, SNP_STARTED, SNP_INITIALIZED } },
	{ "stop", call_stop, { SNP_NOT_STARTED, SNP_SUCCESS, SNP_DEVICE_ERROR },
	  { SNP_STOPPED, SNP_STOPPED, SNP_INITIALIZED } },
	{ "initialize", call_initialize, { SNP_NOT_STARTED, SNP_SUCCESS, SNP_DEVICE_ERROR },
	  { SNP_STOPPED, SNP_INITIALIZED, SNP_INITIALIZED } },
	{ "shutdown", call_shutdown, { SNP_NOT_STARTED, SNP_DEVICE_ERROR, SNP_SUCCESS },
	  { SNP_STOPPED, SNP_STARTED, SNP_STARTED } },
	FRAMES(reset, SNP_SUCCESS), FRAMES(filters, SNP_SUCCESS), FRAMES(station, SNP_SUCCESS),
	FRAMES(statistics, SNP_SUCCESS), FRAMES(group_mac, SNP_SUCCESS), FRAMES(nvdata, SNP_UNSUPPORTED),
	FRAMES(status, SNP_SUCCESS), FRAMES(transmit, SNP_SUCCESS), FRAMES(receive, SNP_NOT_READY),
#undef FRAMES
};

static void each_function_answers_in_each_state(void **state)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (int from = SNP_STOPPED; from <= SNP_INITIALIZED; from++) {
			enum snp_status says;

			fresh(state);
			bring_to((enum snp_state)from);
			says = rows[i].call();
			if (says != rows[i].right[from] || p.state != rows[i].then[from])
				fail_msg("%s in state %d: \"%s\", then state %d", rows[i].name, from,
				         snp_status_text(says), (int)p.state);
		}
}

static void after_the_end_of_the_boot_services_nothing_works(void **state)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		fresh(state);
		bring_up();
		arrives(card_mac, 60);
		snp_provider_leave_for_ever(&p);
		assert_int_equal(p.state, SNP_STOPPED);         /* who looks first calls nothing */
		memset(&card.nic, 0, sizeof card.nic);          /* the card is at rest: nobody may call it */
		assert_int_equal(rows[i].call(), SNP_DEVICE_ERROR);
		assert_false(snp_provider_waits(&p));
		assert_int_equal(p.state, SNP_STOPPED);
	}
}

static void the_mode_tells_what_the_card_is(void **state)
{
	(void)state;
	assert_int_equal(p.packet_max, 1500);
	assert_int_equal(p.filters_possible, SNP_UNICAST | SNP_BROADCAST | SNP_MULTICAST);
	assert_int_equal(p.groups_max, NIC_GROUPS_MAX);
	assert_true(p.tells_media && p.has_media);
	card.nic.mtu = 1400;
	card.refuses_groups = true;
	card.link = NIC_LINK_DOWN;
	snp_provider_init(&p, &card.nic);
	assert_int_equal(p.packet_max, 1400);
	assert_int_equal(p.filters_possible, SNP_UNICAST | SNP_BROADCAST);
	assert_int_equal(p.groups_max, 0);
	assert_true(p.tells_media && !p.has_media);
	card.nic.mtu = 9000;                    /* its buffers may take that; the firmware's are for 1514 */
	card.nic.groups = NULL;
	card.link = NIC_LINK_UNKNOWN;
	snp_provider_init(&p, &card.nic);
	assert_int_equal(p.packet_max, 1500);
	assert_int_equal(p.filters_possible, SNP_UNICAST | SNP_BROADCAST);
	assert_true(!p.tells_media && p.has_media);
	bring_to(SNP_INITIALIZED);              /* and no group is asked for where there are none */
	assert_int_equal(snp_provider_shutdown(&p), SNP_SUCCESS);
}

static void extra_buffers_are_not_to_be_had(void **state)
{
	(void)state;
	bring_to(SNP_STARTED);
	assert_int_equal(snp_provider_initialize(&p, 1, 0), SNP_UNSUPPORTED);
	assert_int_equal(snp_provider_initialize(&p, 0, 1), SNP_UNSUPPORTED);
	assert_int_equal(p.state, SNP_STARTED);
}

static void the_cable_is_looked_at_when_it_is_asked_for(void **state)
{
	void *done;

	(void)state;
	card.link = NIC_LINK_DOWN;
	bring_to(SNP_STARTED);
	assert_true(p.has_media);
	assert_int_equal(snp_provider_initialize(&p, 0, 0), SNP_SUCCESS);
	assert_false(p.has_media);
	card.link = NIC_LINK_UP;
	assert_int_equal(snp_provider_status(&p, NULL, &done), SNP_SUCCESS);
	assert_true(p.has_media);
}

/* ---- filters ---- */

static void filters_are_turned_on_then_off(void **state)
{
	(void)state;
	bring_to(SNP_INITIALIZED);
	assert_int_equal(p.filters, 0);
	hear();
	assert_int_equal(p.filters, SNP_UNICAST | SNP_BROADCAST);
	assert_int_equal(snp_provider_filters(&p, SNP_UNICAST, SNP_UNICAST | SNP_MULTICAST, false, 0, NULL),
	                 SNP_SUCCESS);
	assert_int_equal(p.filters, SNP_BROADCAST);
	assert_int_equal(snp_provider_filters(&p, 0, 0, false, 0, NULL), SNP_SUCCESS);
	assert_int_equal(p.filters, SNP_BROADCAST);
	assert_int_equal(snp_provider_shutdown(&p), SNP_SUCCESS);
	assert_int_equal(p.filters, 0);
}

static void filters_that_are_wrong_change_nothing(void **state)
{
	static const struct { uint32_t on, off; bool reset; size_t count; bool has_list; } wrong[] = {
		{ SNP_PROMISCUOUS, 0, false, 0, false }, { SNP_ALL_MULTICAST, 0, false, 0, false },
		{ 0, SNP_PROMISCUOUS, false, 0, false }, { 0, 0x80000000, false, 0, false },
		{ SNP_PROMISCUOUS, 0, true, 0, false },
		{ SNP_MULTICAST, 0, false, 0, false }, { SNP_MULTICAST, 0, false, 0, true },
		{ SNP_MULTICAST, 0, false, 1, false }, { 0, 0, false, 1, false },
		{ SNP_MULTICAST, 0, false, NIC_GROUPS_MAX + 1, true }, { 0, 0, false, SIZE_MAX, true },
		{ SNP_MULTICAST, 0, false, 3, true },           /* the third is no group */
	};

	(void)state;
	bring_up();
	for (unsigned i = 0; i <= NIC_GROUPS_MAX; i++)
		address(list[i], group_mac);
	address(list[2], other_mac);
	card.group_calls = 0;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		enum snp_status says = snp_provider_filters(&p, wrong[i].on, wrong[i].off, wrong[i].reset,
		                                            wrong[i].count, wrong[i].has_list ? list : NULL);

		if (says != SNP_INVALID_PARAMETER || p.filters != (SNP_UNICAST | SNP_BROADCAST) || p.group_count)
			fail_msg("row %zu: \"%s\"", i, snp_status_text(says));
	}
	assert_int_equal(card.group_calls, 0);
}

static void groups_are_replaced_and_reset(void **state)
{
	(void)state;
	bring_up();
	address(list[0], group_mac);
	address(list[1], group2_mac);
	assert_int_equal(snp_provider_filters(&p, SNP_MULTICAST, 0, false, 2, list), SNP_SUCCESS);
	assert_int_equal(p.filters, SNP_UNICAST | SNP_BROADCAST | SNP_MULTICAST);
	assert_int_equal(p.group_count, 2);
	assert_int_equal(card.group_count, 2);
	assert_memory_equal(card.groups[1], group2_mac, 6);
	assert_int_equal(snp_provider_filters(&p, SNP_MULTICAST, 0, false, 1, list + 1), SNP_SUCCESS);
	assert_int_equal(p.group_count, 1);
	assert_memory_equal(p.groups[0], group2_mac, 6);
	assert_memory_equal(card.groups[0], group2_mac, 6);
	/* What else is said of groups then is not looked at. */
	assert_int_equal(snp_provider_filters(&p, SNP_MULTICAST, 0, true, SIZE_MAX, NULL), SNP_SUCCESS);
	assert_int_equal(p.filters, SNP_UNICAST | SNP_BROADCAST);
	assert_int_equal(p.group_count, 0);
	assert_int_equal(card.group_count, 0);
}

static void the_card_is_told_no_group_any_more_when_it_is_shut_down(void **state)
{
	(void)state;
	bring_up();
	address(list[0], group_mac);
	assert_int_equal(snp_provider_filters(&p, SNP_MULTICAST, 0, false, 1, list), SNP_SUCCESS);
	assert_int_equal(snp_provider_shutdown(&p), SNP_SUCCESS);
	assert_int_equal(p.group_count + card.group_count, 0);
}

static void groups_that_the_card_refuses_are_not_said_to_be_heard(void **state)
{
	(void)state;
	bring_up();
	card.refuses_groups = true;
	address(list[0], group_mac);
	assert_int_equal(snp_provider_filters(&p, SNP_MULTICAST, 0, false, 1, list), SNP_DEVICE_ERROR);
	assert_int_equal(p.filters, SNP_UNICAST | SNP_BROADCAST);
	assert_int_equal(p.group_count, 0);
}

/* ---- addresses ---- */

static void the_card_keeps_its_address(void **state)
{
	(void)state;
	bring_to(SNP_INITIALIZED);
	assert_int_equal(snp_provider_station(&p, true, other_mac), SNP_SUCCESS);
	assert_int_equal(snp_provider_station(&p, false, NULL), SNP_INVALID_PARAMETER);
	assert_int_equal(snp_provider_station(&p, false, card_mac), SNP_SUCCESS);
	assert_int_equal(snp_provider_station(&p, false, other_mac), SNP_UNSUPPORTED);
}

static void groups_have_the_addresses_that_the_rfcs_give_them(void **state)
{
	static const uint8_t v4[4] = { 239, 0xff, 2, 3 }, v4_mac[6] = { 1, 0, 0x5e, 0x7f, 2, 3 };
	static const uint8_t v4_not[][4] = { { 223, 255, 255, 255 }, { 240, 0, 0, 1 } };
	static const uint8_t v6[16] = { 0xff, 2, [12] = 0xff, 1, 2, 3 }, v6_mac[6] = { 0x33, 0x33, 0xff, 1, 2, 3 };
	static const uint8_t v6_not[16] = { 0xfe, 0x80 };
	uint8_t mac[7] = { [6] = 0xee };

	(void)state;
	bring_to(SNP_INITIALIZED);
	assert_int_equal(snp_provider_group_mac(&p, false, v4, mac), SNP_SUCCESS);
	assert_memory_equal(mac, v4_mac, 6);
	assert_int_equal(snp_provider_group_mac(&p, true, v6, mac), SNP_SUCCESS);
	assert_memory_equal(mac, v6_mac, 6);
	assert_int_equal(mac[6], 0xee);
	assert_int_equal(snp_provider_group_mac(&p, false, v4_not[0], mac), SNP_INVALID_PARAMETER);
	assert_int_equal(snp_provider_group_mac(&p, false, v4_not[1], mac), SNP_INVALID_PARAMETER);
	assert_int_equal(snp_provider_group_mac(&p, true, v6_not, mac), SNP_INVALID_PARAMETER);
	assert_int_equal(snp_provider_group_mac(&p, false, NULL, mac), SNP_INVALID_PARAMETER);
	assert_int_equal(snp_provider_group_mac(&p, false, v4, NULL), SNP_INVALID_PARAMETER);
	assert_memory_equal(mac, v6_mac, 6);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_function_answers_in_each_state),
		TEST(after_the_end_of_the_boot_services_nothing_works),
		TEST(the_mode_tells_what_the_card_is),
		TEST(extra_buffers_are_not_to_be_had),
		TEST(the_cable_is_looked_at_when_it_is_asked_for),
		TEST(filters_are_turned_on_then_off),
		TEST(filters_that_are_wrong_change_nothing),
		TEST(groups_are_replaced_and_reset),
		TEST(the_card_is_told_no_group_any_more_when_it_is_shut_down),
		TEST(groups_that_the_card_refuses_are_not_said_to_be_heard),
		TEST(the_card_keeps_its_address),
		TEST(groups_have_the_addresses_that_the_rfcs_give_them),
	};

	return cmocka_run_group_tests_name("undi/snp_provider", tests, NULL, NULL);
}
