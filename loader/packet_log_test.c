/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/fmt.h"
#include "loader/packet_log.h"
#include "netstack/nic_fake.h"

static const uint8_t mac[6] = { 0x52, 0x54, 0, 0, 0, 1 };

static struct nic_fake card;
static struct packet_log packets;
static struct port port;
static char said[16 * 1024];
static size_t said_len;
static usec clock_now;
static unsigned groups_told;

static usec now(struct port *p)
{
	(void)p;
	return clock_now;
}

static void put(struct log *log, char c)
{
	(void)log;
	assert_true(said_len < sizeof said - 1);
	said[said_len++] = c;
	said[said_len] = 0;
}

static bool tell_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	(void)macs;
	assert_ptr_equal(nic, &card.nic);
	groups_told = count;
	return true;
}

static int fresh(void **state)
{
	(void)state;
	fake_init(&card, mac);
	memset(&packets, 0, sizeof packets);
	port = (struct port){ .now = now, .log = { .put_char = put } };
	said[said_len = 0] = 0;
	clock_now = 1234567;
	packet_log_open(&packets, &card.nic, &port);
	return 0;
}

static int done(void **state)
{
	(void)state;
	fake_take_back(&card);
	return 0;
}

/* A frame of a type that is told as it is. */
static void receive(uint16_t type)
{
	struct fake_frame *f = fake_next_in(&card);
	struct wr w = wr_over(f->bytes, sizeof f->bytes);
	struct rd frame;

	wr_bytes(&w, mac, 6);
	wr_bytes(&w, mac, 6);
	wr_be16(&w, type);
	f->len = wr_used(&w, f->bytes);
	assert_true(packets.nic.poll(&packets.nic, &frame));
	assert_true(rd_left(&frame) == f->len && rd_is(&frame, f->bytes, f->len));
}

static void it_passes_everything_on(void **state)
{
	static const uint8_t frame[60] = { 1, 2, 3 };
	static const uint8_t groups[2][6];
	struct rd none;

	(void)state;
	assert_memory_equal(packets.nic.mac, mac, 6);
	assert_true(packets.nic.mtu == 1500 && packets.nic.rx_frames_max == 32);
	assert_int_equal(packets.nic.link(&packets.nic), NIC_LINK_UP);
	assert_true(packets.nic.send(&packets.nic, frame, sizeof frame));
	assert_true(card.out_count == 1 && !memcmp(card.out[0].bytes, frame, sizeof frame));
	packets.nic.rx_expected = 7;
	packets.nic.rx_wait_us = 8;
	packets.nic.poll_follows = true;
	assert_false(packets.nic.poll(&packets.nic, &none));
	assert_true(card.nic.rx_expected == 7 && card.nic.rx_wait_us == 8 && card.nic.poll_follows);
	card.busy = true;
	assert_false(packets.nic.send(&packets.nic, frame, sizeof frame));
	assert_int_equal(packets.count, 1);     /* what was not taken did not leave */
	card.nic.groups = tell_groups;
	packet_log_open(&packets, &card.nic, &port);
	assert_true(packets.nic.groups(&packets.nic, groups, 2) && groups_told == 2);
}

static void the_last_ones_are_shown_oldest_first(void **state)
{
	(void)state;
	for (uint16_t n = 0; n < 3 * PACKET_LOG_PACKETS; n++, clock_now += 1000)
		receive((uint16_t)(0x9000 + n));
	packet_log_show(&packets, &port.log, 2);
	assert_string_equal(said, "  1.328 <- Ethernet type 905e to 52:54:00:00:00:01\n"
	                    "  1.329 <- Ethernet type 905f to 52:54:00:00:00:01\n");
	said[said_len = 0] = 0;
	packet_log_show(&packets, &port.log, 1000);
	assert_non_null(strstr(said, "type 9040 "));
	assert_null(strstr(said, "type 903f "));
}

static void f2_shows_what_was_and_what_comes_until_f2(void **state)
{
	(void)state;
	receive(0x9001);
	packet_log_toggle(&packets);
	assert_non_null(strstr(said, "the last 1 packets of 1"));
	assert_non_null(strstr(said, "type 9001"));
	receive(0x9002);
	assert_non_null(strstr(said, "type 9002"));
	packet_log_toggle(&packets);
	receive(0x9003);
	assert_null(strstr(said, "type 9003"));
	packet_log_show(&packets, &port.log, 8);
	assert_non_null(strstr(said, "type 9003"));
}

static void the_stack_gets_its_card_back(void **state)
{
	static struct net net;

	(void)state;
	net_init(&net, &packets.nic, NULL);
	packets.nic.rx_expected = 3;
	packet_log_close(&packets, &net);
	assert_ptr_equal(net.nic, &card.nic);
	assert_int_equal(card.nic.rx_expected, 3);
}

int main(void)
{
#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, done)
	const struct CMUnitTest tests[] = {
		fresh_test(it_passes_everything_on),
		fresh_test(the_last_ones_are_shown_oldest_first),
		fresh_test(f2_shows_what_was_and_what_comes_until_f2),
		fresh_test(the_stack_gets_its_card_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
