/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * Whole files from a whole server, over a network that loses, doubles, delays and reorders, and into a card that holds
 * only so much; block numbers that wrap.
 */
#include "lib/fmt.h"
#include "netstack/tftp_script.h"

enum { FLYING_MAX = 256, TRANSFERS_MAX = 64, SERVER_SENDS_MAX = 30, MIB = 1024 * 1024 };

/* Of a hundred packets so many are lost, or come twice; each takes `delay`, and up to `jitter` more. */
struct weather {
	unsigned lost, doubled;
	usec     delay, jitter, echo;   /* echo: how much later the second of two comes */
	unsigned card_frames;           /* 0: holds all */
	usec     line;                  /* what a block takes on a slow line: one behind the other */
};

static const struct weather fair = { .delay = 100 };

struct flying {
	usec     at;
	bool     to_client;
	uint16_t port, our_port;
	size_t   len;
	uint8_t  bytes[PACKET_MAX];
};

static struct random chance;
static struct weather weather;
static struct flying flying[FLYING_MAX];
static size_t flying_count;
static usec line_free_at;

struct transfer {
	bool     is_open;
	uint16_t our_port;
	struct tftp_options granted;
	uint32_t acked;                 /* blocks the client has */
	unsigned sends;                 /* without an answer */
	bool     is_reading;            /* the OACK was heard */
	usec     due;
};

/*
 * Each request opens a transfer. A server that forks gives it a port of its own, FIRST_PORT + its number; dnsmasq with
 * a range of one port that one as soon as it is free; dnsmasq with --tftp-single-port the one that was asked.
 */
enum { FIRST_PORT = 2000 };
enum ports { OWN_PORTS, SAME_PORT, ASKED_PORT };
static struct {
	size_t   size;
	bool     wraps_to_one;
	enum ports ports;
	struct transfer transfers[TRANSFERS_MAX];
	unsigned count;
	uint64_t data_sent;
} server;

static bool by_chance(unsigned percent) { return random_below(&chance, 100) < percent; }

static void fly(bool to_client, uint16_t port, uint16_t our_port, const uint8_t *bytes, size_t len)
{
	unsigned copies = by_chance(weather.doubled) ? 2 : 1;

	for (usec later = 0; copies--; later += weather.echo) {
		struct flying *f = &flying[flying_count];

		if (by_chance(weather.lost))
			continue;
		assert_true(flying_count < FLYING_MAX);
		f->at = now + weather.delay + later + random_below(&chance, (uint32_t)weather.jitter + 1);
		if (to_client && weather.line)
			f->at = line_free_at = max_u64(f->at, line_free_at) + weather.line;
		f->to_client = to_client;
		f->port = port;
		f->our_port = our_port;
		f->len  = len;
		memcpy(f->bytes, bytes, len);
		flying_count++;
	}
}

/* ---- the server ---- */

static uint16_t port_of(const struct transfer *x)
{
	switch (server.ports) {
	case SAME_PORT:  return FIRST_PORT;
	case ASKED_PORT: return TFTP_SERVER_PORT;
	default:         return (uint16_t)(FIRST_PORT + (x - server.transfers));
	}
}

static uint16_t number_of(uint32_t block)
{
	return (uint16_t)(server.wraps_to_one && block ? (block - 1) % 65535 + 1 : block);
}

static void send_block(const struct transfer *x, uint32_t block, size_t from)
{
	uint8_t packet[PACKET_MAX];
	struct wr w = wr_over(packet, sizeof packet);
	size_t len = min_size(x->granted.block_size, server.size - from);

	wr_be16(&w, TFTP_DATA);
	wr_be16(&w, number_of(block));
	for (size_t i = 0; i < len; i++)
		wr_u8(&w, file_byte(from + i));
	fly(true, port_of(x), x->our_port, packet, wr_used(&w, packet));
}

static void send_window(const struct transfer *x)
{
	for (unsigned n = 0; n < x->granted.window; n++) {
		size_t from = ((size_t)x->acked + n) * x->granted.block_size;

		if (from > server.size)
			break;
		server.data_sent++;
		/* They come at the speed of the cable: nobody looks into the card meanwhile. */
		if (!weather.card_frames || n < weather.card_frames)
			send_block(x, x->acked + n + 1, from);
	}
}

static void put_option(struct wr *w, const char *name, size_t value)
{
	char digits[12];

	wr_bytes(w, name, strlen(name) + 1);
	wr_bytes(w, digits, fmt_text(digits, sizeof digits, "%zu", value) + 1);
}

static void send_oack(const struct transfer *x)
{
	uint8_t packet[100];
	struct wr w = wr_over(packet, sizeof packet);

	wr_be16(&w, TFTP_OACK);
	if (x->granted.has_size)
		put_option(&w, "tsize", server.size);
	if (x->granted.has_block_size)
		put_option(&w, "blksize", x->granted.block_size);
	if (x->granted.has_window)
		put_option(&w, "windowsize", x->granted.window);
	fly(true, port_of(x), x->our_port, packet, wr_used(&w, packet));
}

static void send(struct transfer *x)
{
	if (x->is_reading)
		send_window(x);
	else
		send_oack(x);
	x->due = now + 700 * USEC_PER_MS;
}

/* The number behind the option's name, or what is there without it. */
static uint16_t asked(const char *text, const char *name, uint16_t without, bool *has_it)
{
	const char *at = strstr(text, name);

	*has_it = at != NULL;
	return at ? (uint16_t)atoi(at + strlen(name)) : without;
}

static void rx_request(struct rd r, uint16_t our_port)
{
	struct transfer *x = &server.transfers[min_size(server.count++, TRANSFERS_MAX - 1)];
	struct tftp_options *o = &x->granted;
	char text[100] = "";
	size_t len = min_size(rd_left(&r), sizeof text - 1);

	assert_true(server.count <= TRANSFERS_MAX);
	rd_bytes(&r, text, len);
	for (size_t i = 0; i < len; i++)
		text[i] = text[i] ? text[i] : ' ';
	asked(text, "tsize ", 0, &o->has_size);
	o->block_size = asked(text, "blksize ", TFTP_BLOCK_DEFAULT, &o->has_block_size);
	o->window     = asked(text, "windowsize ", 1, &o->has_window);
	x->is_open    = true;
	x->our_port   = our_port;
	x->is_reading = !o->has_size && !o->has_block_size && !o->has_window;
	send(x);
}

static void rx_ack(struct transfer *x, uint16_t block)
{
	for (uint32_t n = x->acked; n <= x->acked + x->granted.window; n++)
		if (number_of(n) == block) {
			/* One by one, the same ACK again is an echo; in a window it tells of a gap. */
			if (n == x->acked && n && x->granted.window == 1)
				return;
			x->acked = n;
			x->sends = 0;
			x->is_reading = true;
			send(x);
			return;
		}
}

static void server_rx(uint16_t port, uint16_t our_port, const uint8_t *bytes, size_t len)
{
	struct rd r = rd_over(bytes, len);
	uint16_t op = rd_be16(&r), block;
	struct transfer *x;

	if (op == TFTP_RRQ) {
		rx_request(r, our_port);
		return;
	}
	block = rd_be16(&r);
	for (x = server.transfers; x < server.transfers + server.count; x++)
		if (x->is_open && port_of(x) == port && x->our_port == our_port) {
			if (op == TFTP_ERROR)
				x->is_open = false;
			else
				rx_ack(x, block);
			return;
		}
}

static void server_tick(void)
{
	for (struct transfer *x = server.transfers; x < server.transfers + server.count; x++)
		if (x->is_open && now >= x->due) {
			x->is_open = ++x->sends < SERVER_SENDS_MAX;
			send(x);
		}
}

/* ---- both ---- */

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
			rx_at(f.our_port, SERVER, f.port, f.bytes, f.len);
		else
			server_rx(f.port, f.our_port, f.bytes, f.len);
	}
	server_tick();
	while (tx())
		fly(false, flow.dst_port, flow.src_port, sent, sent_len);
}

static usec next_event(void)
{
	usec soonest = tftp_wake_at(&t);

	for (unsigned i = 0; i < server.count; i++)
		if (server.transfers[i].is_open)
			soonest = min_u64(soonest, server.transfers[i].due);
	for (size_t i = 0; i < flying_count; i++)
		soonest = min_u64(soonest, flying[i].at);
	return max_u64(soonest, now + 1);
}

static uint16_t window_near = 16;

/* The whole file, or the test fails; the simulated time it took. */
static usec fetch_as(uint64_t seed, size_t size, uint16_t block_size, uint16_t window, const struct weather *w,
                     bool to_one, enum ports ports)
{
	chance = random_from(seed);
	flying_count = 0;
	line_free_at = 0;
	memset(&server, 0, sizeof server);
	server.size = size;
	server.wraps_to_one = to_one;
	server.ports = ports;
	weather = *w;
	memset(room, 0, min_size(size, FILE_MAX));
	start_as(&(struct tftp_profile){ .block_size = block_size, .window = window, .window_near = window_near },
	         size > FILE_MAX ? size : FILE_MAX);
	while (tftp_status(&t) == TFTP_WORKING) {
		turn();
		now = next_event();
	}
	if (tftp_status(&t) != TFTP_DONE)
		print_message("seed %u: %s\n", (unsigned)seed, t.error_text);
	assert_int_equal(tftp_status(&t), TFTP_DONE);
	assert_int_equal(t.received, size);
	for (size_t i = 0; i < size; i++)
		if (room[i] != file_byte(i))
			fail_msg("seed %u: byte %u", (unsigned)seed, (unsigned)i);
	return now;
}

static usec fetch(uint64_t seed, size_t size, uint16_t block_size, uint16_t window, const struct weather *w)
{
	return fetch_as(seed, size, block_size, window, w, false, OWN_PORTS);
}

static void block_numbers_wrap_to_zero_or_one(void **state)
{
	const struct weather bad = { .lost = 5, .doubled = 1, .delay = 100, .jitter = 2000 };

	(void)state;
	for (int to_one = 0; to_one < 2; to_one++)
		for (uint16_t window = 1; window <= 5; window += 4) {
			/* The last, empty block is 65535; then, is the one that wraps. */
			fetch_as(1, 8 * 65534, 8, window, &fair, to_one, OWN_PORTS);
			fetch_as(1, 8 * 65535, 8, window, &fair, to_one, OWN_PORTS);
			fetch_as(1, 8 * 65535 * 2 + 100, 8, window, &fair, to_one, OWN_PORTS);
			assert_int_equal(t.window.wraps_to_one, to_one);
		}
	fetch(2, 8 * 65600, 8, 4, &bad);
	fetch(3, 8 * 65600, 8, 1, &bad);
}

static void sizes_at_the_edges_arrive(void **state)
{
	static const size_t sizes[] = { 0, 1, 511, 512, 513, 1024, 512 * 4, 512 * 4 + 1, 512 * 16 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++)
		for (uint16_t window = 1; window <= 4; window++)
			fetch(i, sizes[i], 512, window, &fair);
}

static void nothing_is_sent_twice_where_nothing_is_lost(void **state)
{
	(void)state;
	fetch(1, 100000, 1000, 4, &fair);
	assert_int_equal(server.data_sent, 101);
	assert_int_equal(t.retries, 0);
}

static void loss_of_1_5_and_20_percent_costs_time_and_nothing_else(void **state)
{
	static const struct { unsigned percent; usec seconds_max; } losses[] = { { 1, 10 }, { 5, 20 }, { 20, 80 } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(losses); i++) {
		const struct weather w = { .lost = losses[i].percent, .delay = 100, .jitter = 100 };

		for (uint64_t seed = 0; seed < 20; seed++)
			assert_true(fetch(seed, 50000, 512, seed % 2 ? 8 : 1, &w)
				    < losses[i].seconds_max * USEC_PER_S);
	}
	window_near = 64;                       /* begun again at the first loss */
	for (uint64_t seed = 0; seed < 20; seed++)
		assert_true(fetch(seed, MIB, 1456, 64, &(struct weather){ .lost = 1, .delay = 100 }) < USEC_PER_S);
	window_near = 16;
}

static void packets_in_any_order_make_the_same_file(void **state)
{
	const struct weather w = { .delay = 100, .jitter = 3000 };

	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++)
		assert_true(fetch(seed, 50000, 512, seed % 2 ? 8 : 1, &w) < 10 * USEC_PER_S);
}

static void doubled_packets_are_not_doubled_again(void **state)
{
	const struct weather w = { .doubled = 100, .delay = 100 };

	(void)state;
	for (uint16_t window = 1; window <= 8; window += 7) {
		fetch(window, 512 * 400 - 1, 512, window, &w);
		/* In a window a doubled ACK asks for it again; but that is answered by nobody. */
		assert_in_range(server.data_sent, 400, window == 1 ? 402 : 402 * 2);
		assert_int_equal(t.retries, 0);
	}
}

static void a_far_server_is_not_given_up(void **state)
{
	const struct weather w = { .delay = 400 * USEC_PER_MS };

	(void)state;
	for (uint16_t window = 1; window <= 8; window += 7) {
		fetch(window, 150000, 1456, window, &w);
		assert_in_range(t.retries, 2, 4);       /* until it is known how far it is */
		assert_int_equal(t.narrowed, 0);
	}
}

/* A window is fixed for a transfer: what is lost of the first is lost of each. */
static void a_window_longer_than_the_card_costs_two_pauses_and_no_more(void **state)
{
	static const struct { usec delay; unsigned frames; uint16_t window; } fits[] = {
		{ 2500, 40, 32 }, { 2500, 20, 16 }, { 0, 10, 8 }, { 0, 3, 2 }, { 0, 1, 1 }
	};
	struct weather w = fair;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(fits); i++) {
		w.card_frames = fits[i].frames;
		w.delay = fits[i].delay;
		assert_true(fetch(i, MIB, 1456, 64, &w) < 400 * USEC_PER_MS);
		assert_int_equal(t.narrowed, 1);
		assert_int_equal(t.window.size, fits[i].window);
		assert_int_equal(t.pauses, 2);
	}
	w.card_frames = 16;
	assert_true(fetch(5, MIB, 1456, 64, &w) < 10 * USEC_PER_MS);
	assert_int_equal(t.narrowed, 0);                        /* no server as near is asked for more */
}

/* What still comes of the window that was too long must not be taken for an answer to the next request. */
static void a_server_s_ports_may_be_the_same_again(void **state)
{
	const struct weather late = { .doubled = 30, .delay = 10 * USEC_PER_MS, .echo = 60 * USEC_PER_MS,
	                              .card_frames = 10 };

	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++)
		for (enum ports ports = OWN_PORTS; ports <= ASKED_PORT; ports++) {
			assert_true(fetch_as(seed, MIB / 4, 1456, 64, &late, false, ports) < 10 * USEC_PER_S);
			assert_in_range(t.narrowed, 1, 3);
		}
}

/* A lost packet that nothing follows would cost a time-out of 250 ms or more. */
static void a_lost_end_of_a_window_costs_a_pause(void **state)
{
	const struct weather w = { .lost = 1, .delay = 100 };
	usec longest = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++)
		longest = max_u64(longest, fetch(seed, MIB, 1456, 16, &w));
	assert_true(longest < USEC_PER_S / 2);
}

/* Each block takes longer than the shortest pause. */
static void a_slow_line_is_no_silence(void **state)
{
	const struct weather w = { .delay = 100, .line = 25 * USEC_PER_MS };

	(void)state;
	fetch(1, 300000, 1456, 16, &w);
	assert_int_equal(t.pauses, 0);
	assert_int_equal(t.narrowed, 0);
}

static void over_20_ms_a_window_is_20_times_as_fast(void **state)
{
	const struct weather w = { .delay = 10 * USEC_PER_MS };
	usec one_by_one, by_windows;

	(void)state;
	one_by_one = fetch(1, MIB, 1456, 0, &w);
	by_windows = fetch(1, MIB, 1456, 32, &w);
	assert_true(by_windows * 20 < one_by_one);
}

/* 196,609 blocks: the numbers wrap three times. */
static void a_program_of_96_mib_arrives_in_blocks_of_512(void **state)
{
	uint8_t *small = room;

	(void)state;
	room = malloc(96 * MIB);
	assert_non_null(room);
	assert_true(fetch(1, 96 * MIB, 512, 16, &fair) < 60 * USEC_PER_S);
	assert_int_equal(server.data_sent, 96 * MIB / 512 + 1);
	free(room);
	room = small;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(block_numbers_wrap_to_zero_or_one),
		cmocka_unit_test(sizes_at_the_edges_arrive),
		cmocka_unit_test(nothing_is_sent_twice_where_nothing_is_lost),
		cmocka_unit_test(loss_of_1_5_and_20_percent_costs_time_and_nothing_else),
		cmocka_unit_test(packets_in_any_order_make_the_same_file),
		cmocka_unit_test(doubled_packets_are_not_doubled_again),
		cmocka_unit_test(a_far_server_is_not_given_up),
		cmocka_unit_test(a_window_longer_than_the_card_costs_two_pauses_and_no_more),
		cmocka_unit_test(a_server_s_ports_may_be_the_same_again),
		cmocka_unit_test(a_lost_end_of_a_window_costs_a_pause),
		cmocka_unit_test(a_slow_line_is_no_silence),
		cmocka_unit_test(over_20_ms_a_window_is_20_times_as_fast),
		cmocka_unit_test(a_program_of_96_mib_arrives_in_blocks_of_512),
	};
	int failed;

	setup_memory();
	failed = cmocka_run_group_tests_name("tftp_loss", tests, NULL, NULL);
	free(room);
	free(file);
	return failed;
}
