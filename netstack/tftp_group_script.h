/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_TFTP_GROUP_SCRIPT_H
#define NETSTACK_TFTP_GROUP_SCRIPT_H
/* A file of 40 blocks for a client of multicast, its server and its memory. Host only; for *_test.c. */
#include "lib/random.h"
#include "netstack/tftp_sent.h"
#include "netstack/wire/tftp.h"

enum { SERVER = 0x0a000001, TID = 4000, ROOM = 64 * 1024 };
enum { BLOCK = TFTP_BLOCK_DEFAULT, BLOCKS = 40, FILE_BYTES = (BLOCKS - 1) * BLOCK + 100, PACKET_MAX = 4 + BLOCK };

static uint8_t room[ROOM], file[FILE_BYTES];

static inline void setup_memory(void)
{
	now = 0;
	memset(room, 0, sizeof room);
	for (size_t i = 0; i < FILE_BYTES; i++)
		file[i] = (uint8_t)(i * 31 + (i >> 8) * 7);
}

/* The bytes of the packet. */
static inline size_t make_data(uint8_t packet[PACKET_MAX], uint16_t number)
{
	struct wr w = wr_over(packet, PACKET_MAX);
	size_t at = (size_t)(number - 1) * BLOCK;

	wr_be16(&w, TFTP_DATA);
	wr_be16(&w, number);
	wr_bytes(&w, file + at, min_size(BLOCK, FILE_BYTES - at));
	return wr_used(&w, packet);
}

/* It was sent to the server's port for this transfer. */
static inline void assert_is_ack(uint16_t block)
{
	assert_int_equal(sent_len, 4);
	assert_int_equal(sent[1], TFTP_ACK);
	assert_int_equal(sent[2] << 8 | sent[3], block);
	assert_int_equal(flow.dst_port, TID);
}
#endif
