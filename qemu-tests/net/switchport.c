/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "qemu-tests/net/switchport.h"
#include <string.h>

enum {
	HEAD = 14, TAG = 4, FRAME_MIN = 60,
	TYPE_VLAN = 0x8100, TYPE_SLOW = 0x8809, TYPE_EAP = 0x888e,
	HELLO_US = 2000000, LACP_US = 1000000,
	BPDU_BYTES = 35, RAPID_BYTES = 36, LLC = 3,
	DESIGNATED = 0x0c, LEARNING_AND_FORWARDING = 0x30,
	/* LACP: where the states of both ends stand in a frame, and what they are made of. */
	ACTOR_STATE_AT = HEAD + 18, LACPDU_BYTES = HEAD + 110,
	ACTIVE = 0x01, SHORT_TIMEOUT = 0x02, AGGREGATABLE = 0x04, IN_SYNC = 0x08, COLLECTING = 0x10,
	DISTRIBUTING = 0x20,
};

static const uint8_t port_mac[6] = { 0x02, 0, 0, 0x5c, 0, 0x01 };
static const uint8_t tree_group[6] = { 0x01, 0x80, 0xc2, 0, 0, 0 }, slow_group[6] = { 0x01, 0x80, 0xc2, 0, 0, 2 };

static unsigned type_of(const uint8_t *frame) { return (unsigned)frame[12] << 8 | frame[13]; }

static int forwards(const struct switchport *p, uint64_t now)
{
	return now >= p->forwards_at && (!p->bundle || p->state & DISTRIBUTING);
}

void port_begin(struct switchport *p, uint64_t now)
{
	p->forwards_at = p->forwards_us == UINT64_MAX ? UINT64_MAX : now + p->forwards_us;
	p->tree_at = p->bundle_at = now;
	p->state = ACTIVE | SHORT_TIMEOUT | AGGREGATABLE;
}

/* The machine is in sync, so we collect; it collects, so we distribute. */
static void hear_lacp(struct switchport *p, const uint8_t *frame, uint32_t bytes)
{
	unsigned his;

	if (!p->bundle || bytes < LACPDU_BYTES || frame[HEAD] != 1 || frame[HEAD + 2] != 1)
		return;
	his = frame[ACTOR_STATE_AT];
	p->lacp_answers++;
	p->state = (p->state & ~(unsigned)(IN_SYNC | COLLECTING | DISTRIBUTING))
	         | (his & IN_SYNC ? IN_SYNC | COLLECTING : 0)
	         | (his & IN_SYNC && his & COLLECTING ? DISTRIBUTING : 0);
}

/* What is meant for the switch itself it hears whatever else it does. */
static int is_for_the_port(struct switchport *p, const uint8_t *frame, uint32_t bytes)
{
	if (type_of(frame) == TYPE_EAP)
		p->eap++;
	if (type_of(frame) == TYPE_SLOW)
		hear_lacp(p, frame, bytes);
	return memcmp(frame, tree_group, 5) == 0 && frame[5] < 0x10;
}

static uint32_t strip(struct switchport *p, uint8_t *frame, uint32_t bytes)
{
	unsigned tag = bytes >= HEAD + TAG ? (unsigned)frame[14] << 8 | frame[15] : 0;

	if (type_of(frame) != TYPE_VLAN || (tag & 0xfff) != p->vlan || bytes < HEAD + TAG) {
		p->wrong_tags++;
		return 0;
	}
	memmove(frame + 12, frame + 12 + TAG, bytes - 12 - TAG);
	return bytes - TAG;
}

uint32_t port_in(struct switchport *p, uint64_t now, uint8_t *frame, uint32_t bytes)
{
	if (bytes < HEAD || is_for_the_port(p, frame, bytes))
		return 0;
	if (!forwards(p, now)) {
		p->blocked_in++;
		return 0;
	}
	return p->vlan ? strip(p, frame, bytes) : bytes;
}

uint32_t port_out(struct switchport *p, uint64_t now, uint8_t *frame, uint32_t bytes)
{
	if (!forwards(p, now)) {
		p->blocked_out++;
		return 0;
	}
	if (!p->vlan)
		return bytes;
	memmove(frame + 12 + TAG, frame + 12, bytes - 12);
	frame[12] = TYPE_VLAN >> 8;
	frame[13] = TYPE_VLAN & 0xff;
	frame[14] = (uint8_t)(p->vlan >> 8);
	frame[15] = (uint8_t)p->vlan;
	return bytes + TAG;
}

static void head(uint8_t *frame, uint32_t bytes, const uint8_t to[6], unsigned type)
{
	memset(frame, 0, bytes);
	memcpy(frame, to, 6);
	memcpy(frame + 6, port_mac, 6);
	frame[12] = (uint8_t)(type >> 8);
	frame[13] = (uint8_t)type;
}

/* Root and bridge are one; hello every 2 s, forward delay 15 s. */
static uint32_t bpdu(struct switchport *p, uint64_t now, uint8_t *frame)
{
	uint8_t *b = frame + HEAD + LLC;
	int is_rapid = p->tree == PORT_RAPID;

	head(frame, FRAME_MIN, tree_group, LLC + (is_rapid ? RAPID_BYTES : BPDU_BYTES));
	memcpy(frame + HEAD, "\x42\x42\x03", LLC);
	b[2] = b[3] = is_rapid ? 2 : 0;
	if (is_rapid)
		b[4] = (uint8_t)(DESIGNATED | (forwards(p, now) ? LEARNING_AND_FORWARDING : 0));
	b[5] = b[17] = 0x80;
	memcpy(b + 7, port_mac, 6);
	memcpy(b + 19, port_mac, 6);
	b[25] = 0x80;
	b[26] = 1;
	b[29] = 20;
	b[31] = HELLO_US / 1000000;
	b[33] = 15;
	p->bpdus++;
	return FRAME_MIN;
}

static uint32_t lacpdu(struct switchport *p, uint8_t *frame)
{
	uint8_t *b = frame + HEAD;

	head(frame, LACPDU_BYTES, slow_group, TYPE_SLOW);
	memcpy(b, "\1\1\1\x14\x80\0", 6);
	memcpy(b + 6, port_mac, 6);
	memcpy(b + 12, "\0\7\x80\0\0\1", 6);
	b[18] = (uint8_t)p->state;
	b[22] = 2;
	b[23] = 20;
	b[42] = 3;
	b[43] = 16;
	p->lacpdus++;
	return LACPDU_BYTES;
}

uint32_t port_says(struct switchport *p, uint64_t now, uint8_t *frame)
{
	if (p->tree != PORT_SILENT && now >= p->tree_at) {
		p->tree_at = now + HELLO_US;
		return bpdu(p, now, frame);
	}
	if (p->bundle && now >= p->bundle_at) {
		p->bundle_at = now + LACP_US;
		return lacpdu(p, frame);
	}
	return 0;
}

uint64_t port_next(const struct switchport *p)
{
	uint64_t tree = p->tree != PORT_SILENT ? p->tree_at : 0, bundle = p->bundle ? p->bundle_at : 0;

	return !tree || (bundle && bundle < tree) ? bundle : tree;
}
