/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_PATH_H
#define FIRMWARE_EFI_PATH_H
/*
 * Device paths: nodes of {type, subtype, length, data} one behind the other, closed by an end node. Lengths here are in
 * bytes and leave the end node out, so that a path's beginning is a path and a number.
 *
 * The firmware made the paths that are read here; a node that is shorter than its own head ends one all the same.
 */
#include "firmware/efi/services.h"

enum {
	PATH_END_BYTES = sizeof(EFI_DEVICE_PATH), PATH_VLAN_BYTES = sizeof(EFI_DEVICE_PATH) + 2,
	PATH_MAC_BYTES = sizeof(EFI_DEVICE_PATH) + 32 + 1,      /* UEFI 10.3.4.5: an address, and of what kind it is */
};

size_t path_bytes(const EFI_DEVICE_PATH *path);
/* Up to and including the MAC node; 0: there is none. */
size_t path_bytes_to_mac(const EFI_DEVICE_PATH *path);
/* Whether the first `bytes` of both are the same. */
bool   path_begins(const EFI_DEVICE_PATH *path, const EFI_DEVICE_PATH *with, size_t bytes);
/* Whether the node behind the first `bytes`, which are whole nodes of it, is one of these. */
bool   path_node_is(const EFI_DEVICE_PATH *path, size_t bytes, uint8_t type, uint8_t subtype);

/* The first `bytes` of a path and an end, into room for PATH_END_BYTES more. */
void   path_copy(EFI_DEVICE_PATH *to, const EFI_DEVICE_PATH *path, size_t bytes);
/* What the node behind the first `bytes`, a VLAN's, says: its number; 0: it is none. */
uint16_t path_vlan(const EFI_DEVICE_PATH *path, size_t bytes);

/*
 * The first `bytes` of a path, then one node more (data NULL: none), then an end. From the pool: the caller frees it.
 * NULL: no memory.
 */
EFI_DEVICE_PATH *path_make(const EFI_DEVICE_PATH *path, size_t bytes, uint8_t type, uint8_t subtype, const void *data,
                           size_t data_bytes);
/* The same with the node of a network interface. */
EFI_DEVICE_PATH *path_add_mac(const EFI_DEVICE_PATH *path, size_t bytes, const uint8_t mac[6]);
#endif
