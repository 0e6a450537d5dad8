/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/genl.h"
#include <linux/genetlink.h>
#include <linux/nbd-netlink.h>

enum { HEAD_BYTES = 16, GENL_BYTES = 4, ATTRIBUTE_BYTES = 4, TYPE_MASK = 0x3fff };

_Static_assert(sizeof(struct nlmsghdr) == HEAD_BYTES, "netlink's head");
_Static_assert(sizeof(struct genlmsghdr) == GENL_BYTES, "generic netlink's head");

static void wr_u16(struct wr *w, uint16_t v) { wr_bytes(w, &v, sizeof v); }
static void wr_u32(struct wr *w, uint32_t v) { wr_bytes(w, &v, sizeof v); }

static uint16_t rd_u16(struct rd *r)
{
	uint16_t v;

	rd_bytes(r, &v, sizeof v);
	return v;
}

static uint32_t rd_u32(struct rd *r)
{
	uint32_t v;

	rd_bytes(r, &v, sizeof v);
	return v;
}

static void wr_attribute(struct wr *w, uint16_t type, const void *value, size_t len)
{
	static const uint8_t zeros[3];

	wr_u16(w, (uint16_t)(ATTRIBUTE_BYTES + len));
	wr_u16(w, type);
	wr_bytes(w, value, len);
	wr_bytes(w, zeros, -len & 3);
}

static void wr_attribute_u32(struct wr *w, uint16_t type, uint32_t v) { wr_attribute(w, type, &v, sizeof v); }
static void wr_attribute_u64(struct wr *w, uint16_t type, uint64_t v) { wr_attribute(w, type, &v, sizeof v); }

/* A whole message around attributes that are ready. */
static void wr_message(struct wr *w, uint32_t sequence, uint16_t type, uint8_t command, uint8_t version,
                       const uint8_t *attributes, size_t len)
{
	wr_u32(w, (uint32_t)(HEAD_BYTES + GENL_BYTES + len));
	wr_u16(w, type);
	wr_u16(w, NLM_F_REQUEST | NLM_F_ACK);
	wr_u32(w, sequence);
	wr_u32(w, 0);
	wr_u8(w, command);
	wr_u8(w, version);
	wr_u16(w, 0);
	wr_bytes(w, attributes, len);
}

void wr_genl_family(struct wr *w, uint32_t sequence, const char *name)
{
	uint8_t room[64];
	struct wr a = wr_over(room, sizeof room);

	wr_attribute(&a, CTRL_ATTR_FAMILY_NAME, name, strlen(name) + 1);
	wr_message(w, sequence, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, room, wr_used(&a, room));
}

/* The sockets are a nested list: SOCKETS { ITEM { FD } ITEM { FD } ... }. */
static void wr_sockets(struct wr *w, const struct genl_disk *disk)
{
	uint8_t room[GENL_CONNECTIONS_MAX * 12];
	struct wr list = wr_over(room, sizeof room);

	for (unsigned i = 0; i < disk->socket_count; i++) {
		uint8_t item[8];
		struct wr one = wr_over(item, sizeof item);

		wr_attribute_u32(&one, NBD_SOCK_FD, (uint32_t)disk->sockets[i]);
		wr_attribute(&list, NBD_SOCK_ITEM | NLA_F_NESTED, item, sizeof item);
	}
	wr_attribute(w, NBD_ATTR_SOCKETS | NLA_F_NESTED, room, wr_used(&list, room));
}

void wr_genl_connect(struct wr *w, uint32_t sequence, uint16_t family, const struct genl_disk *disk)
{
	uint8_t room[GENL_MESSAGE_MAX];
	struct wr a = wr_over(room, sizeof room);

	if (disk->index >= 0)
		wr_attribute_u32(&a, NBD_ATTR_INDEX, (uint32_t)disk->index);
	wr_attribute_u64(&a, NBD_ATTR_SIZE_BYTES, disk->size);
	wr_attribute_u64(&a, NBD_ATTR_BLOCK_SIZE_BYTES, disk->block);
	wr_attribute_u64(&a, NBD_ATTR_SERVER_FLAGS, disk->flags);
	wr_attribute_u64(&a, NBD_ATTR_TIMEOUT, disk->timeout_s);
	wr_attribute_u64(&a, NBD_ATTR_DEAD_CONN_TIMEOUT, disk->dead_s);
	wr_sockets(&a, disk);
	wr_message(w, sequence, family, NBD_CMD_CONNECT, NBD_GENL_VERSION, room, wr_used(&a, room));
}

void wr_genl_disconnect(struct wr *w, uint32_t sequence, uint16_t family, uint32_t index)
{
	uint8_t room[8];
	struct wr a = wr_over(room, sizeof room);

	wr_attribute_u32(&a, NBD_ATTR_INDEX, index);
	wr_message(w, sequence, family, NBD_CMD_DISCONNECT, NBD_GENL_VERSION, room, wr_used(&a, room));
}

static void rd_attributes(struct rd r, struct genl_reply *reply, bool is_controller)
{
	while (rd_left(&r) >= ATTRIBUTE_BYTES) {
		uint16_t len  = rd_u16(&r);
		uint16_t type = rd_u16(&r) & TYPE_MASK;
		struct rd value;

		if (len < ATTRIBUTE_BYTES)
			return;
		len   = (uint16_t)(len - ATTRIBUTE_BYTES);
		value = rd_sub(&r, len);
		rd_skip(&r, min_size(-(size_t)len & 3, rd_left(&r)));
		if (is_controller && type == CTRL_ATTR_FAMILY_ID && rd_left(&value) == 2) {
			reply->family = rd_u16(&value);
			reply->has_family = true;
		} else if (!is_controller && type == NBD_ATTR_INDEX && rd_left(&value) == 4) {
			reply->index = rd_u32(&value);
			reply->has_index = true;
		}
	}
}

bool rd_genl_reply(struct rd *r, struct genl_reply *reply)
{
	uint32_t len;
	uint16_t type;
	struct rd body;

	*reply = (struct genl_reply){ 0 };
	if (!rd_left(r))
		return false;
	len  = rd_u32(r);
	type = rd_u16(r);
	rd_skip(r, 2);
	reply->sequence = rd_u32(r);
	rd_skip(r, 4);
	if (!rd_ok(r) || len < HEAD_BYTES)
		return false;
	body = rd_sub(r, len - HEAD_BYTES);
	rd_skip(r, min_size(-(size_t)len & 3, rd_left(r)));
	if (type == NLMSG_ERROR) {
		uint32_t error = rd_u32(&body);

		reply->is_error = true;
		memcpy(&reply->error, &error, sizeof error);
	} else {
		rd_skip(&body, GENL_BYTES);
		rd_attributes(body, reply, type == GENL_ID_CTRL);
	}
	return rd_ok(r) && rd_ok(&body);
}
