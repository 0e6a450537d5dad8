/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_KEY_H
#define SERVER_KEY_H
/* The group's key from a file: 64 hex digits, white space around them allowed. */
#include "server/ticket.h"

/* False: *trouble is one line with the cure. *readable_by_all: the file is no secret on this computer. */
bool key_read(const char *file, uint8_t key[TICKET_KEY_BYTES], bool *readable_by_all, char *trouble, size_t size);
/* The digits alone. */
bool key_parse(const char *text, size_t len, uint8_t key[TICKET_KEY_BYTES]);
#endif
