/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_HOST_MACHINE_H
#define FIRMWARE_HOST_MACHINE_H
/*
 * The machine that rill-host pretends to be: memory for INT 13h callers and
 * programs, a boot sector that "runs" by reading the whole disk through INT
 * 13h and hashing it, files in place of what a real machine would jump to.
 */
#include <stdio.h>
#include "loader/bios_disk.h"
#include "loader/platform.h"

enum { MACHINE_RAM = 0x100000, PROGRAM_AT = 0x7c00 };

struct machine {
	struct platform   platform;     /* first */
	struct attachment *attachment;
	struct bios_disk   bios_disk;
	uint8_t  boot_sector[DISK_SECTOR];
	uint8_t  ram[MACHINE_RAM];
	uint8_t  handover[HANDOVER_BYTES_MAX];
	bool     attached;
	bool     hash;                  /* the started system hashes the disk */
	const char *disk_file, *chain_file, *handover_file;     /* what to write; NULL: nothing */
};

void machine_init(struct machine *m, struct attachment *a, struct port *port, struct nic *nic, size_t program_room);
#endif
