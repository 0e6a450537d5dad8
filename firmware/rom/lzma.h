/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_ROM_LZMA_H
#define FIRMWARE_ROM_LZMA_H
/*
 * Unpacks one raw LZMA stream with its end marker, made with lc=3, lp=0, pb=0: the format of option ROMs' payloads.
 *
 *     static uint16_t odds[LZMA_ODDS];                 14 KiB, the caller's; need not be cleared
 *     good = lzma_unpack(rd_over(stream, len), odds, to, bytes);
 *
 * Good is only a stream that is all there, has nothing behind it and gives exactly `bytes`. Whatever the stream
 * says, nothing is written outside of odds and to, and it ends: each turn of the loop gives a byte or is the last.
 * The code has no data and no addresses of its own, so it runs wherever it lies (firmware/rom/rom32.c).
 *
 * Source: the format's public description, "LZMA specification" (Igor Pavlov, public domain, 2015).
 */
#include "lib/bytes.h"

enum { LZMA_ODDS = 7151 };

bool lzma_unpack(struct rd from, uint16_t *odds, uint8_t *to, size_t bytes);
#endif
