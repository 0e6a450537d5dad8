/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_HANDOVER_H
#define LOADER_HANDOVER_H
/*
 * Keeps the hand-over block in memory true (docs/handover.md; the bytes are
 * netstack/wire/handover's business): written when the disk is attached, and
 * again whenever a turn changed what it says: ticket, server, lease; and every
 * few hundred requests. Between these the counters and next_request in it are
 * older than the stream's; docs/handover.md tells the driver to leave a gap.
 */
#include "loader/attachment.h"

/* Where it goes, and what only the boot knows: card, machine, build, times. Writes it. */
void handover_start(struct attachment *a, uint8_t *room, size_t size, const struct handover *facts);
void handover_refresh(struct attachment *a);                            /* writes it again if it became wrong */
void handover_update(struct attachment *a);                             /* writes it again in any case */
void handover_stop(struct attachment *a);                               /* wipes it: nobody shall find it */
#endif
