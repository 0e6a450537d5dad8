/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/snp_fake.h"

static const uint8_t fake_mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };

static enum snp_status start(void *ctx)
{
	struct snp_fake *f = ctx;

	f->starts++;
	if (f->start_says != SNP_SUCCESS) {
		if (f->start_says == SNP_ALREADY_STARTED)
			f->mode.state = SNP_STARTED;
		return f->start_says;
	}
	if (f->mode.state != SNP_STOPPED)
		return SNP_ALREADY_STARTED;
	f->mode.state = SNP_STARTED;
	return SNP_SUCCESS;
}

static enum snp_status initialize(void *ctx)
{
	struct snp_fake *f = ctx;

	f->initializes++;
	if (f->initialize_failures) {
		f->initialize_failures--;
		return f->initialize_says;
	}
	if (f->mode.state == SNP_STOPPED)
		return SNP_NOT_STARTED;
	f->mode.state = SNP_INITIALIZED;
	f->mode.filters = 0;
	return f->initialize_lies ? SNP_DEVICE_ERROR : SNP_SUCCESS;
}

static enum snp_status shutdown(void *ctx)
{
	struct snp_fake *f = ctx;

	f->shutdowns++;
	if (f->mode.state != SNP_INITIALIZED)
		return SNP_DEVICE_ERROR;
	f->mode.state = SNP_STARTED;
	f->mode.filters = 0;
	f->group_count = 0;
	f->held_count = 0;
	if (f->frame_next < f->frame_count && f->frames[f->frame_next].len > SNP_RX_BYTES)
		f->frame_next++;                /* its ring is empty now */
	return SNP_SUCCESS;
}

static enum snp_status stop(void *ctx)
{
	struct snp_fake *f = ctx;

	f->stops++;
	if (f->mode.state != SNP_STARTED)
		return SNP_NOT_STARTED;
	f->mode.state = SNP_STOPPED;
	return SNP_SUCCESS;
}

static enum snp_status filters(void *ctx, uint32_t enable, uint32_t disable)
{
	struct snp_fake *f = ctx;

	f->filter_calls++;
	if (f->mode.state != SNP_INITIALIZED)
		return SNP_DEVICE_ERROR;
	if (f->filters_say != SNP_SUCCESS)
		return f->filters_say;
	if (enable & ~f->filters_known || (f->refuses_off && disable))
		return SNP_INVALID_PARAMETER;
	f->mode.filters = (f->mode.filters | enable) & ~disable;
	return SNP_SUCCESS;
}

/* As SnpDxe judges it: multicast on without a list, or with one that is too long, is an invalid parameter. */
static enum snp_status groups(void *ctx, const uint8_t (*macs)[6], unsigned count)
{
	struct snp_fake *f = ctx;

	f->group_calls++;
	if (f->mode.state != SNP_INITIALIZED)
		return SNP_DEVICE_ERROR;
	if (f->groups_refused || count > f->mode.groups_max || (count && !(f->filters_known & SNP_MULTICAST)))
		return SNP_INVALID_PARAMETER;
	if (count)
		memcpy(f->groups, macs, count * sizeof f->groups[0]);
	f->group_count = count;
	f->mode.filters = count ? f->mode.filters | SNP_MULTICAST : f->mode.filters & ~(uint32_t)SNP_MULTICAST;
	return SNP_SUCCESS;
}

static void leave(struct snp_fake *f, unsigned n)
{
	memcpy(f->wire, f->held[n], f->held_len[n]);
	f->wire_len = f->held_len[n];
	f->wire_frames++;
}

static enum snp_status status(void *ctx, void **done)
{
	struct snp_fake *f = ctx;
	unsigned n;

	f->statuses++;
	*done = NULL;
	if (f->status_says != SNP_SUCCESS)
		return f->status_says;
	if (f->foreign) {
		*done = f->foreign;
		if (!f->tells_for_ever)
			f->foreign = NULL;
		return SNP_SUCCESS;
	}
	if (!f->held_count || f->is_slow || f->never_gives_back)
		return SNP_SUCCESS;
	n = f->gives_back_backwards ? f->held_count - 1 : 0;
	*done = f->held[n];
	leave(f, n);
	f->held_count--;
	memmove(f->held + n, f->held + n + 1, (f->held_count - n) * sizeof f->held[0]);
	memmove(f->held_len + n, f->held_len + n + 1, (f->held_count - n) * sizeof f->held_len[0]);
	return SNP_SUCCESS;
}

static enum snp_status transmit(void *ctx, void *frame, size_t len)
{
	struct snp_fake *f = ctx;

	f->transmits++;
	if (f->mode.state != SNP_INITIALIZED)
		return SNP_NOT_STARTED;
	if (f->transmit_says != SNP_SUCCESS)
		return f->transmit_says;
	for (unsigned n = 0; n < f->held_count; n++)
		if (f->held[n] == frame && !f->never_gives_back) {
			f->reused++;
			return SNP_DEVICE_ERROR;
		}
	if (f->held_count >= f->tx_room && !f->never_gives_back)
		return SNP_NOT_READY;
	if (f->never_gives_back)
		f->held_count = 0;
	f->held[f->held_count] = frame;
	f->held_len[f->held_count++] = len;
	if (f->never_gives_back)
		leave(f, 0);
	return SNP_SUCCESS;
}

static enum snp_status receive(void *ctx, void *room, size_t *len)
{
	struct snp_fake *f = ctx;
	struct snp_fake_frame *frame = &f->frames[f->frame_next];

	f->receives++;
	if (f->mode.state != SNP_INITIALIZED)
		return SNP_NOT_STARTED;
	if (f->frame_next == f->frame_count)
		return SNP_NOT_READY;
	if (frame->len > *len) {
		*len = frame->len;
		return SNP_BUFFER_TOO_SMALL;    /* it keeps it */
	}
	f->frame_next++;
	if (frame->status != SNP_SUCCESS)
		return frame->status;
	if (frame->len)
		memcpy(room, frame->bytes, frame->len);
	*len = frame->len;
	return SNP_SUCCESS;
}

static void mode(void *ctx, struct snp_mode *m)
{
	*m = ((struct snp_fake *)ctx)->mode;
}

static void wait_ms(void *ctx, unsigned ms)
{
	((struct snp_fake *)ctx)->waited_ms += ms;
}

void snp_fake_init(struct snp_fake *f)
{
	memset(f, 0, sizeof *f);
	f->mode = (struct snp_mode){
		.address_bytes = 6, .header_bytes = 14, .packet_max = 1500, .hardware_type = 1,
		.filters_possible = SNP_UNICAST | SNP_MULTICAST | SNP_BROADCAST | SNP_PROMISCUOUS, .groups_max = 16,
		.tells_media = true, .has_media = true,
	};
	memcpy(f->mode.mac, fake_mac, 6);
	memcpy(f->mode.permanent_mac, fake_mac, 6);
	f->filters_known = f->mode.filters_possible;
	f->tx_room = SNP_FAKE_TX;
	f->initialize_says = SNP_DEVICE_ERROR;
	f->env = (struct snp_env){
		.start = start, .initialize = initialize, .shutdown = shutdown, .stop = stop, .filters = filters,
		.groups = groups, .status = status, .transmit = transmit, .receive = receive, .mode = mode,
		.wait_ms = wait_ms, .ctx = f,
	};
}

void snp_fake_receives(struct snp_fake *f, const uint8_t *bytes, size_t len, enum snp_status says)
{
	if (f->frame_count < SNP_FAKE_RX)
		f->frames[f->frame_count++] = (struct snp_fake_frame){ bytes, len, says };
}
