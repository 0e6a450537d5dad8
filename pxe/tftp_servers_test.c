/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* TFTP with servers that know little, and with programs that end early. */
#include "pxe/tftp_bench.h"

static void read_blocks(unsigned count)
{
	struct pxe_tftp_read b = { .buffer = far_to(DATA_AT) };

	for (unsigned i = 0; i < count; i++) {
		peer_work();
		expect(PXE_TFTP_READ, b, PXE_STATUS_SUCCESS);
	}
}

/* Whatever it has read until then. */
static void close_after(unsigned blocks, unsigned errors)
{
	const bool knows_no_options = server.knows_no_options;

	server_init(server.size);
	server.knows_no_options = knows_no_options;
	open_it(512);
	read_blocks(blocks);
	peer_work();                                    /* the next one comes, but nobody asks for it */
	expect_plain(PXE_TFTP_CLOSE, PXE_STATUS_SUCCESS);
	peer_work();
	assert_int_equal(server.errors, errors);
	assert_false(server.active);
	assert_int_equal(api.net.open_ports[0], 0);
}

static void close_tells_the_server_unless_the_file_was_read(void **state)
{
	(void)state;
	server.size = 1500;
	close_after(0, 1);
	close_after(1, 1);
	close_after(2, 1);                              /* the last one has come, and was not taken */
	close_after(3, 0);
	server.size = 1024;
	close_after(1, 1);
	close_after(2, 0);                              /* an empty last one does not matter to who has it all */
	close_after(3, 0);
	server.knows_no_options = true;
	close_after(0, 1);                              /* the first one came by itself */
	close_after(2, 0);
}

/* The last block of a file whose others were full. */
static void an_empty_block_needs_no_buffer(void **state)
{
	struct pxe_tftp_read b = { .buffer = { 0xffff, 0xffff } };

	(void)state;
	server.size = 1024;
	open_it(512);
	read_blocks(2);
	peer_work();
	expect(PXE_TFTP_READ, b, PXE_STATUS_SUCCESS);
	assert_int_equal(b.bytes, 0);
	assert_int_equal(b.number, 3);
}

static void expect_size(uint16_t status, uint32_t bytes)
{
	struct pxe_tftp_file_size b = { .file = "ntldr", .bytes = 0x1234 };

	pxe_put_ip(b.server, PEER_IP);
	expect(PXE_TFTP_GET_FILE_SIZE, b, status);
	assert_int_equal(b.bytes, bytes);
	peer_work();
	assert_false(server.active);
}

static void the_size_of_an_empty_file_is_0(void **state)
{
	(void)state;
	server.size = 0;
	expect_size(PXE_STATUS_SUCCESS, 0);
	assert_int_equal(server.errors, 1);
}

static void a_server_that_does_not_say_the_size_is_not_asked_for_the_file(void **state)
{
	(void)state;
	server.knows_no_options = true;
	expect_size(PXE_STATUS_TFTP_NO_FILE_SIZE, 0);
	assert_int_equal(server.requests, 1);
	assert_int_equal(server.errors, 1);             /* it sends the file, and is told to stop */
	assert_int_equal(server.acked, 0);
	server_init(10000);
	server.is_silent = true;
	expect_size(PXE_STATUS_TFTP_OPEN_TIMEOUT, 0);
	assert_int_equal(server.requests, 3);
	assert_true(server.asks_for_size);              /* also the last time */
}

static void a_card_that_takes_nothing_is_no_arp_error(void **state)
{
	struct pxe_tftp_open b = open_of("f", 512);
	usec before = machine.now;

	(void)state;
	card.busy = true;
	expect(PXE_TFTP_OPEN, b, PXE_STATUS_OUT_OF_RESOURCES);
	assert_true(machine.now - before < 10 * USEC_PER_S);
	card.busy = false;
	assert_int_equal(open_it(512), 512);
}

/* Somebody whom ARP does not find, on our network and behind a router, answers what he was not asked. */
static void strangers_talk(void)
{
	static const uint32_t from[] = { PEER_IP + 9, 0x0b000001 };
	static const uint8_t block[] = { 0, TFTP_DATA, 0, 1, 'x' };
	static unsigned turn;

	server_idle();
	peer.net.address.ip = from[turn++ % COUNT_OF(from)];
	peer_tx(2000, api.tftp.client.port, block, sizeof block);
	peer.net.address.ip = PEER_IP;
}

static void a_stranger_who_cannot_be_answered_does_no_harm(void **state)
{
	struct pxe_tftp_open b = open_of("f", 512);
	usec before = machine.now;

	(void)state;
	peer.idle = strangers_talk;
	expect(PXE_TFTP_OPEN, b, PXE_STATUS_SUCCESS);
	read_all(512);
	assert_true(api.tftp.client.foreign >= 2);
	assert_true(machine.now - before < USEC_PER_S);
}

#define test(f) cmocka_unit_test_setup_teardown(f, fresh_server, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(close_tells_the_server_unless_the_file_was_read), test(an_empty_block_needs_no_buffer),
		test(a_card_that_takes_nothing_is_no_arp_error),
		test(a_stranger_who_cannot_be_answered_does_no_harm),
		test(the_size_of_an_empty_file_is_0),
		test(a_server_that_does_not_say_the_size_is_not_asked_for_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
