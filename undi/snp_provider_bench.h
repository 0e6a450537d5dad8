/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_SNP_PROVIDER_BENCH_H
#define UNDI_SNP_PROVIDER_BENCH_H
/*
 * What the tests of the Simple Network Protocol over a card share: a card of which all is in one's hands, the provider
 * over it, and frames to tell apart.
 *
 *     fresh                           set-up of each test: stopped; set what is odd about `card`, and bring_to(state)
 *     arrives(to, len)                the card has received such a frame, the next of its kind
 *     receive(room)                   Receive into `got`, got_bytes long; its answer
 *     address(list, mac)              one more of a list of groups
 *
 * The card is as forgetful as a struct nic may be: a frame is gone when the card is asked for anything.
 */
#include "lib/test.h"
#include "undi/snp_provider.h"

enum { CARD_FRAMES = 300, GOT_ROOM = 2048 };

static struct {
	struct nic nic;
	enum nic_link link;
	bool     is_busy, refuses_groups;
	uint8_t  frames[CARD_FRAMES][GOT_ROOM];
	size_t   frame_bytes[CARD_FRAMES];
	unsigned frame_count, frame_next;
	uint8_t  shown[GOT_ROOM];               /* what poll points at */
	uint8_t  sent[GOT_ROOM];
	size_t   sent_bytes;
	unsigned sends, group_calls, group_count;
	uint8_t  groups[NIC_GROUPS_MAX][6];
} card;

static struct snp_provider p;
static uint8_t got[GOT_ROOM];
static size_t got_bytes;

static const uint8_t card_mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 },
                     other_mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x57 },
                     all_mac[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
                     group_mac[6] = { 1, 0, 0x5e, 0, 0, 1 }, group2_mac[6] = { 0x33, 0x33, 0, 0, 0, 1 };

static inline bool card_send(struct nic *nic, const void *frame, size_t len)
{
	(void)nic;
	memset(card.shown, 0xdd, sizeof card.shown);
	if (card.is_busy)
		return false;
	memcpy(card.sent, frame, len);
	card.sent_bytes = len;
	card.sends++;
	return true;
}

static inline bool card_poll(struct nic *nic, struct rd *frame)
{
	(void)nic;
	memset(card.shown, 0xdd, sizeof card.shown);
	if (card.frame_next == card.frame_count)
		return false;
	memcpy(card.shown, card.frames[card.frame_next], card.frame_bytes[card.frame_next]);
	*frame = rd_over(card.shown, card.frame_bytes[card.frame_next++]);
	return true;
}

static inline enum nic_link card_link(struct nic *nic)
{
	(void)nic;
	memset(card.shown, 0xdd, sizeof card.shown);
	return card.link;
}

static inline bool card_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	(void)nic;
	card.group_calls++;
	if (card.refuses_groups)
		return false;
	assert_true(count <= NIC_GROUPS_MAX && (count == 0) == (macs == NULL));
	if (count)
		memcpy(card.groups, macs, count * sizeof card.groups[0]);
	card.group_count = count;
	return true;
}

static inline int fresh(void **state)
{
	(void)state;
	memset(&card, 0, sizeof card);
	card.nic = (struct nic){ .send = card_send, .poll = card_poll, .link = card_link, .groups = card_groups,
	                         .mtu = 1500, .rx_frames_max = 40, .rx_window_max = 48 };
	memcpy(card.nic.mac, card_mac, sizeof card_mac);
	card.link = NIC_LINK_UP;
	snp_provider_init(&p, &card.nic);
	return 0;
}

static inline void bring_to(enum snp_state state)
{
	if (state >= SNP_STARTED)
		assert_int_equal(snp_provider_start(&p), SNP_SUCCESS);
	if (state >= SNP_INITIALIZED)
		assert_int_equal(snp_provider_initialize(&p, 0, 0), SNP_SUCCESS);
	assert_int_equal(p.state, state);
}

/* All that can be heard without a list of groups. */
static inline void hear(void)
{
	assert_int_equal(snp_provider_filters(&p, SNP_UNICAST | SNP_BROADCAST, 0, false, 0, NULL), SNP_SUCCESS);
}

static inline void bring_up(void)
{
	bring_to(SNP_INITIALIZED);
	hear();
}

static inline void arrives(const uint8_t to[6], size_t len)
{
	uint8_t *at = card.frames[card.frame_count];

	for (size_t i = 0; i < len; i++)
		at[i] = (uint8_t)(i * 7 + card.frame_count);
	memcpy(at, to, min_size(len, 6));
	card.frame_bytes[card.frame_count++] = len;
}

static inline enum snp_status receive(size_t room)
{
	memset(got, 0xee, sizeof got);
	got_bytes = room;
	return snp_provider_receive(&p, NULL, &got_bytes, got, NULL, NULL, NULL);
}

static inline void expect_frame(unsigned which)
{
	assert_int_equal(receive(sizeof got), SNP_SUCCESS);
	assert_int_equal(got_bytes, card.frame_bytes[which]);
	assert_memory_equal(got, card.frames[which], got_bytes);
	assert_int_equal(got[got_bytes], 0xee);
}

static inline void address(uint8_t at[SNP_ADDRESS_BYTES], const uint8_t mac[6])
{
	memset(at, 0, SNP_ADDRESS_BYTES);
	memcpy(at, mac, 6);
}
#endif
