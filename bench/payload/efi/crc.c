/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "bench/payload/efi/crc.h"

enum { BITS = 8 };
#define POLYNOMIAL 0xedb88320u

/* Table 0 is the usual one, table k moves a byte k places further. */
void crc_init(struct crc *c)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t x = i;

		for (unsigned bit = 0; bit < BITS; bit++)
			x = x & 1 ? x >> 1 ^ POLYNOMIAL : x >> 1;
		c->table[0][i] = x;
	}
	for (unsigned k = 1; k < CRC_TABLES; k++)
		for (unsigned i = 0; i < 256; i++) {
			uint32_t before = c->table[k - 1][i];

			c->table[k][i] = before >> 8 ^ c->table[0][before & 0xff];
		}
	c->sum = CRC_START;
}

void crc_add(struct crc *c, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	uint32_t sum = c->sum, four;

	for (; len >= sizeof four; len -= sizeof four, at += sizeof four) {
		memcpy(&four, at, sizeof four);
		sum ^= four;
		sum = c->table[3][sum & 0xff] ^ c->table[2][sum >> 8 & 0xff] ^ c->table[1][sum >> 16 & 0xff]
		    ^ c->table[0][sum >> 24];
	}
	while (len--)
		sum = sum >> 8 ^ c->table[0][(sum ^ *at++) & 0xff];
	c->sum = sum;
}
