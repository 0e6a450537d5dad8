/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/boot_program.h"
#include "firmware/efi/path.h"
#include "firmware/efi/target.h"
#include "lib/fmt.h"

static const EFI_GUID fs_guid = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID, path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID;

/* LoadImage gives a handle also for what it does not trust. */
static EFI_STATUS load_from(struct boot_program *p, const EFI_DEVICE_PATH *fs)
{
	EFI_DEVICE_PATH *path = path_make(fs, path_bytes(fs), MEDIA_DEVICE_PATH, MEDIA_FILEPATH_DP, target.file,
	                                  target.file_bytes);
	EFI_STATUS status;

	if (!path)
		return EFI_OUT_OF_RESOURCES;
	p->loaded = NULL;
	status = bs->LoadImage(FALSE, our_image, path, NULL, 0, &p->loaded);
	bs->FreePool(path);
	if (status != EFI_SUCCESS)
		boot_program_forget(p);
	return status;
}

/* The file systems on our disk, in the order the firmware found them: that of the partitions. *seen counts them. */
static EFI_STATUS load(struct boot_program *p, const struct blockio_efi *disk, unsigned *seen)
{
	size_t bytes = path_bytes(disk->path);
	EFI_STATUS status = EFI_NOT_FOUND;
	UINTN count;
	EFI_HANDLE *handles = handles_with(&fs_guid, &count);

	*seen = 0;
	for (UINTN i = 0; i < count && status == EFI_NOT_FOUND; i++) {
		const EFI_DEVICE_PATH *path = protocol_of(handles[i], &path_guid);

		if (!path || !path_begins(path, disk->path, bytes))
			continue;
		++*seen;
		status = load_from(p, path);
	}
	if (handles)
		bs->FreePool(handles);
	return status;
}

static enum failure_code explain(const struct blockio_efi *disk, EFI_STATUS status, unsigned seen, char *detail,
                                 size_t size)
{
	const char *name = disk->attachment->stream.grant.disk;

	if (disk->blockio.last == DISK_TIMEOUT) {
		fmt_text(detail, size, "%s", "it granted the disk and then fell silent");
		return FAILURE_SERVER_SILENT;
	}
	if (disk->blockio.last == DISK_IO_ERROR) {
		fmt_text(detail, size, "while looking for %s", target.file_name);
		return FAILURE_DISK_READ;
	}
	if (boot_program_is_refused(status)) {
		fmt_text(detail, size, "%s of disk %s " BOOT_PROGRAM_REFUSED, target.file_name, name,
		         status_number(status));
		return FAILURE_NOT_TRUSTED;
	}
	if (status == EFI_NOT_FOUND) {
		fmt_text(detail, size, "disk %s has no %s; file systems that this firmware can read: %u", name,
		         target.file_name, seen);
		return FAILURE_NO_BOOT_PROGRAM;
	}
	fmt_text(detail, size, "%s of disk %s cannot be loaded (LoadImage: status %u)", target.file_name, name,
	         status_number(status));
	return FAILURE_NO_BOOT_PROGRAM;
}

enum failure_code boot_program_find(struct boot_program *p, struct blockio_efi *disk, char *detail, size_t size)
{
	EFI_STATUS status;
	unsigned seen;

	bs->ConnectController(disk->child, NULL, NULL, TRUE);
	status = load(p, disk, &seen);
	return status == EFI_SUCCESS ? FAILURE_NONE : explain(disk, status, seen, detail, size);
}

bool boot_program_is_refused(EFI_STATUS status)
{
	return status == EFI_SECURITY_VIOLATION || status == EFI_ACCESS_DENIED;
}

EFI_STATUS boot_program_start(struct boot_program *p)
{
	CHAR16 *words = NULL;
	UINTN bytes;
	EFI_STATUS status = bs->StartImage(p->loaded, &bytes, &words);

	p->loaded = NULL;               /* it has unloaded itself by coming back */
	if (words)
		bs->FreePool(words);
	return status;
}

void boot_program_forget(struct boot_program *p)
{
	if (p->loaded)
		bs->UnloadImage(p->loaded);
	p->loaded = NULL;
}
