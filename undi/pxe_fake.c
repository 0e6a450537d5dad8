/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/pxe_fake.h"

static const struct pxe_far frame_at = { .off = 0x2200, .seg = 0x9000 }, tbd_at = { .off = 0x2100, .seg = 0x9000 };
static const uint8_t fake_mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };

static uint16_t refuse(void *block, uint16_t status)
{
	memcpy(block, &status, sizeof status);
	return PXE_EXIT_FAILURE;
}

static bool same(struct pxe_far a, struct pxe_far b)
{
	return a.off == b.off && a.seg == b.seg;
}

/* Builds the frame as a ROM would, from the descriptor in "low memory". */
static uint16_t transmit(struct pxe_fake *f, struct pxe_transmit *t)
{
	size_t skip = (size_t)(f->tbd.immediate.off - frame_at.off), at = 0;

	if (f->transmit_failures) {
		f->transmit_failures--;
		return refuse(t, 0x06);
	}
	if (!f->open || !same(t->descriptor, tbd_at) || f->tbd.immediate.seg != frame_at.seg || f->tbd.block_count
	    || skip + f->tbd.immediate_bytes > sizeof f->frame || skip > FRAME_HEAD)
		return refuse(t, 0x6c);
	if (t->protocol == PXE_PROTOCOL_UNKNOWN && f->only_with_header_stripped)
		return refuse(t, 0x6c);
	if (t->protocol != PXE_PROTOCOL_UNKNOWN) {
		static const uint8_t types[3][2] = { { 0, 0 }, { 8, 0 }, { 8, 6 } };

		if (t->to == PXE_TO_ALL)
			memset(f->wire, 0xff, 6);
		else if (same(t->address, frame_at))
			memcpy(f->wire, f->frame, 6);
		else
			return refuse(t, 0x6c);
		memcpy(f->wire + 6, f->info.mac, 6);
		memcpy(f->wire + 12, types[t->protocol], 2);
		at = FRAME_HEAD;
	}
	memcpy(f->wire + at, f->frame + skip, f->tbd.immediate_bytes);
	f->wire_len = at + f->tbd.immediate_bytes;
	f->wire_frames++;
	return PXE_EXIT_SUCCESS;
}

static uint16_t open_card(struct pxe_fake *f, struct pxe_open *block)
{
	if (f->open_refused || f->open_until_closed || (f->never_started && !f->initialized))
		return refuse(block, PXE_STATUS_INVALID_STATE);
	f->open = true;
	f->filter = block->filter;
	f->groups = block->groups;
	return PXE_EXIT_SUCCESS;
}

static uint16_t set_groups(struct pxe_fake *f, struct pxe_set_groups *block)
{
	if (f->groups_refused || !f->open)
		return refuse(block, PXE_STATUS_UNSUPPORTED);
	f->groups = block->groups;
	return PXE_EXIT_SUCCESS;
}

static uint16_t get_iface(struct pxe_fake *f, struct pxe_iface *block)
{
	if (f->no_iface)
		return refuse(block, PXE_STATUS_UNSUPPORTED);
	block->services = f->services;
	return PXE_EXIT_SUCCESS;
}

static uint16_t initialize(struct pxe_fake *f, void *block)
{
	if (f->initialize_failures) {
		f->initialize_failures--;
		return refuse(block, f->initialize_status);
	}
	f->initialized = true;
	return PXE_EXIT_SUCCESS;
}

static uint16_t answer(struct pxe_fake *f, uint16_t function, void *block)
{
	if (f->unknown_before && !f->initialized && function != PXE_UNDI_STARTUP && function != PXE_UNDI_INITIALIZE)
		return refuse(block, PXE_STATUS_INVALID_STATE);
	switch (function) {
	case PXE_UNDI_GET_INFO:
		memcpy(block, &f->info, sizeof f->info);
		return f->no_information ? refuse(block, PXE_STATUS_UNSUPPORTED) : PXE_EXIT_SUCCESS;
	case PXE_UNDI_GET_NIC_TYPE:
		memcpy(block, &f->type, sizeof f->type);
		return f->no_nic_type ? refuse(block, PXE_STATUS_UNSUPPORTED) : PXE_EXIT_SUCCESS;
	case PXE_UNDI_GET_IFACE:
		return get_iface(f, block);
	case PXE_UNDI_SET_STATION:
		return f->station_refused ? refuse(block, PXE_STATUS_INVALID_STATE) : PXE_EXIT_SUCCESS;
	case PXE_UNDI_STARTUP:
	case PXE_UNDI_CLEANUP:
	case PXE_UNDI_SHUTDOWN:
		return PXE_EXIT_SUCCESS;
	case PXE_UNDI_INITIALIZE:
		return initialize(f, block);
	case PXE_UNDI_OPEN:
		return open_card(f, block);
	case PXE_UNDI_CLOSE:
		f->open = f->open_until_closed = false;
		return PXE_EXIT_SUCCESS;
	case PXE_UNDI_TRANSMIT:
		return transmit(f, block);
	case PXE_UNDI_SET_GROUPS:
		return set_groups(f, block);
	default:
		return refuse(block, PXE_STATUS_UNSUPPORTED);
	}
}

static uint16_t call(void *ctx, uint16_t function, void *block, size_t len)
{
	struct pxe_fake *f = ctx;
	uint16_t exit, nonsense = 0xfefe;

	if (f->asked_count < FAKE_ASKED)
		f->asked[f->asked_count++] = function;
	exit = len >= sizeof nonsense ? answer(f, function, block) : PXE_EXIT_FAILURE;
	if (f->nonsense_status && exit == PXE_EXIT_SUCCESS)
		memcpy(block, &nonsense, sizeof nonsense);
	return exit;
}

static struct fake_answer next_answer(struct pxe_fake *f, uint16_t function)
{
	struct fake_answer a = { .function = PXE_ISR_DONE };

	if (f->isr_count < FAKE_ISR)
		f->isr[f->isr_count++] = function;
	if (f->answer_next < f->answer_count)
		a = f->answers[f->answer_next++];
	if (f->isr_needs_open && !f->open)
		a = (struct fake_answer){ .exit = PXE_EXIT_FAILURE };
	if (f->repeats && f->answer_next == f->answer_count)
		f->answer_next--;
	return a;
}

static void record(struct pxe_record *r, const struct fake_answer *a)
{
	memset(&r->isr, 0, sizeof r->isr);
	r->isr.function = a->function;
	r->isr.buffer_bytes = a->buffer_bytes;
	r->isr.frame_bytes = a->frame_bytes;
	if (a->bytes && a->function == PXE_ISR_RECEIVE)
		memcpy(r->bytes, a->bytes, min_size(a->buffer_bytes, sizeof r->bytes));
}

/* The same loop as real_burst in firmware/bios/modes.inc. */
static unsigned burst(void *ctx, struct pxe_burst *b)
{
	struct pxe_fake *f = ctx;
	uint16_t function = b->function, looks = b->looks;
	unsigned count = 0;

	f->bursts++;
	b->empty = 0;
	if (b->send) {
		struct pxe_transmit block = *b->send;

		b->send_exit = call(f, PXE_UNDI_TRANSMIT, &block, sizeof block);
	}
	do {
		struct fake_answer a = next_answer(f, function);

		record(&f->records[count], &a);
		b->exit = a.exit;
		function = PXE_ISR_GET_NEXT;
		if (!a.exit && a.function == PXE_ISR_DONE) {
			b->empty++;
			if (looks-- <= 1 || b->empty * f->look_us >= b->wait_us)
				return count + 1;
			function = PXE_ISR_PROCESS;
			continue;
		}
		if (a.exit || (a.function != PXE_ISR_RECEIVE && a.function != PXE_ISR_TRANSMIT))
			return count + 1;
		if (a.function == PXE_ISR_RECEIVE)
			looks = 1;
		count++;
	} while (count < b->max);
	return count;
}

static void wait_ms(void *ctx, unsigned ms)
{
	struct pxe_fake *f = ctx;

	f->waited_ms += ms;
}

void pxe_fake_init(struct pxe_fake *f)
{
	memset(f, 0, sizeof *f);
	f->info.irq = 11;
	f->info.mtu = 1500;
	f->info.address_bytes = 6;
	memcpy(f->info.mac, fake_mac, 6);
	f->type.bus_type = 2;
	f->type.vendor = 0x8086;
	f->type.device = 0x100e;
	f->type.bus_dev_fn = 0x0018;
	f->initialize_status = PXE_STATUS_MEDIA_TEST;
	f->env = (struct pxe_env){
		.call = call, .burst = burst, .wait_ms = wait_ms, .ctx = f, .records = f->records,
		.frame = f->frame, .tbd = &f->tbd, .frame_at = frame_at, .tbd_at = tbd_at,
	};
}

void fake_says(struct pxe_fake *f, struct fake_answer a)
{
	if (f->answer_count < FAKE_ANSWERS)
		f->answers[f->answer_count++] = a;
}

unsigned fake_asked(const struct pxe_fake *f, uint16_t function)
{
	unsigned times = 0;

	for (unsigned i = 0; i < f->asked_count; i++)
		times += f->asked[i] == function;
	return times;
}
