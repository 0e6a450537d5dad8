/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_STREAM_H
#define NETSTACK_WIRE_STREAM_H
/*
 * The stream protocol's messages as values: docs/protocol.md, in C.
 *
 * Client, server and in-OS driver share these functions; nothing else in the
 * tree knows the layout. A message is written by wr_stream_*() into a writer
 * that starts at the datagram's first byte and is finished by stream_seal(),
 * which fills in the check. It is read by stream_open(), which judges head and
 * check, and then by the rd_stream_*() of its type over the body.
 *
 * Rdata's check covers the content id too (protocol chapter 2), so it cannot be judged before the
 * request is known: stream_open() leaves it to stream_open_data().
 */
#include "lib/bytes.h"

enum {
	STREAM_VERSION           = 1,
	STREAM_PORT              = 6910,
	STREAM_HEAD_BYTES        = 20,
	STREAM_DATA_HEAD_BYTES   = 28,
	STREAM_COOKIE_BYTES      = 16,
	STREAM_TICKET_BYTES_MAX  = 64,
	STREAM_CONTENT_BYTES     = 16,
	STREAM_LOGIN_BYTES_MIN   = 128,
	STREAM_MESSAGE_BYTES_MAX = 1200,
	STREAM_SEGMENTS_MAX      = 64,
	STREAM_SEGMENT_BYTES_MIN = 512,
	STREAM_SEGMENT_BYTES_MAX = 8928,
	STREAM_SEGMENT_BYTES     = 1408,
	STREAM_SEGMENT_BYTES_IPV4 = 1440,
	STREAM_SECTOR_BYTES      = 512,
	STREAM_PAD_BYTES         = 4096,
	STREAM_ECHO_BYTES_MAX    = 8952,
};

enum stream_type {
	STREAM_TLOGIN = 16, STREAM_RLOGIN, STREAM_RCOOKIE, STREAM_RDENY, STREAM_RBUSY, STREAM_RREDIRECT,
	STREAM_TREAD = 32, STREAM_RDATA, STREAM_RERROR,
	STREAM_TPING = 48, STREAM_RPING, STREAM_TSTATUS, STREAM_RSTATUS, STREAM_TBYE, STREAM_RBYE,
	STREAM_TWRITE = 64, STREAM_RWRITE, STREAM_TFLUSH, STREAM_RFLUSH, STREAM_TTRIM, STREAM_RTRIM,
	STREAM_TLEASE, STREAM_RLEASE,
	STREAM_TJOIN = 80, STREAM_RJOIN, STREAM_RCAST,
};

enum stream_flag { STREAM_DRIVER = 1, STREAM_KEYED = 2, STREAM_AHEAD = 4, STREAM_DRAINING = 8 };

enum stream_deny {
	DENY_NO_SUCH_DISK = 1, DENY_NO_DEFAULT_DISK, DENY_EMPTY_DISK, DENY_NOT_ALLOWED,
	DENY_CONTENT_CHANGED, DENY_UNSUPPORTED, DENY_MALFORMED, DENY_BROKEN_DISK,
	DENY_CHOOSE,            /* of a menu: netstack/wire/disk_menu.h */
};

enum stream_error {
	ERROR_LOGIN_AGAIN = 1, ERROR_NO_SUCH_CONTENT, ERROR_OUT_OF_RANGE, ERROR_IO, ERROR_UNSUPPORTED,
};

enum stream_stage { STAGE_FIRMWARE = 1, STAGE_DRIVER = 2 };
enum stream_mode  { MODE_READ_ONLY = 1, MODE_PRIVATE = 2, MODE_STANDARD = 3 };

struct stream_head {
	uint8_t  type, flags, generation;
	uint32_t request;
	uint64_t session;
};

struct stream_content { uint8_t id[STREAM_CONTENT_BYTES]; };
struct stream_ticket  { uint8_t bytes[STREAM_TICKET_BYTES_MAX]; uint8_t len; };
struct stream_cookie  { uint8_t bytes[STREAM_COOKIE_BYTES]; };

/* An address as the protocol writes it: IPv6, or IPv4 mapped. */
struct stream_address { uint8_t ip[16]; uint16_t port; };

struct stream_address stream_address_ipv4(uint32_t ip, uint16_t port);
bool                  stream_address_is_ipv4(const struct stream_address *a, uint32_t *ip);
bool                  stream_address_same(const struct stream_address *a, const struct stream_address *b);

/* Tread. want: bit i asks for segment i. */
struct stream_read {
	struct stream_content content;
	uint64_t offset;
	uint32_t length;
	uint16_t segment;
	uint64_t want;
	struct stream_ticket ticket;
};

/*
 * CRC32C, continued: crc32c(crc32c(0, a), b) is the CRC of a followed by b.
 * It stands alone in crc32c.c: a program that knows its CPU may define a faster one, and the linker takes that.
 */
uint32_t crc32c(uint32_t crc, const void *bytes, size_t len);

/*
 * Judges version, type and check and gives the body, which is what follows
 * the head. False: drop it. For STREAM_RDATA the check is not judged here,
 * because it covers the content id. Keyed messages (chapter 8) are dropped.
 */
bool stream_open(struct rd datagram, struct stream_head *head, struct rd *body);
/* The flags of a datagram that nobody has judged yet, to sort by. 0: too short to have any. */
uint8_t stream_flags(struct rd datagram);
/* The check of an Rdata whose request was for this content; then its offset and its data. */
bool stream_open_data(struct rd datagram, const struct stream_content *content, uint64_t *offset, struct rd *data);

/*
 * Readers of bodies; false: malformed (M5, M19). The echo of a ping is the body itself; Rstatus and Rbye have
 * an empty one (rd_done). rd_stream_read bounds the segment by STREAM_SEGMENT_BYTES_MAX only, and does not know
 * the disk's size; a code may be one that enum stream_error does not have.
 */
bool rd_stream_cookie(struct rd body, struct stream_cookie *cookie);
bool rd_stream_read(struct rd body, struct stream_read *read);
bool rd_stream_error(struct rd body, enum stream_error *code);
bool rd_stream_ticketed(struct rd body, struct stream_ticket *ticket, struct rd *tlvs);    /* Tstatus, Tbye */

/* Writers. Each writes head and body; then stream_seal() over the same writer fills in the check. */
void wr_stream_head(struct wr *w, const struct stream_head *head);
void wr_stream_read(struct wr *w, const struct stream_head *head, const struct stream_read *read);
void wr_stream_data_head(struct wr *w, const struct stream_head *head, uint64_t offset);   /* data follows */
void wr_stream_ticket(struct wr *w, const struct stream_ticket *ticket);                   /* length and bytes */

/* Fills in the check of the datagram that begins at start; content only for Rdata, else NULL. */
void stream_seal(uint8_t *start, size_t len, const struct stream_content *content);

/* Whether a datagram names this type, for people: "Tread". Never NULL. */
const char *stream_type_text(uint8_t type);

/* Segments of a read. */
static inline unsigned stream_segments(uint32_t length, uint16_t segment)
{
	return length ? (length - 1) / segment + 1 : 0;         /* so that no length overflows */
}
static inline uint64_t stream_all_segments(unsigned count)
{
	return count >= STREAM_SEGMENTS_MAX ? UINT64_MAX : ((uint64_t)1 << count) - 1;
}
static inline uint32_t stream_segment_bytes(uint32_t length, uint16_t segment, unsigned index)
{
	uint32_t at = (uint32_t)index * segment;

	return at >= length ? 0 : length - at < segment ? length - at : segment;
}
#endif
