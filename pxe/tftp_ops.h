/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef PXE_TFTP_OPS_H
#define PXE_TFTP_OPS_H
/* The TFTP connection of the base code: there is one. Its calls are in pxe/ops.h. */
#include "netstack/tftp.h"

struct pxe_tftp {
	bool     is_open;               /* by TFTP_OPEN */
	struct tftp client;
	uint16_t port;                  /* that is open for it, or 0 */
	uint32_t given;                 /* blocks the program has */
	uint64_t seed;
	uint8_t  block[UDP_PAYLOAD_MAX];
};

struct pxe_api;

void pxe_tftp_end(struct pxe_api *a);
#endif
