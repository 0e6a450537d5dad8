/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef BENCH_PAYLOAD_EFI_CRC_H
#define BENCH_PAYLOAD_EFI_CRC_H
/*
 * CRC-32, the one of Ethernet and zlib.
 *
 *     crc_init(&c);  c.sum = CRC_START;  crc_add(&c, bytes, len) ...;  crc_done(&c)
 */
#include "lib/types.h"

enum { CRC_TABLES = 4 };
#define CRC_START 0xffffffffu

struct crc { uint32_t sum, table[CRC_TABLES][256]; };

void crc_init(struct crc *c);
void crc_add(struct crc *c, const void *bytes, size_t len);
static inline uint32_t crc_done(const struct crc *c) { return ~c->sum; }
#endif
