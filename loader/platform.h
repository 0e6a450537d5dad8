/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_PLATFORM_H
#define LOADER_PLATFORM_H
/*
 * What a whole boot needs of the machine it runs on, beyond struct port:
 * its facts, its memory, and the six things only it can do.
 *
 * firmware/bios, firmware/efi and firmware/host make one each; the simulator
 * makes one that records. Everything in here is discardable but the hand-over
 * room. An action that could not be done returns why, in words for the
 * screen, or NULL.
 */
#include "loader/failure.h"
#include "loader/port.h"
#include "netstack/nic.h"

struct attachment;
struct dhcp_answer;
struct dhcp_lease;

enum { PCI_UNKNOWN = 0xffff };

/* A program to chain, in the platform's room, and where it came from. */
struct chain_program {
	size_t bytes;
	const struct dhcp_lease *lease;
	uint32_t server;
	const char *file;                       /* as that server was asked for it */
	uint16_t vlan;                          /* it came through; 0: none */
};

struct platform {
	struct port *port;
	struct nic  *nic;                       /* the card the machine was started from */

	const char  *build;                     /* "0.1 BIOS"; for the banner, the log and the server */
	uint16_t     architecture;              /* DHCP option 93: 0 BIOS, 7 x64 UEFI, 11 ARM's */
	uint8_t      undi_major, undi_minor;
	uint16_t     pci_address;               /* bus[8] device[5] function[3]; PCI_UNKNOWN */
	uint16_t     vlan;                      /* the firmware's own setting says we are in; 0: none, or it has none */
	const char  *booted_file;               /* our own name in the packets the ROM kept; "": unknown */
	const uint8_t *config;                  /* the configuration block in our image, loader/config.h; NULL: none */
	size_t       config_size;
	const uint8_t *config_variable;         /* the same in a variable of the firmware's, which wins; size 0: none */
	size_t       config_variable_size;

	uint8_t     *handover;                  /* HANDOVER_BYTES_MAX bytes, resident: where the system looks (BIOS),
	                                           or what the platform copies to there (attachment.handovers) */
	uint8_t     *program;                   /* room for a program to chain; on BIOS where it will run, 0:7C00 */
	size_t       program_bytes_max;              /* its limit: what PXE-E79 names */

	struct dhcp_answer *answer;             /* where DHCP's packets are kept for chain; NULL: it wants none (the
	                                           ROM of a BIOS keeps its own for its API) */

	/*
	 * The disk becomes the machine's: INT 13h is hooked and memory reserved, or Block IO is installed. Sets
	 * a->drive. May be called again after detach.
	 */
	const char *(*attach)(struct platform *p, struct attachment *a);
	/* The machine as it was before attach. Nothing happens if it is not attached. */
	void        (*detach)(struct platform *p);
	/*
	 * Finds on the attached disk what this machine starts from one (a BIOS: the first sector; UEFI: the program
	 * for removable media) and keeps it for start. FAILURE_NONE, or what is wrong, with the words for the screen
	 * in detail.
	 */
	enum failure_code (*find)(struct platform *p, struct attachment *a, char *detail, size_t size);
	/*
	 * Starts what was found. Comes back only with a reason, or with NULL when it ran and is done: a UEFI program
	 * that returned, a platform that is no real machine (host, simulator).
	 */
	const char *(*start)(struct platform *p);
	/*
	 * Starts the program in the room. Comes back with what is wrong and the words for the screen, or
	 * with FAILURE_NONE where start comes back with NULL.
	 */
	enum failure_code (*chain)(struct platform *p, const struct chain_program *program, char *detail, size_t room);
	/* The machine goes back to whoever started us, with memory and vectors as they were. */
	void        (*give_back)(struct platform *p);
};
#endif
