/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_BOOT_SECTOR_H
#define LOADER_BOOT_SECTOR_H
/*
 * What a BIOS starts from a disk: its first sector. Every platform that has a
 * BIOS's disk, or pretends to, finds it with this (loader/platform.h, find).
 *
 *     failure = boot_sector_find(disk, "debian", sector, detail, sizeof detail)
 *
 * It must have the mark 55AA, and code: a partition table alone has the mark,
 * too. What is a CD's image instead is told as such.
 */
#include "loader/disk.h"
#include "loader/failure.h"

/* FAILURE_NONE: `sector` has it. Else the words for the screen are in detail, and sector has something else. */
enum failure_code boot_sector_find(struct disk *d, const char *name, uint8_t sector[DISK_SECTOR], char *detail,
                                   size_t size);
#endif
