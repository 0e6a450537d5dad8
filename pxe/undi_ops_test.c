/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* UNDI's states, and what it tells. */
#include "pxe/api_bench.h"

static void bring_to(enum pxe_undi undi)
{
	struct pxe_open open = { .filter = PXE_FILTER_DIRECTED };
	struct pxe_initialize initialize = { 0 };
	struct pxe_start_undi start_undi = { .ax = 0x18 };

	expect_plain(PXE_STOP_UNDI, PXE_STATUS_SUCCESS);
	if (undi >= PXE_UNDI_LOADED)
		expect(PXE_START_UNDI, start_undi, PXE_STATUS_SUCCESS);
	if (undi >= PXE_UNDI_STARTED)
		expect_plain(PXE_UNDI_STARTUP, PXE_STATUS_SUCCESS);
	if (undi >= PXE_UNDI_INITIALIZED)
		expect(PXE_UNDI_INITIALIZE, initialize, PXE_STATUS_SUCCESS);
	if (undi >= PXE_UNDI_OPENED)
		expect(PXE_UNDI_OPEN, open, PXE_STATUS_SUCCESS);
	assert_int_equal(api.undi, undi);
}

/* The status of a call whose block makes sense, in each state. */
static void expect_in_states(uint16_t opcode, const uint16_t status[5])
{
	for (unsigned undi = PXE_UNDI_STOPPED; undi <= PXE_UNDI_OPENED; undi++) {
		uint8_t block[160] = { 0 };

		start();
		bring_to(undi);
		if (opcode == PXE_START_UNDI)
			block[2] = 0x18;
		if (opcode == PXE_UNDI_SET_STATION)
			memcpy(block + 2, our_mac, 6);
		if (opcode == PXE_UNDI_ISR)
			block[2] = PXE_ISR_PROCESS;
		if (opcode == PXE_UNDI_GET_GROUP)
			block[2] = 224;
		if (opcode == PXE_UNDI_TRANSMIT) {
			struct pxe_transmit t = { .descriptor = far_to(DATA_AT) };
			struct pxe_tbd tbd = { .immediate_bytes = 60, .immediate = far_to(DATA_AT + 100) };

			memcpy(block, &t, sizeof t);
			memcpy(memory + DATA_AT, &tbd, sizeof tbd);
		}
		expect(opcode, block, status[undi]);
	}
}

static void every_undi_opcode_in_every_state(void **state)
{
	enum { OK = PXE_STATUS_SUCCESS, NO = PXE_STATUS_INVALID_STATE, UN = PXE_STATUS_UNSUPPORTED };
	static const struct { uint16_t opcode, status[5]; } rows[] = {
		/*                            STOPPED LOADED STARTED INITIALIZED OPENED */
		{ PXE_START_UNDI,            { OK, OK, OK, OK, OK } },
		{ PXE_UNDI_STARTUP,          { NO, OK, OK, OK, OK } },
		{ PXE_UNDI_CLEANUP,          { NO, OK, OK, OK, OK } },
		{ PXE_UNDI_INITIALIZE,       { NO, NO, OK, OK, OK } },
		{ PXE_UNDI_RESET,            { NO, NO, NO, OK, OK } },
		{ PXE_UNDI_SHUTDOWN,         { NO, OK, OK, OK, OK } },
		{ PXE_UNDI_OPEN,             { NO, NO, NO, OK, OK } },
		{ PXE_UNDI_CLOSE,            { NO, NO, NO, NO, OK } },
		{ PXE_UNDI_TRANSMIT,         { NO, NO, NO, NO, OK } },
		{ PXE_UNDI_SET_GROUPS,       { NO, NO, NO, NO, OK } },
		{ PXE_UNDI_SET_STATION,      { NO, NO, OK, OK, NO } },
		{ PXE_UNDI_SET_FILTER,       { NO, NO, NO, OK, OK } },
		{ PXE_UNDI_GET_INFO,         { NO, OK, OK, OK, OK } },
		{ PXE_UNDI_GET_STATISTICS,   { NO, OK, OK, OK, OK } },
		{ PXE_UNDI_CLEAR_STATISTICS, { NO, OK, OK, OK, OK } },
		{ PXE_UNDI_DIAGNOSE,         { UN, UN, UN, UN, UN } },
		{ PXE_UNDI_FORCE_INTERRUPT,  { UN, UN, UN, UN, UN } },
		{ PXE_UNDI_GET_GROUP,        { NO, OK, OK, OK, OK } },
		{ PXE_UNDI_GET_NIC_TYPE,     { NO, OK, OK, OK, OK } },
		{ PXE_UNDI_GET_IFACE,        { NO, OK, OK, OK, OK } },
		{ PXE_UNDI_ISR,              { NO, NO, NO, NO, OK } },
		{ PXE_STOP_UNDI,             { NO, OK, OK, OK, OK } },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(rows); i++) {
		assert_int_equal(rows[i].opcode, i);    /* none is left out */
		expect_in_states(rows[i].opcode, rows[i].status);
	}
}

static void the_base_code_leaves_it_opened(void **state)
{
	(void)state;
	assert_int_equal(api.undi, PXE_UNDI_OPENED);
	assert_int_equal(machine.ups + machine.downs + machine.interrupts_on, 0);
}

static void the_card_is_quiet_after_shutdown_cleanup_or_stop(void **state)
{
	static const uint16_t opcodes[] = { PXE_UNDI_SHUTDOWN, PXE_UNDI_CLEANUP, PXE_STOP_UNDI };

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(opcodes); i++) {
		start();
		expect_plain(opcodes[i], PXE_STATUS_SUCCESS);
		assert_int_equal(machine.downs, i + 1);
	}
	expect_plain(PXE_STOP_UNDI, PXE_STATUS_INVALID_STATE);
	assert_int_equal(machine.downs, COUNT_OF(opcodes));
}

static void a_card_that_does_not_start_is_not_initialized(void **state)
{
	struct pxe_initialize b = { 0 };

	(void)state;
	bring_to(PXE_UNDI_STARTED);
	machine.card_fails = true;
	expect(PXE_UNDI_INITIALIZE, b, PXE_STATUS_CANNOT_INITIALIZE);
	assert_int_equal(api.undi, PXE_UNDI_STARTED);
	machine.card_fails = false;
	expect(PXE_UNDI_INITIALIZE, b, PXE_STATUS_SUCCESS);
	assert_int_equal(machine.ups, 1);
}

static enum nic_link no_link(struct nic *nic)
{
	(void)nic;
	return NIC_LINK_DOWN;
}

static void initialize_without_a_cable_is_e61(void **state)
{
	struct pxe_initialize b = { 0 };

	(void)state;
	bring_to(PXE_UNDI_STARTED);
	card.nic.link = no_link;
	expect(PXE_UNDI_INITIALIZE, b, PXE_STATUS_MEDIA_TEST);
	assert_int_equal(api.undi, PXE_UNDI_STARTED);
}

static void information_is_that_of_one_buffer_each_way(void **state)
{
	struct pxe_info b;

	(void)state;
	memset(&b, 0xee, sizeof b);
	expect(PXE_UNDI_GET_INFO, b, PXE_STATUS_SUCCESS);
	assert_int_equal(b.rx_buffers, 1);
	assert_int_equal(b.tx_buffers, 1);
	assert_int_equal(b.rom_seg, 0);
	assert_int_equal(b.mtu, 1500);
	assert_int_equal(b.hardware_type, 1);
	assert_int_equal(b.address_bytes, 6);
	assert_int_equal(b.irq, 11);
	assert_memory_equal(b.mac, our_mac, 6);
	assert_memory_equal(b.permanent_mac, our_mac, 6);
	assert_int_equal(b.mac[6], 0);
}

static void without_interrupts_none_is_promised(void **state)
{
	struct pxe_info info = { 0 };
	struct pxe_iface iface = { 0 };

	(void)state;
	expect(PXE_UNDI_GET_IFACE, iface, PXE_STATUS_SUCCESS);
	assert_string_equal(iface.type, "DIX+802.3");
	assert_int_equal(iface.services, 0x1c03);
	machine.host.interrupts = NULL;
	expect(PXE_UNDI_GET_IFACE, iface, PXE_STATUS_SUCCESS);
	assert_int_equal(iface.services, 0x0c03);
	expect(PXE_UNDI_GET_INFO, info, PXE_STATUS_SUCCESS);
	assert_int_equal(info.irq, 0);
}

/* Altiris and older programs have a block that ends where an older specification's did. */
static void nic_type_does_not_write_where_old_blocks_have_ended(void **state)
{
	struct pxe_nic_type b;

	(void)state;
	memset(&b, 0xee, sizeof b);
	expect(PXE_UNDI_GET_NIC_TYPE, b, PXE_STATUS_SUCCESS);
	assert_int_equal(b.bus_type, 2);
	assert_int_equal(b.vendor, 0x1af4);
	assert_int_equal(b.device, 0x1000);
	assert_int_equal(b.class_base, 2);
	assert_int_equal(b.bus_dev_fn, 0x18);
	assert_int_equal(b.sub_vendor, 0xeeee);
	assert_int_equal(b.sub_device, 0xeeee);
}

static void groups_are_told_to_the_card(void **state)
{
	struct pxe_set_groups b = { .groups = { .count = 2, .macs = { { 1, 0, 0x5e, 0, 0, 9 }, { 3 } } } };
	struct pxe_open open = { .groups = { .count = 9 } };

	(void)state;
	expect(PXE_UNDI_SET_GROUPS, b, PXE_STATUS_SUCCESS);
	assert_int_equal(card.group_count, 2);
	assert_int_equal(card.groups[0][5], 9);
	b.groups.count = 0;
	expect(PXE_UNDI_RESET, b, PXE_STATUS_SUCCESS);
	assert_int_equal(card.group_count, 0);
	b.groups.count = 9;
	expect(PXE_UNDI_SET_GROUPS, b, PXE_STATUS_INVALID_PARAMETER);
	expect(PXE_UNDI_OPEN, open, PXE_STATUS_INVALID_PARAMETER);
	card.nic.groups = NULL;
	b.groups.count = 1;
	expect(PXE_UNDI_SET_GROUPS, b, PXE_STATUS_SUCCESS);
}

static void a_group_s_address_is_its_number(void **state)
{
	struct pxe_group b = { .ip = { 239, 129, 2, 3 } };
	static const uint8_t mac[] = { 1, 0, 0x5e, 1, 2, 3, 0 };

	(void)state;
	memset(b.mac, 0xee, sizeof b.mac);
	expect(PXE_UNDI_GET_GROUP, b, PXE_STATUS_SUCCESS);
	assert_memory_equal(b.mac, mac, sizeof mac);
	b.ip[0] = 10;
	expect(PXE_UNDI_GET_GROUP, b, PXE_STATUS_INVALID_PARAMETER);
}

static void another_station_address_is_not_supported(void **state)
{
	struct pxe_station b = { .mac = { 2, 2, 2, 2, 2, 2 } };

	(void)state;
	bring_to(PXE_UNDI_INITIALIZED);
	expect(PXE_UNDI_SET_STATION, b, PXE_STATUS_UNSUPPORTED);
	assert_memory_equal(card.nic.mac, our_mac, 6);
}

static void another_card_is_not_started(void **state)
{
	struct pxe_start_undi b = { .ax = 0x20 };

	(void)state;
	expect(PXE_START_UNDI, b, PXE_STATUS_CANNOT_INITIALIZE);
}

static void stop_undi_is_keep_undi_while_a_vector_is_chained(void **state)
{
	struct pxe_unload b = { 0 };

	(void)state;
	machine.is_chained = true;
	expect_plain(PXE_STOP_UNDI, PXE_STATUS_KEEP_UNDI);
	assert_int_equal(machine.downs, 1);
	expect(PXE_UNLOAD_STACK, b, PXE_STATUS_KEEP_ALL);
	assert_int_equal(api.base, PXE_BASE_STARTED);
	assert_int_equal(api.undi, PXE_UNDI_LOADED);
	machine.is_chained = false;
	expect(PXE_UNLOAD_STACK, b, PXE_STATUS_SUCCESS);
	expect_plain(PXE_STOP_UNDI, PXE_STATUS_SUCCESS);
	assert_int_equal(api.base, PXE_BASE_GONE);
	assert_int_equal(api.undi, PXE_UNDI_STOPPED);
}

static void a_base_that_was_stopped_starts_again_and_one_that_is_gone_does_not(void **state)
{
	struct pxe_udp_open open = { 0 };
	struct pxe_unload unload = { 0 };

	(void)state;
	expect(PXE_UDP_OPEN, open, PXE_STATUS_SUCCESS);
	expect_plain(PXE_STOP_BASE, PXE_STATUS_SUCCESS);
	expect(PXE_UDP_OPEN, open, PXE_STATUS_UNSUPPORTED);
	expect_plain(PXE_START_BASE, PXE_STATUS_SUCCESS);
	expect(PXE_UDP_OPEN, open, PXE_STATUS_SUCCESS);
	expect(PXE_UNLOAD_STACK, unload, PXE_STATUS_SUCCESS);
	expect_plain(PXE_STOP_BASE, PXE_STATUS_SUCCESS);
	expect_plain(PXE_START_BASE, PXE_STATUS_UNSUPPORTED);
	expect(PXE_UDP_OPEN, open, PXE_STATUS_UNSUPPORTED);
}

static void nobody_can_chain_where_nobody_asks(void **state)
{
	(void)state;
	machine.is_chained = true;
	machine.host.is_chained = NULL;
	expect_plain(PXE_STOP_UNDI, PXE_STATUS_SUCCESS);
}

static void the_card_comes_up_for_the_base_code_alone(void **state)
{
	struct pxe_udp_open open = { 0 };

	(void)state;
	expect(PXE_UDP_OPEN, open, PXE_STATUS_SUCCESS);
	expect_plain(PXE_UNDI_SHUTDOWN, PXE_STATUS_SUCCESS);
	expect_plain(PXE_UDP_CLOSE, PXE_STATUS_UDP_CLOSED);
	machine.card_fails = true;
	expect(PXE_UDP_OPEN, open, PXE_STATUS_CANNOT_INITIALIZE);
	machine.card_fails = false;
	expect(PXE_UDP_OPEN, open, PXE_STATUS_SUCCESS);
	assert_int_equal(machine.ups, 1);
	assert_int_equal(api.undi, PXE_UNDI_STARTED);
}

/* Whatever UNDI's state was: who calls one of these is about to let another driver have the card. */
static void a_card_that_the_base_code_brought_up_goes_quiet_as_well(void **state)
{
	static const uint16_t opcodes[] = { PXE_UNDI_SHUTDOWN, PXE_UNDI_CLEANUP, PXE_STOP_UNDI, PXE_STOP_BASE,
	                                    PXE_UNLOAD_STACK };
	static const enum pxe_undi states[] = { PXE_UNDI_LOADED, PXE_UNDI_STARTED };

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(opcodes) * COUNT_OF(states); i++) {
		const uint16_t opcode = opcodes[i / COUNT_OF(states)];
		const enum pxe_undi undi = states[i % COUNT_OF(states)];
		struct pxe_udp_open open = { 0 };
		struct pxe_unload b = { 0 };

		start();
		bring_to(undi);
		machine.ups = machine.downs = 0;
		expect(PXE_UDP_OPEN, open, PXE_STATUS_SUCCESS);
		assert_int_equal(machine.ups, 1);
		expect(opcode, b, PXE_STATUS_SUCCESS);
		assert_int_equal(machine.downs, 1);
		assert_true(api.undi <= undi);
		assert_false(api.udp.is_open);
	}
}

static void a_card_that_undi_has_up_outlives_the_base_code(void **state)
{
	struct pxe_udp_open open = { 0 };
	struct pxe_unload b = { 0 };

	(void)state;
	expect(PXE_UDP_OPEN, open, PXE_STATUS_SUCCESS);
	expect_plain(PXE_STOP_BASE, PXE_STATUS_SUCCESS);
	expect(PXE_UNLOAD_STACK, b, PXE_STATUS_SUCCESS);
	assert_int_equal(machine.downs, 0);
	assert_int_equal(api.undi, PXE_UNDI_OPENED);
}

#define test(f) cmocka_unit_test_setup_teardown(f, fresh, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(every_undi_opcode_in_every_state), test(the_base_code_leaves_it_opened),
		test(the_card_is_quiet_after_shutdown_cleanup_or_stop), test(initialize_without_a_cable_is_e61),
		test(a_card_that_does_not_start_is_not_initialized), test(information_is_that_of_one_buffer_each_way),
		test(without_interrupts_none_is_promised), test(nic_type_does_not_write_where_old_blocks_have_ended),
		test(groups_are_told_to_the_card), test(a_group_s_address_is_its_number),
		test(another_station_address_is_not_supported), test(another_card_is_not_started),
		test(stop_undi_is_keep_undi_while_a_vector_is_chained),
		test(a_base_that_was_stopped_starts_again_and_one_that_is_gone_does_not),
		test(a_card_that_the_base_code_brought_up_goes_quiet_as_well),
		test(a_card_that_undi_has_up_outlives_the_base_code),
		test(nobody_can_chain_where_nobody_asks), test(the_card_comes_up_for_the_base_code_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
