/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef PXE_API_H
#define PXE_API_H
/*
 * The PXE 2.1 API as a function: what a program that we start by the network may ask of us.
 *
 *     pxe_api_init(&api, &setup);             the card is as the base code leaves it: UNDI opened
 *     pxe_cached_set(&api.cached, PXE_CACHED_ACK, packet)            what DHCP said (pxe/cached.h)
 *     pxe_structures_bang(), _env()           how it finds us (pxe/structures.h)
 *     ax = pxe_api_call(&api, &ram, opcode, block)                   each call it makes
 *     if (api.restarted)                      RESTART_TFTP: the entry jumps to 0:7C00 and does not return
 *
 * An entry in real mode has the opcode and a far pointer to the block (!PXE: on the stack; PXENV+: BX, ES:DI);
 * `block` is its linear address, 16 times the segment and the offset. What the call returns is AX; Status is
 * written into the block, unless the program was replaced. The program's memory is a window, lib/guest_ram.h: a
 * block, a buffer or a descriptor that does not lie in it is refused, and nothing outside of it is read or written.
 * The rooms in `setup` are the caller's, must be reachable in real mode, live as long as the API, and may lie in the
 * window's hole.
 *
 * Calls that wait (an ARP answer, TFTP) poll the card and let host->idle pass the time; each is bounded, by the clock
 * that host->now is. The program may be interrupted while host->idle runs, nowhere else, and its handler may call, on
 * whatever stack: UNDI_ISR START is answered as always, for the card must be made quiet; PROCESS and GET_NEXT say BUSY;
 * any other call is PXE_STATUS_FAILURE (01h) and changes nothing.
 *
 * Base code and UNDI share the card: a frame is taken by whoever looks first, as with every ROM. After UNDI_SHUTDOWN
 * host->card has made the card quiet; the base code brings it up again when it is asked for something.
 *
 * Every opcode, and where we differ from the specification or from other ROMs, is in docs/pxe-api.md, which
 * pxe/doc_test.c holds against the table in pxe/api.c.
 */
#include "lib/guest_ram.h"
#include "pxe/cached.h"
#include "pxe/tftp_ops.h"
#include "pxe/udp_ops.h"

/* What the machine does for us. Whoever implements it puts it first in a struct of its own. */
struct pxe_host {
	usec (*now)(struct pxe_host *h);
	/* As struct port's: may wait, comes back when a frame comes or at `until`; at once is right, too. */
	void (*idle)(struct pxe_host *h, usec until);
	/* Whether somebody has chained a vector of ours since: then nothing of us may go. NULL: nobody can. */
	bool (*is_chained)(struct pxe_host *h);
	/* Brings the card up, or makes it quiet: no DMA, no interrupt. False: it cannot. NULL: it always is up. */
	bool (*card)(struct pxe_host *h, bool up);
	/*
	 * Whether the card may raise interrupts; off ends the one that is up, also from inside idle (UNDI_ISR START).
	 * NULL: it never does, and that is told.
	 */
	void (*interrupts)(struct pxe_host *h, bool on);
};

/* What GET_INFORMATION, GET_NIC_TYPE and GET_IFACE_INFO tell. */
struct pxe_facts {
	uint16_t base_io, irq, rom_seg;
	uint16_t vendor, device, pci_address;   /* bus[8] device[5] function[3] */
	uint8_t  class_base, class_sub, class_interface, revision;
	uint32_t bits_per_second;
};

struct pxe_setup {
	struct pxe_host *host;
	struct nic *nic;
	struct pxe_facts facts;
	uint8_t *frame;                         /* a frame for the program: FRAME_MAX bytes */
	struct pxe_far frame_at;
	uint8_t (*packets)[PXE_CACHED_BYTES];   /* DHCP's, three of them */
	struct pxe_far packets_at;
	struct net_address address;             /* of the lease; ip 0: there is none */
	uint32_t relay;                         /* the ACK's giaddr: a router if all else fails; or 0 */
	uint16_t vlan;                          /* that the base code is in; 0: none */
	uint64_t seed;                          /* random once per start */
};

/* How far UNDI is started. The card is up from INITIALIZED on. */
enum pxe_undi { PXE_UNDI_STOPPED, PXE_UNDI_LOADED, PXE_UNDI_STARTED, PXE_UNDI_INITIALIZED, PXE_UNDI_OPENED };

enum pxe_base { PXE_BASE_GONE, PXE_BASE_STOPPED, PXE_BASE_STARTED };

struct pxe_counted { uint32_t sent, received; };

struct pxe_api {
	enum pxe_undi undi;                     /* public: STOPPED: the memory of UNDI may be given back */
	enum pxe_base base;                     /* public: GONE: the base code's may */
	bool restarted;                         /* public */
	struct pxe_cached cached;

	struct pxe_host *host;
	struct nic *nic;
	struct pxe_facts facts;
	uint8_t *frame;
	struct pxe_far frame_at;
	bool     is_busy;                       /* a call is under way */
	bool     is_up;
	bool     wants_interrupts, is_interrupting;     /* from OPEN to CLOSE; between START and DONE they are off */
	uint16_t filter;                        /* what the program wants to hear */
	struct pxe_groups groups;
	uint8_t  sending[FRAME_MAX];            /* put together from the program's pieces */
	uint32_t sent_untold;                   /* frames whose end UNDI_ISR has not told yet */
	struct pxe_counted counted;             /* GET_STATISTICS */

	struct net net;                         /* the base code's */
	struct net_address address;             /* as the lease says; net's has the program's router in front */
	struct pxe_udp udp;
	struct pxe_tftp tftp;
};

void     pxe_api_init(struct pxe_api *a, const struct pxe_setup *setup);
uint16_t pxe_api_call(struct pxe_api *a, const struct guest_ram *ram, uint16_t opcode, uint32_t block);

/* The table: what is answered, for the document that is held against it and for tests. NULL: there is no n-th. */
struct pxe_call {
	uint16_t opcode, bytes;                 /* of the block that are read and written */
	enum pxe_undi least;                    /* of UNDI's states */
	bool is_base;                           /* of the base code, which may be stopped */
	/* The status; block is a copy, written back whatever the answer. NULL: PXE_STATUS_UNSUPPORTED. */
	uint16_t (*answer)(struct pxe_api *a, const struct guest_ram *ram, void *block);
};
const struct pxe_call *pxe_api_table(unsigned n);
#endif
