/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_TFTP_H
#define NETSTACK_WIRE_TFTP_H
/* TFTP messages and options (RFC 1350, 2090, 2347-2349, 7440), as a client writes and reads them. */
#include "lib/bytes.h"

enum tftp_op { TFTP_RRQ = 1, TFTP_WRQ, TFTP_DATA, TFTP_ACK, TFTP_ERROR, TFTP_OACK };

enum tftp_error {
	TFTP_ERROR_UNDEFINED, TFTP_ERROR_NOT_FOUND, TFTP_ERROR_ACCESS, TFTP_ERROR_DISK_FULL, TFTP_ERROR_ILLEGAL,
	TFTP_ERROR_UNKNOWN_TID, TFTP_ERROR_EXISTS, TFTP_ERROR_NO_USER, TFTP_ERROR_OPTION,
};

enum { TFTP_SERVER_PORT = 69 };
enum { TFTP_BLOCK_DEFAULT = 512, TFTP_BLOCK_MIN = 8, TFTP_BLOCK_MAX = 65464 };

/* Where a multicast transfer goes, and whether our ACKs ask for its blocks. 0: as the server said before. */
struct tftp_group { uint32_t ip; uint16_t port; bool is_master; };

/* Options asked for or granted. An absent one is not has_it; unknown: the server granted what nobody can ask. */
struct tftp_options {
	bool     has_block_size, has_size, has_window, has_multicast, unknown;
	uint16_t block_size, window;
	uint64_t size;
	struct tftp_group group;        /* granted only: a request names none */
};

struct tftp_message {
	enum tftp_op op;
	uint16_t block;                 /* DATA, ACK */
	uint16_t error;                 /* ERROR */
	struct rd rest;                 /* DATA: the block. ERROR: the text, without NUL */
	struct tftp_options options;    /* OACK */
};

/* DATA, ACK, ERROR and OACK; false for anything else. A number that is none, or too large, is malformed. */
bool tftp_parse(struct rd packet, struct tftp_message *m);

void tftp_emit_request(struct wr *w, const char *file, const struct tftp_options *options);
void tftp_emit_ack(struct wr *w, uint16_t block);
void tftp_emit_error(struct wr *w, enum tftp_error code, const char *text);
#endif
