/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/clock.h"
#include "firmware/efi/memory.h"
#include "firmware/efi/nii_env.h"

enum { PAGE = 4096, DESCRIPTOR_TYPE_AT = 3, DESCRIPTOR_MEMORY = 0, DESCRIPTOR_IO = 1 };

static struct nii_device *device_of(UINT64 unique_id) { return (struct nii_device *)(uintptr_t)unique_id; }

/* ---- what the UNDI may call ---- */

static VOID EFIAPI on_delay(UINT64 unique_id, UINT64 us)
{
	(void)unique_id;
	clock_wait_us(us);
}

/* Nobody else runs here but events; a lock is a level that they do not reach. */
static VOID EFIAPI on_block(UINT64 unique_id, UINT32 lock)
{
	struct nii_device *d = device_of(unique_id);

	if (lock && !d->locks++)
		d->unlocked = bs->RaiseTPL(TPL_NOTIFY);
	else if (!lock && d->locks && !--d->locks)
		bs->RestoreTPL(d->unlocked);
}

static VOID EFIAPI on_mem_io(UINT64 unique_id, UINT8 what, UINT8 bytes, UINT64 at, UINT64 buffer)
{
	struct nii_device *d = device_of(unique_id);
	bool is_memory = what == NII_MEMORY_READ || what == NII_MEMORY_WRITE;
	EFI_PCI_IO_PROTOCOL_ACCESS *space;
	EFI_PCI_IO_PROTOCOL_IO_MEM access;
	EFI_PCI_IO_PROTOCOL_WIDTH width = bytes == 8 ? EfiPciIoWidthUint64 : bytes == 4 ? EfiPciIoWidthUint32
	                                : bytes == 2 ? EfiPciIoWidthUint16 : EfiPciIoWidthUint8;

	if (!d->pci)
		return;
	space  = is_memory ? &d->pci->Mem : &d->pci->Io;
	access = what == NII_IO_WRITE || what == NII_MEMORY_WRITE ? space->Write : space->Read;
	access(d->pci, width, is_memory ? d->memory_bar : d->io_bar, at, 1, (void *)(uintptr_t)buffer);
}

static struct nii_map *free_map(struct nii_device *d)
{
	for (unsigned i = 0; i < NII_MAPS_MAX; i++)
		if (!d->maps[i].cookie)
			return &d->maps[i];
	return NULL;
}

/* 0 at *result is how a UNDI hears that it failed. */
static VOID EFIAPI on_map(UINT64 unique_id, UINT64 cpu, UINT32 bytes, UINT32 way, UINT64 result)
{
	static const EFI_PCI_IO_PROTOCOL_OPERATION operations[] = {
		[NII_BOTH_WAYS] = EfiPciIoOperationBusMasterCommonBuffer,
		[NII_FROM_DEVICE] = EfiPciIoOperationBusMasterWrite, [NII_TO_DEVICE] = EfiPciIoOperationBusMasterRead,
	};
	struct nii_device *d = device_of(unique_id);
	struct nii_map *map = free_map(d);
	EFI_PHYSICAL_ADDRESS seen = 0;
	UINTN mapped = bytes;

	*(uint64_t *)(uintptr_t)result = d->pci ? 0 : cpu;
	if (!d->pci || !cpu || !map || way >= COUNT_OF(operations))
		return;
	if (d->pci->Map(d->pci, operations[way], (void *)(uintptr_t)cpu, &mapped, &seen, &map->cookie) != EFI_SUCCESS) {
		map->cookie = NULL;
		return;
	}
	if (mapped < bytes) {                   /* a part of it is of no use */
		d->pci->Unmap(d->pci, map->cookie);
		map->cookie = NULL;
		return;
	}
	map->cpu = cpu;
	map->device = seen;
	*(uint64_t *)(uintptr_t)result = seen;
}

/* Some do not say what the card sees any more: SnpDxe looks at the other address only. */
static VOID EFIAPI on_unmap(UINT64 unique_id, UINT64 cpu, UINT32 bytes, UINT32 way, UINT64 seen)
{
	struct nii_device *d = device_of(unique_id);
	struct nii_map *found = NULL;

	(void)bytes;
	(void)way;
	for (unsigned i = 0; i < NII_MAPS_MAX; i++) {
		struct nii_map *map = &d->maps[i];

		if (map->cookie && map->cpu == cpu && (!found || map->device == seen))
			found = map;
	}
	if (!found)
		return;
	d->pci->Unmap(d->pci, found->cookie);
	found->cookie = NULL;
}

/* The card may see a copy. */
static VOID EFIAPI on_sync(UINT64 unique_id, UINT64 cpu, UINT32 bytes, UINT32 way, UINT64 seen)
{
	(void)unique_id;
	if (!cpu || !seen || cpu == seen)
		return;
	if (way == NII_FROM_DEVICE)
		memcpy((void *)(uintptr_t)cpu, (const void *)(uintptr_t)seen, bytes);
	else if (way == NII_TO_DEVICE)
		memcpy((void *)(uintptr_t)seen, (const void *)(uintptr_t)cpu, bytes);
}

static VOID EFIAPI on_virt2phys(UINT64 unique_id, UINT64 virtual, UINT64 result)
{
	(void)unique_id;
	*(uint64_t *)(uintptr_t)result = virtual;
}

/* ---- what we call ---- */

static void call(void *ctx, struct nii_cdb *cdb)
{
	struct nii_device *d = ctx;
	EFI_TPL before = bs->RaiseTPL(TPL_CALLBACK);

	d->entry((uintptr_t)cdb);
	bs->RestoreTPL(before);
}

static UINTN pages(uint32_t bytes) { return ((UINTN)bytes + PAGE - 1) / PAGE; }

static void *memory(void *ctx, uint32_t bytes)
{
	struct nii_device *d = ctx;
	void *given = NULL;

	if (!d->pci)
		return memory_for_data(bytes);
	if (d->pci->AllocateBuffer(d->pci, AllocateAnyPages, EfiBootServicesData, pages(bytes), &given, 0)
	    != EFI_SUCCESS)
		return NULL;
	memset(given, 0, bytes);
	return given;
}

static void memory_give_back(void *ctx, void *given, uint32_t bytes)
{
	struct nii_device *d = ctx;

	if (d->pci)
		d->pci->FreeBuffer(d->pci, pages(bytes), given);
	else
		memory_free(given, bytes);
}

static void wait_us(void *ctx, unsigned us)
{
	(void)ctx;
	clock_wait_us(us);
}

/* Of each kind the first; an ACPI descriptor of the address space says what a BAR is. */
static void find_bars(struct nii_device *d)
{
	d->memory_bar = d->io_bar = NII_NO_BAR;
	for (uint8_t bar = 0; d->pci && bar < NII_NO_BAR; bar++) {
		void *resources = NULL;
		uint8_t type;

		if (d->pci->GetBarAttributes(d->pci, bar, NULL, &resources) != EFI_SUCCESS || !resources)
			continue;
		type = ((const uint8_t *)resources)[DESCRIPTOR_TYPE_AT];
		bs->FreePool(resources);
		if (type == DESCRIPTOR_MEMORY && d->memory_bar == NII_NO_BAR)
			d->memory_bar = bar;
		if (type == DESCRIPTOR_IO && d->io_bar == NII_NO_BAR)
			d->io_bar = bar;
	}
}

const char *nii_device_init(struct nii_device *d, const struct nii_protocol *identifier, EFI_PCI_IO_PROTOCOL *pci)
{
	const struct nii_bang *bang = (const struct nii_bang *)(uintptr_t)identifier->bang;
	uint64_t entry = 0;
	enum nii_verdict verdict = nii_look(bang, &entry);

	if (verdict != NII_GOOD)
		return nii_verdict_text(verdict);
	memset(d, 0, sizeof *d);
	d->entry = (void (EFIAPI *)(UINT64))(uintptr_t)entry;
	d->pci = pci;
	find_bars(d);
	d->env = (struct nii_env){
		.call = call, .memory = memory, .memory_free = memory_give_back, .wait_us = wait_us,
		.callbacks = {
			.delay = (uintptr_t)on_delay, .block = (uintptr_t)on_block, .mem_io = (uintptr_t)on_mem_io,
			.virt2phys = (uintptr_t)on_virt2phys, .map = (uintptr_t)on_map,
			.unmap = (uintptr_t)on_unmap, .sync = (uintptr_t)on_sync, .unique_id = (uintptr_t)d,
		},
		.interface = identifier->interface, .implementation = bang->implementation,
		.major = identifier->major, .minor = identifier->minor, .ctx = d,
	};
	return NULL;
}

void nii_device_release(struct nii_device *d)
{
	for (unsigned i = 0; i < NII_MAPS_MAX; i++)
		if (d->maps[i].cookie) {
			d->pci->Unmap(d->pci, d->maps[i].cookie);
			d->maps[i].cookie = NULL;
		}
}
