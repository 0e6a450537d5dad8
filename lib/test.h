/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LIB_TEST_H
#define LIB_TEST_H
/* What every *_test.c includes: cmocka and the headers it wants first. Host only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "lib/bytes.h"

/*
 * A heap copy of exactly these bytes, so that the address sanitizer sees a
 * read one byte too far. The caller frees it.
 */
static inline uint8_t *exact_copy(const void *bytes, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}
#endif
