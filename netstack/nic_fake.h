/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_NIC_FAKE_H
#define NETSTACK_NIC_FAKE_H
/*
 * A card for tests: frames put in are received, frames sent are kept.
 *
 * Received frames are handed out from heap blocks of exactly their size, which
 * the next call of any function takes away, as a real card does. Host only.
 */
#include "lib/test.h"
#include "netstack/nic.h"

enum { FAKE_FRAMES = 64 };

struct fake_frame { uint8_t bytes[FRAME_MAX + 8]; size_t len; };

struct nic_fake {
	struct nic nic;                 /* first: a struct nic * is a struct nic_fake * */
	struct fake_frame in[FAKE_FRAMES], out[FAKE_FRAMES];
	size_t in_at, in_count, out_count;
	bool busy, refuses_groups;
	uint8_t groups[NIC_GROUPS_MAX][6];
	unsigned group_count;
	uint8_t *lent;
};

static inline void fake_take_back(struct nic_fake *f)
{
	free(f->lent);
	f->lent = NULL;
}

static inline bool fake_send(struct nic *nic, const void *frame, size_t len)
{
	struct nic_fake *f = (struct nic_fake *)nic;
	struct fake_frame *to = &f->out[f->out_count % FAKE_FRAMES];

	fake_take_back(f);
	assert_in_range(len, FRAME_HEAD, FRAME_MAX);
	if (f->busy)
		return false;
	memcpy(to->bytes, frame, len);
	to->len = len;
	f->out_count++;
	return true;
}

static inline bool fake_poll(struct nic *nic, struct rd *frame)
{
	struct nic_fake *f = (struct nic_fake *)nic;
	struct fake_frame *from;

	fake_take_back(f);
	if (f->in_at == f->in_count)
		return false;
	from = &f->in[f->in_at++ % FAKE_FRAMES];
	f->lent = exact_copy(from->bytes, from->len);
	*frame = rd_over(f->lent, from->len);
	return true;
}

static inline enum nic_link fake_link(struct nic *nic)
{
	(void)nic;
	return NIC_LINK_UP;
}

static inline bool fake_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	struct nic_fake *f = (struct nic_fake *)nic;

	fake_take_back(f);
	assert_true(count <= NIC_GROUPS_MAX);
	if (f->refuses_groups)
		return false;
	if (count)
		memcpy(f->groups, macs, count * sizeof f->groups[0]);
	f->group_count = count;
	return true;
}

static inline void fake_init(struct nic_fake *f, const uint8_t mac[6])
{
	memset(f, 0, sizeof *f);
	f->nic = (struct nic){
		.send = fake_send, .poll = fake_poll, .link = fake_link, .groups = fake_groups,
		.mtu = 1500, .rx_frames_max = 32, .rx_window_max = 32, .driver = "fake",
	};
	memcpy(f->nic.mac, mac, 6);
}

/* Room for the next frame to be received. */
static inline struct fake_frame *fake_next_in(struct nic_fake *f)
{
	struct fake_frame *frame = &f->in[f->in_count++ % FAKE_FRAMES];

	memset(frame, 0, sizeof *frame);
	return frame;
}
#endif
