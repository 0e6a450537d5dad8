/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef QEMU_TESTS_GUEST_EFI_CALL_H
#define QEMU_TESTS_GUEST_EFI_CALL_H
/*
 * The ways to read and to write blocks, each with the same arguments, so that each can be asked the same questions:
 * Block IO, and Block IO2 without a token, with a token that has no event, and with one that has.
 *
 *     for (const struct call *c = calls; c->name; c++)
 *             if (call_is_offered(s, c))
 *                     status = call_make(s, c, media_id, lba, bytes, buffer);
 */
#include "qemu-tests/guest/efi/subject.h"

struct call {
	const char *name;                       /* NULL: behind the last one */
	enum call_kind { CALL_PLAIN, CALL_NO_TOKEN, CALL_NO_EVENT, CALL_EVENT } kind;
	bool writes;
};

extern const struct call calls[];

bool call_is_offered(const struct subject *s, const struct call *c);

/*
 * Done when it returns. With an event: waits for it, and what comes back is the transaction's status (TIMEOUT: no
 * signal within some seconds). An event that is signalled although the call was refused is counted in s.
 */
EFI_STATUS call_make(struct subject *s, const struct call *c, UINT32 media_id, EFI_LBA lba, UINTN bytes, void *buffer);

/* The two halves of that, for who has several under way. */
EFI_STATUS call_begin(struct subject *s, const struct call *c, EFI_BLOCK_IO2_TOKEN *token, UINT32 media_id, EFI_LBA lba,
                      UINTN bytes, void *buffer);
EFI_STATUS call_finish(struct subject *s, EFI_BLOCK_IO2_TOKEN *token);
EFI_STATUS call_wait(struct subject *s, EFI_EVENT event);               /* TIMEOUT: not signalled */
#endif
