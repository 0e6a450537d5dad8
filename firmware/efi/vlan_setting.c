/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/vlan_setting.h"

/* EFI_VLAN_CONFIG_PROTOCOL (UEFI 28.1), as far as we ask; gnu-efi has no header for it. */
struct vlan_found { uint16_t id; uint8_t priority; } __attribute__((packed));
_Static_assert(sizeof(struct vlan_found) == 3, "UEFI 28.1: EFI_VLAN_FIND_DATA");

struct vlan_config {
	void *set;
	EFI_STATUS (EFIAPI *find)(struct vlan_config *config, UINT16 *id, UINT16 *count, struct vlan_found **found);
	void *remove;
};

uint16_t vlan_setting(EFI_HANDLE handle, struct log *log)
{
	static const EFI_GUID guid = { 0x9e23d768, 0xd2f3, 0x4366, { 0x9f, 0xc3, 0x3a, 0x7a, 0xba, 0x86, 0x43, 0x74 } };
	struct vlan_config *config = protocol_of(handle, &guid);
	struct vlan_found *found = NULL;
	UINT16 count = 0;
	uint16_t id;

	if (!config || config->find(config, NULL, &count, &found) != EFI_SUCCESS || !found)
		return 0;
	id = count == 1 ? found[0].id : 0;
	if (count > 1)
		log_line(log, LOG_STEP, "the firmware has %u VLANs for this card; none is taken", (unsigned)count);
	bs->FreePool(found);
	return id;
}
