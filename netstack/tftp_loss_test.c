/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Whole files from a whole server, over a network that loses, doubles and reorders; block numbers that wrap. */
#include "lib/fmt.h"
#include "netstack/tftp_script.h"

enum { FLYING_MAX = 256 };

struct flying { usec at; bool to_client; size_t len; uint8_t bytes[PACKET_MAX]; };

static struct random chance;
static struct flying flying[FLYING_MAX];
static size_t flying_count;

static struct {
	size_t   size, block_size;
	unsigned window;
	bool     wraps_to_one;
	uint32_t acked;                 /* blocks the client has */
	usec     due;
	unsigned loss_percent;
	uint64_t data_sent;
} server;

static void fly(bool to_client, const uint8_t *bytes, size_t len)
{
	unsigned copies = random_below(&chance, 100) < server.loss_percent / 4 ? 2 : 1;

	while (copies--) {
		struct flying *f = &flying[flying_count];

		if (random_below(&chance, 100) < server.loss_percent || flying_count == FLYING_MAX)
			continue;
		f->at = now + 100 + random_below(&chance, server.loss_percent ? 2000 : 1);
		f->to_client = to_client;
		f->len = len;
		memcpy(f->bytes, bytes, len);
		flying_count++;
	}
}

static uint16_t number_of(uint32_t block)
{
	return (uint16_t)(server.wraps_to_one && block ? (block - 1) % 65535 + 1 : block);
}

static void server_send_window(void)
{
	for (uint32_t block = server.acked + 1; block <= server.acked + server.window; block++) {
		size_t from = (size_t)(block - 1) * server.block_size;
		uint8_t packet[PACKET_MAX];
		struct wr w = wr_over(packet, sizeof packet);

		if (from > server.size)
			break;
		wr_be16(&w, TFTP_DATA);
		wr_be16(&w, number_of(block));
		wr_bytes(&w, file + from, min_size(server.block_size, server.size - from));
		fly(true, packet, wr_used(&w, packet));
		server.data_sent++;
	}
	server.due = now + 700 * USEC_PER_MS;
}

static void put_option(struct wr *w, const char *name, size_t value)
{
	char digits[12];

	wr_bytes(w, name, strlen(name) + 1);
	wr_bytes(w, digits, fmt_text(digits, sizeof digits, "%zu", value) + 1);
}

static void server_opens(void)
{
	uint8_t packet[100];
	struct wr w = wr_over(packet, sizeof packet);

	wr_be16(&w, TFTP_OACK);
	put_option(&w, "blksize", server.block_size);
	put_option(&w, "tsize", server.size);
	if (server.window > 1)
		put_option(&w, "windowsize", server.window);
	fly(true, packet, wr_used(&w, packet));
	server.due = now + 700 * USEC_PER_MS;
}

static void server_rx(const uint8_t *bytes, size_t len)
{
	struct rd r = rd_over(bytes, len);
	uint16_t op = rd_be16(&r), block = rd_be16(&r);

	if (op == TFTP_RRQ) {
		server_opens();
		return;
	}
	assert_int_equal(op, TFTP_ACK);
	for (uint32_t n = server.acked; n <= server.acked + server.window; n++)
		if (number_of(n) == block) {
			/* One by one, the same ACK again is an echo; in a window it tells of a gap. */
			if (n == server.acked && n && server.window == 1)
				return;
			server.acked = n;
			server_send_window();
			return;
		}
}

static void server_tick(void)
{
	if (now < server.due)
		return;
	if (server.acked == 0 && server.data_sent == 0)
		server_opens();
	else
		server_send_window();
}

/* Everything that happens at `now`. */
static void turn(void)
{
	for (size_t i = 0; i < flying_count;) {
		struct flying f = flying[i];

		if (f.at > now) {
			i++;
			continue;
		}
		memmove(&flying[i], &flying[i + 1], (--flying_count - i) * sizeof f);
		if (f.to_client)
			rx_from(SERVER, 2000, f.bytes, f.len);
		else
			server_rx(f.bytes, f.len);
	}
	server_tick();
	while (tx())
		fly(false, sent, sent_len);
}

static usec next_event(void)
{
	usec soonest = min_u64(tftp_wake_at(&t), server.due);

	for (size_t i = 0; i < flying_count; i++)
		soonest = min_u64(soonest, flying[i].at);
	return max_u64(soonest, now + 1);
}

/* The whole file, or the test fails; the simulated seconds it took. */
static usec fetch(uint64_t seed, size_t size, uint16_t block_size, uint16_t window, unsigned loss_percent, bool to_one)
{
	chance = random_from(seed);
	flying_count = 0;
	memset(&server, 0, sizeof server);
	server.size = size;
	server.block_size = block_size;
	server.window = window;
	server.loss_percent = loss_percent;
	server.wraps_to_one = to_one;
	server.due = NEVER;
	memset(room, 0, size);
	start(block_size, window, false, FILE_MAX);
	while (tftp_status(&t) == TFTP_WORKING) {
		turn();
		now = next_event();
	}
	if (tftp_status(&t) != TFTP_DONE)
		print_message("seed %u: %s\n", (unsigned)seed, t.error_text);
	assert_int_equal(tftp_status(&t), TFTP_DONE);
	assert_int_equal(t.received, size);
	assert_memory_equal(room, file, size);
	return now;
}

static void block_numbers_wrap_to_zero_or_one(void **state)
{
	(void)state;
	for (int to_one = 0; to_one < 2; to_one++)
		for (uint16_t window = 1; window <= 5; window += 4) {
			fetch(1, 8 * 65534, 8, window, 0, to_one);      /* the last, empty block is 65535 */
			fetch(1, 8 * 65535, 8, window, 0, to_one);      /* ... is the one that wraps */
			fetch(1, 8 * 65535 * 2 + 100, 8, window, 0, to_one);
			assert_int_equal(t.wraps_to_one, to_one);
		}
	fetch(2, 8 * 65600, 8, 4, 5, false);
	fetch(3, 8 * 65600, 8, 1, 5, false);
}

static void sizes_at_the_edges_arrive(void **state)
{
	static const size_t sizes[] = { 0, 1, 511, 512, 513, 1024, 512 * 4, 512 * 4 + 1, 512 * 16 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++)
		for (uint16_t window = 1; window <= 4; window++)
			fetch(i, sizes[i], 512, window, 0, false);
}

static void a_bad_network_costs_time_and_nothing_else(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 40; seed++)
		assert_true(fetch(seed, 30000, 512, seed % 2 ? 8 : 1, (unsigned)(seed % 4) * 7, false)
			    < 300 * USEC_PER_S);
	/* Without loss nothing is sent twice. */
	fetch(1, 100000, 1000, 4, 0, false);
	assert_int_equal(server.data_sent, 101);
	assert_int_equal(t.retries, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(block_numbers_wrap_to_zero_or_one),
		cmocka_unit_test(sizes_at_the_edges_arrive),
		cmocka_unit_test(a_bad_network_costs_time_and_nothing_else),
	};
	int failed;

	setup_memory();
	failed = cmocka_run_group_tests_name("tftp_loss", tests, NULL, NULL);
	free(room);
	free(file);
	return failed;
}
