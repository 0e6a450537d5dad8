/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "server/core_bench.h"

static size_t write_head(const struct fake_client *c, uint8_t type, uint8_t *into)
{
	struct stream_head head = { .type = type, .request = c->request, .session = c->session };
	struct wr w = wr_over(into, STREAM_HEAD_BYTES);

	wr_stream_head(&w, &head);
	return STREAM_HEAD_BYTES;
}

/* One good datagram of each type a client sends; its length, 0 behind the last. */
static size_t sample(struct rig *rig, unsigned i, uint8_t *into, size_t size)
{
	struct stream_head head = { .request = 77, .session = rig->c.session };
	struct wr w = wr_over(into, size);
	struct stream_cookie cookie;

	switch (i) {
	case 0:
		return fake_login_write(&rig->c, NULL, "a", NULL, NULL, into, size);
	case 1:
		cookie_make(&rig->f->server.key, rig->f->now / USEC_PER_S, &rig->c.address, &cookie);
		return fake_login_write(&rig->c, &cookie, "a", NULL, NULL, into, size);
	case 2:
		head.type = STREAM_TREAD;
		wr_stream_read(&w, &head, &(struct stream_read){ .content = rig->c.content, .offset = 512,
			.length = 1024, .segment = 512, .want = 3, .ticket = rig->c.ticket });
		return wr_used(&w, into);
	case 3:
		head.type = STREAM_TPING;
		wr_stream_head(&w, &head);
		wr_bytes(&w, "hello", 5);
		return wr_used(&w, into);
	case 4:
	case 5:
		head.type = i == 4 ? STREAM_TSTATUS : STREAM_TBYE;
		wr_stream_head(&w, &head);
		wr_stream_ticket(&w, &rig->c.ticket);
		wr_tlv_text(&w, TLV_TEXT, "text");
		return wr_used(&w, into);
	default:
		return 0;
	}
}

static void m03_nothing_is_sent_unasked(void **state)
{
	struct rig *rig = *state;
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX];
	struct rd body;
	size_t len;

	for (unsigned i = 0; (len = sample(rig, i, datagram, sizeof datagram)) != 0; i++) {
		struct stream_head asked, said;

		stream_seal(datagram, len, NULL);
		assert_true(stream_open(rd_over(datagram, len), &asked, &body));
		fake_rx(rig->f, &rig->c.address, datagram, len);
		assert_int_equal(rig->f->count, i == 2 ? 2 : 1);
		for (unsigned reply = 0; reply < rig->f->count; reply++) {
			said = fake_head(rig->f, reply, &body);
			assert_int_equal(said.request, asked.request);
		}
	}
	rig->f->count = 0;
	rig->f->now += 100 * (usec)USEC_PER_S;
	server_tick(&rig->f->server, rig->f->now);
	server_farewell(&rig->f->server, rig->f->now);
	assert_int_equal(rig->f->count, 0);
}

static void m05_every_prefix_is_dropped(void **state)
{
	struct rig *rig = *state;
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX];
	size_t len;

	for (unsigned i = 0; (len = sample(rig, i, datagram, sizeof datagram)) != 0; i++) {
		stream_seal(datagram, len, NULL);
		for (size_t cut = 0; cut < len; cut++) {
			fake_rx(rig->f, &rig->c.address, datagram, cut);
			assert_int_equal(rig->f->count, 0);
		}
	}
}

static void m05_every_bit_flip_is_dropped(void **state)
{
	struct rig *rig = *state;
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX];
	size_t len;

	for (unsigned i = 0; (len = sample(rig, i, datagram, sizeof datagram)) != 0; i++) {
		stream_seal(datagram, len, NULL);
		for (size_t bit = 0; bit < len * 8; bit++) {
			datagram[bit / 8] = (uint8_t)(datagram[bit / 8] ^ 1u << bit % 8);
			fake_rx(rig->f, &rig->c.address, datagram, len);
			assert_int_equal(rig->f->count, 0);
			datagram[bit / 8] = (uint8_t)(datagram[bit / 8] ^ 1u << bit % 8);
		}
		fake_rx(rig->f, &rig->c.address, datagram, len);
		assert_true(rig->f->count > 0);
	}
}

static void m05_shorter_or_longer_than_the_layout(void **state)
{
	struct rig *rig = *state;
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX];
	size_t len;

	for (unsigned i = 0; (len = sample(rig, i, datagram, sizeof datagram)) != 0; i++) {
		if (i == 3)
			continue;       /* a ping has any length */
		memset(datagram + len, 0xee, 2);
		fake_sealed(rig->f, &rig->c.address, datagram, len + 2);
		assert_int_equal(rig->f->count, 0);
		fake_sealed(rig->f, &rig->c.address, datagram, len - 1);
		assert_int_equal(rig->f->count, 0);
	}
	assert_int_equal(rig->f->out.counts.dropped, 10);
}

static void m05_another_version_or_type(void **state)
{
	struct rig *rig = *state;
	uint8_t datagram[256] = { 0 };

	for (unsigned type = 0; type < 256; type++) {
		bool known = type == STREAM_TLOGIN || type == STREAM_TREAD || type == STREAM_TPING
		          || type == STREAM_TSTATUS || type == STREAM_TBYE || type == STREAM_TJOIN
		          || (type >= STREAM_TWRITE && type <= STREAM_TLEASE && type % 2 == 0);

		write_head(&rig->c, (uint8_t)type, datagram);
		fake_sealed(rig->f, &rig->c.address, datagram, 128);
		if (!known)
			assert_int_equal(rig->f->count, 0);
		datagram[0] = 2;
		fake_sealed(rig->f, &rig->c.address, datagram, 128);
		assert_int_equal(rig->f->count, 0);
	}
}

static void reserved_messages_are_refused(void **state)
{
	static const struct { uint8_t type; size_t body_min; } reserved[] = {
		{ STREAM_TWRITE, 42 }, { STREAM_TFLUSH, 10 }, { STREAM_TTRIM, 26 },
		{ STREAM_TLEASE, 10 }, { STREAM_TJOIN, 2 },
	};
	struct rig *rig = *state;
	uint8_t datagram[256] = { 0 };

	for (size_t i = 0; i < COUNT_OF(reserved); i++) {
		size_t len = write_head(&rig->c, reserved[i].type, datagram) + reserved[i].body_min;

		fake_sealed(rig->f, &rig->c.address, datagram, len);
		assert_int_equal(fake_error(rig->f), ERROR_UNSUPPORTED);
		fake_sealed(rig->f, &rig->c.address, datagram, len - 1);
		assert_int_equal(rig->f->count, 0);
	}
}

static void m26_a_ping_comes_back(void **state)
{
	static const size_t lens[] = { 0, 1, 1408, STREAM_ECHO_BYTES_MAX, STREAM_ECHO_BYTES_MAX + 1 };
	struct rig *rig = *state;
	struct fake_client stranger = { .address = stream_address_ipv4(9, 9), .request = 5 };
	uint8_t *datagram = calloc(1, STREAM_HEAD_BYTES + STREAM_ECHO_BYTES_MAX + 1);
	struct rd body;

	for (size_t i = 0; i < COUNT_OF(lens); i++) {
		size_t len = write_head(&stranger, STREAM_TPING, datagram) + lens[i];

		for (size_t n = STREAM_HEAD_BYTES; n < len; n++)
			datagram[n] = (uint8_t)(n * 7);
		fake_sealed(rig->f, &stranger.address, datagram, len);
		assert_int_equal(rig->f->count, lens[i] <= STREAM_ECHO_BYTES_MAX);
		if (!rig->f->count)
			continue;
		assert_int_equal(fake_head(rig->f, 0, &body).type, STREAM_RPING);
		assert_true(rd_is(&body, datagram + STREAM_HEAD_BYTES, lens[i]) && rd_done(&body));
	}
	free(datagram);
}

static void m27_status_and_bye_need_a_ticket(void **state)
{
	struct rig *rig = *state;
	struct fake_client liar = rig->c;
	struct rd body;

	liar.ticket.bytes[20] ^= 1;
	fake_tell(rig->f, &liar, STREAM_TSTATUS, "x");
	assert_int_equal(fake_error(rig->f), ERROR_LOGIN_AGAIN);
	fake_tell(rig->f, &liar, STREAM_TBYE, "x");
	assert_int_equal(fake_error(rig->f), ERROR_LOGIN_AGAIN);
	assert_int_equal(sessions_count(rig->f->server.sessions), 1);
	liar.ticket.len = 0;
	fake_tell(rig->f, &liar, STREAM_TBYE, NULL);
	assert_int_equal(fake_error(rig->f), ERROR_LOGIN_AGAIN);

	rig->c.flags = STREAM_DRIVER;
	fake_tell(rig->f, &rig->c, STREAM_TSTATUS, "up");
	assert_int_equal(fake_head(rig->f, 0, &body).type, STREAM_RSTATUS);
	assert_true(rd_done(&body));
	assert_non_null(strstr(rig->f->log, " address=10.0.0.1:1068 disk=a text=up\n"));
	fake_tell(rig->f, &rig->c, STREAM_TBYE, "power \"off\"");
	assert_int_equal(fake_head(rig->f, 0, &body).type, STREAM_RBYE);
	assert_int_equal(sessions_count(rig->f->server.sessions), 0);
	assert_non_null(strstr(rig->f->log, " end why=bye session="));
	assert_non_null(strstr(rig->f->log, " text=\"power \\\"off\\\"\"\n"));
	rig->f->log_len = 0;
	fake_tell(rig->f, &rig->c, STREAM_TBYE, "power off");           /* M4 */
	assert_int_equal(fake_head(rig->f, 0, &body).type, STREAM_RBYE);
	assert_int_equal(rig->f->log_len, 0);
}

static void m02_a_status_above_1200_bytes_is_dropped(void **state)
{
	struct rig *rig = *state;
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX + 8];

	for (size_t more = 0; more <= 4; more += 4) {
		size_t len = sample(rig, 4, datagram, sizeof datagram);
		struct wr w = wr_over(datagram + len, sizeof datagram - len);

		wr_tlv_pad(&w, STREAM_MESSAGE_BYTES_MAX + more - len);
		fake_sealed(rig->f, &rig->c.address, datagram, STREAM_MESSAGE_BYTES_MAX + more);
		assert_int_equal(rig->f->count, more == 0);
	}
}

static void a_ticket_that_cannot_read_cannot_tell(void **state)
{
	struct rig *rig = *state;
	struct ticket_claim claim = { rig->c.session, &rig->c.address, &rig->c.content };
	uint32_t now_s = (uint32_t)(rig->f->now / USEC_PER_S);

	ticket_make(&rig->f->server.key, now_s + 9, TICKET_WRITE, &claim, &rig->c.ticket);
	fake_tell(rig->f, &rig->c, STREAM_TBYE, NULL);
	assert_int_equal(fake_error(rig->f), ERROR_LOGIN_AGAIN);
}

static void status_that_demands_more_is_refused(void **state)
{
	struct rig *rig = *state;
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX];
	size_t len = sample(rig, 4, datagram, sizeof datagram);
	struct wr w = wr_over(datagram + len, 8);

	wr_tlv(&w, TLV_MUST | 77, NULL, 0);
	fake_sealed(rig->f, &rig->c.address, datagram, len + 4);
	assert_int_equal(fake_error(rig->f), ERROR_UNSUPPORTED);
}

static uint32_t seed = 12345;

static uint32_t random_u32(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	return seed ^= seed << 5;
}

/* Whoever has no cookie and no ticket gets at most what it sent, whatever it sends. */
static void nobody_is_an_amplifier(void **state)
{
	struct rig *rig = *state;
	struct stream_address liar = stream_address_ipv4(0x01020304, 53);
	uint8_t datagram[STREAM_MESSAGE_BYTES_MAX + 64];
	unsigned answered = 0;

	for (unsigned n = 0; n < 20000; n++) {
		size_t len = sample(rig, random_u32() % 6, datagram, STREAM_MESSAGE_BYTES_MAX);

		for (unsigned flips = random_u32() % 4; flips; flips--)
			datagram[random_u32() % len] = (uint8_t)random_u32();
		if (random_u32() % 4 == 0)
			len = random_u32() % (len + 1);
		if (len < STREAM_HEAD_BYTES)
			continue;
		if (random_u32() % 4 == 0)
			datagram[1] = (uint8_t)(random_u32() % 84);
		fake_sealed(rig->f, &liar, datagram, len);
		assert_true(rig->f->count <= 1);
		assert_true(rig->f->used <= len);
		answered += rig->f->count;
	}
	assert_true(answered > 5000);
	assert_int_equal(sessions_count(rig->f->server.sessions), 1);
}

static void a_silent_session_is_told_and_ends(void **state)
{
	struct rig *rig = *state;

	fake_read(rig->f, &rig->c, 0, 4096, 1408, 7);
	rig->f->log_len = 0;
	rig->f->now += SESSION_PROGRESS_S * (usec)USEC_PER_S;
	server_tick(&rig->f->server, rig->f->now);
	assert_non_null(strstr(rig->f->log, " progress session="));
	assert_non_null(strstr(rig->f->log, " firmware_bytes=4096 driver_bytes=0 reads=1 continued=0 "
	                       "errors=0 seconds=0\n"));
	rig->f->log_len = 0;
	rig->f->now += SESSION_PROGRESS_S * (usec)USEC_PER_S;
	server_tick(&rig->f->server, rig->f->now);
	assert_non_null(strstr(rig->f->log, " quiet session="));
	rig->f->log_len = 0;
	rig->f->log[0]  = 0;
	rig->f->now += SESSION_PROGRESS_S * (usec)USEC_PER_S;
	fake_tell(rig->f, &rig->c, STREAM_TSTATUS, NULL);
	server_tick(&rig->f->server, rig->f->now);
	assert_null(strstr(rig->f->log, " progress "));         /* it spoke, but read nothing */
	rig->f->log_len = 0;
	server_tick(&rig->f->server, rig->f->now);
	assert_int_equal(rig->f->log_len, 0);
	rig->f->now += SERVER_EXPIRES_S * (usec)USEC_PER_S;
	server_tick(&rig->f->server, rig->f->now);
	assert_non_null(strstr(rig->f->log, " end why=silent session="));
	assert_int_equal(sessions_count(rig->f->server.sessions), 0);
}

#define t(name) cmocka_unit_test_setup_teardown(name, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		t(m03_nothing_is_sent_unasked),
		t(m05_every_prefix_is_dropped),
		t(m05_every_bit_flip_is_dropped),
		t(m05_shorter_or_longer_than_the_layout),
		t(m05_another_version_or_type),
		t(reserved_messages_are_refused),
		t(m26_a_ping_comes_back),
		t(m27_status_and_bye_need_a_ticket),
		t(m02_a_status_above_1200_bytes_is_dropped),
		t(a_ticket_that_cannot_read_cannot_tell),
		t(status_that_demands_more_is_refused),
		t(nobody_is_an_amplifier),
		t(a_silent_session_is_told_and_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
