/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_FAKE_H
#define SERVER_FAKE_H
/*
 * A server without a network: disks in memory, replies kept, a log in memory. For tests and fuzzers.
 *
 *     struct fake *f = fake_open();
 *     fake_login(f, &client, "a");                    cookie, login; client has session, content, ticket
 *     fake_read(f, &client, 4096, 1024, 512, 3);      then f->count replies, fake_reply(f, i)
 *     fake_close(f);
 */
#include "server/core.h"

enum { FAKE_REPLIES = 128, FAKE_DISKS = 3, FAKE_DISK_BYTES = 256 << 10, FAKE_LOG_BYTES = 1 << 16 };

#define FAKE_START ((usec)1700000000 * USEC_PER_S)      /* the fake's first "now" */

struct fake_disk {
	struct disk disk;
	bool broken, empty;             /* cannot be read; has nothing to give */
	unsigned reads;
};

struct fake {
	struct server     server;       /* disks "a", "b" and, empty, "hollow"; default "a" */
	struct server_out out;
	struct journal    journal;
	struct fake_disk  disks[FAKE_DISKS];
	struct disk      *table[FAKE_DISKS];
	usec     now;
	uint8_t *bytes;                 /* replies of the last datagram */
	size_t   used, room;
	struct { size_t at, len; } replies[FAKE_REPLIES];
	unsigned count;
	char     log[FAKE_LOG_BYTES];   /* NUL-terminated; starts anew when full */
	size_t   log_len;
};

struct fake_client {
	struct stream_address  address;
	uint8_t                mac[6], stage, flags, generation;
	uint32_t               request;
	uint64_t               session;
	struct stream_content  content;
	struct stream_ticket   ticket;
	uint64_t               size;
};

struct fake *fake_open(void);
void         fake_close(struct fake *f);
/* The byte every fake disk has at an offset. */
uint8_t      fake_byte(uint64_t offset);

struct fake_client fake_client(uint8_t number);         /* 10.0.0.number, MAC 52:54:00:00:00:number */

/* A datagram into the server, as an exact heap copy; the replies are those to it alone. */
void fake_rx(struct fake *f, const struct stream_address *from, const void *datagram, size_t len);
/* The same, with its check filled in first. */
void fake_sealed(struct fake *f, const struct stream_address *from, uint8_t *datagram, size_t len);

struct rd          fake_reply(const struct fake *f, unsigned i);
struct stream_head fake_head(const struct fake *f, unsigned i, struct rd *body);     /* asserts a good check */
/* The only reply is an Rerror: its code. 0: it is something else. */
unsigned           fake_error(const struct fake *f);

/* What a login says besides the usual; write TLVs with it. NULL: nothing. */
typedef void fake_more(struct wr *w, void *with);
size_t fake_login_write(const struct fake_client *c, const struct stream_cookie *cookie, const char *disk,
                        fake_more *more, void *with, uint8_t *into, size_t size);
/* Cookie and login; the type of the answer to the second. The client learns from an Rlogin. */
enum stream_type fake_login_with(struct fake *f, struct fake_client *c, const char *disk, fake_more *more,
                                 void *with);
enum stream_type fake_login(struct fake *f, struct fake_client *c, const char *disk);
void fake_read(struct fake *f, struct fake_client *c, uint64_t offset, uint32_t length, uint16_t segment,
               uint64_t want);
/* Tstatus or Tbye; text NULL: without. */
void fake_tell(struct fake *f, struct fake_client *c, enum stream_type type, const char *text);
#endif
