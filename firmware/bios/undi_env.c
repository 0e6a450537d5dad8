/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/clock.h"
#include "firmware/bios/low.h"
#include "firmware/bios/undi_env.h"

static struct pxe_env env;

static uint16_t call(void *ctx, uint16_t function, void *block, size_t len)
{
	(void)ctx;
	memcpy(low->params, block, len);
	low->vars.pxe_function = function;
	real(low->code.pxe_call);
	memcpy(block, low->params, len);
	return low->vars.pxe_exit;
}

static unsigned burst(void *ctx, struct pxe_burst *b)
{
	(void)ctx;
	if (b->send)
		low->send = *b->send;
	low->vars.burst_sends = b->send != NULL;
	low->vars.isr_function = b->function;
	low->vars.burst_max = b->max;
	low->vars.burst_looks = b->looks;
	low->vars.burst_ticks = clock_tsc_ticks(b->wait_us);
	real(low->code.burst);
	b->empty = low->vars.burst_empty;
	b->exit = low->vars.pxe_exit;
	b->send_exit = low->vars.send_exit;
	return low->vars.burst_count;
}

static void wait_ms(void *ctx, unsigned ms)
{
	(void)ctx;
	clock_wait_us((usec)ms * USEC_PER_MS);
}

const struct pxe_env *undi_env(void)
{
	env = (struct pxe_env){
		.call = call, .burst = burst, .wait_ms = wait_ms, .records = low->ring,
		.frame = low->frame, .tbd = &low->tbd,
		.frame_at = { .off = LOW_FRAME, .seg = low->vars.seg },
		.tbd_at = { .off = LOW_TBD, .seg = low->vars.seg },
	};
	return &env;
}
