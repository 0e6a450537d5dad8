/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "bench/payload/efi/disk.h"
#include "lib/types.h"

static VOID *protocol_of(EFI_BOOT_SERVICES *bs, EFI_HANDLE handle, EFI_GUID guid)
{
	VOID *found;

	return bs->HandleProtocol(handle, &guid, &found) == EFI_SUCCESS ? found : NULL;
}

static size_t length_of(const EFI_DEVICE_PATH *node)
{
	return max_u64(node->Length[0] | (size_t)node->Length[1] << 8, sizeof *node);
}

/* Bytes in front of the partition's node; 0: this is no path of a partition. */
static size_t bytes_of_disk(const EFI_DEVICE_PATH *path)
{
	const uint8_t *at = (const uint8_t *)path;

	for (;;) {
		const EFI_DEVICE_PATH *node = (const EFI_DEVICE_PATH *)at;

		if (node->Type == END_DEVICE_PATH_TYPE)
			return 0;
		if (node->Type == MEDIA_DEVICE_PATH && node->SubType == MEDIA_HARDDRIVE_DP)
			return (size_t)(at - (const uint8_t *)path);
		at += length_of(node);
	}
}

EFI_BLOCK_IO *disk_of(EFI_BOOT_SERVICES *bs, EFI_HANDLE image)
{
	static const EFI_DEVICE_PATH end = { END_DEVICE_PATH_TYPE, END_ENTIRE_DEVICE_PATH_SUBTYPE, { sizeof end, 0 } };
	EFI_GUID io = EFI_BLOCK_IO_PROTOCOL_GUID;
	EFI_LOADED_IMAGE *loaded = protocol_of(bs, image, (EFI_GUID)EFI_LOADED_IMAGE_PROTOCOL_GUID);
	EFI_DEVICE_PATH *path = loaded ? protocol_of(bs, loaded->DeviceHandle, (EFI_GUID)EFI_DEVICE_PATH_PROTOCOL_GUID)
	                               : NULL, *rest;
	size_t bytes = path ? bytes_of_disk(path) : 0;
	EFI_BLOCK_IO *found = NULL;
	EFI_HANDLE disk;
	VOID *room;

	if (!bytes || bs->AllocatePool(EfiLoaderData, bytes + sizeof end, &room) != EFI_SUCCESS)
		return NULL;
	memcpy(room, path, bytes);
	memcpy((uint8_t *)room + bytes, &end, sizeof end);
	rest = room;
	if (bs->LocateDevicePath(&io, &rest, &disk) == EFI_SUCCESS && rest->Type == END_DEVICE_PATH_TYPE)
		found = protocol_of(bs, disk, io);
	bs->FreePool(room);
	return found;
}
