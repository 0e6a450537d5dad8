/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "pxe/structures.h"
#include "lib/bytes.h"

enum { SEGMENTS_UNDI = 4, SEGMENTS_ALL = 7, VERSION = 0x0201 };

static uint8_t sum_to_zero(const void *bytes, size_t len)
{
	struct rd r = rd_over(bytes, len);
	uint8_t sum = 0;

	while (rd_left(&r))
		sum = (uint8_t)(sum - rd_u8(&r));
	return sum;
}

/* A descriptor: segment, physical address, size. */
static void describe(uint8_t at[8], struct pxe_segment s)
{
	const uint32_t physical = (uint32_t)s.seg * 16;

	memcpy(at, &s.seg, sizeof s.seg);
	memcpy(at + 2, &physical, sizeof physical);
	memcpy(at + 6, &s.bytes, sizeof s.bytes);
}

void pxe_structures_bang(const struct pxe_layout *l, struct pxe_bang *bang)
{
	/* Code is written to while it runs, so the writable view of it is the same segment. */
	const struct pxe_segment segments[SEGMENTS_ALL] = {
		l->stack, l->undi_data, l->undi_code, l->undi_code, l->base_data, l->base_code, l->base_code,
	};
	unsigned count = l->has_base ? SEGMENTS_ALL : SEGMENTS_UNDI;

	*bang = (struct pxe_bang){
		.signature = { '!', 'P', 'X', 'E' }, .length = sizeof *bang, .undi_rom = l->undi_rom, .entry = l->entry,
		.segment_count = (uint8_t)count,
	};
	if (l->has_base)
		bang->base_rom = l->base_rom;
	for (unsigned i = 0; i < count; i++)
		describe(bang->segments[i], segments[i]);
	bang->checksum = sum_to_zero(bang, sizeof *bang);
}

void pxe_structures_env(const struct pxe_layout *l, struct pxe_env_old *env)
{
	*env = (struct pxe_env_old){
		.signature = { 'P', 'X', 'E', 'N', 'V', '+' }, .version = VERSION, .length = sizeof *env,
		.entry = l->entry_env, .undi_data_seg = l->undi_data.seg, .undi_data_bytes = l->undi_data.bytes,
		.undi_code_seg = l->undi_code.seg, .undi_code_bytes = l->undi_code.bytes, .bang = l->bang_at,
	};
	if (l->has_base) {
		env->stack_seg       = l->stack.seg;
		env->stack_bytes     = l->stack.bytes;
		env->base_code_seg   = l->base_code.seg;
		env->base_code_bytes = l->base_code.bytes;
		env->base_data_seg   = l->base_data.seg;
		env->base_data_bytes = l->base_data.bytes;
	}
	env->checksum = sum_to_zero(env, sizeof *env);
}
