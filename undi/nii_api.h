/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_NII_API_H
#define UNDI_NII_API_H
/*
 * UNDI 3.1 as memory: what UEFI's Network Interface Identifier points at, and the blocks a command is made of.
 *
 * A command is a CDB, with at most one block of parameters (CPB) that it names and one of data (DB) that comes back.
 * Structs are allowed here because this is shared memory with a fixed layout, little-endian like the machine; every
 * size and the offsets that matter are asserted. UEFI 2.10, appendix E, and 24.3 for the identifier itself.
 */
#include "lib/types.h"

enum nii_opcode {
	NII_GET_STATE = 0, NII_START, NII_STOP, NII_GET_INIT_INFO, NII_GET_CONFIG_INFO, NII_INITIALIZE, NII_RESET,
	NII_SHUTDOWN, NII_INTERRUPT_ENABLES, NII_RECEIVE_FILTERS, NII_STATION_ADDRESS, NII_STATISTICS,
	NII_MCAST_IP_TO_MAC, NII_NVDATA, NII_GET_STATUS, NII_FILL_HEADER, NII_TRANSMIT, NII_RECEIVE,
};

/* StatFlags: the two upper bits say how far the command is, the others are its own. */
enum { NII_FAR = 0xc000, NII_COMPLETE = 0xc000, NII_FAILED = 0x8000, NII_QUEUED = 0x4000 };

/* StatCode. */
enum nii_code {
	NII_SUCCESS, NII_INVALID_CDB, NII_INVALID_CPB, NII_BUSY, NII_QUEUE_FULL, NII_ALREADY_STARTED, NII_NOT_STARTED,
	NII_NOT_SHUTDOWN, NII_ALREADY_INITIALIZED, NII_NOT_INITIALIZED, NII_DEVICE_FAILURE, NII_NVDATA_FAILURE,
	NII_UNSUPPORTED, NII_BUFFER_FULL, NII_INVALID_PARAMETER, NII_INVALID_UNDI, NII_IPV4_NOT_SUPPORTED,
	NII_IPV6_NOT_SUPPORTED, NII_NOT_ENOUGH_MEMORY, NII_NO_DATA,
};

/* Each command's own flags: what is asked, what is answered. */
enum nii_state { NII_STOPPED, NII_STARTED, NII_INITIALIZED, NII_STATE = 3 };
enum { NII_TELLS_CABLE = 1, NII_TELLS_MEDIA = 2 };                             /* GET_INIT_INFO answers */
enum { NII_DETECT_NO_CABLE = 1 };                                              /* INITIALIZE is asked */
enum {
	NII_FILTER_ON = 0x8000, NII_FILTER_OFF = 0x4000, NII_FORGET_GROUPS = 0x2000,
	NII_UNICAST = 1, NII_BROADCAST = 2, NII_MULTICAST = 4, NII_PROMISCUOUS = 8, NII_ALL_MULTICAST = 16,
};
enum { NII_ASK_INTERRUPTS = 1, NII_ASK_SENT = 2, NII_ASK_MEDIA = 4 };           /* GET_STATUS is asked */
enum { NII_QUEUE_EMPTY = 0x10, NII_NONE_WRITTEN = 0x20, NII_NO_MEDIA = 0x40 };  /* and answers */

/* What !PXE says of the driver. */
#define NII_IMP_HARDWARE 0x80000000u    /* no program, but registers; nobody ever made one */
#define NII_IMP_ABSOLUTE 0x40000000u    /* the entry point is an address, not an offset from !PXE */
enum { NII_IMP_PROMISCUOUS = 0x40, NII_IMP_BROADCAST = 0x20, NII_IMP_MULTICAST = 0x10 };

/* Which way Map's memory goes; what Mem_IO does. */
enum { NII_BOTH_WAYS, NII_FROM_DEVICE, NII_TO_DEVICE };
enum { NII_IO_READ = 0, NII_IO_WRITE = 1, NII_MEMORY_READ = 2, NII_MEMORY_WRITE = 4 };

enum { NII_ETHERNET = 1, NII_MAC_BYTES = 32, NII_SENT_MAX = 32, NII_GROUPS_MAX = 8 };

#pragma pack(push, 1)

/* The protocol on the card's handle. */
struct nii_protocol {
	uint64_t revision, bang, image;
	uint32_t image_bytes;
	char     string[4];
	uint8_t  type, major, minor, ipv6;
	uint16_t interface;
};

/* "!PXE" of a driver that is a program. */
struct nii_bang {
	char     signature[4];
	uint8_t  length, fudge, revision, interfaces, major, minor, interfaces_high, reserved;
	uint32_t implementation;
	uint64_t entry;
	uint8_t  reserved2[3], bus_count;
	uint32_t bus_type;
};

struct nii_cdb {
	uint16_t opcode, opflags, cpb_bytes, db_bytes;
	uint64_t cpb, db;
	uint16_t code, flags, interface, control;
};

/* CPB of START: what the driver may call. Each has unique_id as its first argument. */
struct nii_start { uint64_t delay, block, virt2phys, mem_io, map, unmap, sync, unique_id; };

/* DB of GET_INIT_INFO. */
struct nii_init_info {
	uint32_t memory_bytes, frame_data_bytes, link_speeds[4], nv_count;
	uint16_t nv_width, header_bytes, address_bytes, multicast_count;
	uint16_t tx_count, tx_bytes, rx_count, rx_bytes;
	uint8_t  hardware_type, duplex, loopback;
};

/* CPB and DB of INITIALIZE. */
struct nii_initialize {
	uint64_t memory;
	uint32_t memory_bytes, link_speed;
	uint16_t tx_count, tx_bytes, rx_count, rx_bytes;
	uint8_t  duplex, loopback;
};
struct nii_initialized { uint32_t memory_used; uint16_t tx_count, tx_bytes, rx_count, rx_bytes; };

/* CPB of RECEIVE_FILTERS; as many as CPBsize says. */
struct nii_groups { uint8_t macs[NII_GROUPS_MAX][NII_MAC_BYTES]; };

/* DB of STATION_ADDRESS. */
struct nii_station { uint8_t mac[NII_MAC_BYTES], broadcast[NII_MAC_BYTES], permanent[NII_MAC_BYTES]; };

/* DB of GET_STATUS. */
struct nii_status { uint32_t next_frame_bytes, reserved; uint64_t sent[NII_SENT_MAX]; };

struct nii_transmit { uint64_t frame; uint32_t bytes; uint16_t header_bytes, reserved; };

/* CPB and DB of RECEIVE. */
struct nii_receive { uint64_t room; uint32_t room_bytes, reserved; };
struct nii_received {
	uint8_t  source[NII_MAC_BYTES], destination[NII_MAC_BYTES];
	uint32_t bytes;
	uint16_t protocol, header_bytes;
	uint8_t  type, reserved[7];
};

#pragma pack(pop)

_Static_assert(offsetof(struct nii_protocol, bang) == 8 && offsetof(struct nii_protocol, string) == 28
               && offsetof(struct nii_protocol, major) == 33, "UEFI 24.3: Id, StringId, MajorVer");
_Static_assert(offsetof(struct nii_protocol, interface) == 36, "UEFI 24.3: IfNum");
_Static_assert(sizeof(struct nii_bang) == 32, "E.3.1: !PXE of a S/W UNDI, with one bus type");
_Static_assert(offsetof(struct nii_bang, implementation) == 12 && offsetof(struct nii_bang, entry) == 16
               && offsetof(struct nii_bang, bus_count) == 27, "E.3.1: Implementation, EntryPoint, BusTypeCnt");
_Static_assert(sizeof(struct nii_cdb) == 32, "E.3.4: CDB");
_Static_assert(offsetof(struct nii_cdb, cpb) == 8 && offsetof(struct nii_cdb, code) == 24
               && offsetof(struct nii_cdb, flags) == 26, "E.3.4: CPBaddr, StatCode, StatFlags");
_Static_assert(sizeof(struct nii_start) == 64, "E.4.5: CPB of Start, 3.1");
_Static_assert(sizeof(struct nii_init_info) == 47, "E.4.7: DB of Get Init Info");
_Static_assert(offsetof(struct nii_init_info, address_bytes) == 32
               && offsetof(struct nii_init_info, rx_count) == 40, "E.4.7: HWaddrLen, RxBufCnt");
_Static_assert(sizeof(struct nii_initialize) == 26, "E.4.9: CPB of Initialize");
_Static_assert(sizeof(struct nii_initialized) == 12, "E.4.9: DB of Initialize");
_Static_assert(sizeof(struct nii_groups) == 256, "E.4.13: CPB of Receive Filters, 8 addresses");
_Static_assert(sizeof(struct nii_station) == 96, "E.4.14: DB of Station Address");
_Static_assert(sizeof(struct nii_status) == 264, "E.4.18: DB of Get Status, 32 buffers");
_Static_assert(sizeof(struct nii_transmit) == 16, "E.4.20: CPB of Transmit");
_Static_assert(sizeof(struct nii_receive) == 16, "E.4.21: CPB of Receive");
_Static_assert(sizeof(struct nii_received) == 80, "E.4.21: DB of Receive");
_Static_assert(offsetof(struct nii_received, bytes) == 64, "E.4.21: FrameLen");
#endif
