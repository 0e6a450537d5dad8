/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/nii_fake.h"

static const uint8_t fake_mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };

static void *at(uint64_t address) { return (void *)(uintptr_t)address; }

static uint16_t get_state(struct nii_fake *f, struct nii_cdb *cdb)
{
	cdb->flags |= (uint16_t)(f->hides_state ? NII_STOPPED : f->state);
	return NII_SUCCESS;
}

static uint16_t start(struct nii_fake *f, struct nii_cdb *cdb)
{
	struct nii_start *cpb = at(cdb->cpb);

	if (f->state != NII_STOPPED)
		return NII_ALREADY_STARTED;
	if (!cpb->delay || !cpb->block || !cpb->mem_io || !cpb->map || !cpb->unmap || !cpb->sync)
		return NII_INVALID_CPB;
	f->started_with = cpb->unique_id;
	f->state = NII_STARTED;
	return NII_SUCCESS;
}

static uint16_t stop(struct nii_fake *f, struct nii_cdb *cdb)
{
	(void)cdb;
	if (f->state != NII_STARTED)
		return f->state == NII_STOPPED ? NII_NOT_STARTED : NII_NOT_SHUTDOWN;
	f->state = NII_STOPPED;
	return NII_SUCCESS;
}

static uint16_t get_init_info(struct nii_fake *f, struct nii_cdb *cdb)
{
	if (f->state == NII_STOPPED)
		return NII_NOT_STARTED;
	memcpy(at(cdb->db), &f->info, sizeof f->info);
	cdb->flags |= f->info_flags;
	return NII_SUCCESS;
}

static uint16_t initialize(struct nii_fake *f, struct nii_cdb *cdb)
{
	struct nii_initialize *cpb = at(cdb->cpb);

	if (f->state != NII_STARTED)
		return f->state == NII_STOPPED ? NII_NOT_STARTED : NII_ALREADY_INITIALIZED;
	if (cpb->memory_bytes < f->info.memory_bytes)
		return NII_INVALID_CPB;
	f->initialized_with = *cpb;
	f->state = NII_INITIALIZED;
	f->filters = 0;
	cdb->flags |= f->no_media;
	return NII_SUCCESS;
}

static uint16_t shut_down(struct nii_fake *f, struct nii_cdb *cdb)
{
	(void)cdb;
	if (f->state != NII_INITIALIZED)
		return f->state == NII_STOPPED ? NII_NOT_STARTED : NII_NOT_INITIALIZED;
	f->state = NII_STARTED;
	f->held_count = 0;
	return NII_SUCCESS;
}

static uint16_t receive_filters(struct nii_fake *f, struct nii_cdb *cdb)
{
	unsigned asked = cdb->opflags & 0x1fu, count = cdb->cpb_bytes / NII_MAC_BYTES;
	bool on = cdb->opflags & NII_FILTER_ON, off = cdb->opflags & NII_FILTER_OFF;

	if (f->state != NII_INITIALIZED)
		return NII_NOT_INITIALIZED;
	if (on == off || asked & ~f->filters_known || cdb->cpb_bytes % NII_MAC_BYTES || count > f->info.multicast_count
	    || (count != 0) != (on && asked & NII_MULTICAST))
		return NII_INVALID_CDB;
	if (count)
		memcpy(&f->groups, at(cdb->cpb), cdb->cpb_bytes);
	if (count || cdb->opflags & NII_FORGET_GROUPS)
		f->group_count = count;
	f->filters = on ? f->filters | asked : f->filters & ~asked;
	cdb->flags |= (uint16_t)f->filters;
	return NII_SUCCESS;
}

static uint16_t station_address(struct nii_fake *f, struct nii_cdb *cdb)
{
	if (f->state != NII_INITIALIZED)
		return NII_NOT_INITIALIZED;
	memcpy(at(cdb->db), &f->station, sizeof f->station);
	return NII_SUCCESS;
}

static void leave(struct nii_fake *f, unsigned n)
{
	memcpy(f->wire, f->held[n], f->held_len[n]);
	f->wire_len = f->held_len[n];
	f->wire_frames++;
}

static void tell_sent(struct nii_fake *f, struct nii_cdb *cdb, struct nii_status *db)
{
	unsigned n = 0;

	if (f->foreign) {
		db->sent[n++] = (uint64_t)(uintptr_t)f->foreign;
		if (!f->tells_for_ever)
			f->foreign = NULL;
	}
	while (f->held_count && !f->is_slow && !f->never_gives_back && n < NII_SENT_MAX) {
		f->held_count--;
		db->sent[n++] = (uint64_t)(uintptr_t)f->held[f->held_count];
		leave(f, f->held_count);
		if (f->gives_back_one)
			break;
	}
	if (!n || f->lies_none_written)
		cdb->flags |= NII_NONE_WRITTEN;
	if (!f->held_count)
		cdb->flags |= NII_QUEUE_EMPTY;          /* as the specification means it: with buffers, too */
}

static uint16_t get_status(struct nii_fake *f, struct nii_cdb *cdb)
{
	if (f->state != NII_INITIALIZED)
		return NII_NOT_INITIALIZED;
	tell_sent(f, cdb, at(cdb->db));
	if (cdb->opflags & NII_ASK_MEDIA && f->no_media)
		cdb->flags |= NII_NO_MEDIA;
	return NII_SUCCESS;
}

static uint16_t transmit(struct nii_fake *f, struct nii_cdb *cdb)
{
	const struct nii_transmit *cpb = at(cdb->cpb);
	size_t len = (size_t)cpb->bytes + cpb->header_bytes;

	if (f->state != NII_INITIALIZED)
		return NII_NOT_INITIALIZED;
	if (len < FRAME_MIN || len > FRAME_MAX)
		return NII_INVALID_CPB;
	for (unsigned n = 0; n < f->held_count; n++)
		if (f->held[n] == at(cpb->frame) && !f->never_gives_back)
			f->reused++;
	if (f->held_count >= f->tx_room && !f->never_gives_back)
		return f->full_code;
	if (f->never_gives_back)
		f->held_count = 0;
	f->held[f->held_count] = at(cpb->frame);
	f->held_len[f->held_count++] = len;
	if (f->never_gives_back)
		leave(f, 0);
	return NII_SUCCESS;
}

static uint16_t receive(struct nii_fake *f, struct nii_cdb *cdb)
{
	const struct nii_receive *cpb = at(cdb->cpb);
	struct nii_received *db = at(cdb->db);
	struct nii_fake_frame *frame = &f->frames[f->frame_next];

	if (f->state != NII_INITIALIZED)
		return NII_NOT_INITIALIZED;
	if (f->frame_next == f->frame_count)
		return NII_NO_DATA;
	f->frame_next++;
	if (frame->code != NII_SUCCESS)
		return frame->code;
	if (frame->len)
		memcpy(at(cpb->room), frame->bytes, min_size(frame->len, cpb->room_bytes));
	db->bytes = (uint32_t)frame->len;
	return NII_SUCCESS;
}

static const struct { size_t cpb, db; uint16_t (*run)(struct nii_fake *f, struct nii_cdb *cdb); } commands[] = {
	[NII_GET_STATE]       = { 0, 0, get_state },
	[NII_START]           = { sizeof(struct nii_start), 0, start },
	[NII_STOP]            = { 0, 0, stop },
	[NII_GET_INIT_INFO]   = { 0, sizeof(struct nii_init_info), get_init_info },
	[NII_INITIALIZE]      = { sizeof(struct nii_initialize), sizeof(struct nii_initialized), initialize },
	[NII_SHUTDOWN]        = { 0, 0, shut_down },
	[NII_RECEIVE_FILTERS] = { 0, 0, receive_filters },
	[NII_STATION_ADDRESS] = { 0, sizeof(struct nii_station), station_address },
	[NII_GET_STATUS]      = { 0, sizeof(struct nii_status), get_status },
	[NII_TRANSMIT]        = { sizeof(struct nii_transmit), 0, transmit },
	[NII_RECEIVE]         = { sizeof(struct nii_receive), sizeof(struct nii_received), receive },
};

/* A list of groups is as long as it is. */
static bool is_right(const struct nii_fake *f, const struct nii_cdb *cdb)
{
	return !f->queued && cdb->opcode < COUNT_OF(commands) && commands[cdb->opcode].run
	    && cdb->interface == NII_FAKE_INTERFACE && !cdb->control && !cdb->code && !cdb->flags
	    && (cdb->cpb_bytes == commands[cdb->opcode].cpb || cdb->opcode == NII_RECEIVE_FILTERS)
	    && !cdb->cpb == !cdb->cpb_bytes
	    && cdb->db_bytes == commands[cdb->opcode].db && !cdb->db == !cdb->db_bytes;
}

/* The command alone, without what is odd about how its end is told. */
static uint16_t run(struct nii_fake *f, struct nii_cdb *cdb)
{
	uint16_t *says = &f->says[cdb->opcode], said = *says;

	f->commands[cdb->opcode]++;
	if (!said)
		return commands[cdb->opcode].run(f, cdb);
	if (f->so_often[cdb->opcode] && !--f->so_often[cdb->opcode])
		*says = NII_SUCCESS;
	return said;
}

static void call(void *ctx, struct nii_cdb *cdb)
{
	struct nii_fake *f = ctx;
	bool queues = f->queue_looks && (!f->queue_only || f->queue_only == cdb->opcode);

	f->calls++;
	if (!is_right(f, cdb)) {
		f->wrong++;
		cdb->code = NII_INVALID_CDB;
		cdb->flags = NII_FAILED;
		return;
	}
	cdb->code = run(f, cdb);
	if (f->says_nothing) {
		cdb->flags &= (uint16_t)~NII_FAR;
		return;
	}
	cdb->flags |= cdb->code || f->fails_without_a_code ? NII_FAILED : NII_COMPLETE;
	if (f->fails_without_a_code)
		cdb->code = NII_SUCCESS;
	if (!queues)
		return;
	f->queued = cdb;
	f->queued_flags = cdb->flags;
	f->looks_left = f->queue_looks;
	cdb->flags = NII_QUEUED;
}

static void wait_us(void *ctx, unsigned us)
{
	struct nii_fake *f = ctx;

	f->waited_us += us;
	if (f->queued && !--f->looks_left) {
		f->queued->flags = f->queued_flags;
		f->queued = NULL;
	}
}

static void *memory(void *ctx, uint32_t bytes)
{
	struct nii_fake *f = ctx;

	if (f->has_no_memory || bytes > sizeof f->memory)
		return NULL;
	f->memories++;
	return f->memory;
}

static void memory_free(void *ctx, void *given, uint32_t bytes)
{
	struct nii_fake *f = ctx;

	f->memories_freed++;
	f->wrong += given != f->memory || bytes != f->info.memory_bytes || f->state == NII_INITIALIZED;
}

void nii_fake_init(struct nii_fake *f)
{
	memset(f, 0, sizeof *f);
	f->info = (struct nii_init_info){
		.memory_bytes = sizeof f->memory, .frame_data_bytes = 1500, .header_bytes = 14, .address_bytes = 6,
		.hardware_type = NII_ETHERNET, .multicast_count = NII_GROUPS_MAX,
	};
	f->info_flags = NII_TELLS_CABLE | NII_TELLS_MEDIA;
	memcpy(f->station.mac, fake_mac, 6);
	memcpy(f->station.permanent, fake_mac, 6);
	f->filters_known = NII_UNICAST | NII_BROADCAST | NII_MULTICAST | NII_PROMISCUOUS;
	f->tx_room = NII_FAKE_TX;
	f->full_code = NII_QUEUE_FULL;
	f->env = (struct nii_env){
		.call = call, .memory = memory, .memory_free = memory_free, .wait_us = wait_us,
		.callbacks = { .delay = 1, .block = 2, .mem_io = 4, .map = 5, .unmap = 6, .sync = 7, .unique_id = 8 },
		.interface = NII_FAKE_INTERFACE,
		.implementation = NII_IMP_ABSOLUTE | NII_IMP_BROADCAST | NII_IMP_MULTICAST,
		.major = 3, .minor = 1, .ctx = f,
	};
}

void nii_fake_receives(struct nii_fake *f, const uint8_t *bytes, size_t len, uint16_t code)
{
	if (f->frame_count < NII_FAKE_RX)
		f->frames[f->frame_count++] = (struct nii_fake_frame){ bytes, len, code };
}
