/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "qemu-tests/guest/efi/subject.h"

static bool offers(struct subject *s, EFI_HANDLE handle, EFI_GUID id, const char *name, VOID **interface)
{
	if (s->bs->HandleProtocol(handle, &id, interface) == EFI_SUCCESS)
		return true;
	report_line(s->report, "error: the %s has no %s", s->name, name);
	return false;
}

static bool make_room(struct subject *s, uint8_t **room)
{
	EFI_PHYSICAL_ADDRESS at;
	EFI_STATUS status = s->bs->AllocatePages(AllocateAnyPages, EfiBootServicesData,
	                                         (ROOM_BYTES + 2 * GUARD_BYTES) / 4096, &at);

	if (status != EFI_SUCCESS)
		report_line(s->report, "error: the firmware has no %u KiB for a buffer", ROOM_BYTES / 1024);
	else
		*room = (uint8_t *)(uintptr_t)at + GUARD_BYTES;
	return status == EFI_SUCCESS;
}

static bool open(struct subject *s, EFI_HANDLE handle)
{
	EFI_GUID second = EFI_BLOCK_IO2_PROTOCOL_GUID;
	VOID *io, *io2, *disk_io;

	if (!offers(s, handle, (EFI_GUID)BLOCK_IO_PROTOCOL, "Block IO", &io)
	 || !offers(s, handle, (EFI_GUID)DISK_IO_PROTOCOL, "Disk IO", &disk_io))
		return false;
	s->io      = io;
	s->disk_io = disk_io;
	s->io2     = s->bs->HandleProtocol(handle, &second, &io2) == EFI_SUCCESS ? io2 : NULL;
	s->media   = s->io->Media;
	return make_room(s, &s->room) && make_room(s, &s->other) && make_room(s, &s->kept);
}

static EFI_DEVICE_PATH *next(EFI_DEVICE_PATH *node)
{
	return (EFI_DEVICE_PATH *)((uint8_t *)node + (node->Length[0] | node->Length[1] << 8));
}

/* The last node before the end; NULL: there is none. */
static EFI_DEVICE_PATH *last(EFI_DEVICE_PATH *node)
{
	EFI_DEVICE_PATH *found = NULL;

	for (; node->Type != END_DEVICE_PATH_TYPE; node = next(node))
		found = node;
	return found;
}

/* The disk that this partition is on, and where: the partition's path without its last node. */
static bool find_disk(struct subject *partition, EFI_HANDLE handle, EFI_HANDLE *disk)
{
	EFI_GUID io = BLOCK_IO_PROTOCOL;
	EFI_DEVICE_PATH *path, *part;
	HARDDRIVE_DEVICE_PATH drive;
	EFI_DEVICE_PATH kept;
	EFI_STATUS status;
	VOID *found;

	if (!offers(partition, handle, (EFI_GUID)DEVICE_PATH_PROTOCOL, "device path", &found))
		return false;
	path = found;
	part = last(path);
	if (!part || part->Type != MEDIA_DEVICE_PATH || part->SubType != MEDIA_HARDDRIVE_DP) {
		report_line(partition->report, "error: this program was not loaded from a partition");
		return false;
	}
	memcpy(&drive, part, sizeof drive);
	partition->start = drive.PartitionStart;
	kept = *part;
	part->Type = END_DEVICE_PATH_TYPE;
	part->SubType = END_ENTIRE_DEVICE_PATH_SUBTYPE;
	part->Length[0] = sizeof *part;
	part->Length[1] = 0;
	status = partition->bs->LocateDevicePath(&io, &path, disk);
	*part = kept;
	if (status == EFI_SUCCESS && path == part)
		return true;
	report_line(partition->report, "error: no disk has the path of the partition without its last node");
	return false;
}

bool subject_find(struct subject *partition, struct subject *disk, EFI_BOOT_SERVICES *bs, EFI_HANDLE image,
                  struct report *report)
{
	EFI_LOADED_IMAGE *loaded;
	EFI_HANDLE whole;
	VOID *found;

	*partition = (struct subject){ .name = "partition", .bs = bs, .report = report };
	*disk      = (struct subject){ .name = "disk", .bs = bs, .report = report };
	if (!offers(partition, image, (EFI_GUID)LOADED_IMAGE_PROTOCOL, "loaded image", &found))
		return false;
	loaded = found;
	if (!open(partition, loaded->DeviceHandle) || !find_disk(partition, loaded->DeviceHandle, &whole)
	 || !open(disk, whole))
		return false;
	partition->scratch = partition->media->LastBlock - SCRATCH_BLOCKS + 1;
	disk->scratch      = partition->start + partition->scratch;
	if (disk->media->BlockSize * SCRATCH_BLOCKS > ROOM_BYTES
	 || partition->media->LastBlock < 4 * SCRATCH_BLOCKS) {
		report_line(report, "error: blocks of %u bytes, %llu in the partition: no disk for this program",
		            disk->media->BlockSize, (unsigned long long)partition->media->LastBlock + 1);
		return false;
	}
	return true;
}

bool subject_read(struct subject *s, EFI_LBA lba, UINTN blocks, void *into)
{
	return s->io->ReadBlocks(s->io, s->media->MediaId, lba, blocks * s->media->BlockSize, into) == EFI_SUCCESS;
}
