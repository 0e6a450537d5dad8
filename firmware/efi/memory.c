/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/memory.h"
#include "firmware/efi/services.h"

enum { PAGE = 4096 };

static size_t pages(size_t bytes) { return (bytes + PAGE - 1) / PAGE; }

static void *take(EFI_MEMORY_TYPE type, size_t bytes)
{
	EFI_PHYSICAL_ADDRESS at = 0;

	if (bs->AllocatePages(AllocateAnyPages, type, pages(bytes), &at) != EFI_SUCCESS)
		return NULL;
	return (void *)(uintptr_t)at;
}

static void *zeroed(void *at, size_t bytes)
{
	return at ? memset(at, 0, pages(bytes) * PAGE) : NULL;
}

void *memory_for_data(size_t bytes) { return zeroed(take(EfiBootServicesData, bytes), bytes); }
void *memory_for_code(size_t bytes) { return zeroed(take(EfiBootServicesCode, bytes), bytes); }
void *memory_for_file(size_t bytes) { return take(EfiBootServicesData, bytes); }

void memory_free(void *at, size_t bytes)
{
	if (at)
		bs->FreePages((uintptr_t)at, pages(bytes));
}
