/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_SNP_ENV_H
#define FIRMWARE_EFI_SNP_ENV_H
/* The firmware's Simple Network Protocol as undi/snp.h wants it: the same calls, without EFI's types. */
#include "firmware/efi/services.h"
#include "undi/snp.h"

/* Must stay where it is as long as the env is used. */
struct snp_protocol { EFI_SIMPLE_NETWORK *snp; uint32_t calls; };

struct snp_env snp_env_of(struct snp_protocol *protocol);
#endif
