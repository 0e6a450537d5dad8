/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* UDP_OPEN, CLOSE, READ, WRITE. */
#include "pxe/api_bench.h"

enum { FAR_IP = 0x0b000001 };

static struct {
	unsigned count;
	uint32_t src_ip;
	uint16_t src_port, dst_port;
	uint8_t  bytes[1500];
	size_t   len;
} got;

static void keep(const struct datagram *d)
{
	struct rd payload = d->payload;

	got.count++;
	got.src_ip   = d->src_ip;
	got.src_port = d->src_port;
	got.dst_port = d->dst_port;
	got.len      = rd_left(&payload);
	rd_bytes(&payload, got.bytes, got.len);
}

static void open_udp(void)
{
	struct pxe_udp_open b = { 0 };

	memset(&got, 0, sizeof got);
	peer.rx = keep;
	expect(PXE_UDP_OPEN, b, PXE_STATUS_SUCCESS);
}

static struct pxe_udp_write write_to(uint32_t ip, uint32_t gateway, uint16_t src_port, uint16_t bytes)
{
	struct pxe_udp_write b = { .bytes = bytes, .buffer = far_to(DATA_AT) };

	pxe_put_ip(b.ip, ip);
	pxe_put_ip(b.gateway, gateway);
	pxe_put_port(b.src_port, src_port);
	pxe_put_port(b.dst_port, 4011);
	return b;
}

/* The peer and we know each other's MAC address from here on. */
static void meet(void)
{
	struct pxe_udp_write b = write_to(PEER_IP, 0, 68, 1);

	expect(PXE_UDP_WRITE, b, PXE_STATUS_SUCCESS);
	peer_work();
	assert_int_equal(got.count, 1);
}

static struct pxe_udp_read read_to(uint32_t dst_ip, uint16_t dst_port, uint16_t bytes)
{
	struct pxe_udp_read b = { .bytes = bytes, .buffer = far_to(DATA_AT) };

	pxe_put_ip(b.dst_ip, dst_ip);
	pxe_put_port(b.dst_port, dst_port);
	return b;
}

static void nothing_works_while_it_is_closed(void **state)
{
	struct pxe_udp_read r = read_to(0, 0, 100);
	struct pxe_udp_write w = write_to(PEER_IP, 0, 0, 10);

	(void)state;
	expect(PXE_UDP_READ, r, PXE_STATUS_UDP_CLOSED);
	expect(PXE_UDP_WRITE, w, PXE_STATUS_UDP_CLOSED);
	expect_plain(PXE_UDP_CLOSE, PXE_STATUS_UDP_CLOSED);
	open_udp();
	expect_plain(PXE_UDP_CLOSE, PXE_STATUS_SUCCESS);
	expect(PXE_UDP_READ, r, PXE_STATUS_UDP_CLOSED);
}

static void udp_and_tftp_exclude_each_other(void **state)
{
	struct pxe_udp_open o = { 0 };
	struct pxe_tftp_open t = { .packet_bytes = 512 };
	struct pxe_tftp_read_file f = { .buffer = DATA_AT, .bytes = 512 };
	struct pxe_tftp_file_size s = { 0 };

	(void)state;
	open_udp();
	expect(PXE_UDP_OPEN, o, PXE_STATUS_UDP_OPEN);
	expect(PXE_TFTP_OPEN, t, PXE_STATUS_UDP_OPEN);
	expect(PXE_TFTP_READ_FILE, f, PXE_STATUS_UDP_OPEN);
	expect(PXE_TFTP_GET_FILE_SIZE, s, PXE_STATUS_UDP_OPEN);
	expect(PXE_RESTART_TFTP, f, PXE_STATUS_UDP_OPEN);
	expect_plain(PXE_UDP_CLOSE, PXE_STATUS_SUCCESS);
	api.tftp.is_open = true;
	expect(PXE_UDP_OPEN, o, PXE_STATUS_TFTP_OPEN);
}

static void a_write_without_a_source_port_comes_from_2069(void **state)
{
	struct pxe_udp_write b = write_to(PEER_IP, 0, 0, 300);

	(void)state;
	for (unsigned i = 0; i < 300; i++)
		memory[DATA_AT + i] = (uint8_t)(i * 5);
	open_udp();
	expect(PXE_UDP_WRITE, b, PXE_STATUS_SUCCESS);
	peer_work();
	assert_int_equal(got.src_port, 2069);
	assert_int_equal(got.dst_port, 4011);
	assert_int_equal(got.src_ip, OUR_IP);
	assert_int_equal(got.len, 300);
	assert_memory_equal(got.bytes, memory + DATA_AT, 300);
	b = write_to(PEER_IP, 0, 1234, 0);
	expect(PXE_UDP_WRITE, b, PXE_STATUS_SUCCESS);
	peer_work();
	assert_int_equal(got.src_port, 1234);
	assert_int_equal(got.len, 0);
}

/* NTLDR needs where a datagram went, which the specification does not promise. */
static void a_read_tells_where_it_came_from_and_where_it_went(void **state)
{
	struct pxe_udp_read b = read_to(0, 0, 1000);

	(void)state;
	open_udp();
	meet();
	peer_tx(67, 777, "hello", 5);
	expect(PXE_UDP_READ, b, PXE_STATUS_SUCCESS);
	assert_int_equal(b.bytes, 5);
	assert_memory_equal(memory + DATA_AT, "hello", 5);
	assert_int_equal(pxe_ip(b.src_ip), PEER_IP);
	assert_int_equal(pxe_ip(b.dst_ip), OUR_IP);
	assert_int_equal(pxe_port(b.src_port), 67);
	assert_int_equal(pxe_port(b.dst_port), 777);
}

static void a_read_never_waits(void **state)
{
	struct pxe_udp_read b = read_to(0, 0, 1000);

	(void)state;
	open_udp();
	machine.idles = 0;
	expect(PXE_UDP_READ, b, PXE_STATUS_FAILURE);
	assert_int_equal(machine.idles, 0);
}

static void a_read_filters_by_address_and_port(void **state)
{
	struct pxe_udp_read b = read_to(OUR_IP, 777, 1000), all = read_to(0, 0, 1000);

	(void)state;
	open_udp();
	meet();
	peer_tx(67, 778, "other", 5);
	peer_tx(67, 777, "right", 5);
	peer_tx(67, 777, "again", 5);
	expect(PXE_UDP_READ, b, PXE_STATUS_SUCCESS);
	assert_memory_equal(memory + DATA_AT, "right", 5);
	b = read_to(0xffffffff, 777, 1000);
	expect(PXE_UDP_READ, b, PXE_STATUS_FAILURE);
	expect(PXE_UDP_READ, all, PXE_STATUS_FAILURE);  /* what was not asked for is gone */
}

static void a_datagram_longer_than_the_buffer_is_cut(void **state)
{
	struct pxe_udp_read b = read_to(0, 0, 3);

	(void)state;
	open_udp();
	meet();
	memory[DATA_AT + 3] = 0xab;
	peer_tx(67, 777, "hello", 5);
	expect(PXE_UDP_READ, b, PXE_STATUS_SUCCESS);
	assert_int_equal(b.bytes, 3);
	assert_int_equal(memory[DATA_AT + 3], 0xab);
}

static void buffers_out_of_the_window_are_refused(void **state)
{
	struct pxe_udp_read r = read_to(0, 0, 100);
	struct pxe_udp_write w = write_to(PEER_IP, 0, 0, 100);

	(void)state;
	open_udp();
	meet();
	r.buffer = w.buffer = far_to(HOLE - 4);
	peer_tx(67, 777, "hello", 5);
	expect(PXE_UDP_READ, r, PXE_STATUS_INVALID_PARAMETER);
	assert_int_equal(memory[HOLE - 4], 0);
	peer_tx(67, 777, "four", 4);                    /* what fits, fits */
	expect(PXE_UDP_READ, r, PXE_STATUS_SUCCESS);
	assert_memory_equal(memory + HOLE - 4, "four", 4);
	assert_int_equal(memory[HOLE], 0);
	expect(PXE_UDP_WRITE, w, PXE_STATUS_INVALID_PARAMETER);
	w = write_to(PEER_IP, 0, 0, 1473);
	expect(PXE_UDP_WRITE, w, PXE_STATUS_OUT_OF_RESOURCES);
	w = write_to(PEER_IP, 0, 0, 1472);
	expect(PXE_UDP_WRITE, w, PXE_STATUS_SUCCESS);
}

static void a_pointer_to_no_bytes_is_not_looked_at(void **state)
{
	struct pxe_udp_read r = read_to(0, 0, 100);
	struct pxe_udp_write w = write_to(PEER_IP, 0, 0, 0);

	(void)state;
	open_udp();
	meet();
	r.buffer = w.buffer = (struct pxe_far){ 0xffff, 0xffff };
	expect(PXE_UDP_WRITE, w, PXE_STATUS_SUCCESS);
	peer_work();
	assert_int_equal(got.count, 2);
	peer_tx(67, 777, "", 0);
	expect(PXE_UDP_READ, r, PXE_STATUS_SUCCESS);
	assert_int_equal(r.bytes, 0);
	peer_tx(67, 777, "", 1);
	r.bytes = 100;
	expect(PXE_UDP_READ, r, PXE_STATUS_INVALID_PARAMETER);
}

static void nobody_answers_arp(void **state)
{
	struct pxe_udp_write b = write_to(PEER_IP + 1, 0, 0, 10);
	usec before;

	(void)state;
	open_udp();
	before = machine.now;
	expect(PXE_UDP_WRITE, b, PXE_STATUS_ARP_TIMEOUT);
	assert_true(machine.now - before < 5 * USEC_PER_S);
	assert_true(machine.now - before > 2 * USEC_PER_S);
}

static void a_card_that_takes_nothing_is_not_waited_for_for_ever(void **state)
{
	struct pxe_udp_write b = write_to(PEER_IP, 0, 0, 10);
	usec before;

	(void)state;
	open_udp();
	meet();
	card.busy = true;
	before = machine.now;
	expect(PXE_UDP_WRITE, b, PXE_STATUS_OUT_OF_RESOURCES);
	assert_true(machine.now - before < 5 * USEC_PER_S);
	start();                                        /* nor does it take ARP's question */
	open_udp();
	expect(PXE_UDP_WRITE, b, PXE_STATUS_OUT_OF_RESOURCES);
}

/* The peer is the router here. */
static void the_caller_s_router_comes_before_the_lease_s(void **state)
{
	struct pxe_udp_write b = write_to(FAR_IP, PEER_IP, 0, 10);

	(void)state;
	setup.relay = PEER_IP;
	start();
	open_udp();
	expect(PXE_UDP_WRITE, b, PXE_STATUS_SUCCESS);
	assert_memory_equal(card.out[(card.out_count - 1) % FAKE_FRAMES].bytes, peer_mac, 6);
	b = write_to(FAR_IP, 0, 0, 10);                 /* the lease's, who does not answer */
	expect(PXE_UDP_WRITE, b, PXE_STATUS_ARP_TIMEOUT);
	setup.address.route_count = 0;
	start();
	open_udp();
	b = write_to(FAR_IP, 0, 0, 10);                 /* the relay, because there is no other */
	expect(PXE_UDP_WRITE, b, PXE_STATUS_SUCCESS);
	assert_int_equal(api.net.address.route_count, 1);
}

/* No router in the block is not "no router". */
static void without_a_router_in_the_block_the_lease_s_is_asked(void **state)
{
	struct pxe_udp_write far = write_to(FAR_IP, 0, 0, 10), near = write_to(PEER_IP, PEER_IP + 9, 0, 10);
	struct pxe_tftp_open t = { .packet_bytes = 512 };

	(void)state;
	setup.address.routes[0].via = PEER_IP;
	start();
	open_udp();
	expect(PXE_UDP_WRITE, far, PXE_STATUS_SUCCESS);
	assert_memory_equal(card.out[(card.out_count - 1) % FAKE_FRAMES].bytes, peer_mac, 6);
	expect(PXE_UDP_WRITE, near, PXE_STATUS_SUCCESS);        /* nor does our own network need one */
	expect(PXE_UDP_WRITE, far, PXE_STATUS_SUCCESS);         /* and the last call's is forgotten */
	expect_plain(PXE_UDP_CLOSE, PXE_STATUS_SUCCESS);
	pxe_put_ip(t.server, FAR_IP);
	expect(PXE_TFTP_OPEN, t, PXE_STATUS_TFTP_OPEN_TIMEOUT);
	assert_memory_equal(card.out[(card.out_count - 1) % FAKE_FRAMES].bytes, peer_mac, 6);
	pxe_put_ip(t.gateway, PEER_IP + 9);
	expect(PXE_TFTP_OPEN, t, PXE_STATUS_TFTP_NO_ARP);
}

static void a_full_table_of_routes_has_room_for_the_caller_s(void **state)
{
	struct pxe_udp_write b = write_to(FAR_IP, PEER_IP, 0, 10);

	(void)state;
	setup.address.route_count = NET_ROUTES_MAX;
	for (unsigned i = 0; i < NET_ROUTES_MAX; i++)
		setup.address.routes[i] = (struct route){ 0x0c000000 + i, UINT32_MAX, 0x0a000002 };
	setup.relay = 0x0a000003;
	start();
	open_udp();
	expect(PXE_UDP_WRITE, b, PXE_STATUS_SUCCESS);
	assert_int_equal(api.net.address.route_count, NET_ROUTES_MAX);
}

static uint8_t broadcasts;

/* Datagrams that come while a write waits for ARP. */
static void broadcast_six(void)
{
	static const uint8_t frame[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 0,
		0x45, 0, 0, 29, 0, 0, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, 1, 255, 255, 255, 255, 0, 67, 0, 68, 0, 9, 0, 0,
	};

	while (broadcasts < 6) {
		struct fake_frame *f = fake_next_in(&card);
		struct wr w = wr_over(f->bytes + 24, 2);
		struct rd head;

		memcpy(f->bytes, frame, sizeof frame);
		f->bytes[sizeof frame] = ++broadcasts;
		f->len = FRAME_MIN;
		head = rd_over(f->bytes + FRAME_HEAD, 20);
		wr_be16(&w, (uint16_t)~rd_sum_ones(&head, 20));
	}
}

static void queue_four(void)
{
	struct pxe_udp_write w = write_to(PEER_IP, 0, 0, 10);

	start();
	open_udp();
	broadcasts = 0;
	peer.idle = broadcast_six;
	expect(PXE_UDP_WRITE, w, PXE_STATUS_SUCCESS);
	peer.idle = NULL;
}

static void what_comes_while_a_write_waits_is_read_later(void **state)
{
	struct pxe_udp_read r;

	(void)state;
	queue_four();
	for (uint8_t i = 1; i <= 2; i++) {
		r = read_to(0, 68, 10);
		expect(PXE_UDP_READ, r, PXE_STATUS_SUCCESS);
		assert_int_equal(r.bytes, 1);
		assert_int_equal(memory[DATA_AT], i);
	}
	r = read_to(0, 68, 10);
	r.buffer = far_to(HOLE);
	expect(PXE_UDP_READ, r, PXE_STATUS_INVALID_PARAMETER);  /* the third is gone, as if it came now */
	r = read_to(0, 68, 10);
	expect(PXE_UDP_READ, r, PXE_STATUS_SUCCESS);
	assert_int_equal(memory[DATA_AT], PXE_UDP_QUEUE);
	r = read_to(0, 68, 10);
	expect(PXE_UDP_READ, r, PXE_STATUS_FAILURE);
	assert_int_equal(api.udp.dropped, 2);
	queue_four();
	r = read_to(0, 69, 10);
	expect(PXE_UDP_READ, r, PXE_STATUS_FAILURE);    /* what was not asked for is gone, as if it came now */
	r = read_to(0, 0, 10);
	expect(PXE_UDP_READ, r, PXE_STATUS_FAILURE);
}

static void without_a_lease_the_address_is_the_program_s(void **state)
{
	struct pxe_udp_open b = { 0 };
	struct pxe_udp_write w = write_to(0xffffffff, 0, 68, 10);

	(void)state;
	start_without_lease();
	expect(PXE_UDP_OPEN, b, PXE_STATUS_NO_ADDRESS);
	pxe_put_ip(b.ip, OUR_IP + 7);
	expect(PXE_UDP_OPEN, b, PXE_STATUS_SUCCESS);
	peer.rx = keep;
	expect(PXE_UDP_WRITE, w, PXE_STATUS_SUCCESS);
	peer_work();
	assert_int_equal(got.src_ip, OUR_IP + 7);
	w = write_to(PEER_IP, 0, 68, 10);
	expect(PXE_UDP_WRITE, w, PXE_STATUS_ARP_TIMEOUT);
}

static void the_program_s_address_ends_with_its_connection(void **state)
{
	struct pxe_udp_open b = { 0 };
	struct pxe_tftp_open t = { .packet_bytes = 512 };
	struct pxe_udp_write w = write_to(0xffffffff, 0, 68, 10);

	(void)state;
	start_without_lease();
	pxe_put_ip(b.ip, OUR_IP + 7);
	expect_plain(PXE_UNDI_SHUTDOWN, PXE_STATUS_SUCCESS);
	machine.card_fails = true;
	expect(PXE_UDP_OPEN, b, PXE_STATUS_CANNOT_INITIALIZE);
	machine.card_fails = false;
	expect(PXE_TFTP_OPEN, t, PXE_STATUS_NO_ADDRESS);
	expect(PXE_UDP_OPEN, b, PXE_STATUS_SUCCESS);
	expect_plain(PXE_UDP_CLOSE, PXE_STATUS_SUCCESS);
	expect(PXE_TFTP_OPEN, t, PXE_STATUS_NO_ADDRESS);
	assert_int_equal(api.net.address.ip, 0);        /* nor is it answered for */
	pxe_put_ip(b.ip, OUR_IP + 8);
	expect(PXE_UDP_OPEN, b, PXE_STATUS_SUCCESS);
	peer.rx = keep;
	expect(PXE_UDP_WRITE, w, PXE_STATUS_SUCCESS);
	peer_work();
	assert_int_equal(got.src_ip, OUR_IP + 8);
}

static void the_stack_answers_arp_while_a_program_reads(void **state)
{
	struct pxe_udp_read b = read_to(0, 0, 10);
	size_t before;

	(void)state;
	open_udp();
	before = card.out_count;
	peer_tx(67, 777, "x", 1);               /* asks ARP first */
	expect(PXE_UDP_READ, b, PXE_STATUS_FAILURE);
	assert_int_equal(card.out_count, before + 1);
	peer_work();
	peer_tx(67, 777, "x", 1);
	expect(PXE_UDP_READ, b, PXE_STATUS_SUCCESS);
}

#define test(f) cmocka_unit_test_setup_teardown(f, fresh, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(nothing_works_while_it_is_closed), test(udp_and_tftp_exclude_each_other),
		test(a_write_without_a_source_port_comes_from_2069),
		test(a_read_tells_where_it_came_from_and_where_it_went),
		test(a_read_never_waits), test(a_read_filters_by_address_and_port),
		test(a_datagram_longer_than_the_buffer_is_cut), test(buffers_out_of_the_window_are_refused),
		test(a_pointer_to_no_bytes_is_not_looked_at),
		test(nobody_answers_arp), test(a_card_that_takes_nothing_is_not_waited_for_for_ever),
		test(the_caller_s_router_comes_before_the_lease_s),
		test(without_a_router_in_the_block_the_lease_s_is_asked),
		test(a_full_table_of_routes_has_room_for_the_caller_s),
		test(what_comes_while_a_write_waits_is_read_later), test(without_a_lease_the_address_is_the_program_s),
		test(the_program_s_address_ends_with_its_connection),
		test(the_stack_answers_arp_while_a_program_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
