/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "qemu-tests/guest/efi/call.h"

enum { WAIT_STEP_US = 100, WAIT_MAX_US = 4 * 1000 * 1000 };

const struct call calls[] = {
	{ "read",              CALL_PLAIN,    false },
	{ "read2_no_token",    CALL_NO_TOKEN, false },
	{ "read2_no_event",    CALL_NO_EVENT, false },
	{ "read2_event",       CALL_EVENT,    false },
	{ "write",             CALL_PLAIN,    true },
	{ "write2_no_token",   CALL_NO_TOKEN, true },
	{ "write2_no_event",   CALL_NO_EVENT, true },
	{ "write2_event",      CALL_EVENT,    true },
	{ NULL },
};

bool call_is_offered(const struct subject *s, const struct call *c)
{
	return c->kind == CALL_PLAIN || s->io2;
}

EFI_STATUS call_wait(struct subject *s, EFI_EVENT event)
{
	for (unsigned waited = 0; waited < WAIT_MAX_US; waited += WAIT_STEP_US) {
		if (s->bs->CheckEvent(event) == EFI_SUCCESS)
			return EFI_SUCCESS;
		s->bs->Stall(WAIT_STEP_US);
	}
	return EFI_TIMEOUT;
}

/* Block IO2. A status that no call gives shows whether the token's was set. */
EFI_STATUS call_begin(struct subject *s, const struct call *c, EFI_BLOCK_IO2_TOKEN *token, UINT32 media_id, EFI_LBA lba,
                      UINTN bytes, void *buffer)
{
	*token = (EFI_BLOCK_IO2_TOKEN){ .TransactionStatus = EFI_NOT_STARTED };
	if (c->kind == CALL_EVENT && s->bs->CreateEvent(0, TPL_CALLBACK, NULL, NULL, &token->Event) != EFI_SUCCESS)
		return EFI_OUT_OF_RESOURCES;
	if (c->kind == CALL_NO_TOKEN)
		token = NULL;
	return (c->writes ? s->io2->WriteBlocksEx : s->io2->ReadBlocksEx)(s->io2, media_id, lba, token, bytes, buffer);
}

EFI_STATUS call_finish(struct subject *s, EFI_BLOCK_IO2_TOKEN *token)
{
	EFI_STATUS status = call_wait(s, token->Event);

	s->bs->CloseEvent(token->Event);
	return status == EFI_SUCCESS ? token->TransactionStatus : status;
}

EFI_STATUS call_make(struct subject *s, const struct call *c, UINT32 media_id, EFI_LBA lba, UINTN bytes, void *buffer)
{
	EFI_BLOCK_IO2_TOKEN token;
	EFI_STATUS status;

	if (c->kind == CALL_PLAIN)
		return (c->writes ? s->io->WriteBlocks : s->io->ReadBlocks)(s->io, media_id, lba, bytes, buffer);
	status = call_begin(s, c, &token, media_id, lba, bytes, buffer);
	if (c->kind != CALL_EVENT)
		return status;
	if (status == EFI_SUCCESS)
		return call_finish(s, &token);
	s->signalled_in_vain += s->bs->CheckEvent(token.Event) == EFI_SUCCESS;
	s->bs->CloseEvent(token.Event);
	return status;
}
