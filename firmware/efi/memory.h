/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_MEMORY_H
#define FIRMWARE_EFI_MEMORY_H
/*
 * Memory of the boot services: the operating system has all of it when they are gone. Taken once, before anything
 * depends on it; nothing is allocated inside a Block IO call.
 */
#include "lib/types.h"

/* Whole pages of zeros, or NULL. The second may be run. */
void *memory_for_data(size_t bytes);
void *memory_for_code(size_t bytes);
/* As they are: for a file, whose writer says how much of it there is. */
void *memory_for_file(size_t bytes);
void  memory_free(void *at, size_t bytes);
#endif
