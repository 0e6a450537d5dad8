/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* UNDI_TRANSMIT and UNDI_ISR. */
#include "pxe/api_bench.h"

enum { TBD_AT = DATA_AT, ADDRESS_AT = DATA_AT + 0x80, BYTES_AT = DATA_AT + 0x100 };

static const uint8_t everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, stranger[6] = { 2, 9, 9, 9, 9, 9 };
static const uint8_t group[6] = { 1, 0, 0x5e, 0, 0, 9 };

static struct pxe_tbd tbd;

static struct pxe_transmit transmit(uint8_t protocol, uint8_t to, uint16_t status)
{
	struct pxe_transmit b = { .protocol = protocol, .to = to, .address = far_to(ADDRESS_AT),
	                          .descriptor = far_to(TBD_AT) };

	memcpy(memory + TBD_AT, &tbd, sizeof tbd);
	memcpy(memory + ADDRESS_AT, peer_mac, 6);
	expect(PXE_UNDI_TRANSMIT, b, status);
	return b;
}

static int fresh_tbd(void **state)
{
	fresh(state);
	tbd = (struct pxe_tbd){ .immediate_bytes = 100, .immediate = far_to(BYTES_AT) };
	for (unsigned i = 0; i < 4096; i++)
		memory[BYTES_AT + i] = (uint8_t)(i * 13 + 1);
	return 0;
}

static void expect_sent(const uint8_t dst[6], uint16_t type, const uint8_t *payload, size_t len)
{
	const struct fake_frame *f = &card.out[(card.out_count - 1) % FAKE_FRAMES];
	const uint8_t types[] = { (uint8_t)(type >> 8), (uint8_t)type };

	assert_int_equal(f->len, len + FRAME_HEAD);
	assert_memory_equal(f->bytes, dst, 6);
	assert_memory_equal(f->bytes + 6, our_mac, 6);
	assert_memory_equal(f->bytes + 12, types, 2);
	assert_memory_equal(f->bytes + FRAME_HEAD, payload, len);
}

/* ---- sending ---- */

static void the_header_is_built_for_ip_arp_and_rarp(void **state)
{
	(void)state;
	transmit(PXE_PROTOCOL_IP, PXE_TO_ADDRESS, PXE_STATUS_SUCCESS);
	expect_sent(peer_mac, 0x0800, memory + BYTES_AT, 100);
	transmit(PXE_PROTOCOL_ARP, PXE_TO_ALL, PXE_STATUS_SUCCESS);
	expect_sent(everyone, 0x0806, memory + BYTES_AT, 100);
	transmit(PXE_PROTOCOL_RARP, PXE_TO_ADDRESS, PXE_STATUS_SUCCESS);
	expect_sent(peer_mac, 0x8035, memory + BYTES_AT, 100);
	transmit(PXE_PROTOCOL_OTHER, PXE_TO_ADDRESS, PXE_STATUS_INVALID_PARAMETER);
	transmit(0xff, PXE_TO_ADDRESS, PXE_STATUS_INVALID_PARAMETER);
	assert_int_equal(card.out_count, 3);
}

static void a_frame_with_its_header_is_taken_as_it_is(void **state)
{
	(void)state;
	transmit(PXE_PROTOCOL_UNKNOWN, PXE_TO_ALL, PXE_STATUS_SUCCESS);
	assert_int_equal(card.out[0].len, 100);
	assert_memory_equal(card.out[0].bytes, memory + BYTES_AT, 100);
	tbd.immediate_bytes = FRAME_HEAD - 1;
	transmit(PXE_PROTOCOL_UNKNOWN, PXE_TO_ALL, PXE_STATUS_INVALID_PARAMETER);
}

static void a_broadcast_needs_no_address(void **state)
{
	struct pxe_transmit b = { .protocol = PXE_PROTOCOL_IP, .to = PXE_TO_ALL, .address = { 0xffff, 0xffff },
	                          .descriptor = far_to(TBD_AT) };

	(void)state;
	memcpy(memory + TBD_AT, &tbd, sizeof tbd);
	expect(PXE_UNDI_TRANSMIT, b, PXE_STATUS_SUCCESS);
	b.to = PXE_TO_ADDRESS;
	expect(PXE_UNDI_TRANSMIT, b, PXE_STATUS_INVALID_PARAMETER);
}

static void data_blocks_are_one_frame(void **state)
{
	(void)state;
	tbd.block_count = 8;
	for (unsigned i = 0; i < 8; i++) {
		tbd.blocks[i].type = 1;
		tbd.blocks[i].bytes = 50;
		tbd.blocks[i].at = far_to(BYTES_AT + 100 + i * 50);
	}
	transmit(PXE_PROTOCOL_IP, PXE_TO_ADDRESS, PXE_STATUS_SUCCESS);
	expect_sent(peer_mac, 0x0800, memory + BYTES_AT, 500);
	tbd.block_count = 9;
	transmit(PXE_PROTOCOL_IP, PXE_TO_ADDRESS, PXE_STATUS_INVALID_PARAMETER);
	tbd.block_count = 1;
	tbd.immediate_bytes = 0;
	transmit(PXE_PROTOCOL_IP, PXE_TO_ADDRESS, PXE_STATUS_SUCCESS);
	expect_sent(peer_mac, 0x0800, memory + BYTES_AT + 100, 50);
}

static void a_frame_has_1514_bytes_at_most(void **state)
{
	(void)state;
	tbd.immediate_bytes = 1500;
	transmit(PXE_PROTOCOL_IP, PXE_TO_ADDRESS, PXE_STATUS_SUCCESS);
	expect_sent(peer_mac, 0x0800, memory + BYTES_AT, 1500);
	tbd.immediate_bytes = 1501;
	transmit(PXE_PROTOCOL_IP, PXE_TO_ADDRESS, PXE_STATUS_INVALID_PARAMETER);
	tbd.immediate_bytes = 1500;
	tbd.block_count = 1;
	tbd.blocks[0].bytes = 0xffff;
	tbd.blocks[0].at = far_to(BYTES_AT);
	transmit(PXE_PROTOCOL_IP, PXE_TO_ADDRESS, PXE_STATUS_INVALID_PARAMETER);
}

static void pointers_out_of_the_window_are_refused(void **state)
{
	static const struct pxe_far wild[] = { { 0xffff, 0xffff }, { 0xfff0, 0xf001 }, { 0, HOLE / 16 },
	                                       { 0xfffc, (HOLE - 0x10000) / 16 }, { 0xfffc, 0xf000 } };

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(wild); i++) {
		struct pxe_transmit b = { .protocol = PXE_PROTOCOL_IP, .to = PXE_TO_ALL, .descriptor = wild[i] };

		tbd.block_count = 0;
		tbd.immediate = wild[i];
		transmit(PXE_PROTOCOL_IP, PXE_TO_ALL, PXE_STATUS_INVALID_PARAMETER);
		tbd.immediate = far_to(BYTES_AT);
		tbd.block_count = 1;
		tbd.blocks[0].bytes = 100;
		tbd.blocks[0].at = wild[i];
		transmit(PXE_PROTOCOL_IP, PXE_TO_ALL, PXE_STATUS_INVALID_PARAMETER);
		expect(PXE_UNDI_TRANSMIT, b, PXE_STATUS_INVALID_PARAMETER);
	}
	assert_int_equal(card.out_count, 0);
}

/* Where there is nothing, programs leave the pointer as it was. */
static void a_pointer_to_no_bytes_is_not_looked_at(void **state)
{
	(void)state;
	tbd.immediate_bytes = 0;
	tbd.immediate = (struct pxe_far){ 0xffff, 0xffff };
	tbd.block_count = 3;
	tbd.blocks[0].at = tbd.blocks[2].at = (struct pxe_far){ 0xffff, 0xffff };
	tbd.blocks[1].bytes = 50;
	tbd.blocks[1].at = far_to(BYTES_AT);
	transmit(PXE_PROTOCOL_IP, PXE_TO_ADDRESS, PXE_STATUS_SUCCESS);
	expect_sent(peer_mac, 0x0800, memory + BYTES_AT, 50);
}

/* Only what it says it has must be there: programs that send one piece leave the rest of the descriptor out. */
static void a_descriptor_is_as_long_as_its_blocks(void **state)
{
	const uint32_t at = MEMORY - offsetof(struct pxe_tbd, blocks);
	struct pxe_transmit b = { .protocol = PXE_PROTOCOL_IP, .to = PXE_TO_ALL, .descriptor = far_to(at) };

	(void)state;
	memcpy(memory + at, &tbd, MEMORY - at);
	expect(PXE_UNDI_TRANSMIT, b, PXE_STATUS_SUCCESS);
	tbd.block_count = 1;
	memcpy(memory + at, &tbd, MEMORY - at);
	expect(PXE_UNDI_TRANSMIT, b, PXE_STATUS_INVALID_PARAMETER);
}

static void a_busy_card_is_out_of_resources(void **state)
{
	struct pxe_statistics b = { 0 };

	(void)state;
	card.busy = true;
	transmit(PXE_PROTOCOL_IP, PXE_TO_ALL, PXE_STATUS_OUT_OF_RESOURCES);
	expect(PXE_UNDI_GET_STATISTICS, b, PXE_STATUS_SUCCESS);
	assert_int_equal(b.sent, 0);
}

/* ---- receiving ---- */

static struct pxe_isr isr(uint16_t function, uint16_t answer)
{
	struct pxe_isr b;

	memset(&b, 0xee, sizeof b);
	b.function = function;
	expect(PXE_UNDI_ISR, b, PXE_STATUS_SUCCESS);
	assert_int_equal(b.function, answer);
	return b;
}

static void expect_received(const struct pxe_isr *b, uint8_t protocol, uint8_t type, size_t len)
{
	const struct fake_frame *f = &card.in[(card.in_at - 1) % FAKE_FRAMES];

	assert_int_equal(b->buffer_bytes, len);
	assert_int_equal(b->frame_bytes, len);
	assert_int_equal(b->header_bytes, FRAME_HEAD);
	assert_int_equal(linear(b->frame), FRAME_AT);
	assert_int_equal(b->protocol, protocol);
	assert_int_equal(b->packet_type, type);
	assert_memory_equal(memory + FRAME_AT, f->bytes, len);
}

static void frames_come_until_done(void **state)
{
	struct pxe_statistics s = { 0 };
	struct pxe_isr b;

	(void)state;
	receive(our_mac, 0x0800, 60);
	receive(everyone, 0x0806, 64);
	receive(our_mac, 0x8035, 70);
	receive(our_mac, 0x88cc, FRAME_MAX);
	b = isr(PXE_ISR_PROCESS, PXE_ISR_RECEIVE);
	expect_received(&b, PXE_PROTOCOL_IP, PXE_PACKET_DIRECTED, 60);
	b = isr(PXE_ISR_GET_NEXT, PXE_ISR_RECEIVE);
	expect_received(&b, PXE_PROTOCOL_ARP, PXE_PACKET_BROADCAST, 64);
	b = isr(PXE_ISR_GET_NEXT, PXE_ISR_RECEIVE);
	expect_received(&b, PXE_PROTOCOL_RARP, PXE_PACKET_DIRECTED, 70);
	b = isr(PXE_ISR_GET_NEXT, PXE_ISR_RECEIVE);
	expect_received(&b, PXE_PROTOCOL_OTHER, PXE_PACKET_DIRECTED, FRAME_MAX);
	b = isr(PXE_ISR_GET_NEXT, PXE_ISR_DONE);
	assert_int_equal(b.buffer_bytes + b.frame_bytes + b.header_bytes + b.protocol + b.packet_type, 0);
	expect(PXE_UNDI_GET_STATISTICS, s, PXE_STATUS_SUCCESS);
	assert_int_equal(s.received, 4);
	expect_plain(PXE_UNDI_CLEAR_STATISTICS, PXE_STATUS_SUCCESS);
	expect(PXE_UNDI_GET_STATISTICS, s, PXE_STATUS_SUCCESS);
	assert_int_equal(s.received, 0);
}

/* emBoot's winBoot/i. */
static void process_alone_without_start_polls(void **state)
{
	(void)state;
	isr(PXE_ISR_PROCESS, PXE_ISR_DONE);
	receive(our_mac, 0x0800, 60);
	isr(PXE_ISR_PROCESS, PXE_ISR_RECEIVE);
	receive(our_mac, 0x0800, 60);
	isr(PXE_ISR_PROCESS, PXE_ISR_RECEIVE);
	isr(PXE_ISR_PROCESS, PXE_ISR_DONE);
	isr(PXE_ISR_GET_NEXT, PXE_ISR_DONE);
	receive(our_mac, 0x0800, 60);
	isr(PXE_ISR_GET_NEXT, PXE_ISR_RECEIVE);
}

static void start_is_ours_only_while_our_interrupts_are_on(void **state)
{
	struct pxe_open open = { .filter = PXE_FILTER_DIRECTED };

	(void)state;
	isr(PXE_ISR_START, PXE_ISR_NOT_OURS);
	isr(PXE_ISR_PROCESS, PXE_ISR_DONE);
	assert_int_equal(machine.interrupts_on, 0);     /* nobody has hooked the vector */
	expect(PXE_UNDI_OPEN, open, PXE_STATUS_SUCCESS);
	isr(PXE_ISR_START, PXE_ISR_OURS);
	isr(PXE_ISR_START, PXE_ISR_NOT_OURS);           /* off until all is taken */
	isr(PXE_ISR_PROCESS, PXE_ISR_DONE);
	isr(PXE_ISR_START, PXE_ISR_OURS);
	expect_plain(PXE_UNDI_CLOSE, PXE_STATUS_SUCCESS);
	isr(PXE_ISR_START, PXE_ISR_NOT_OURS);
}

/* syslinux and undionly.kpxe poll with START, and look for frames only if that was ours. */
static void start_is_always_ours_where_the_card_has_no_interrupts(void **state)
{
	struct pxe_open open = { .filter = PXE_FILTER_DIRECTED };

	(void)state;
	machine.host.interrupts = NULL;
	isr(PXE_ISR_START, PXE_ISR_OURS);               /* the base code leaves it opened */
	expect_plain(PXE_UNDI_CLOSE, PXE_STATUS_SUCCESS);
	isr(PXE_ISR_START, PXE_ISR_NOT_OURS);
	expect(PXE_UNDI_OPEN, open, PXE_STATUS_SUCCESS);
	for (unsigned i = 0; i < 3; i++) {
		receive(our_mac, 0x0800, 60);
		isr(PXE_ISR_START, PXE_ISR_OURS);
		isr(PXE_ISR_PROCESS, PXE_ISR_RECEIVE);
		isr(PXE_ISR_GET_NEXT, PXE_ISR_DONE);
	}
}

static void the_end_of_each_frame_sent_is_told_once(void **state)
{
	(void)state;
	transmit(PXE_PROTOCOL_IP, PXE_TO_ALL, PXE_STATUS_SUCCESS);
	transmit(PXE_PROTOCOL_IP, PXE_TO_ALL, PXE_STATUS_SUCCESS);
	receive(our_mac, 0x0800, 60);
	isr(PXE_ISR_PROCESS, PXE_ISR_TRANSMIT);
	isr(PXE_ISR_GET_NEXT, PXE_ISR_TRANSMIT);
	isr(PXE_ISR_GET_NEXT, PXE_ISR_RECEIVE);
	isr(PXE_ISR_GET_NEXT, PXE_ISR_DONE);
}

static void a_frame_longer_than_any_comes_in_one_piece(void **state)
{
	struct pxe_isr b;

	(void)state;
	receive(our_mac, 0x0800, FRAME_MAX + 4);
	memory[FRAME_AT + FRAME_MAX] = 0xab;
	b = isr(PXE_ISR_PROCESS, PXE_ISR_RECEIVE);
	expect_received(&b, PXE_PROTOCOL_IP, PXE_PACKET_DIRECTED, FRAME_MAX);
	assert_int_equal(memory[FRAME_AT + FRAME_MAX], 0xab);
}

static void the_filter_is_heeded(void **state)
{
	static const uint8_t filters[] = { 0, PXE_FILTER_DIRECTED, PXE_FILTER_BROADCAST, PXE_FILTER_PROMISCUOUS };
	static const unsigned heard[] = { 1, 2, 2, 5 };         /* of five, one of them to our group */
	struct pxe_set_groups groups = { .groups = { .count = 1 } };

	(void)state;
	memcpy(groups.groups.macs[0], group, sizeof group);
	expect(PXE_UNDI_SET_GROUPS, groups, PXE_STATUS_SUCCESS);
	for (unsigned i = 0; i < COUNT_OF(filters); i++) {
		struct pxe_set_filter b = { .filter = filters[i] };

		expect(PXE_UNDI_SET_FILTER, b, PXE_STATUS_SUCCESS);
		receive(our_mac, 0x0800, 60);
		receive(everyone, 0x0800, 60);
		receive(stranger, 0x0800, 60);
		receive(group, 0x0800, 60);
		receive(everyone, 0x0800, FRAME_HEAD - 1);  /* no frame at all */
		receive((const uint8_t[6]){ 1, 2, 3 }, 0x0800, 60);
		for (unsigned n = 0; n < heard[i]; n++)
			isr(PXE_ISR_PROCESS, PXE_ISR_RECEIVE);
		isr(PXE_ISR_PROCESS, PXE_ISR_DONE);
	}
}

static void open_with_no_filter_hears_the_usual(void **state)
{
	struct pxe_open b = { 0 };

	(void)state;
	expect(PXE_UNDI_OPEN, b, PXE_STATUS_SUCCESS);
	receive(our_mac, 0x0800, 60);
	receive(everyone, 0x0800, 60);
	receive(stranger, 0x0800, 60);
	isr(PXE_ISR_PROCESS, PXE_ISR_RECEIVE);
	isr(PXE_ISR_PROCESS, PXE_ISR_RECEIVE);
	isr(PXE_ISR_PROCESS, PXE_ISR_DONE);
}

static void open_s_filter_is_heeded(void **state)
{
	struct pxe_open b = { .filter = PXE_FILTER_BROADCAST };

	(void)state;
	expect(PXE_UNDI_OPEN, b, PXE_STATUS_SUCCESS);
	receive(our_mac, 0x0800, 60);
	receive(stranger, 0x0800, 60);
	isr(PXE_ISR_PROCESS, PXE_ISR_DONE);
	b.filter = PXE_FILTER_PROMISCUOUS;
	expect(PXE_UNDI_OPEN, b, PXE_STATUS_SUCCESS);
	receive(stranger, 0x0800, 60);
	isr(PXE_ISR_PROCESS, PXE_ISR_RECEIVE);
}

static void a_tagged_frame_is_no_ip(void **state)
{
	struct pxe_isr b;

	(void)state;
	receive(our_mac, 0x8100, 64);
	card.in[0].bytes[16] = 8;
	card.in[0].bytes[17] = 0;
	b = isr(PXE_ISR_PROCESS, PXE_ISR_RECEIVE);
	assert_int_equal(b.protocol, PXE_PROTOCOL_OTHER);
}

static void unknown_functions_of_the_isr_are_refused(void **state)
{
	struct pxe_isr b = { .function = 0 };

	(void)state;
	expect(PXE_UNDI_ISR, b, PXE_STATUS_INVALID_PARAMETER);
	b.function = 4;
	expect(PXE_UNDI_ISR, b, PXE_STATUS_INVALID_PARAMETER);
	expect_plain(PXE_UNDI_CLOSE, PXE_STATUS_SUCCESS);
	b.function = PXE_ISR_PROCESS;
	expect(PXE_UNDI_ISR, b, PXE_STATUS_INVALID_STATE);
	isr(PXE_ISR_START, PXE_ISR_NOT_OURS);
}

static void reset_forgets_what_was_under_way(void **state)
{
	struct pxe_set_groups b = { 0 };

	(void)state;
	transmit(PXE_PROTOCOL_IP, PXE_TO_ALL, PXE_STATUS_SUCCESS);
	receive(our_mac, 0x0800, 60);
	expect(PXE_UNDI_RESET, b, PXE_STATUS_SUCCESS);
	isr(PXE_ISR_PROCESS, PXE_ISR_DONE);
}

#define test(f) cmocka_unit_test_setup_teardown(f, fresh_tbd, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_header_is_built_for_ip_arp_and_rarp), test(a_frame_with_its_header_is_taken_as_it_is),
		test(a_broadcast_needs_no_address), test(data_blocks_are_one_frame),
		test(a_frame_has_1514_bytes_at_most), test(pointers_out_of_the_window_are_refused),
		test(a_pointer_to_no_bytes_is_not_looked_at), test(a_descriptor_is_as_long_as_its_blocks),
		test(a_busy_card_is_out_of_resources),
		test(frames_come_until_done), test(process_alone_without_start_polls),
		test(start_is_ours_only_while_our_interrupts_are_on),
		test(start_is_always_ours_where_the_card_has_no_interrupts),
		test(the_end_of_each_frame_sent_is_told_once),
		test(a_frame_longer_than_any_comes_in_one_piece), test(the_filter_is_heeded),
		test(open_with_no_filter_hears_the_usual), test(open_s_filter_is_heeded), test(a_tagged_frame_is_no_ip),
		test(unknown_functions_of_the_isr_are_refused), test(reset_forgets_what_was_under_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
