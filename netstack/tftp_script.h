/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_TFTP_SCRIPT_H
#define NETSTACK_TFTP_SCRIPT_H
/* One TFTP client, t, its clock and memory, and packets handed to it. Host only; for *_test.c. */
#include "netstack/tftp.h"
#include "netstack/tftp_sent.h"

enum { SERVER = 0x0a000001, FILE_MAX = 2 * 1024 * 1024, PACKET_MAX = 1600 };

static struct tftp t;
static uint8_t *room, *file;

static inline bool tx(void)
{
	struct wr w = sent_room();

	return tftp_tx(&t, now, &w, &flow) && sent_keep(&w);
}

static inline void rx_at(uint16_t our_port, uint32_t ip, uint16_t port, const void *bytes, size_t len)
{
	uint8_t *copy = exact_copy(bytes, len);
	struct datagram in = { .src_ip = ip, .src_port = port, .dst_port = our_port,
	                       .payload = rd_over(copy, len) };

	tftp_rx(&t, now, &in);
	free(copy);
}

static inline void rx_from(uint32_t ip, uint16_t port, const void *bytes, size_t len)
{
	rx_at(t.port, ip, port, bytes, len);
}

#define rx(port, bytes) rx_from(SERVER, port, bytes, sizeof(bytes) - 1)

/* The block of the file, or so much of it. */
static inline void data(uint16_t port, uint16_t block, size_t len)
{
	uint8_t packet[PACKET_MAX];
	struct wr w = wr_over(packet, sizeof packet);

	wr_be16(&w, TFTP_DATA);
	wr_be16(&w, block);
	wr_bytes(&w, file + (size_t)(block - 1) * t.window.block_size, len);
	rx_from(SERVER, port, packet, len + 4);
}

static inline void start_as(const struct tftp_profile *profile, size_t room_size)
{
	now = 0;
	tftp_init(&t, SERVER, "f", room, room_size, profile, NULL, now, 7);
}

static inline void start(uint16_t block_size, uint16_t window, bool probe, size_t room_size)
{
	start_as(&(struct tftp_profile){ .block_size = block_size, .window = window, .probe_size = probe }, room_size);
}

/* No two blocks that a client could mistake for each other are alike. */
static inline uint8_t file_byte(size_t i) { return (uint8_t)(i * 31 + (i >> 8) * 7 + (i >> 16) * 13 + (i >> 24) * 17); }

static inline void setup_memory(void)
{
	room = malloc(FILE_MAX);
	file = malloc(FILE_MAX);
	for (size_t i = 0; i < FILE_MAX; i++)
		file[i] = file_byte(i);
}
#endif
