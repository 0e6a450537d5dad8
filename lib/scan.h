/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LIB_SCAN_H
#define LIB_SCAN_H
/* Values from text that ends with NUL. False, and nothing changed, unless the whole text is one. */
#include "lib/types.h"

bool scan_ip(const char *text, uint32_t *ip);   /* 192.168.1.2, into host order */
#endif
