/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_SNP_PROVIDER_H
#define UNDI_SNP_PROVIDER_H
/*
 * UEFI's Simple Network Protocol made of a struct nic: what undi/snp.h calls, from the other side. What each of its
 * functions means, without EFI types; firmware/efi/rom/snp_efi.c puts the calls of its protocol table through here.
 *
 *     snp_provider_init(&p, nic)      stopped; the card is open, and stays so
 *     snp_provider_start(&p), ...     the protocol's functions; p.state and what follows it are its Mode
 *     snp_provider_waits(&p)          whether Receive has a frame: WaitForPacket
 *     snp_provider_leave_for_ever(&p) the boot services end: all is a device error, nic is not used again
 *
 * Every call is judged in the same order: the state (stopped: not started; started only: a device error), then its
 * arguments from the first to the last (UEFI 2.10, 24.1). What is given as NULL where it may not be is an invalid
 * parameter; `This` is the caller's business.
 *
 * A frame is copied by the card when it is sent (struct nic promises it), so its buffer is free at once; GetStatus
 * gives it back all the same, each once, in the order of Transmit, because that is what callers wait for. Who does not
 * fetch them gets NOT_READY after SNP_PROVIDER_SENT_MAX.
 *
 * Nothing here waits or allocates. It is not locked: the caller sees to it that one call is under way at a time.
 *
 * The card hears more than it was told (netstack/nic.h), so the receive filters are looked at here, frame by frame.
 * Promiscuous modes are not offered: a struct nic has none.
 */
#include "undi/snp.h"

enum {
	SNP_ADDRESS_BYTES = 32,         /* of an EFI_MAC_ADDRESS; 6 of it are used */
	SNP_PROVIDER_SENT_MAX = 32,     /* MNP fetches each at once, others after some turns */
	SNP_PROVIDER_TAG  = 4,                  /* a VLAN's, which is the firmware's to look at */
	SNP_PROVIDER_ROOM = FRAME_MAX + SNP_PROVIDER_TAG,
	/* A call looks at no more frames than that: others' groups are dropped here, and may come without end. */
	SNP_PROVIDER_LOOKS_MAX = 256,
};

/* What GetStatus says of interrupts; UEFI 24.1. */
enum { SNP_INTERRUPT_RECEIVE = 1, SNP_INTERRUPT_TRANSMIT = 2 };

/* EFI_NETWORK_STATISTICS, in its order, up to the last one that we know. Those we do not know are all ones. */
enum snp_statistic {
	SNP_RX_TOTAL, SNP_RX_GOOD, SNP_RX_SHORT, SNP_RX_LONG, SNP_RX_DROPPED, SNP_RX_UNICAST, SNP_RX_BROADCAST,
	SNP_RX_MULTICAST, SNP_RX_CRC_ERRORS, SNP_RX_BYTES_TOTAL,
	SNP_TX_TOTAL, SNP_TX_GOOD, SNP_TX_SHORT, SNP_TX_LONG, SNP_TX_DROPPED, SNP_TX_UNICAST, SNP_TX_BROADCAST,
	SNP_TX_MULTICAST, SNP_TX_CRC_ERRORS, SNP_TX_BYTES_TOTAL,
	SNP_STATISTICS,
};

struct snp_provider {
	struct nic *nic;
	bool     gone;                          /* for ever */
	/* The protocol's Mode. */
	enum snp_state state;
	uint32_t packet_max;                    /* IP bytes in a frame */
	uint32_t filters_possible, filters, groups_max, group_count;
	uint8_t  groups[NIC_GROUPS_MAX][6];
	bool     tells_media, has_media;

	uint64_t counted[SNP_STATISTICS];
	void    *sent[SNP_PROVIDER_SENT_MAX];   /* to be given back; sent_count of them from sent_first on, round */
	unsigned sent_first, sent_count;
	uint8_t  frame[SNP_PROVIDER_ROOM];      /* received and not yet fetched */
	size_t   frame_bytes;                   /* 0: none is */
};

void snp_provider_init(struct snp_provider *p, struct nic *nic);
void snp_provider_leave_for_ever(struct snp_provider *p);

enum snp_status snp_provider_start(struct snp_provider *p);
enum snp_status snp_provider_stop(struct snp_provider *p);
/* What is asked for besides a ring is not to be had: unsupported. */
enum snp_status snp_provider_initialize(struct snp_provider *p, size_t extra_rx, size_t extra_tx);
/* What was received and sent is forgotten; filters stay. */
enum snp_status snp_provider_reset(struct snp_provider *p);
enum snp_status snp_provider_shutdown(struct snp_provider *p);

/* groups: `count` addresses of SNP_ADDRESS_BYTES each. Nothing is changed unless the answer is success. */
enum snp_status snp_provider_filters(struct snp_provider *p, uint32_t enable, uint32_t disable, bool reset_groups,
                                     size_t count, const uint8_t (*groups)[SNP_ADDRESS_BYTES]);
/* A card keeps its own address: anything else is unsupported. */
enum snp_status snp_provider_station(struct snp_provider *p, bool reset, const uint8_t *mac);
/* *size is the table's in bytes, then what it ought to be. */
enum snp_status snp_provider_statistics(struct snp_provider *p, bool reset, size_t *size, void *table);
/* ip: 4 bytes, or 16. */
enum snp_status snp_provider_group_mac(const struct snp_provider *p, bool is_ipv6, const uint8_t *ip, uint8_t *mac);
enum snp_status snp_provider_nvdata(const struct snp_provider *p);

/* Looks at the cable, too. One of interrupts and done may be NULL. *done: a buffer, or NULL. */
enum snp_status snp_provider_status(struct snp_provider *p, uint32_t *interrupts, void **done);
/* With a header_bytes the frame's head is written into the buffer; protocol is in the CPU's order; from may be NULL. */
enum snp_status snp_provider_transmit(struct snp_provider *p, size_t header_bytes, size_t bytes, void *buffer,
                                      const uint8_t *from, const uint8_t *to, const uint16_t *protocol);
/* *bytes is the room, then the frame's length; the frame stays if it is too long for it. The rest may be NULL. */
enum snp_status snp_provider_receive(struct snp_provider *p, size_t *header_bytes, size_t *bytes, void *room,
                                     uint8_t *from, uint8_t *to, uint16_t *protocol);
bool snp_provider_waits(struct snp_provider *p);
#endif
