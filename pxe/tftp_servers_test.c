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
	server_init(server.size);
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
}

#define test(f) cmocka_unit_test_setup_teardown(f, fresh_server, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(close_tells_the_server_unless_the_file_was_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
