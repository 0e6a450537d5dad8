/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_UNDI_ENV_H
#define FIRMWARE_BIOS_UNDI_ENV_H
/* The real ROM behind undi/pxe.h's struct pxe_env: calls and bursts through the low block. Resident. */
#include "undi/pxe.h"

/* The low block must know the entry point. The struct lives in the resident part. */
const struct pxe_env *undi_env(void);
#endif
