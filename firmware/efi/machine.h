/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_MACHINE_H
#define FIRMWARE_EFI_MACHINE_H
/*
 * The UEFI machine behind loader/platform.h: the disk as Block IO, the program it starts with, a program of somebody
 * else's, and the way back to the firmware.
 */
#include "firmware/efi/boot_program.h"
#include "loader/platform.h"
#include "netstack/dhcp_answer.h"

enum { MACHINE_PROGRAM_ROOM = 64 << 20 };       /* a chained program; kernels with their initrd have 40 MiB */

struct machine {
	struct platform platform;       /* first */
	struct efi_card card;
	struct blockio_efi  disk;
	struct boot_program program;
	struct dhcp_answer answer;      /* for a chained program */
	EFI_STATUS ended;               /* what a program that came back said */
	uint8_t handover[HANDOVER_BYTES_MAX];
};

/* Fills in the memory, the actions and the card's facts; main adds port and build. False: no memory. */
bool machine_init(struct machine *m);
/* After a program came back, too: disk, table and card are the firmware's again. May be called twice. */
void machine_give_back(struct machine *m);
#endif
