/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef PXE_TFTP_BENCH_H
#define PXE_TFTP_BENCH_H
/*
 * The TFTP server that the other machine is, and a program that opens and reads. What is odd about the server is set in
 * `server` before a call; what it has seen stands there afterwards. Any file there is has `size` bytes. Host only.
 */
#include "lib/fmt.h"
#include "netstack/wire/tftp.h"
#include "pxe/api_bench.h"

enum { FILE_MAX = 300 * 1024, SERVER_TID = 5000, RESEND = 700 * USEC_PER_MS };

static struct server {
	size_t   size;
	uint16_t port;                  /* it listens on */
	bool     knows_no_options, asks_for_size, is_missing, is_silent, falls_silent, grants_too_much;
	uint16_t errors, last_error, requests;
	char     name[200];

	bool     active, has_oack;
	uint16_t client, block_size, window, tid;
	uint32_t acked;                 /* blocks */
	usec     due;
	struct tftp_options granted;
} server;

static uint8_t file[FILE_MAX];

/* No two blocks are alike. */
static inline uint8_t file_byte(size_t i) { return (uint8_t)(i * 31 + (i >> 8) * 7 + (i >> 16) * 13); }

static inline void server_init(size_t size)
{
	for (size_t i = 0; i < FILE_MAX; i++)
		file[i] = file_byte(i);
	server  = (struct server){ .size = size, .port = 69, .tid = SERVER_TID };
}

static inline void server_says(const uint8_t *bytes, size_t len)
{
	peer_tx(server.tid, server.client, bytes, len);
}

static inline void put_option(struct wr *w, const char *name, uint64_t value)
{
	char digits[24];

	fmt_text(digits, sizeof digits, "%llu", (unsigned long long)value);
	wr_bytes(w, name, strlen(name) + 1);
	wr_bytes(w, digits, strlen(digits) + 1);
}

static inline void send_oack(void)
{
	uint8_t packet[200];
	struct wr w = wr_over(packet, sizeof packet);

	wr_be16(&w, TFTP_OACK);
	if (server.granted.has_size)
		put_option(&w, "tsize", server.size);
	if (server.granted.has_block_size)
		put_option(&w, "blksize", server.block_size + (server.grants_too_much ? 8u : 0u));
	if (server.granted.has_window)
		put_option(&w, "windowsize", server.window);
	server_says(packet, wr_used(&w, packet));
}

/* A window from what was acknowledged on; the last block is shorter than the others. */
static inline void send_blocks(void)
{
	const uint32_t last = (uint32_t)(server.size / server.block_size) + 1;

	for (uint32_t n = server.acked + 1; n <= last && n <= server.acked + server.window; n++) {
		uint8_t packet[2000];
		struct wr w = wr_over(packet, sizeof packet);
		size_t at = (size_t)(n - 1) * server.block_size;

		wr_be16(&w, TFTP_DATA);
		wr_be16(&w, (uint16_t)n);
		wr_bytes(&w, file + at, min_size(server.size - at, server.block_size));
		server_says(packet, wr_used(&w, packet));
	}
}

static inline void server_resend(void)
{
	server.due = machine.now + RESEND;
	if (server.has_oack && !server.acked)
		send_oack();
	else
		send_blocks();
}

static inline void server_idle(void)
{
	if (server.active && machine.now >= server.due)
		server_resend();
}

static inline size_t take_text(struct rd *r, char *to, size_t size)
{
	size_t len = 0;
	uint8_t c;

	while ((c = rd_u8(r)) != 0)
		if (len + 1 < size)
			to[len++] = (char)c;
	to[len] = '\0';
	return len;
}

static inline void read_asked(struct rd *r)
{
	char name[32], value[32];

	while (rd_left(r)) {
		uint64_t number = 0;

		take_text(r, name, sizeof name);
		take_text(r, value, sizeof value);
		for (const char *c = value; *c; c++)
			number = number * 10 + (uint64_t)(*c - '0');
		server.granted.has_size |= strcmp(name, "tsize") == 0;
		server.granted.has_block_size |= strcmp(name, "blksize") == 0;
		server.granted.has_window |= strcmp(name, "windowsize") == 0;
		if (strcmp(name, "blksize") == 0)
			server.block_size = (uint16_t)number;
		if (strcmp(name, "windowsize") == 0)
			server.window = (uint16_t)number;
	}
}

static inline void server_asked(const struct datagram *d, struct rd r)
{
	static const uint8_t missing[] = { 0, 5, 0, 1, 'n', 'o', 'n', 'e', 0 };
	char mode[16];

	server.requests++;
	if (server.active && d->src_port == server.client)      /* again: the answer was lost, and will be sent again */
		return;
	take_text(&r, server.name, sizeof server.name);
	take_text(&r, mode, sizeof mode);
	server.active = !server.is_silent && !server.is_missing;
	server.client = d->src_port;
	server.tid++;
	server.acked  = 0;
	server.granted = (struct tftp_options){ 0 };
	server.block_size = 512;
	server.window = 1;
	read_asked(&r);
	server.asks_for_size = server.granted.has_size;
	if (server.knows_no_options) {
		server.granted = (struct tftp_options){ 0 };
		server.block_size = 512;
		server.window = 1;
	}
	server.has_oack = server.granted.has_size || server.granted.has_block_size || server.granted.has_window;
	if (server.is_missing)
		server_says(missing, sizeof missing);
	if (server.active)
		server_resend();
}

static inline void server_rx(const struct datagram *d)
{
	struct rd r = d->payload;
	uint16_t op = rd_be16(&r), number = rd_be16(&r);

	if (op == TFTP_ERROR) {
		server.errors++;
		server.last_error = number;
		server.active = false;
	}
	if (op == TFTP_RRQ && d->dst_port == server.port) {
		r = d->payload;
		rd_skip(&r, 2);
		server_asked(d, r);
	}
	if (op != TFTP_ACK || !server.active || d->dst_port != server.tid)
		return;
	server.acked = number;
	server.active = (size_t)number * server.block_size <= server.size && !(server.falls_silent && number == 3);
	server.due = machine.now + RESEND;
	if (server.active)
		send_blocks();
}

static inline int fresh_server(void **state)
{
	fresh(state);
	server_init(10000);
	peer.rx   = server_rx;
	peer.idle = server_idle;
	return 0;
}

/* ---- the program ---- */

static inline struct pxe_tftp_open open_of(const char *name, uint16_t packet_bytes)
{
	struct pxe_tftp_open b = { .packet_bytes = packet_bytes };

	pxe_put_ip(b.server, PEER_IP);
	fmt_text(b.file, sizeof b.file, "%s", name);
	pxe_put_port(b.port, 69);
	return b;
}

static inline uint16_t open_it(uint16_t packet_bytes)
{
	struct pxe_tftp_open b = open_of("pxelinux.cfg", packet_bytes);

	expect(PXE_TFTP_OPEN, b, PXE_STATUS_SUCCESS);
	return b.packet_bytes;
}

/* All of it, block by block; the server sends whatever it may before each. */
static inline void read_all(uint16_t packet_bytes)
{
	struct pxe_tftp_read b = { .buffer = far_to(DATA_AT) };
	size_t at = 0;
	uint16_t number = 0;

	do {
		memory[DATA_AT + packet_bytes] = 0xab;
		peer_work();
		expect(PXE_TFTP_READ, b, PXE_STATUS_SUCCESS);
		assert_int_equal(b.number, ++number);
		assert_true(b.bytes <= packet_bytes && at + b.bytes <= server.size);
		assert_memory_equal(memory + DATA_AT, file + at, b.bytes);
		assert_int_equal(memory[DATA_AT + packet_bytes], 0xab);
		at += b.bytes;
	} while (b.bytes == packet_bytes);
	assert_int_equal(at, server.size);
}

static inline void begin_anew(unsigned seed, unsigned loss, size_t size)
{
	fake_take_back(&card);
	fake_init(&card, our_mac);
	peer_init();
	peer.rx     = server_rx;
	peer.idle   = server_idle;
	peer.loss   = loss;
	peer.random = random_from(seed);
	setup.seed  = seed;
	start();
	server_init(size);
}
#endif
