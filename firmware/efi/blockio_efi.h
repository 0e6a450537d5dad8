/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_BLOCKIO_EFI_H
#define FIRMWARE_EFI_BLOCKIO_EFI_H
/*
 * The attached disk as the firmware's: Block IO and Block IO 2 on a handle of their own, whose device path is the
 * card's with Uri(rill://server:port/disk) behind it. What the calls mean is loader/blockio.h's business.
 *
 *     blockio_install(&b, &attachment, &card)         the disk is there; then the firmware's drivers may be connected
 *     blockio_remove(&b)                              and gone again
 *
 * Calls are taken at TPL_APPLICATION and TPL_CALLBACK and run at TPL_CALLBACK, so that no event of that level calls us
 * inside a call; a call from above is a device error. Nothing in them waits for an event or allocates, but for the
 * hand-over table, which is made anew when its block has changed.
 *
 * When the boot services end, two events: at TPL_NOTIFY, before drivers' own, the disk is gone (every call is a
 * device error from then on); at TPL_CALLBACK, the highest level at which SNP may be called, the card is put down.
 * We free nothing then: a first ExitBootServices may fail.
 *
 * Block IO 2 answers only when it is done, then signals the event: what the specification allows, and RamDiskDxe does.
 *
 * If somebody does not let the protocols go, their functions are replaced by one that is always a device error and
 * lives in memory that is never freed, as does struct blockio_efi then: no pointer is left dangling.
 */
#include "firmware/efi/card.h"
#include "firmware/efi/handover_table.h"
#include "loader/blockio.h"

struct blockio_efi {
	EFI_BLOCK_IO       io;
	EFI_BLOCK_IO2_PROTOCOL io2;
	EFI_BLOCK_IO_MEDIA media;
	EFI_HANDLE child;               /* NULL: not installed */
	EFI_DEVICE_PATH *path;
	EFI_EVENT gone, quiet;
	void     *refusal;              /* the function that is always a device error; NULL: not made yet */
	bool      is_stuck;             /* somebody did not let go: this struct must stay where it is */

	struct blockio blockio;
	struct attachment *attachment;
	struct efi_card   *card;
	struct handover_table table;
};

/* NULL, or why not. */
const char *blockio_install(struct blockio_efi *b, struct attachment *a, struct efi_card *card);
void        blockio_remove(struct blockio_efi *b);
#endif
