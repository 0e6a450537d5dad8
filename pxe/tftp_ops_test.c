/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* TFTP_OPEN, READ, CLOSE, READ_FILE, GET_FSIZE, RESTART_TFTP. */
#include "pxe/tftp_bench.h"

enum { PROGRAM_AT = 0x7c00 };

static void open_tells_the_packet_size_that_was_agreed_on(void **state)
{
	(void)state;
	assert_int_equal(open_it(1024), 1024);
	assert_string_equal(server.name, "pxelinux.cfg");
	assert_int_equal(server.granted.has_window, false);
	read_all(1024);
	expect_plain(PXE_TFTP_CLOSE, PXE_STATUS_SUCCESS);
	peer_work();
	assert_false(server.active);
	assert_int_equal(server.errors, 0);
	assert_int_equal(open_it(0xffff), 1468);        /* what fits */
	expect_plain(PXE_TFTP_CLOSE, PXE_STATUS_SUCCESS);
	server.knows_no_options = true;
	assert_int_equal(open_it(1456), 512);
	read_all(512);
	expect_plain(PXE_TFTP_CLOSE, PXE_STATUS_SUCCESS);
}

static void a_short_block_is_the_end_and_may_be_empty(void **state)
{
	static const size_t sizes[] = { 0, 1, 511, 512, 513, 1024, 1535, 1536 };
	struct pxe_tftp_read b = { .buffer = far_to(DATA_AT) };

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(sizes); i++) {
		server.size = sizes[i];
		open_it(512);
		read_all(512);
		expect(PXE_TFTP_READ, b, PXE_STATUS_SUCCESS);   /* after the end there is nothing more */
		assert_int_equal(b.bytes, 0);
		peer_work();
		assert_false(server.active);                    /* it has the last ACK */
		expect_plain(PXE_TFTP_CLOSE, PXE_STATUS_SUCCESS);
	}
}

static void blocks_are_lost_and_come_again(void **state)
{
	unsigned again = 0;

	(void)state;
	for (unsigned seed = 0; seed < 40; seed++) {
		begin_anew(seed, 50, 10000 + seed);             /* 20 % each way */
		read_all(open_it(1000));
		again += api.tftp.client.retries + api.tftp.client.ignored;
		expect_plain(PXE_TFTP_CLOSE, PXE_STATUS_SUCCESS);
	}
	assert_true(again > 40);                                /* of 440 blocks, and as many ACKs */
}

static void a_program_that_is_slow_loses_nothing(void **state)
{
	struct pxe_tftp_read b = { .buffer = far_to(DATA_AT) };
	size_t at = 0;

	(void)state;
	open_it(512);
	do {
		for (unsigned i = 0; i < 3; i++) {              /* two and a half seconds: the server sends again */
			machine.now += 800 * USEC_PER_MS;
			peer_work();
		}
		expect(PXE_TFTP_READ, b, PXE_STATUS_SUCCESS);
		assert_memory_equal(memory + DATA_AT, file + at, b.bytes);
		at += b.bytes;
	} while (b.bytes == 512);
	assert_int_equal(at, server.size);
	assert_true(api.tftp.client.ignored >= 20);             /* each of the 20 came more than once */
}

static void nothing_is_read_while_it_is_closed(void **state)
{
	struct pxe_tftp_read b = { .buffer = far_to(DATA_AT) };

	(void)state;
	expect(PXE_TFTP_READ, b, PXE_STATUS_TFTP_CLOSED);
	expect_plain(PXE_TFTP_CLOSE, PXE_STATUS_TFTP_CLOSED);
}

static void what_is_open_still_is_closed_by_the_next_open(void **state)
{
	(void)state;
	open_it(512);
	open_it(600);
	peer_work();
	assert_int_equal(server.errors, 1);             /* the first one's server was told */
	read_all(600);
}

static void close_in_the_middle_tells_the_server(void **state)
{
	struct pxe_tftp_read b = { .buffer = far_to(DATA_AT) };

	(void)state;
	open_it(512);
	expect(PXE_TFTP_READ, b, PXE_STATUS_SUCCESS);
	expect_plain(PXE_TFTP_CLOSE, PXE_STATUS_SUCCESS);
	peer_work();
	assert_int_equal(server.errors, 1);
	assert_false(server.active);
	assert_int_equal(api.net.open_ports[0], 0);
}

static void a_packet_size_below_512_is_e3f(void **state)
{
	struct pxe_tftp_open b = open_of("f", 511);

	(void)state;
	expect(PXE_TFTP_OPEN, b, PXE_STATUS_TFTP_PACKET_SIZE);
	assert_int_equal(server.requests, 0);
}

static void a_file_that_is_missing_is_e3b(void **state)
{
	struct pxe_tftp_open b = open_of("f", 512);
	struct pxe_tftp_read r = { .buffer = far_to(DATA_AT) };

	(void)state;
	server.is_missing = true;
	expect(PXE_TFTP_OPEN, b, PXE_STATUS_TFTP_NOT_FOUND);
	expect(PXE_TFTP_READ, r, PXE_STATUS_TFTP_CLOSED);
}

static void a_silent_server_is_e32_and_its_silence_has_an_end(void **state)
{
	struct pxe_tftp_open b = open_of("f", 512);
	struct pxe_tftp_file_size s = { 0 };
	usec before = machine.now;

	(void)state;
	server.is_silent = true;
	expect(PXE_TFTP_OPEN, b, PXE_STATUS_TFTP_OPEN_TIMEOUT);
	assert_true(machine.now - before < 120 * (usec)USEC_PER_S);
	pxe_put_ip(s.server, PEER_IP);
	expect(PXE_TFTP_GET_FILE_SIZE, s, PXE_STATUS_TFTP_OPEN_TIMEOUT);
}

static void a_server_that_falls_silent_is_e35(void **state)
{
	struct pxe_tftp_read b = { .buffer = far_to(DATA_AT) };
	usec before = machine.now;

	(void)state;
	server.falls_silent = true;
	open_it(512);
	for (unsigned i = 0; i < 3; i++)
		expect(PXE_TFTP_READ, b, PXE_STATUS_SUCCESS);
	expect(PXE_TFTP_READ, b, PXE_STATUS_TFTP_READ_TIMEOUT);
	assert_true(machine.now - before < 120 * (usec)USEC_PER_S);
	expect_plain(PXE_TFTP_CLOSE, PXE_STATUS_SUCCESS);
}

static void a_server_that_ends_in_the_middle_is_e35_at_once(void **state)
{
	struct pxe_tftp_read b = { .buffer = far_to(DATA_AT) };
	usec before = machine.now;

	(void)state;
	open_it(512);
	peer_work();
	expect(PXE_TFTP_READ, b, PXE_STATUS_SUCCESS);
	peer.net.hears_every_port = false;
	expect(PXE_TFTP_READ, b, PXE_STATUS_TFTP_READ_TIMEOUT);
	assert_true(machine.now - before < USEC_PER_S);
	expect_plain(PXE_TFTP_CLOSE, PXE_STATUS_SUCCESS);
}

static void nobody_answers_arp_is_e30(void **state)
{
	struct pxe_tftp_open b = open_of("f", 512);

	(void)state;
	pxe_put_ip(b.server, PEER_IP + 1);
	expect(PXE_TFTP_OPEN, b, PXE_STATUS_TFTP_NO_ARP);
}

static void nobody_listens_on_the_port_is_e38(void **state)
{
	struct pxe_tftp_open b = open_of("f", 512);
	usec before = machine.now;

	(void)state;
	peer.net.hears_every_port = false;              /* an ICMP error is the answer */
	expect(PXE_TFTP_OPEN, b, PXE_STATUS_TFTP_CANNOT_OPEN);
	assert_true(machine.now - before < USEC_PER_S);
}

static void the_server_s_port_is_the_program_s(void **state)
{
	struct pxe_tftp_open b = open_of("f", 512);

	(void)state;
	server.port = 6969;
	pxe_put_port(b.port, 6969);
	expect(PXE_TFTP_OPEN, b, PXE_STATUS_SUCCESS);
	read_all(512);
	server.port = 69;
	b = open_of("f", 512);
	pxe_put_port(b.port, 0);                        /* not said is TFTP's */
	expect(PXE_TFTP_OPEN, b, PXE_STATUS_SUCCESS);
}

static void a_file_name_without_an_end_has_128_bytes(void **state)
{
	struct pxe_tftp_open b = open_of("", 512);

	(void)state;
	memset(b.file, 'x', sizeof b.file);
	expect(PXE_TFTP_OPEN, b, PXE_STATUS_SUCCESS);
	assert_int_equal(strlen(server.name), 128);
}

static void a_server_that_grants_too_much_gets_another_request(void **state)
{
	(void)state;
	server.grants_too_much = true;
	assert_int_equal(open_it(1024), 512);
	read_all(512);
}

static void a_buffer_out_of_the_window_is_refused(void **state)
{
	struct pxe_tftp_read b = { .buffer = far_to(HOLE - 511) };

	(void)state;
	open_it(512);
	expect(PXE_TFTP_READ, b, PXE_STATUS_INVALID_PARAMETER);
	read_all(512);                                  /* nothing was lost by it */
}

/* ---- whole files ---- */

static struct pxe_tftp_read_file file_to(uint32_t buffer, uint32_t bytes)
{
	struct pxe_tftp_read_file b = { .buffer = buffer, .bytes = bytes, .file = "ntldr" };

	pxe_put_ip(b.server, PEER_IP);
	return b;
}

static void a_whole_file_is_read_to_a_flat_address(void **state)
{
	struct pxe_tftp_read_file b = file_to(DATA_AT, 0x60000);

	(void)state;
	server.size = FILE_MAX;
	memory[DATA_AT + FILE_MAX] = 0xab;
	expect(PXE_TFTP_READ_FILE, b, PXE_STATUS_SUCCESS);
	assert_int_equal(b.bytes, FILE_MAX);
	assert_memory_equal(memory + DATA_AT, file, FILE_MAX);
	assert_int_equal(memory[DATA_AT + FILE_MAX], 0xab);
	assert_true(server.granted.has_window && server.block_size == 1456);
	assert_false(api.tftp.is_open);
}

static void a_whole_file_survives_loss(void **state)
{
	unsigned again = 0;

	(void)state;
	for (unsigned seed = 0; seed < 20; seed++) {
		struct pxe_tftp_read_file b = file_to(DATA_AT, 0x60000);

		begin_anew(seed, 20, 60000);
		expect(PXE_TFTP_READ_FILE, b, PXE_STATUS_SUCCESS);
		assert_int_equal(b.bytes, 60000);
		assert_memory_equal(memory + DATA_AT, file, 60000);
		again += api.tftp.client.retries + api.tftp.client.ignored + api.tftp.client.pauses;
	}
	assert_true(again > 20);
}

static void a_file_larger_than_its_buffer_is_e3a(void **state)
{
	struct pxe_tftp_read_file b = file_to(DATA_AT, 9999);

	(void)state;
	memory[DATA_AT + 9999] = 0xab;
	expect(PXE_TFTP_READ_FILE, b, PXE_STATUS_TFTP_TOO_MANY);
	server.knows_no_options = true;                 /* and nobody says so before it comes */
	b = file_to(DATA_AT, 9999);
	expect(PXE_TFTP_READ_FILE, b, PXE_STATUS_TFTP_TOO_MANY);
	assert_int_equal(memory[DATA_AT + 9999], 0xab);
	b = file_to(DATA_AT, 10000);
	expect(PXE_TFTP_READ_FILE, b, PXE_STATUS_SUCCESS);
}

static void a_file_never_leaves_the_window(void **state)
{
	static const uint32_t wild[] = { HOLE, HOLE + 5, MEMORY, MEMORY + 1, 0xfffffff0 };
	static const uint32_t short_ones[] = { HOLE - 9999, MEMORY - 9999 };
	struct pxe_tftp_read_file b;

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(wild); i++) {
		b = file_to(wild[i], 10000);
		expect(PXE_TFTP_READ_FILE, b, PXE_STATUS_INVALID_PARAMETER);
	}
	assert_int_equal(server.requests, 0);
	server.knows_no_options = true;                 /* nobody says how long it is */
	for (unsigned i = 0; i < COUNT_OF(short_ones); i++) {
		b = file_to(short_ones[i], 20000);
		expect(PXE_TFTP_READ_FILE, b, PXE_STATUS_TFTP_TOO_MANY);
	}
	for (unsigned i = 0; i < HOLE_BYTES; i++)
		assert_int_equal(memory[HOLE + i], 0);
}

static void a_buffer_without_an_end_has_that_of_memory(void **state)
{
	struct pxe_tftp_read_file b = file_to(HOLE - 10000, UINT32_MAX);

	(void)state;
	expect(PXE_TFTP_READ_FILE, b, PXE_STATUS_SUCCESS);
	assert_int_equal(b.bytes, 10000);
	assert_memory_equal(memory + HOLE - 10000, file, 10000);
	assert_int_equal(memory[HOLE], 0);
}

static void the_size_is_asked_for_without_the_file(void **state)
{
	struct pxe_tftp_file_size b = { .file = "ntldr" };
	struct pxe_tftp_open o = open_of("f", 512);

	(void)state;
	pxe_put_ip(b.server, PEER_IP);
	server.size = 123456;
	expect(PXE_TFTP_GET_FILE_SIZE, b, PXE_STATUS_SUCCESS);
	assert_int_equal(b.bytes, 123456);
	peer_work();
	assert_int_equal(server.errors, 1);             /* it was told that this was all */
	assert_int_equal(server.requests, 1);
	server.knows_no_options = true;
	expect(PXE_TFTP_GET_FILE_SIZE, b, PXE_STATUS_TFTP_NO_FILE_SIZE);
	assert_int_equal(b.bytes, 0);
	server.is_missing = true;
	expect(PXE_TFTP_GET_FILE_SIZE, b, PXE_STATUS_TFTP_NOT_FOUND);
	server.is_missing = server.knows_no_options = false;
	expect(PXE_TFTP_OPEN, o, PXE_STATUS_SUCCESS);
	read_all(512);
}

static void without_a_lease_there_is_no_tftp(void **state)
{
	struct pxe_tftp_open b = open_of("f", 512);

	(void)state;
	start_without_lease();
	expect(PXE_TFTP_OPEN, b, PXE_STATUS_NO_ADDRESS);
}

/* ---- another program ---- */

static void restart_loads_to_7c00_whatever_the_block_says(void **state)
{
	struct pxe_tftp_read_file b = file_to(0x12345678, 1);

	(void)state;
	server.size = 33333;
	assert_int_equal(CALL(PXE_RESTART_TFTP, b), PXE_EXIT_SUCCESS);
	assert_true(api.restarted);
	assert_memory_equal(memory + PROGRAM_AT, file, 33333);
	expect_plain(PXE_UDP_CLOSE, PXE_STATUS_UDP_CLOSED);
	assert_false(api.restarted);
}

/* Or it would be started again, over what has become of it. */
static void a_call_without_a_block_after_a_restart_is_no_restart(void **state)
{
	struct pxe_tftp_read_file b = file_to(0x12345678, 1);

	(void)state;
	server.size = 33333;
	assert_int_equal(CALL(PXE_RESTART_TFTP, b), PXE_EXIT_SUCCESS);
	assert_true(api.restarted);
	assert_int_equal(pxe_api_call(&api, &ram, PXE_UDP_CLOSE, HOLE), PXE_EXIT_FAILURE);
	assert_false(api.restarted);
}

/* The new program finds what every program finds, and no interrupt of the old one's. */
static void restart_finds_undi_as_the_base_code_leaves_it(void **state)
{
	struct pxe_open open = { .filter = PXE_FILTER_PROMISCUOUS, .groups = { .count = 1 } };
	struct pxe_tftp_read_file b = file_to(0, 0);

	(void)state;
	expect(PXE_UNDI_OPEN, open, PXE_STATUS_SUCCESS);
	machine.interrupts_on = machine.interrupts_off = 0;
	assert_int_equal(CALL(PXE_RESTART_TFTP, b), PXE_EXIT_SUCCESS);
	assert_int_equal(machine.interrupts_on, 0);
	assert_true(machine.interrupts_off > 0);
	assert_int_equal(api.filter, PXE_FILTER_DIRECTED | PXE_FILTER_BROADCAST);
	assert_int_equal(card.group_count, 0);
	expect_plain(PXE_UNDI_CLEANUP, PXE_STATUS_SUCCESS);
	b = file_to(0, 0);
	assert_int_equal(CALL(PXE_RESTART_TFTP, b), PXE_EXIT_SUCCESS);
	assert_int_equal(api.undi, PXE_UNDI_OPENED);
}

static bool was_on_while_it_came;

static void server_looks_at_interrupts(void)
{
	server_idle();
	was_on_while_it_came |= machine.interrupts_off == 0;
}

static void a_program_that_stays_has_its_interrupts_again(void **state)
{
	struct pxe_open open = { .filter = PXE_FILTER_DIRECTED };
	struct pxe_tftp_read_file b = file_to(0, 0);

	(void)state;
	server.is_missing = true;
	peer.idle = server_looks_at_interrupts;
	expect(PXE_UNDI_OPEN, open, PXE_STATUS_SUCCESS);
	machine.interrupts_on = machine.interrupts_off = 0;
	expect(PXE_RESTART_TFTP, b, PXE_STATUS_TFTP_NOT_FOUND);
	assert_false(was_on_while_it_came);
	assert_int_equal(machine.interrupts_off, 1);
	assert_int_equal(machine.interrupts_on, 1);
	expect_plain(PXE_UNDI_CLOSE, PXE_STATUS_SUCCESS);
	machine.interrupts_on = 0;
	b = file_to(0, 0);
	expect(PXE_RESTART_TFTP, b, PXE_STATUS_TFTP_NOT_FOUND);
	assert_int_equal(machine.interrupts_on, 0);
}

static void restart_leaves_the_new_program_as_it_came(void **state)
{
	struct pxe_tftp_read_file b = file_to(0, 0);

	(void)state;
	server.size = 33333;
	call_at(PROGRAM_AT + 0x1000, PXE_RESTART_TFTP, &b, sizeof b);
	assert_true(api.restarted);
	assert_memory_equal(memory + PROGRAM_AT, file, 33333);
	server.is_missing = true;                       /* and a program that stays has its status */
	b = file_to(0, 0);
	expect_at(PROGRAM_AT + 0x1000, PXE_RESTART_TFTP, &b, sizeof b, PXE_STATUS_TFTP_NOT_FOUND);
}

static void restart_with_a_file_that_does_not_fit_is_e79(void **state)
{
	struct pxe_tftp_read_file b = file_to(0, 0);

	(void)state;
	server.size = FILE_MAX;
	ram.hole = PROGRAM_AT + FILE_MAX - 1;
	expect(PXE_RESTART_TFTP, b, PXE_STATUS_FILE_TOO_BIG);
	assert_false(api.restarted);
	ram.hole++;
	b = file_to(0, 0);
	assert_int_equal(CALL(PXE_RESTART_TFTP, b), PXE_EXIT_SUCCESS);
	ram.hole = PROGRAM_AT - 1;
	b = file_to(0, 0);
	expect(PXE_RESTART_TFTP, b, PXE_STATUS_FILE_TOO_BIG);
	ram.hole_size = 0;
	server.size = 0;
	b = file_to(0, 0);
	expect(PXE_RESTART_TFTP, b, PXE_STATUS_FAILURE);        /* there is nothing to jump to */
	assert_false(api.restarted);
}

#define test(f) cmocka_unit_test_setup_teardown(f, fresh_server, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(open_tells_the_packet_size_that_was_agreed_on), test(a_short_block_is_the_end_and_may_be_empty),
		test(blocks_are_lost_and_come_again), test(a_program_that_is_slow_loses_nothing),
		test(nothing_is_read_while_it_is_closed), test(what_is_open_still_is_closed_by_the_next_open),
		test(close_in_the_middle_tells_the_server), test(a_packet_size_below_512_is_e3f),
		test(a_file_that_is_missing_is_e3b), test(a_silent_server_is_e32_and_its_silence_has_an_end),
		test(a_server_that_falls_silent_is_e35),
		test(a_server_that_ends_in_the_middle_is_e35_at_once), test(nobody_answers_arp_is_e30),
		test(nobody_listens_on_the_port_is_e38), test(the_server_s_port_is_the_program_s),
		test(a_file_name_without_an_end_has_128_bytes),
		test(a_server_that_grants_too_much_gets_another_request),
		test(a_buffer_out_of_the_window_is_refused), test(a_whole_file_is_read_to_a_flat_address),
		test(a_whole_file_survives_loss), test(a_file_larger_than_its_buffer_is_e3a),
		test(a_file_never_leaves_the_window), test(a_buffer_without_an_end_has_that_of_memory),
		test(the_size_is_asked_for_without_the_file),
		test(without_a_lease_there_is_no_tftp), test(restart_loads_to_7c00_whatever_the_block_says),
		test(a_call_without_a_block_after_a_restart_is_no_restart),
		test(restart_finds_undi_as_the_base_code_leaves_it),
		test(a_program_that_stays_has_its_interrupts_again),
		test(restart_leaves_the_new_program_as_it_came), test(restart_with_a_file_that_does_not_fit_is_e79),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
