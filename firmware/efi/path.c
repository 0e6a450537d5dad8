/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/path.h"

enum { NODE_HEAD = sizeof(EFI_DEVICE_PATH), TYPE_END = 0x7f, END_ENTIRE = 0xff, NODE_BYTES_MAX = 0xffff };
_Static_assert(sizeof(EFI_DEVICE_PATH) == 4, "UEFI 10.3: type, subtype, length[2]");

static size_t node_bytes(const EFI_DEVICE_PATH *node) { return node->Length[0] | (size_t)node->Length[1] << 8; }

static bool is_end(const EFI_DEVICE_PATH *node)
{
	return (node->Type & 0x7f) == TYPE_END || node_bytes(node) < NODE_HEAD;
}

static const EFI_DEVICE_PATH *node_at(const EFI_DEVICE_PATH *path, size_t at)
{
	return (const EFI_DEVICE_PATH *)((const uint8_t *)path + at);
}

size_t path_bytes(const EFI_DEVICE_PATH *path)
{
	size_t at = 0;

	while (!is_end(node_at(path, at)))
		at += node_bytes(node_at(path, at));
	return at;
}

size_t path_bytes_to_mac(const EFI_DEVICE_PATH *path)
{
	const EFI_DEVICE_PATH *node;

	for (size_t at = 0; !is_end(node = node_at(path, at)); at += node_bytes(node))
		if (node->Type == MESSAGING_DEVICE_PATH && node->SubType == MSG_MAC_ADDR_DP)
			return at + node_bytes(node);
	return 0;
}

bool path_begins(const EFI_DEVICE_PATH *path, const EFI_DEVICE_PATH *with, size_t bytes)
{
	return path_bytes(path) >= bytes && memcmp(path, with, bytes) == 0;
}

bool path_node_is(const EFI_DEVICE_PATH *path, size_t bytes, uint8_t type, uint8_t subtype)
{
	const EFI_DEVICE_PATH *node = node_at(path, bytes);

	return node->Type == type && node->SubType == subtype;
}

uint16_t path_vlan(const EFI_DEVICE_PATH *path, size_t bytes)
{
	enum { MSG_VLAN = 20 };
	const uint8_t *node = (const uint8_t *)node_at(path, bytes);

	if (!path_node_is(path, bytes, MESSAGING_DEVICE_PATH, MSG_VLAN)
	    || node_bytes(node_at(path, bytes)) != PATH_VLAN_BYTES)
		return 0;
	return (uint16_t)(node[NODE_HEAD] | node[NODE_HEAD + 1] << 8);
}

static void put_node(uint8_t *at, uint8_t type, uint8_t subtype, size_t bytes)
{
	at[0] = type;
	at[1] = subtype;
	at[2] = (uint8_t)bytes;
	at[3] = (uint8_t)(bytes >> 8);
}

void path_copy(EFI_DEVICE_PATH *to, const EFI_DEVICE_PATH *path, size_t bytes)
{
	memcpy(to, path, bytes);
	put_node((uint8_t *)to + bytes, TYPE_END, END_ENTIRE, NODE_HEAD);
}

EFI_DEVICE_PATH *path_make(const EFI_DEVICE_PATH *path, size_t bytes, uint8_t type, uint8_t subtype, const void *data,
                           size_t data_bytes)
{
	size_t node = data ? NODE_HEAD + data_bytes : 0;
	EFI_DEVICE_PATH *made;
	uint8_t *at;

	if (node > NODE_BYTES_MAX
	    || bs->AllocatePool(EfiBootServicesData, bytes + node + NODE_HEAD, (void **)&made) != EFI_SUCCESS)
		return NULL;
	path_copy(made, path, bytes);
	at = (uint8_t *)made + bytes;
	if (data) {
		put_node(at, type, subtype, node);
		memcpy(at + NODE_HEAD, data, data_bytes);
		put_node(at + node, TYPE_END, END_ENTIRE, NODE_HEAD);
	}
	return made;
}

EFI_DEVICE_PATH *path_add_mac(const EFI_DEVICE_PATH *path, size_t bytes, const uint8_t mac[6])
{
	enum { ETHERNET = 1 };
	uint8_t data[PATH_MAC_BYTES - NODE_HEAD] = { 0 };

	memcpy(data, mac, 6);
	data[sizeof data - 1] = ETHERNET;
	return path_make(path, bytes, MESSAGING_DEVICE_PATH, MSG_MAC_ADDR_DP, data, sizeof data);
}
