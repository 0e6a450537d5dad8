/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The kernel's end of the socket is ours here, and so is the stream: it answers what and when a test says. */
#include "driver/export.h"
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "lib/test.h"

enum { SIZE = 64 * 1024 * 1024, PART = 64 * 1024 };

struct place { enum stream_want_state state; uint64_t offset; uint32_t length; uint8_t *into; };
static struct place places[STREAM_REQUESTS_MAX];
static unsigned dropped;
static struct export export;
static struct kmsg quiet;
static int kernel;

/* --- the stream */

static uint8_t byte_at(uint64_t offset) { return (uint8_t)(offset * 31 >> 9 ^ offset); }

uint32_t stream_request_bytes_max(const struct stream *s)
{
	(void)s;
	return PART;
}

int stream_want(struct stream *s, usec now, uint64_t offset, uint32_t length, uint8_t *into)
{
	(void)s;
	(void)now;
	assert_true(length > 0 && length <= PART && offset + length <= SIZE);
	for (int id = 0; id < STREAM_REQUESTS_MAX; id++)
		if (places[id].state == STREAM_FREE) {
			places[id].state  = STREAM_UNDER_WAY;
			places[id].offset = offset;
			places[id].length = length;
			places[id].into   = into;
			return id;
		}
	return -1;
}

enum stream_want_state stream_take(struct stream *s, int id)
{
	enum stream_want_state state = places[id].state;

	(void)s;
	if (state != STREAM_UNDER_WAY)
		places[id].state = STREAM_FREE;
	return state;
}

void stream_drop(struct stream *s, int id)
{
	(void)s;
	dropped++;
	places[id].state = STREAM_FREE;
}

static unsigned under_way(void)
{
	unsigned n = 0;

	for (int id = 0; id < STREAM_REQUESTS_MAX; id++)
		n += places[id].state == STREAM_UNDER_WAY;
	return n;
}

/* All that is under way comes in, the youngest place first. */
static void deliver(enum stream_want_state as)
{
	for (int id = STREAM_REQUESTS_MAX - 1; id >= 0; id--) {
		if (places[id].state != STREAM_UNDER_WAY)
			continue;
		for (uint32_t i = 0; i < places[id].length; i++)
			places[id].into[i] = byte_at(places[id].offset + i);
		places[id].state = as;
	}
}

/* --- the kernel */

static void swallow(struct log *log, char c)
{
	(void)log;
	(void)c;
}

static int start(void **state)
{
	int pair[2];

	(void)state;
	quiet.log.put_char = swallow;
	memset(places, 0, sizeof places);
	dropped = 0;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	kernel = pair[0];
	export_init(&export, &quiet, NULL, SIZE, &pair[1], 1);
	return 0;
}

static int end(void **state)
{
	(void)state;
	close(kernel);
	if (export.connections[0].socket >= 0)
		close(export.connections[0].socket);
	return 0;
}

static void send_bytes(const void *bytes, size_t len)
{
	assert_int_equal(send(kernel, bytes, len, MSG_DONTWAIT), len);
}

static void ask_for(uint16_t command, uint64_t cookie, uint64_t offset, uint32_t length)
{
	struct nbd_request r = { .command = command, .cookie = cookie, .offset = offset, .length = length };
	uint8_t bytes[NBD_REQUEST_BYTES];
	struct wr w = wr_over(bytes, sizeof bytes);

	wr_nbd_request(&w, &r);
	send_bytes(bytes, sizeof bytes);
}

static bool turn(void) { return export_turn(&export, 0); }

/* Up to len bytes of what came back. The export turns meanwhile: a socket holds less than a large reply. */
static size_t heard(uint8_t *into, size_t len)
{
	size_t got = 0;

	for (unsigned idle = 0; got < len && idle < 3;) {
		ssize_t n = recv(kernel, into + got, len - got, MSG_DONTWAIT);

		if (n > 0) {
			got += (size_t)n;
			idle = 0;
		} else {
			idle++;
			turn();
		}
	}
	return got;
}

static void expect_reply(uint64_t cookie, enum nbd_error error, uint64_t offset, uint32_t length)
{
	uint8_t head[NBD_REPLY_BYTES], right[NBD_REPLY_BYTES];
	struct wr w = wr_over(right, sizeof right);
	uint8_t *data = malloc(length ? length : 1);

	wr_nbd_reply(&w, error, cookie);
	assert_int_equal(heard(head, sizeof head), sizeof head);
	assert_memory_equal(head, right, sizeof head);
	assert_int_equal(heard(data, length), length);
	for (uint32_t i = 0; i < length; i++)
		if (data[i] != byte_at(offset + i))
			assert_int_equal(data[i], byte_at(offset + i));
	free(data);
}

static void expect_silence(void)
{
	uint8_t byte;

	assert_int_equal(heard(&byte, 1), 0);
}

static void a_read_comes_back(void **state)
{
	(void)state;
	ask_for(NBD_READ, 77, 4096, 8192);
	assert_true(turn());
	assert_int_equal(under_way(), 1);
	expect_silence();
	deliver(STREAM_READY);
	turn();
	expect_reply(77, NBD_OK, 4096, 8192);
	expect_silence();
}

static void a_request_may_come_byte_by_byte(void **state)
{
	struct nbd_request r = { .command = NBD_READ, .cookie = 5, .offset = 512, .length = 512 };
	uint8_t bytes[NBD_REQUEST_BYTES];
	struct wr w = wr_over(bytes, sizeof bytes);

	(void)state;
	wr_nbd_request(&w, &r);
	for (size_t i = 0; i < sizeof bytes; i++) {
		assert_int_equal(under_way(), 0);
		send_bytes(bytes + i, 1);
		turn();
	}
	deliver(STREAM_READY);
	turn();
	expect_reply(5, NBD_OK, 512, 512);
}

static void large_reads_are_cut_into_parts(void **state)
{
	(void)state;
	ask_for(NBD_READ, 1, 65536, 3 * PART + 512);            /* larger than a job's own room */
	turn();
	assert_int_equal(under_way(), 4);
	deliver(STREAM_READY);
	turn();
	expect_reply(1, NBD_OK, 65536, 3 * PART + 512);
	ask_for(NBD_READ, 2, 0, 20 * PART);                     /* more parts than the stream has places */
	turn();
	assert_int_equal(under_way(), STREAM_REQUESTS_MAX);
	deliver(STREAM_READY);
	turn();
	assert_int_equal(under_way(), 4);
	deliver(STREAM_READY);
	turn();
	expect_reply(2, NBD_OK, 0, 20 * PART);
}

static void answers_leave_as_they_are_ready(void **state)
{
	(void)state;
	ask_for(NBD_READ, 1, 0, 4096);
	turn();
	ask_for(NBD_READ, 2, 4096, 4096);
	turn();
	places[0].state = STREAM_UNDER_WAY;
	assert_int_equal(under_way(), 2);
	memset(places[1].into, 0, places[1].length);
	for (uint32_t i = 0; i < places[1].length; i++)
		places[1].into[i] = byte_at(places[1].offset + i);
	places[1].state = STREAM_READY;
	turn();
	expect_reply(2, NBD_OK, 4096, 4096);
	expect_silence();
	deliver(STREAM_READY);
	turn();
	expect_reply(1, NBD_OK, 0, 4096);
}

static void no_more_is_taken_than_there_are_jobs(void **state)
{
	(void)state;
	for (unsigned i = 0; i < EXPORT_JOBS + 4; i++)
		ask_for(NBD_READ, i, (uint64_t)i * 4096, 4096);
	turn();
	assert_int_equal(under_way(), EXPORT_JOBS);
	assert_int_equal(export_poll_events(&export, 0) & 1, 0);
	deliver(STREAM_READY);
	for (unsigned i = 0; i < EXPORT_JOBS; i++)
		expect_reply(i, NBD_OK, (uint64_t)i * 4096, 4096);
	deliver(STREAM_READY);
	for (unsigned i = EXPORT_JOBS; i < EXPORT_JOBS + 4; i++)
		expect_reply(i, NBD_OK, (uint64_t)i * 4096, 4096);
}

static void errors_have_no_data(void **state)
{
	(void)state;
	ask_for(NBD_READ, 9, 0, 2 * PART);
	turn();
	places[1].state = STREAM_IO_ERROR;
	turn();
	expect_silence();               /* the stream still writes into the other part */
	deliver(STREAM_READY);
	turn();
	expect_reply(9, NBD_EIO, 0, 0);
	expect_silence();
	ask_for(NBD_READ, 10, SIZE, 512);
	expect_reply(10, NBD_EINVAL, 0, 0);
	ask_for(NBD_TRIM, 11, 0, 512);
	expect_reply(11, NBD_EPERM, 0, 0);
	ask_for(NBD_FLUSH, 12, 0, 0);
	expect_reply(12, NBD_OK, 0, 0);
	ask_for(NBD_READ, 13, 512, 512);
	turn();
	deliver(STREAM_READY);
	expect_reply(13, NBD_OK, 512, 512);
}

/* What a WRITE brings along must not be taken for the next request. */
static void a_writes_data_is_thrown_away(void **state)
{
	uint8_t data[5000];

	(void)state;
	memset(data, 0x25, sizeof data);
	ask_for(NBD_WRITE, 1, 0, sizeof data);
	turn();
	for (size_t at = 0; at < sizeof data; at += 1000) {
		send_bytes(data + at, 1000);
		turn();
	}
	expect_reply(1, NBD_EPERM, 0, 0);
	ask_for(NBD_READ, 2, 1024, 512);
	turn();
	deliver(STREAM_READY);
	expect_reply(2, NBD_OK, 1024, 512);
}

static void goodbye_ends_it_and_drops_what_is_under_way(void **state)
{
	(void)state;
	ask_for(NBD_READ, 1, 0, 2 * PART);
	assert_true(turn());
	assert_int_equal(under_way(), 2);
	ask_for(NBD_DISC, 2, 0, 0);
	assert_false(turn());
	assert_int_equal(dropped, 2);
	assert_int_equal(under_way(), 0);
}

static void so_does_a_closed_socket(void **state)
{
	(void)state;
	assert_true(turn());
	shutdown(kernel, SHUT_RDWR);
	assert_false(turn());
}

/* While no server answers all jobs wait, and nothing is read; without this the driver would stay for ever, and spin. */
static void also_when_all_jobs_wait(void **state)
{
	struct pollfd p = { .fd = export.connections[0].socket };

	(void)state;
	for (unsigned i = 0; i < EXPORT_JOBS + 1; i++)
		ask_for(NBD_READ, i, (uint64_t)i * 4096, 4096);
	assert_true(turn());
	p.events = export_poll_events(&export, 0);
	assert_int_equal(poll(&p, 1, 0), 0);
	shutdown(kernel, SHUT_RDWR);
	assert_true(turn());
	assert_int_equal(poll(&p, 1, 0), 1);
	export_polled(&export, 0, p.revents);
	assert_false(turn());
	assert_int_equal(dropped, EXPORT_JOBS);
}

static void nonsense_closes_the_socket(void **state)
{
	uint8_t nonsense[NBD_REQUEST_BYTES] = { 0x25, 0x60, 0x95, 0x14 };

	(void)state;
	send_bytes(nonsense, sizeof nonsense);
	assert_false(turn());
}

int main(void)
{
#define with_kernel(test) cmocka_unit_test_setup_teardown(test, start, end)
	const struct CMUnitTest tests[] = {
		with_kernel(a_read_comes_back),
		with_kernel(a_request_may_come_byte_by_byte),
		with_kernel(large_reads_are_cut_into_parts),
		with_kernel(answers_leave_as_they_are_ready),
		with_kernel(no_more_is_taken_than_there_are_jobs),
		with_kernel(errors_have_no_data),
		with_kernel(a_writes_data_is_thrown_away),
		with_kernel(goodbye_ends_it_and_drops_what_is_under_way),
		with_kernel(so_does_a_closed_socket),
		with_kernel(also_when_all_jobs_wait),
		with_kernel(nonsense_closes_the_socket),
	};

	return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
