/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "server/core_bench.h"

/* Reply i is the Rdata of these bytes of the disk, under the client's last request. */
static void assert_data(struct rig *rig, unsigned i, uint64_t offset, size_t len)
{
	struct rd body, data;
	struct stream_head head = fake_head(rig->f, i, &body);
	uint64_t got;

	assert_int_equal(head.type, STREAM_RDATA);
	assert_int_equal(head.request, rig->c.request);
	assert_true(stream_open_data(fake_reply(rig->f, i), &rig->c.content, &got, &data));
	assert_int_equal(got, offset);
	assert_int_equal(rd_left(&data), len);
	for (; len--; offset++)
		assert_int_equal(rd_u8(&data), fake_byte(offset));
}

static void m20_every_wanted_segment_in_rising_order(void **state)
{
	struct rig *rig = *state;

	fake_read(rig->f, &rig->c, 4096, 4096, 1408, 7);
	assert_int_equal(rig->f->count, 3);
	assert_data(rig, 0, 4096, 1408);
	assert_data(rig, 1, 5504, 1408);
	assert_data(rig, 2, 6912, 1280);
	assert_int_equal(rig->f->disks[0].reads, 1);            /* neighbours are read at once */
	fake_read(rig->f, &rig->c, 4096, 4096, 1408, 5);
	assert_int_equal(rig->f->count, 2);
	assert_data(rig, 0, 4096, 1408);
	assert_data(rig, 1, 6912, 1280);
	fake_read(rig->f, &rig->c, 0, 64 * 1408, 1408, UINT64_MAX);
	assert_int_equal(rig->f->count, 64);
	for (unsigned i = 0; i < 64; i++)
		assert_data(rig, i, i * 1408, 1408);
	fake_read(rig->f, &rig->c, FAKE_DISK_BYTES - 512, 512, 8928, 1);
	assert_int_equal(rig->f->count, 1);
	assert_data(rig, 0, FAKE_DISK_BYTES - 512, 512);
	fake_read(rig->f, &rig->c, 0, 253952, 8928, 1u << 28);
	assert_data(rig, 0, 28 * 8928, 253952 - 28 * 8928);
}

static void m06_a_reply_repeats_what_it_answers(void **state)
{
	struct rig *rig = *state;
	struct stream_head head;
	struct rd body;

	rig->c.generation = 200;
	rig->c.flags      = STREAM_DRIVER | STREAM_AHEAD;
	rig->c.request    = 0xfffffffe;
	fake_read(rig->f, &rig->c, 0, 1024, 512, 3);
	for (unsigned i = 0; i < 2; i++) {
		head = fake_head(rig->f, i, &body);
		assert_int_equal(head.generation, 200);
		assert_int_equal(head.request, 0xffffffff);
		assert_int_equal(head.session, rig->c.session);
		assert_int_equal(head.flags, STREAM_DRIVER);
	}
	fake_read(rig->f, &rig->c, FAKE_DISK_BYTES, 512, 512, 1);
	head = fake_head(rig->f, 0, &body);
	assert_int_equal(head.generation, 200);
	assert_int_equal(head.request, 0);
	assert_int_equal(head.session, rig->c.session);
	assert_int_equal(head.flags, STREAM_DRIVER);
}

static void m07_unlisted_flags_are_ignored(void **state)
{
	struct rig *rig = *state;
	struct rd body;

	rig->c.flags = 0xf0 | STREAM_DRAINING;
	fake_read(rig->f, &rig->c, 0, 512, 512, 1);
	assert_data(rig, 0, 0, 512);
	assert_int_equal(fake_head(rig->f, 0, &body).flags, 0);
}

static void m18_any_server_of_the_group_answers(void **state)
{
	struct rig *rig = *state;
	struct fake *other = fake_open();

	fake_read(other, &rig->c, 0, 512, 512, 1);
	assert_int_equal(other->count, 1);
	assert_int_equal(fake_error(other), 0);
	assert_int_equal(sessions_count(other->server.sessions), 1);
	assert_non_null(strstr(other->log, " resumed session="));
	/* Nor does a full table stand in the way. */
	sessions_close(other->server.sessions);
	other->server.sessions = sessions_open(1, 1);
	struct fake_client else_ = fake_client(9);
	assert_int_equal(fake_login(other, &else_, "a"), STREAM_RLOGIN);
	fake_read(other, &rig->c, 0, 512, 512, 1);
	assert_int_equal(other->count, 1);
	assert_int_equal(fake_error(other), 0);
	fake_close(other);
}

static void m19_what_no_client_may_ask_is_dropped(void **state)
{
	static const struct { uint32_t length; uint16_t segment; uint64_t want; } wrong[] = {
		{ 0, 512, 1 }, { 511, 512, 1 }, { 512, 496, 1 }, { 512, 520, 1 }, { 1024, 1000, 1 },
		{ 512, 8944, 1 }, { 512, 512, 0 }, { 512, 512, 2 }, { 1024, 512, 4 },
		{ 65 * 512, 512, 1 }, { 0xfffffe00, 8928, 1 },
		{ 512, 0, 1 }, { 64 * 512 - 512, 512, UINT64_C(1) << 63 },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		fake_read(rig->f, &rig->c, 0, wrong[i].length, wrong[i].segment, wrong[i].want);
		assert_int_equal(rig->f->count, 0);
	}
	fake_read(rig->f, &rig->c, 256, 512, 512, 1);
	assert_int_equal(rig->f->count, 0);
	assert_int_equal(rig->f->out.counts.dropped, COUNT_OF(wrong) + 1);
}

static void m24_out_of_range(void **state)
{
	static const struct { uint64_t offset; uint32_t length; } wrong[] = {
		{ FAKE_DISK_BYTES, 512 }, { FAKE_DISK_BYTES - 512, 1024 }, { UINT64_MAX - 511, 512 },
		{ UINT64_MAX - 511, 1024 }, { 512, FAKE_DISK_BYTES },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		fake_read(rig->f, &rig->c, wrong[i].offset, wrong[i].length, 8928, 1);
		assert_int_equal(fake_error(rig->f), ERROR_OUT_OF_RANGE);
	}
	assert_int_equal(rig->f->disks[0].reads, 0);
}

static void m24_login_again_for_every_wrong_ticket(void **state)
{
	struct rig *rig = *state;
	struct fake_client good = rig->c, bad;

	for (unsigned bit = 0; bit < TICKET_BYTES * 8; bit++) {
		bad = good;
		bad.ticket.bytes[bit / 8] = (uint8_t)(bad.ticket.bytes[bit / 8] ^ 1u << bit % 8);
		fake_read(rig->f, &bad, 0, 512, 512, 1);
		assert_int_equal(fake_error(rig->f), ERROR_LOGIN_AGAIN);
		/* a Tread has 60 and more */
		assert_int_equal(rig->f->replies[0].len, STREAM_HEAD_BYTES + 2);
	}
	for (uint8_t len = 0; len <= STREAM_TICKET_BYTES_MAX; len++) {
		bad = good;
		bad.ticket.len = len;
		fake_read(rig->f, &bad, 0, 512, 512, 1);
		assert_int_equal(fake_error(rig->f), len == TICKET_BYTES ? 0 : ERROR_LOGIN_AGAIN);
	}
	bad = good;
	bad.session++;
	fake_read(rig->f, &bad, 0, 512, 512, 1);
	assert_int_equal(fake_error(rig->f), ERROR_LOGIN_AGAIN);
	bad = good;
	bad.content = rig->f->disks[1].disk.content;
	fake_read(rig->f, &bad, 0, 512, 512, 1);
	assert_int_equal(fake_error(rig->f), ERROR_LOGIN_AGAIN);
	bad = good;
	bad.address = stream_address_ipv4(0x0a000002, 1068);
	fake_read(rig->f, &bad, 0, 512, 512, 1);
	assert_int_equal(fake_error(rig->f), ERROR_LOGIN_AGAIN);
	bad = good;
	bad.address.port++;                     /* firmware and driver have different ports */
	fake_read(rig->f, &bad, 0, 512, 512, 1);
	assert_int_equal(fake_error(rig->f), 0);
	rig->f->now += (SERVER_EXPIRES_S - 1) * (usec)USEC_PER_S;
	fake_read(rig->f, &good, 0, 512, 512, 1);
	assert_int_equal(fake_error(rig->f), 0);
	rig->f->now += USEC_PER_S;
	fake_read(rig->f, &good, 0, 512, 512, 1);
	assert_int_equal(fake_error(rig->f), ERROR_LOGIN_AGAIN);
}

static void m24_no_such_content(void **state)
{
	struct rig *rig = *state;

	/* A good ticket of the group for a disk that another of its servers has. */
	rig->f->server.disk_count = 1;
	rig->c.content = rig->f->disks[1].disk.content;
	struct ticket_claim claim = { rig->c.session, &rig->c.address, &rig->c.content };
	ticket_make(&rig->f->server.key, (uint32_t)(rig->f->now / USEC_PER_S) + 9, TICKET_READ, &claim,
	            &rig->c.ticket);
	fake_read(rig->f, &rig->c, 0, 512, 512, 1);
	assert_int_equal(fake_error(rig->f), ERROR_NO_SUCH_CONTENT);
}

static void a_ticket_without_the_right_to_read(void **state)
{
	struct rig *rig = *state;
	struct ticket_claim claim = { rig->c.session, &rig->c.address, &rig->c.content };

	ticket_make(&rig->f->server.key, (uint32_t)(rig->f->now / USEC_PER_S) + 9, TICKET_WRITE, &claim,
	            &rig->c.ticket);
	fake_read(rig->f, &rig->c, 0, 512, 512, 1);
	assert_int_equal(fake_error(rig->f), ERROR_LOGIN_AGAIN);
}

static void m24_io_error_and_no_data(void **state)
{
	struct rig *rig = *state;

	rig->f->disks[0].broken = true;
	fake_read(rig->f, &rig->c, 0, 4096, 512, 0xff);
	assert_int_equal(fake_error(rig->f), ERROR_IO);
	assert_non_null(strstr(rig->f->log, " broken disk=a text=\"the fake is broken\"\n"));
	size_t logged = rig->f->log_len;
	fake_read(rig->f, &rig->c, 0, 4096, 512, 0xff);
	assert_int_equal(fake_error(rig->f), ERROR_IO);
	assert_int_equal(rig->f->log_len, logged);              /* said once */
	rig->f->disks[0].broken = false;
	fake_read(rig->f, &rig->c, 0, 512, 512, 1);
	assert_data(rig, 0, 0, 512);
}

static void figures_by_stage(void **state)
{
	struct rig *rig = *state;

	fake_read(rig->f, &rig->c, 0, 4096, 1408, 7);
	rig->c.flags      = STREAM_DRIVER;
	rig->c.generation = 1;
	fake_read(rig->f, &rig->c, 0, 4096, 1408, 1);
	assert_non_null(strstr(rig->f->log, " stage session="));
	assert_non_null(strstr(rig->f->log, "stage=driver firmware_bytes=4096 driver_bytes=1408 reads=2 continued=1"));
	rig->c.flags = rig->c.generation = 0;           /* the firmware's last datagram comes late */
	rig->f->log_len = 0;
	fake_read(rig->f, &rig->c, 0, 512, 512, 1);
	assert_int_equal(rig->f->log_len, 0);
	server_farewell(&rig->f->server, rig->f->now);
	assert_non_null(strstr(rig->f->log, " end why=\"server stops\" session="));
	assert_non_null(strstr(rig->f->log, "stage=driver firmware_bytes=4608 driver_bytes=1408 reads=3 continued=1"));
	assert_int_equal(sessions_count(rig->f->server.sessions), 0);
}

#define t(name) cmocka_unit_test_setup_teardown(name, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		t(m06_a_reply_repeats_what_it_answers),
		t(m07_unlisted_flags_are_ignored),
		t(m18_any_server_of_the_group_answers),
		t(m19_what_no_client_may_ask_is_dropped),
		t(m20_every_wanted_segment_in_rising_order),
		t(m24_out_of_range),
		t(m24_login_again_for_every_wrong_ticket),
		t(m24_no_such_content),
		t(a_ticket_without_the_right_to_read),
		t(m24_io_error_and_no_data),
		t(figures_by_stage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
