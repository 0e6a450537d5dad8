/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_CPU_H
#define FIRMWARE_BIOS_CPU_H
/* Instructions C has no words for. */
#include "lib/types.h"

uint64_t cpu_tsc(void);
uint8_t  cpu_in8(uint16_t port);
uint16_t cpu_in16(uint16_t port);
uint32_t cpu_in32(uint16_t port);
void     cpu_out8(uint16_t port, uint8_t value);
void     cpu_out16(uint16_t port, uint16_t value);
void     cpu_out32(uint16_t port, uint32_t value);

/* (high * 2^32 + low) / by, for high < by: anything else is a fault. */
uint32_t cpu_divide(uint32_t high, uint32_t low, uint32_t by);
#endif
