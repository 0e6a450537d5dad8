/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_LOW_H
#define FIRMWARE_BIOS_LOW_H
/*
 * The low block as C sees it: the same layout as low.inc, held against it by build/check-low.
 *
 * There is one, below 1 MiB; `low` is its flat address, set by main_bios().
 * real() runs a routine of the code page in real mode and comes back; that
 * costs some 10 us under emulation, so the frame path does it once per burst.
 */
#include "firmware/bios/map.h"
#include "undi/pxe.h"

enum {
	LOW_BYTES = 0xc000, LOW_VARS = 0x1000, LOW_MAP_FOUND = 0x1200, LOW_MAP_TOLD = 0x1800, LOW_PARAMS = 0x2000,
	LOW_TBD = 0x2100, LOW_SEND = 0x2180, LOW_FRAME = 0x2200, LOW_STACK = 0x3000, LOW_STACK_TOP = 0x4000,
	LOW_HANDOVER = 0x4000, LOW_RING = 0x5000,
	LOW_RECORD = 1552, LOW_RECORDS = 16, MAP_FOUND_MAX = 64, MAP_TOLD_MAX = 70,
	LOW_HANDOVER_BYTES = LOW_RING - LOW_HANDOVER,
	LOW_PXE_ENV = 0x5060, LOW_NBP_STACK_TOP = 0xc000, LOW_NBP_STACK_BYTES = 0x1000,
	LOW_ENTRY_RILL = 0x4c4c4952,
};

#pragma pack(push, 1)

/* Offsets into the code page; the first bytes of low.asm. */
struct low_code {
	uint16_t fixups, start, real32;
	uint16_t interrupt, pxe_call, burst, hook, unhook, start_disk, start_program, breathe;
	uint16_t api, api_bang, start_nbp, int15, int18, int1a, undi_load, end;
};

struct low_regs {
	uint32_t eax, ebx, ecx, edx, esi, edi, ebp;
	uint16_t ds, es, flags, pad;
	uint32_t reserved[2];
};

struct low_vars {
	uint32_t base, stack32, esp32;
	uint16_t sp16, seg;
	uint32_t entry_edx;
	uint32_t entry_esp;
	uint32_t entry_ebx, entry_esi, entry_edi, entry_ebp, entry_eax;
	uint16_t entry_ds, entry_es, entry_fs, entry_gs, entry_ss, entry_flags, int1a_found, pad1;
	struct pxe_far stack_pxe, int1a_pxenv;
	uint32_t image, image_bytes, resident, saved;
	uint8_t  a20_was_on, busy, hooked, is_pxenv;
	uint32_t old13, old15, old18;
	uint16_t old_base_kb;
	uint8_t  old_disks, pad;
	uint32_t int13_c, leave_c;
	uint16_t map_found, map_told, e801_ax, e801_bx, kb_88, map_source;
	uint32_t kb_da88;
	struct low_regs int_regs;
	uint16_t int_number, pxe_function;
	struct low_regs int13_regs;
	uint32_t caller_esp;
	uint16_t caller_ss, in_c_ip;
	uint8_t  caller_gdtr[6];
	uint16_t pad3;
	uint32_t in_c_function, in_c_result;
	uint32_t pxe_c, returned_c, old1a;
	struct pxe_far api_block, api_bang;
	uint16_t api_opcode, pad4;
	uint32_t card_command;
	uint8_t  api_restarted, api_gone;
	uint16_t pad2;
	struct pxe_far pxe_entry;
	uint16_t pxe_exit, isr_function, burst_max, burst_looks, burst_empty, burst_count, burst_sends, send_exit;
	uint16_t record, a20_probe;
	uint32_t burst_from, burst_ticks;
};

/* Where no ROM's UNDI fills the ring: what a chained program finds of an API of our own. */
struct low_pxe {
	struct pxe_bang bang;
	uint8_t  bang_room[8];                  /* either is looked for in steps of 16 */
	struct pxe_env_old env;
	uint8_t  packets[3][PXE_CACHED_BYTES];
	uint8_t  frame[FRAME_MAX];
};

struct low {
	struct low_code code;
	uint8_t  code_page[LOW_VARS - sizeof(struct low_code)];
	struct low_vars vars;
	uint8_t  vars_room[LOW_MAP_FOUND - LOW_VARS - sizeof(struct low_vars)];
	struct map_entry map_found[MAP_FOUND_MAX];
	struct map_entry map_told[MAP_TOLD_MAX];
	uint8_t  map_room[LOW_PARAMS - LOW_MAP_TOLD - MAP_TOLD_MAX * sizeof(struct map_entry)];
	uint8_t  params[LOW_TBD - LOW_PARAMS];
	struct pxe_tbd tbd;
	uint8_t  tbd_room[LOW_SEND - LOW_TBD - sizeof(struct pxe_tbd)];
	struct pxe_transmit send;
	uint8_t  send_room[LOW_FRAME - LOW_SEND - sizeof(struct pxe_transmit)];
	uint8_t  frame[LOW_STACK - LOW_FRAME];
	uint8_t  stack[LOW_STACK_TOP - LOW_STACK];
	uint8_t  handover[LOW_HANDOVER_BYTES];
	union {
		struct pxe_record ring[LOW_RECORDS];
		struct low_pxe pxe;
		uint8_t ring_room[LOW_BYTES - LOW_RING];
	};
};

#pragma pack(pop)

_Static_assert(sizeof(struct map_entry) == 24, "MAP_ENTRY");
_Static_assert(sizeof(struct low_regs) == 44, "regs in low.inc");
_Static_assert(sizeof(struct pxe_record) == LOW_RECORD, "LOW_RECORD");
_Static_assert((int)LOW_RECORDS == (int)PXE_RECORDS, "one ring");
_Static_assert(offsetof(struct low, vars) == LOW_VARS, "LOW_VARS");
_Static_assert(offsetof(struct low, map_found) == LOW_MAP_FOUND, "LOW_MAP_FOUND");
_Static_assert(offsetof(struct low, map_told) == LOW_MAP_TOLD, "LOW_MAP_TOLD");
_Static_assert(offsetof(struct low, params) == LOW_PARAMS, "LOW_PARAMS");
_Static_assert(offsetof(struct low, send) == LOW_SEND, "LOW_SEND");
_Static_assert(offsetof(struct low, handover) == LOW_HANDOVER, "LOW_HANDOVER");
_Static_assert(offsetof(struct low, ring) == LOW_RING, "LOW_RING");
_Static_assert(offsetof(struct low, pxe.env) == LOW_PXE_ENV, "LOW_PXE_ENV");
_Static_assert(LOW_RING + sizeof(struct low_pxe) <= LOW_NBP_STACK_TOP - LOW_NBP_STACK_BYTES, "two things at one place");
_Static_assert(sizeof(struct low) == LOW_BYTES, "LOW_BYTES");

extern struct low *low;

/* All memory as bytes. Address 0 is memory here, so the pointer is kept where no compiler sees its value. */
extern uint8_t *volatile memory_bytes;

/* Runs a near 16-bit routine of the code page: real(low->code.burst). */
void real(uint16_t routine);

/* A software interrupt; carry tells of the flag. */
struct low_regs real_int(uint8_t number, struct low_regs regs);
#endif
