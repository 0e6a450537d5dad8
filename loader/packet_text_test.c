/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "loader/packet_text.h"
#include "netstack/wire/arp.h"
#include "netstack/wire/dhcp.h"
#include "netstack/wire/dhcp_fake.h"
#include "netstack/wire/eth.h"
#include "netstack/wire/icmp.h"
#include "netstack/wire/stream.h"
#include "netstack/wire/tftp.h"
#include "netstack/wire/udp.h"

enum { SERVER = 0x0a000001, CLIENT = 0x0a000032, TFTP_PORT = 2070, FRAME_ROOM = 1514 };

static const uint8_t client_mac[6] = { 0x52, 0x54, 0, 0, 0, 1 }, server_mac[6] = { 0x52, 0x54, 0, 0, 0, 2 };

static uint8_t frame[FRAME_ROOM];
static size_t  frame_len;

static const char *text_of(bool sent)
{
	static char text[PACKET_TEXT_MAX + 1];
	uint8_t *copy = exact_copy(frame, frame_len);

	memset(text, 1, sizeof text);
	packet_text(text, rd_over(copy, frame_len), sent, TFTP_PORT);
	free(copy);
	assert_non_null(memchr(text, 0, sizeof text));
	return text;
}

static struct wr begin(uint16_t type)
{
	struct wr w = wr_over(frame, sizeof frame);
	struct eth_head eth = { .type = type };

	memcpy(eth.dst, client_mac, 6);
	memcpy(eth.src, server_mac, 6);
	eth_emit(&w, &eth);
	return w;
}

static void end(const struct wr *w)
{
	assert_true(wr_ok(w));
	frame_len = wr_used(w, frame);
}

static void make_udp(uint16_t from, uint16_t to, const void *payload, size_t len)
{
	struct ipv4_head ip = { .src = SERVER, .dst = CLIENT, .protocol = IPV4_UDP };
	struct udp_head udp = { from, to };
	struct wr w = begin(ETH_IPV4);

	ipv4_emit(&w, &ip, UDP_HEAD + len);
	udp_emit(&w, &udp, &ip, rd_over(payload, len));
	wr_bytes(&w, payload, len);
	end(&w);
}

static void arp_is_told_as_who_asks_and_who_answers(void **state)
{
	struct arp_packet a = { .op = ARP_REPLY, .sender_ip = SERVER, .target_ip = CLIENT };
	struct wr w = begin(ETH_ARP);

	(void)state;
	memcpy(a.sender_mac, server_mac, 6);
	arp_emit(&w, &a);
	end(&w);
	assert_string_equal(text_of(false), "ARP reply 10.0.0.1 is 52:54:00:00:00:02");
	a.op = ARP_REQUEST;
	w = begin(ETH_ARP);
	arp_emit(&w, &a);
	end(&w);
	assert_string_equal(text_of(true), "ARP request for 10.0.0.50 by 10.0.0.1");
	a.sender_ip = 0;
	w = begin(ETH_ARP);
	arp_emit(&w, &a);
	end(&w);
	assert_string_equal(text_of(true), "ARP probe: has anybody 10.0.0.50?");
	frame_len = ETH_HEAD + 10;
	assert_string_equal(text_of(true), "ARP, malformed");
	frame_len = 10;
	assert_string_equal(text_of(true), "a frame cut short");
}

static void dhcp_is_told_by_its_type(void **state)
{
	struct fake_reply r;

	(void)state;
	fake_reply(&r, DHCP_OFFER, 7, client_mac, CLIENT);
	fake_end(&r);
	make_udp(67, 68, r.bytes, r.len);
	assert_string_equal(text_of(false), "DHCPOFFER of 10.0.0.50 from 10.0.0.1:67");
	fake_reply(&r, DHCP_NAK, 7, client_mac, 0);
	fake_end(&r);
	make_udp(67, 68, r.bytes, r.len);
	assert_string_equal(text_of(false), "DHCPNAK from 10.0.0.1:67");
	make_udp(4011, 4011, r.bytes, 30);
	assert_string_equal(text_of(true), "DHCP, malformed to 10.0.0.50:4011");
}

static void tftp_is_told_by_its_operation(void **state)
{
	uint8_t bytes[100];
	struct wr w = wr_over(bytes, sizeof bytes);

	(void)state;
	make_udp(TFTP_PORT, 69, "\0\1file\0octet", 13);
	assert_string_equal(text_of(true), "TFTP request to 10.0.0.50:69");
	make_udp(3000, TFTP_PORT, "\0\3\0\7abc", 7);
	assert_string_equal(text_of(false), "TFTP DATA 7, 3 bytes from 10.0.0.1:3000");
	tftp_emit_ack(&w, 65535);
	make_udp(TFTP_PORT, 3000, bytes, wr_used(&w, bytes));
	assert_string_equal(text_of(true), "TFTP ACK 65535 to 10.0.0.50:3000");
	w = wr_over(bytes, sizeof bytes);
	tftp_emit_error(&w, TFTP_ERROR_NOT_FOUND, "no\nsuch file, and a text that is longer than its room");
	make_udp(3000, TFTP_PORT, bytes, wr_used(&w, bytes));
	assert_string_equal(text_of(false), "TFTP ERROR 1 no?such file, and a tex from 10.0.0.1:3000");
	make_udp(3000, TFTP_PORT, "\0\6tsize\0" "31124", 14);
	assert_string_equal(text_of(false), "TFTP OACK from 10.0.0.1:3000");
	make_udp(3000, TFTP_PORT, "\0\x09", 2);
	assert_string_equal(text_of(false), "TFTP, malformed from 10.0.0.1:3000");
	make_udp(3000, TFTP_PORT + 1, "\0\3\0\7abc", 7);
	assert_string_equal(text_of(false), "UDP, 7 bytes from 10.0.0.1:3000");
}

static void the_stream_and_syslog_have_their_names(void **state)
{
	struct stream_head head = { .type = STREAM_TLOGIN };
	uint8_t bytes[100];
	struct wr w = wr_over(bytes, sizeof bytes);

	(void)state;
	wr_stream_head(&w, &head);
	stream_seal(bytes, wr_used(&w, bytes), NULL);
	make_udp(6911, STREAM_PORT, bytes, wr_used(&w, bytes));
	assert_string_equal(text_of(true), "Tlogin, 20 bytes to 10.0.0.50:6910");
	make_udp(6911, STREAM_PORT, "nonsense", 8);
	assert_string_equal(text_of(true), "UDP, 8 bytes to 10.0.0.50:6910");
	make_udp(514, 514, "<1>x", 4);
	assert_string_equal(text_of(true), "syslog line to 10.0.0.50:514");
}

static void what_is_wrong_or_strange_is_told_too(void **state)
{
	struct ipv4_head ip = { .src = SERVER, .dst = CLIENT, .protocol = IPV4_ICMP };
	struct icmp_message m = { .type = ICMP_UNREACHABLE, .code = 3, .body = rd_over("", 0) };
	struct wr w = begin(ETH_IPV4);

	(void)state;
	ipv4_emit(&w, &ip, 8);
	icmp_emit(&w, &m);
	end(&w);
	assert_string_equal(text_of(false), "ICMP unreachable, code 3, from 10.0.0.1");
	frame[ETH_HEAD + IPV4_HEAD]++;
	assert_string_equal(text_of(false), "ICMP, malformed, from 10.0.0.1");
	w = begin(ETH_IPV4);
	m.type = ICMP_ECHO_REQUEST;
	ipv4_emit(&w, &ip, 8);
	icmp_emit(&w, &m);
	end(&w);
	assert_string_equal(text_of(true), "ICMP ping, type 8 to 10.0.0.50");
	ip.protocol = 2;
	w = begin(ETH_IPV4);
	ipv4_emit(&w, &ip, 0);
	end(&w);
	assert_string_equal(text_of(false), "IP protocol 2 from 10.0.0.1");
	frame[ETH_HEAD + 10]++;
	assert_string_equal(text_of(false), "IP, wrong checksum");
	make_udp(1, 2, "x", 1);
	frame[ETH_HEAD + IPV4_HEAD + UDP_HEAD]++;
	assert_string_equal(text_of(false), "UDP, wrong checksum from 10.0.0.1:1");
	w = begin(0x88cc);
	end(&w);
	assert_string_equal(text_of(false), "Ethernet type 88cc to 52:54:00:00:00:01");
}

static void no_prefix_and_no_flipped_bit_is_read_too_far(void **state)
{
	struct fake_reply r;
	size_t whole;

	(void)state;
	fake_reply(&r, DHCP_ACK, 7, client_mac, CLIENT);
	fake_end(&r);
	make_udp(67, 68, r.bytes, r.len);
	whole = frame_len;
	for (frame_len = 0; frame_len < whole; frame_len++)
		assert_null(strstr(text_of(false), "DHCPACK"));
	for (size_t bit = 0; bit < whole * 8; bit++) {
		frame[bit / 8] ^= (uint8_t)(1u << bit % 8);
		(void)text_of(bit & 1);
		frame[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arp_is_told_as_who_asks_and_who_answers),
		cmocka_unit_test(dhcp_is_told_by_its_type),
		cmocka_unit_test(tftp_is_told_by_its_operation),
		cmocka_unit_test(the_stream_and_syslog_have_their_names),
		cmocka_unit_test(what_is_wrong_or_strange_is_told_too),
		cmocka_unit_test(no_prefix_and_no_flipped_bit_is_read_too_far),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
