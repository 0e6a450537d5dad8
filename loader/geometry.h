/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_GEOMETRY_H
#define LOADER_GEOMETRY_H
/*
 * Cylinders, heads and sectors of a disk that has none of them.
 *
 *     g = geometry_of_size(sectors)               255 heads, 63 sectors: what every loader accepts
 *     g = geometry_of_table(sectors, sector0)     what its partition table was made with
 *
 * A loader that knows CHS only (DOS's) goes by the numbers in the partition
 * table and in its own boot sector, and those are of the machine where the
 * disk was made: 16 heads below 504 MiB, say. So where the table contradicts
 * 255 heads, and agrees in every entry with another number that BIOSes
 * translate to, that one is told. 63 sectors always: the tables of
 * isohybrid images (64 x 32) are not meant for CHS calls.
 *
 * Both are pure functions, so a disk has the same geometry on every boot.
 */
#include "loader/disk.h"

enum { GEOMETRY_CYLINDERS_MAX = 1024, GEOMETRY_HEADS = 255, GEOMETRY_SECTORS = 63 };    /* 10 bits of cylinder */

struct geometry { uint32_t cylinders; uint16_t heads, sectors; };

struct geometry geometry_of_size(uint64_t sectors);
/* sector0: the disk's first sector, whatever it is. */
struct geometry geometry_of_table(uint64_t sectors, const uint8_t sector0[DISK_SECTOR]);
#endif
