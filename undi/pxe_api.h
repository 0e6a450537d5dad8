/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_PXE_API_H
#define UNDI_PXE_API_H
/*
 * The PXE 2.1 API as memory: structures a ROM leaves for us, parameter blocks we hand to it.
 *
 * Structs are allowed here because this is shared memory with a fixed layout, little-endian like the
 * machine; every size and the offsets that matter are asserted. docs/pxe-notes.md names the sources.
 */
#include "lib/types.h"

enum pxe_function {
	PXE_STOP_UNDI          = 0x15,
	PXE_UNDI_STARTUP       = 0x01,
	PXE_UNDI_CLEANUP       = 0x02,
	PXE_UNDI_INITIALIZE    = 0x03,
	PXE_UNDI_SHUTDOWN      = 0x05,
	PXE_UNDI_OPEN          = 0x06,
	PXE_UNDI_CLOSE         = 0x07,
	PXE_UNDI_TRANSMIT      = 0x08,
	PXE_UNDI_SET_GROUPS    = 0x09,
	PXE_UNDI_SET_STATION   = 0x0a,
	PXE_UNDI_GET_INFO      = 0x0c,
	PXE_UNDI_GET_NIC_TYPE  = 0x12,
	PXE_UNDI_GET_IFACE     = 0x13,
	PXE_UNDI_ISR           = 0x14,
	PXE_GET_CACHED_INFO    = 0x71,
};

enum { PXE_EXIT_SUCCESS = 0, PXE_EXIT_FAILURE = 1 };

enum pxe_status {
	PXE_STATUS_SUCCESS       = 0x00,
	PXE_STATUS_UNSUPPORTED   = 0x03,
	PXE_STATUS_MEDIA_TEST    = 0x61,
	PXE_STATUS_INVALID_STATE = 0x6a,
};

enum { PXE_FILTER_DIRECTED = 1, PXE_FILTER_BROADCAST = 2, PXE_FILTER_PROMISCUOUS = 4 };
enum { PXE_PROTOCOL_UNKNOWN = 0, PXE_PROTOCOL_IP = 1, PXE_PROTOCOL_ARP = 2 };
enum { PXE_TO_ADDRESS = 0, PXE_TO_ALL = 1 };

/* UNDI_ISR: what we ask for, and what it answers. */
enum { PXE_ISR_START = 1, PXE_ISR_PROCESS = 2, PXE_ISR_GET_NEXT = 3 };
enum { PXE_ISR_DONE = 0, PXE_ISR_TRANSMIT = 2, PXE_ISR_RECEIVE = 3, PXE_ISR_BUSY = 4 };

#pragma pack(push, 1)

struct pxe_far { uint16_t off, seg; };

/* "!PXE", the structure of PXE 2.x. */
struct pxe_bang {
	char     signature[4];
	uint8_t  length, checksum, revision, reserved;
	struct pxe_far undi_rom, base_rom, entry, entry32;
	uint32_t status_callout;
	uint8_t  reserved2, segment_count;
	uint16_t first_selector;
	uint8_t  segments[7][8];
};

/* "PXENV+", its predecessor, which points at "!PXE" from version 2.1 on. */
struct pxe_env_old {
	char     signature[6];
	uint16_t version;
	uint8_t  length, checksum;
	struct pxe_far entry;
	uint32_t entry32;
	uint16_t selector32;
	uint16_t stack_seg, stack_bytes, base_code_seg, base_code_bytes, base_data_seg, base_data_bytes;
	uint16_t undi_data_seg, undi_data_bytes, undi_code_seg, undi_code_bytes;
	struct pxe_far bang;
};

struct pxe_plain { uint16_t status; };          /* STARTUP, CLEANUP, SHUTDOWN, CLOSE, STOP_UNDI */

struct pxe_initialize { uint16_t status; uint32_t protocol_ini; uint8_t reserved[8]; };

enum { PXE_GROUPS_MAX = 8, PXE_SERVES_GROUPS = 2 };     /* the latter of GET_IFACE's services */

struct pxe_groups { uint16_t count; uint8_t macs[PXE_GROUPS_MAX][16]; };

struct pxe_open { uint16_t status, flags, filter; struct pxe_groups groups; };

struct pxe_set_groups { uint16_t status; struct pxe_groups groups; };

struct pxe_transmit {
	uint16_t status;
	uint8_t  protocol, to;
	struct pxe_far address, descriptor;
	uint32_t reserved[2];
};

struct pxe_tbd {
	uint16_t immediate_bytes;
	struct pxe_far immediate;
	uint16_t block_count;
	struct { uint8_t type, reserved; uint16_t bytes; struct pxe_far at; } blocks[8];
};

struct pxe_station { uint16_t status; uint8_t mac[16]; };

struct pxe_info {
	uint16_t status, base_io, irq, mtu, hardware_type, address_bytes;
	uint8_t  mac[16], permanent_mac[16];
	uint16_t rom_seg, rx_buffers, tx_buffers;
};

struct pxe_nic_type {
	uint16_t status;
	uint8_t  bus_type;
	uint16_t vendor, device;
	uint8_t  class_base, class_sub, class_interface, revision;
	uint16_t bus_dev_fn, sub_vendor, sub_device;
};

struct pxe_iface {
	uint16_t status;
	char     type[16];
	uint32_t speed, services, reserved[4];
};

struct pxe_isr {
	uint16_t status, function, buffer_bytes, frame_bytes, header_bytes;
	struct pxe_far frame;
	uint8_t  protocol, packet_type;
};

#pragma pack(pop)

_Static_assert(sizeof(struct pxe_bang) == 88, "PXE 2.1: !PXE with seven segments");
_Static_assert(offsetof(struct pxe_bang, entry) == 0x10, "EntryPointSP");
_Static_assert(offsetof(struct pxe_bang, status_callout) == 0x18, "StatusCallout");
_Static_assert(offsetof(struct pxe_bang, segment_count) == 0x1d, "SegDescCnt");
_Static_assert(sizeof(struct pxe_env_old) == 0x2c, "PXENV+");
_Static_assert(offsetof(struct pxe_env_old, entry) == 0x0a, "RMEntry");
_Static_assert(offsetof(struct pxe_env_old, stack_seg) == 0x14, "StackSeg");
_Static_assert(offsetof(struct pxe_env_old, undi_data_seg) == 0x20, "UNDIDataSeg");
_Static_assert(offsetof(struct pxe_env_old, bang) == 0x28, "PXEPtr");
_Static_assert(sizeof(struct pxe_initialize) == 14, "UNDI_INITIALIZE");
_Static_assert(sizeof(struct pxe_open) == 136, "UNDI_OPEN");
_Static_assert(sizeof(struct pxe_set_groups) == 132, "UNDI_SET_MCAST_ADDRESS");
_Static_assert(sizeof(struct pxe_transmit) == 20, "UNDI_TRANSMIT");
_Static_assert(sizeof(struct pxe_tbd) == 72, "transmit buffer descriptor");
_Static_assert(sizeof(struct pxe_station) == 18, "UNDI_SET_STATION_ADDRESS");
_Static_assert(sizeof(struct pxe_info) == 50, "UNDI_GET_INFORMATION");
_Static_assert(offsetof(struct pxe_info, rom_seg) == 44, "ROMAddress");
_Static_assert(sizeof(struct pxe_nic_type) == 17, "UNDI_GET_NIC_TYPE");
_Static_assert(offsetof(struct pxe_nic_type, bus_dev_fn) == 11, "BusDevFunc");
_Static_assert(sizeof(struct pxe_iface) == 42, "UNDI_GET_IFACE_INFO");
_Static_assert(sizeof(struct pxe_isr) == 16, "UNDI_ISR");
_Static_assert(offsetof(struct pxe_isr, frame) == 10, "UNDI_ISR Frame");
#endif
