/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/machine.h"
#include "firmware/efi/card_pxe.h"
#include "firmware/efi/memory.h"
#include "lib/fmt.h"

static const EFI_GUID loaded_guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;

static struct machine *of(struct platform *p) { return (struct machine *)p; }

static const char *attach(struct platform *p, struct attachment *a)
{
	return blockio_install(&of(p)->disk, a, &of(p)->card);
}

static void detach(struct platform *p)
{
	struct machine *m = of(p);
	bool was_stuck = m->disk.is_stuck;

	boot_program_forget(&m->program);
	blockio_remove(&m->disk);
	if (m->disk.is_stuck && !was_stuck)
		log_line(&p->port->log, LOG_ERROR, "somebody does not let the disk go: "
		         "it stays, and answers nothing any more");
}

static enum failure_code find(struct platform *p, struct attachment *a, char *detail, size_t size)
{
	(void)a;
	return boot_program_find(&of(p)->program, &of(p)->disk, detail, size);
}

/* A firmware without ACPI tables starts the system all the same: rill= on its command line does what the table does. */
static const char *start(struct platform *p)
{
	struct machine *m = of(p);
	EFI_STATUS status;

	if (!handover_table_follow(&m->disk.table, m->disk.attachment, &status))
		log_line(&p->port->log, LOG_ERROR, "this firmware takes no ACPI table (status %u): "
		         "the system must be told rill= on its command line", status_number(status));
	card_say_calls(&m->card, &p->port->log);
	m->ended = boot_program_start(&m->program);
	return NULL;
}

/*
 * The firmware's network is back before the program runs, and says that its PXE has fetched it. A handle that came with
 * a refusal is given back.
 */
static EFI_STATUS run_chained(struct machine *m, const struct chain_program *program)
{
	struct log *log = &m->platform.port->log;
	EFI_LOADED_IMAGE *loaded;
	EFI_HANDLE image = NULL;
	EFI_STATUS status = bs->LoadImage(FALSE, our_image, m->card.path, m->platform.program, program->bytes, &image);

	if (status != EFI_SUCCESS) {
		if (image)
			bs->UnloadImage(image);
		return status;
	}
	card_give_back(&m->card);
	loaded = protocol_of(image, &loaded_guid);
	if (loaded)
		loaded->DeviceHandle = card_pxe_start(&m->card, &m->answer, program, log);
	m->ended = bs->StartImage(image, NULL, NULL);
	card_pxe_stop(&m->card, program);
	return EFI_SUCCESS;
}

static enum failure_code chain(struct platform *p, const struct chain_program *program, char *detail, size_t room)
{
	EFI_STATUS status = run_chained(of(p), program);

	if (status == EFI_SUCCESS)
		return FAILURE_NONE;
	if (boot_program_is_refused(status)) {
		fmt_text(detail, room, "the boot file " BOOT_PROGRAM_REFUSED, status_number(status));
		return FAILURE_NOT_TRUSTED;
	}
	fmt_text(detail, room, "the firmware cannot load the boot file (LoadImage: status %u)", status_number(status));
	return FAILURE_NOT_A_PROGRAM;
}

void machine_give_back(struct machine *m)
{
	detach(&m->platform);
	card_say_calls(&m->card, &m->platform.port->log);
	card_give_back(&m->card);
	memory_free(m->platform.program, m->platform.program_bytes_max);
	m->platform.program = NULL;
}

static void give_back(struct platform *p) { machine_give_back(of(p)); }

bool machine_init(struct machine *m)
{
	struct platform *p = &m->platform;

	p->nic = m->card.nic;
	p->pci_address = m->card.pci_address;
	p->vlan = m->card.vlan;
	p->undi_major = m->card.undi_major;
	p->undi_minor = m->card.undi_minor;
	p->handover = m->handover;
	p->program = memory_for_file(MACHINE_PROGRAM_ROOM);
	p->program_bytes_max = MACHINE_PROGRAM_ROOM;
	p->answer = &m->answer;
	p->attach = attach;
	p->detach = detach;
	p->find = find;
	p->start = start;
	p->chain = chain;
	p->give_back = give_back;
	return p->program != NULL;
}
