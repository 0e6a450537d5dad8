/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/handover_table.h"

enum { BLOCK_BYTES_AT = 12 };

/* UEFI 20.2; gnu-efi does not know it. */
struct acpi_table_protocol {
	EFI_STATUS (EFIAPI *install)(struct acpi_table_protocol *self, VOID *table, UINTN bytes, UINTN *key);
	EFI_STATUS (EFIAPI *uninstall)(struct acpi_table_protocol *self, UINTN key);
};

static const EFI_GUID acpi_guid = { 0xffe06bdd, 0x6107, 0x46a6, { 0x7b, 0xb2, 0x5a, 0x9c, 0x7e, 0xc5, 0x27, 0x5c } };

/* The block's own length; 0: there is none. */
static size_t block_bytes(const struct attachment *a)
{
	struct rd r = rd_over(a->handover_room, a->handover_size);

	rd_skip(&r, BLOCK_BYTES_AT);
	return min_size(rd_be32(&r), HANDOVER_BYTES_MAX);
}

bool handover_table_follow(struct handover_table *t, const struct attachment *a, EFI_STATUS *status)
{
	struct acpi_table_protocol *acpi;
	size_t block;

	*status = EFI_SUCCESS;
	if (!a->handover_room || (t->is_in && t->followed == a->handovers))
		return true;
	block = block_bytes(a);
	acpi = protocol_anywhere(&acpi_guid);
	*status = EFI_NOT_FOUND;
	if (!acpi || !block)
		return false;
	handover_table_remove(t);
	memcpy(t->bytes + ACPI_HEAD_BYTES, a->handover_room, block);
	acpi_write(t->bytes, ACPI_HEAD_BYTES + block);
	*status = acpi->install(acpi, t->bytes, ACPI_HEAD_BYTES + block, &t->key);
	t->is_in = *status == EFI_SUCCESS;
	t->followed = a->handovers;
	return t->is_in;
}

void handover_table_remove(struct handover_table *t)
{
	struct acpi_table_protocol *acpi = protocol_anywhere(&acpi_guid);

	if (t->is_in && acpi)
		acpi->uninstall(acpi, t->key);
	t->is_in = false;
}
