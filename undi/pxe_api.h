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

/* 0015 is UNDI_GET_STATE, too, in the specification; nobody dispatches it as that. */
enum pxe_function {
	PXE_START_UNDI            = 0x00,
	PXE_UNDI_STARTUP          = 0x01,
	PXE_UNDI_CLEANUP          = 0x02,
	PXE_UNDI_INITIALIZE       = 0x03,
	PXE_UNDI_RESET            = 0x04,
	PXE_UNDI_SHUTDOWN         = 0x05,
	PXE_UNDI_OPEN             = 0x06,
	PXE_UNDI_CLOSE            = 0x07,
	PXE_UNDI_TRANSMIT         = 0x08,
	PXE_UNDI_SET_GROUPS       = 0x09,
	PXE_UNDI_SET_STATION      = 0x0a,
	PXE_UNDI_SET_FILTER       = 0x0b,
	PXE_UNDI_GET_INFO         = 0x0c,
	PXE_UNDI_GET_STATISTICS   = 0x0d,
	PXE_UNDI_CLEAR_STATISTICS = 0x0e,
	PXE_UNDI_DIAGNOSE         = 0x0f,
	PXE_UNDI_FORCE_INTERRUPT  = 0x10,
	PXE_UNDI_GET_GROUP        = 0x11,
	PXE_UNDI_GET_NIC_TYPE     = 0x12,
	PXE_UNDI_GET_IFACE        = 0x13,
	PXE_UNDI_ISR              = 0x14,
	PXE_STOP_UNDI             = 0x15,
	PXE_TFTP_OPEN             = 0x20,
	PXE_TFTP_CLOSE            = 0x21,
	PXE_TFTP_READ             = 0x22,
	PXE_TFTP_READ_FILE        = 0x23,
	PXE_TFTP_READ_FILE_PMODE  = 0x24,
	PXE_TFTP_GET_FILE_SIZE    = 0x25,
	PXE_UDP_OPEN              = 0x30,
	PXE_UDP_CLOSE             = 0x31,
	PXE_UDP_READ              = 0x32,
	PXE_UDP_WRITE             = 0x33,
	PXE_UNLOAD_STACK          = 0x70,
	PXE_GET_CACHED_INFO       = 0x71,
	PXE_RESTART_DHCP          = 0x72,
	PXE_RESTART_TFTP          = 0x73,
	PXE_MODE_SWITCH           = 0x74,
	PXE_START_BASE            = 0x75,
	PXE_STOP_BASE             = 0x76,
};

enum { PXE_EXIT_SUCCESS = 0, PXE_EXIT_FAILURE = 1 };

/* NN is PXE-ENN on the screen. */
enum pxe_status {
	PXE_STATUS_SUCCESS            = 0x00,
	PXE_STATUS_FAILURE            = 0x01,
	PXE_STATUS_UNSUPPORTED        = 0x03,
	PXE_STATUS_KEEP_UNDI          = 0x04,
	PXE_STATUS_KEEP_ALL           = 0x05,
	PXE_STATUS_OUT_OF_RESOURCES   = 0x06,
	PXE_STATUS_ARP_TIMEOUT        = 0x11,
	PXE_STATUS_UDP_CLOSED         = 0x18,
	PXE_STATUS_UDP_OPEN           = 0x19,
	PXE_STATUS_TFTP_CLOSED        = 0x1a,
	PXE_STATUS_TFTP_OPEN          = 0x1b,
	PXE_STATUS_TFTP_NO_ARP        = 0x30,
	PXE_STATUS_TFTP_OPEN_TIMEOUT  = 0x32,
	PXE_STATUS_TFTP_READ_TIMEOUT  = 0x35,
	PXE_STATUS_TFTP_ERROR         = 0x36,
	PXE_STATUS_TFTP_CANNOT_OPEN   = 0x38,
	PXE_STATUS_TFTP_TOO_MANY      = 0x3a,
	PXE_STATUS_TFTP_NOT_FOUND     = 0x3b,
	PXE_STATUS_TFTP_ACCESS        = 0x3c,
	PXE_STATUS_TFTP_NO_FILE_SIZE  = 0x3e,
	PXE_STATUS_TFTP_PACKET_SIZE   = 0x3f,
	PXE_STATUS_NO_ADDRESS         = 0x52,
	PXE_STATUS_MEDIA_TEST         = 0x61,
	PXE_STATUS_CANNOT_INITIALIZE  = 0x63,
	PXE_STATUS_INVALID_STATE      = 0x6a,
	PXE_STATUS_TRANSMIT_ERROR     = 0x6b,
	PXE_STATUS_INVALID_PARAMETER  = 0x6c,
	PXE_STATUS_FILE_TOO_BIG       = 0x79,
};

enum { PXE_FILTER_DIRECTED = 1, PXE_FILTER_BROADCAST = 2, PXE_FILTER_PROMISCUOUS = 4 };
enum { PXE_PROTOCOL_UNKNOWN = 0, PXE_PROTOCOL_IP = 1, PXE_PROTOCOL_ARP = 2, PXE_PROTOCOL_RARP = 3,
       PXE_PROTOCOL_OTHER = 4 };
enum { PXE_TO_ADDRESS = 0, PXE_TO_ALL = 1 };

/* UNDI_ISR: what we ask for, and what it answers. */
enum { PXE_ISR_START = 1, PXE_ISR_PROCESS = 2, PXE_ISR_GET_NEXT = 3 };
enum { PXE_ISR_OURS = 0, PXE_ISR_NOT_OURS = 1 };        /* of START; of the others: */
enum { PXE_ISR_DONE = 0, PXE_ISR_TRANSMIT = 2, PXE_ISR_RECEIVE = 3, PXE_ISR_BUSY = 4 };
enum { PXE_PACKET_DIRECTED = 0, PXE_PACKET_BROADCAST = 1, PXE_PACKET_GROUP = 2 };

/* GET_CACHED_INFO: which packet, and the size of all of them (BOOTPLAYER: 236 bytes and 1024 of options). */
enum { PXE_CACHED_DISCOVER = 1, PXE_CACHED_ACK = 2, PXE_CACHED_REPLY = 3, PXE_CACHED_BYTES = 1260 };

/* GET_IFACE_INFO: what the card can be asked for. */
enum {
	PXE_SERVES_BROADCAST = 1, PXE_SERVES_GROUPS = 2, PXE_SERVES_RESET = 0x400, PXE_SERVES_OPEN = 0x800,
	PXE_SERVES_INTERRUPT = 0x1000,
};

enum { PXE_NIC_PCI = 2 };

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

enum { PXE_GROUPS_MAX = 8 };

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

struct pxe_start_undi { uint16_t status, ax, bx, dx, di, es; };

/* What a UNDI ROM's loader takes; it fills in the last two. */
struct pxe_loader { struct pxe_start_undi start; uint16_t data_seg, code_seg; struct pxe_far bang, env; };

struct pxe_set_filter { uint16_t status; uint8_t filter; };     /* 16 bits in OPEN */

struct pxe_statistics { uint16_t status; uint32_t sent, received, bad_crc, no_room; };

/* IP addresses and ports of the calls below stand in the network's order. */
struct pxe_group { uint16_t status; uint8_t ip[4], mac[16]; };

enum { PXE_FILE_NAME = 128 };

struct pxe_tftp_open {
	uint16_t status;
	uint8_t  server[4], gateway[4];
	char     file[PXE_FILE_NAME];
	uint8_t  port[2];
	uint16_t packet_bytes;
};

struct pxe_tftp_read { uint16_t status, number, bytes; struct pxe_far buffer; };

struct pxe_tftp_read_file {             /* RESTART_TFTP's, too */
	uint16_t status;
	char     file[PXE_FILE_NAME];
	uint32_t bytes, buffer;         /* the latter is a flat address */
	uint8_t  server[4], gateway[4], group[4], client_port[2], server_port[2];
	uint16_t open_timeout, reopen_delay;
};

struct pxe_tftp_file_size {
	uint16_t status;
	uint8_t  server[4], gateway[4];
	char     file[PXE_FILE_NAME];
	uint32_t bytes;
};

struct pxe_udp_open { uint16_t status; uint8_t ip[4]; };

struct pxe_udp_read {
	uint16_t status;
	uint8_t  src_ip[4], dst_ip[4], src_port[2], dst_port[2];
	uint16_t bytes;
	struct pxe_far buffer;
};

struct pxe_udp_write {
	uint16_t status;
	uint8_t  ip[4], gateway[4], src_port[2], dst_port[2];
	uint16_t bytes;
	struct pxe_far buffer;
};

struct pxe_unload { uint16_t status; uint8_t reserved[10]; };

struct pxe_cached_info { uint16_t status, packet, bytes; struct pxe_far buffer; uint16_t limit; };

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
_Static_assert(sizeof(struct pxe_start_undi) == 12, "START_UNDI");
_Static_assert(sizeof(struct pxe_loader) == 24, "UNDI loader");
_Static_assert(sizeof(struct pxe_set_filter) == 3, "UNDI_SET_PACKET_FILTER");
_Static_assert(sizeof(struct pxe_statistics) == 18, "UNDI_GET_STATISTICS");
_Static_assert(sizeof(struct pxe_group) == 22, "UNDI_GET_MCAST_ADDRESS");
_Static_assert(sizeof(struct pxe_tftp_open) == 142, "TFTP_OPEN");
_Static_assert(sizeof(struct pxe_tftp_read) == 10, "TFTP_READ");
_Static_assert(sizeof(struct pxe_tftp_read_file) == 158, "TFTP_READ_FILE");
_Static_assert(offsetof(struct pxe_tftp_read_file, server) == 138, "TFTP_READ_FILE ServerIPAddress");
_Static_assert(sizeof(struct pxe_tftp_file_size) == 142, "TFTP_GET_FSIZE");
_Static_assert(sizeof(struct pxe_udp_open) == 6, "UDP_OPEN");
_Static_assert(sizeof(struct pxe_udp_read) == 20, "UDP_READ");
_Static_assert(sizeof(struct pxe_udp_write) == 20, "UDP_WRITE");
_Static_assert(sizeof(struct pxe_unload) == 12, "UNLOAD_STACK");
_Static_assert(sizeof(struct pxe_cached_info) == 12, "GET_CACHED_INFO");
_Static_assert(offsetof(struct pxe_cached_info, limit) == 10, "GET_CACHED_INFO BufferLimit");
#endif
