/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_SNP_ENV_H
#define FIRMWARE_EFI_SNP_ENV_H
/* The firmware's Simple Network Protocol as undi/snp.h wants it: the same calls, without EFI's types. */
#include "firmware/efi/services.h"
#include "undi/snp.h"

struct snp_env snp_env_of(EFI_SIMPLE_NETWORK *snp);
#endif
