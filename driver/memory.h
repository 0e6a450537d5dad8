/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_MEMORY_H
#define DRIVER_MEMORY_H
/*
 * The firmware's hand-over block, found in base memory as docs/handover.md says.
 *
 * path is /dev/mem, or a file that begins with what lies at address 0 (tests).
 * Linux shows the block only if the firmware's memory map reserves its pages:
 * pages of system RAM read as zeros.
 */
#include "driver/kmsg.h"
#include "netstack/wire/handover.h"

bool memory_find_handover(struct kmsg *k, const char *path, struct handover *h);

/* The search alone, over bytes that lie at `address`: what there was, and where. */
enum handover_verdict memory_search(const uint8_t *bytes, size_t len, uint32_t address,
                                    struct handover *h, uint32_t *found_at, const char **missing);
#endif
