/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/blockio_efi.h"
#include "firmware/efi/memory.h"
#include "firmware/efi/path.h"
#include "firmware/efi/target.h"
#include "lib/fmt.h"

enum { MEDIA_ID = 0x4c4c4952, URI_MAX = 160 };

static EFI_GUID io_guid = EFI_BLOCK_IO_PROTOCOL_GUID, io2_guid = EFI_BLOCK_IO2_PROTOCOL_GUID,
                path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID;

static struct blockio_efi *of_io(EFI_BLOCK_IO *io)
{
	return (struct blockio_efi *)((uint8_t *)io - offsetof(struct blockio_efi, io));
}

static struct blockio_efi *of_io2(EFI_BLOCK_IO2_PROTOCOL *io2)
{
	return (struct blockio_efi *)((uint8_t *)io2 - offsetof(struct blockio_efi, io2));
}

static EFI_STATUS status_of(enum blockio_status status)
{
	switch (status) {
	case BLOCKIO_SUCCESS:           return EFI_SUCCESS;
	case BLOCKIO_MEDIA_CHANGED:     return EFI_MEDIA_CHANGED;
	case BLOCKIO_WRITE_PROTECTED:   return EFI_WRITE_PROTECTED;
	case BLOCKIO_INVALID_PARAMETER: return EFI_INVALID_PARAMETER;
	case BLOCKIO_BAD_BUFFER_SIZE:   return EFI_BAD_BUFFER_SIZE;
	case BLOCKIO_DEVICE_ERROR:      break;
	}
	return EFI_DEVICE_ERROR;
}

/* ---- the calls ---- */

/* False: from a level where Block IO must not be called; or there are no boot services to change a level with. */
static bool enter(const struct blockio_efi *b, EFI_TPL *was)
{
	return !b->blockio.gone && level_raise(was);
}

static void leave(struct blockio_efi *b, EFI_TPL was)
{
	EFI_STATUS ignored;

	/* Only once the boot has made the block; a firmware that took the first one takes the next. */
	if (b->table.is_in && !b->blockio.busy)
		handover_table_follow(&b->table, b->attachment, &ignored);
	bs->RestoreTPL(was);
}

static EFI_STATUS do_read(struct blockio_efi *b, UINT32 media, EFI_LBA lba, UINTN bytes, void *into)
{
	EFI_STATUS status;
	EFI_TPL was;

	if (!enter(b, &was))
		return EFI_DEVICE_ERROR;
	status = status_of(blockio_read(&b->blockio, media, lba, bytes, into));
	leave(b, was);
	return status;
}

static EFI_STATUS do_write(struct blockio_efi *b, UINT32 media, EFI_LBA lba, UINTN bytes, const void *from)
{
	EFI_STATUS status;
	EFI_TPL was;

	if (!enter(b, &was))
		return EFI_DEVICE_ERROR;
	status = status_of(blockio_write(&b->blockio, media, lba, bytes, from));
	leave(b, was);
	return status;
}

static EFI_STATUS EFIAPI io_reset(EFI_BLOCK_IO *io, BOOLEAN extended)
{
	(void)extended;
	return status_of(blockio_reset(&of_io(io)->blockio));
}

static EFI_STATUS EFIAPI io_read(EFI_BLOCK_IO *io, UINT32 media, EFI_LBA lba, UINTN bytes, VOID *into)
{
	return do_read(of_io(io), media, lba, bytes, into);
}

static EFI_STATUS EFIAPI io_write(EFI_BLOCK_IO *io, UINT32 media, EFI_LBA lba, UINTN bytes, VOID *from)
{
	return do_write(of_io(io), media, lba, bytes, from);
}

static EFI_STATUS EFIAPI io_flush(EFI_BLOCK_IO *io)
{
	return status_of(blockio_flush(&of_io(io)->blockio));
}

/* What is wrong with the arguments is the call's answer; what became of the work is the token's. */
static EFI_STATUS finish(const struct blockio_efi *b, EFI_BLOCK_IO2_TOKEN *token, EFI_STATUS status)
{
	bool is_answer = status != EFI_SUCCESS && status != EFI_DEVICE_ERROR;

	if (!token || !token->Event || is_answer || b->blockio.gone)
		return status;
	token->TransactionStatus = status;
	bs->SignalEvent(token->Event);
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI io2_reset(EFI_BLOCK_IO2_PROTOCOL *io2, BOOLEAN extended)
{
	(void)extended;
	return status_of(blockio_reset(&of_io2(io2)->blockio));
}

static EFI_STATUS EFIAPI io2_read(EFI_BLOCK_IO2_PROTOCOL *io2, UINT32 media, EFI_LBA lba, EFI_BLOCK_IO2_TOKEN *token,
                                  UINTN bytes, VOID *into)
{
	struct blockio_efi *b = of_io2(io2);

	return finish(b, token, do_read(b, media, lba, bytes, into));
}

static EFI_STATUS EFIAPI io2_write(EFI_BLOCK_IO2_PROTOCOL *io2, UINT32 media, EFI_LBA lba, EFI_BLOCK_IO2_TOKEN *token,
                                   UINTN bytes, VOID *from)
{
	struct blockio_efi *b = of_io2(io2);

	return finish(b, token, do_write(b, media, lba, bytes, from));
}

static EFI_STATUS EFIAPI io2_flush(EFI_BLOCK_IO2_PROTOCOL *io2, EFI_BLOCK_IO2_TOKEN *token)
{
	struct blockio_efi *b = of_io2(io2);

	return finish(b, token, status_of(blockio_flush(&b->blockio)));
}

/* ---- the end of the boot services ---- */

static VOID EFIAPI on_gone(EFI_EVENT event, VOID *context)
{
	(void)event;
	blockio_leave_for_ever(&((struct blockio_efi *)context)->blockio);
}

static VOID EFIAPI on_quiet(EFI_EVENT event, VOID *context)
{
	(void)event;
	card_quiet(((struct blockio_efi *)context)->card);
}

static bool make_events(struct blockio_efi *b)
{
	return bs->CreateEvent(EVT_SIGNAL_EXIT_BOOT_SERVICES, TPL_NOTIFY, on_gone, b, &b->gone) == EFI_SUCCESS
	    && bs->CreateEvent(EVT_SIGNAL_EXIT_BOOT_SERVICES, TPL_CALLBACK, on_quiet, b, &b->quiet) == EFI_SUCCESS;
}

static void close_event(EFI_EVENT *event)
{
	if (*event)
		bs->CloseEvent(*event);
	*event = NULL;
}

/* ---- in and out ---- */

/* All that may outlive this program. */
static bool make_refusal(struct blockio_efi *b)
{
	if (!b->refusal)
		b->refusal = memory_for_code(target.refusal_bytes);
	if (!b->refusal)
		return false;
	memcpy(b->refusal, target.refusal, target.refusal_bytes);
	target_made_code(b->refusal, target.refusal_bytes);
	return true;
}

static void refuse_for_ever(struct blockio_efi *b)
{
	b->is_stuck = true;
	b->io.Reset        = (EFI_BLOCK_RESET)b->refusal;
	b->io.ReadBlocks   = (EFI_BLOCK_READ)b->refusal;
	b->io.WriteBlocks  = (EFI_BLOCK_WRITE)b->refusal;
	b->io.FlushBlocks  = (EFI_BLOCK_FLUSH)b->refusal;
	b->io2.Reset         = (EFI_BLOCK_RESET_EX)b->refusal;
	b->io2.ReadBlocksEx  = (EFI_BLOCK_READ_EX)b->refusal;
	b->io2.WriteBlocksEx = (EFI_BLOCK_WRITE_EX)b->refusal;
	b->io2.FlushBlocksEx = (EFI_BLOCK_FLUSH_EX)b->refusal;
	b->media.MediaPresent = FALSE;
}

static void fill_tables(struct blockio_efi *b, struct attachment *a)
{
	struct disk *disk = attachment_front(a);

	b->attachment = a;
	blockio_init(&b->blockio, disk, MEDIA_ID);
	b->media = (EFI_BLOCK_IO_MEDIA){
		.MediaId = MEDIA_ID, .MediaPresent = TRUE, .ReadOnly = !disk->write, .BlockSize = DISK_SECTOR,
		.LastBlock = disk->sectors - 1, .LogicalBlocksPerPhysicalBlock = 1,
	};
	b->io = (EFI_BLOCK_IO){
		.Revision = EFI_BLOCK_IO_PROTOCOL_REVISION3, .Media = &b->media, .Reset = io_reset,
		.ReadBlocks = io_read, .WriteBlocks = io_write, .FlushBlocks = io_flush,
	};
	b->io2 = (EFI_BLOCK_IO2_PROTOCOL){
		.Media = &b->media, .Reset = io2_reset, .ReadBlocksEx = io2_read, .WriteBlocksEx = io2_write,
		.FlushBlocksEx = io2_flush,
	};
}

/* The server is the one that granted the disk. */
static EFI_DEVICE_PATH *make_path(const struct attachment *a, const struct efi_card *card)
{
	const struct login_grant *g = &a->stream.grant;
	const struct stream_address *server = &g->servers[a->stream.server];
	uint32_t ip = 0;
	char uri[URI_MAX];

	stream_address_is_ipv4(server, &ip);
	fmt_text(uri, sizeof uri, "rill://%s:%u/%s", ip_text(ip).s, (unsigned)server->port, g->disk);
	return path_make(card->path, card->path_bytes, MESSAGING_DEVICE_PATH, MSG_URI_DP, uri, strlen(uri));
}

/* The card is the disk's parent: who stops it must stop the disk first, and nobody can. */
static bool make_child(struct blockio_efi *b)
{
	EFI_GUID held = *b->card->held;         /* the prototypes know no const */
	void *ignored;

	if (bs->InstallMultipleProtocolInterfaces(&b->child, &path_guid, b->path, &io_guid, &b->io, &io2_guid, &b->io2,
	                                          NULL) != EFI_SUCCESS) {
		b->child = NULL;
		return false;
	}
	return bs->OpenProtocol(b->card->handle, &held, &ignored, our_image, b->child,
	                        EFI_OPEN_PROTOCOL_BY_CHILD_CONTROLLER) == EFI_SUCCESS;
}

const char *blockio_install(struct blockio_efi *b, struct attachment *a, struct efi_card *card)
{
	if (b->child)
		return b->is_stuck ? "somebody still holds the last disk: restart the machine" : NULL;
	b->card = card;
	fill_tables(b, a);
	b->path = make_path(a, card);
	if (b->path && make_refusal(b) && make_events(b) && make_child(b))
		return NULL;
	blockio_remove(b);
	return "the firmware takes no new disk (InstallMultipleProtocolInterfaces)";
}

static void take_out(struct blockio_efi *b)
{
	EFI_GUID held = *b->card->held;

	bs->CloseProtocol(b->card->handle, &held, our_image, b->child);
	bs->DisconnectController(b->child, NULL, NULL);
	if (bs->UninstallMultipleProtocolInterfaces(b->child, &path_guid, b->path, &io_guid, &b->io, &io2_guid, &b->io2,
	                                            NULL) != EFI_SUCCESS) {
		refuse_for_ever(b);
		return;
	}
	b->child = NULL;
}

void blockio_remove(struct blockio_efi *b)
{
	if (b->is_stuck)
		return;
	handover_table_remove(&b->table);
	if (b->child)
		take_out(b);
	close_event(&b->gone);
	close_event(&b->quiet);
	if (b->is_stuck)
		return;
	if (b->path)
		bs->FreePool(b->path);
	b->path = NULL;
	if (b->refusal)
		memory_free(b->refusal, 1);
	b->refusal = NULL;
}
