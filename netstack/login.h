/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_LOGIN_H
#define NETSTACK_LOGIN_H
/*
 * From "there is a server" to "there is a disk": cookie, login, redirect, busy (protocol chapter 4).
 *
 *     login_init(&l, &who, &server, log, now, seed);
 *     the five verbs;  LOGIN_DONE: l.grant is filled in
 *
 * Addresses are the protocol's (16 bytes), so that firmware (IPv4) and driver
 * (any Linux socket) use the same file. A denied login is a status, with the
 * server's reason and text for the screen; whoever owns the login decides
 * when to try again (login_restart). Silence and "busy" are waited out here.
 */
#include "lib/log.h"
#include "lib/random.h"
#include "lib/retry.h"
#include "netstack/wire/tlv.h"

enum {
	LOGIN_REDIRECTS_MAX = 4,
	LOGIN_COOKIES_MAX   = 4,
	LOGIN_WAIT_MS_MAX   = 5 * 60 * 1000,    /* the longest "busy" that is believed */
	LOGIN_SILENCE       = 5 * USEC_PER_S,   /* after this without an answer: LOGIN_SILENT */
};

/* Request numbers with this bit belong to logins, so that one beside a stream never takes a number of its. */
#define LOGIN_REQUEST 0x80000000u

enum login_status {
	LOGIN_WORKING,
	LOGIN_DONE,
	LOGIN_DENIED,           /* l.denied says why */
	LOGIN_CHOOSE,           /* that datagram was a menu (netstack/wire/disk_menu.h); log in again with a name */
	LOGIN_SILENT,           /* no answer for long; goes on trying all the same */
};

struct login_who {
	uint8_t  mac[6], uuid[16];
	uint16_t arch;
	enum stream_stage stage;
	const char *build;
	char     disk[TLV_NAME_MAX + 1];        /* "": the server chooses */
	bool     can_choose;                    /* without a name: a menu is welcome (M31) */
	uint16_t window, segment;
	uint64_t session;                       /* 0: a new one */
	bool     has_content;                   /* stay on these bytes (M16) */
	struct stream_content content;
};

/* What the server granted. */
struct login_grant {
	uint64_t session, size;                 /* size in bytes, padded */
	struct stream_content content;
	struct stream_ticket  ticket;
	uint32_t expires_s;
	usec     granted_at;
	uint16_t window;                        /* the server's; whoever reads has one of its own, too (M23) */
	uint16_t segment;                       /* not larger than ours */
	enum stream_mode mode;
	uint32_t version;
	char     disk[TLV_NAME_MAX + 1];
	struct stream_address servers[TLV_SERVERS_MAX];         /* the one that answered is among them */
	unsigned server_count, server_current;
};

struct login_denial { enum stream_deny reason; char text[TLV_TEXT_MAX + 1]; };

struct login {
	struct log *log;
	struct login_who   who;
	struct login_grant grant;
	struct login_denial denied;
	enum login_status status;
	struct stream_address configured, server;       /* asked first; asked now */
	struct stream_cookie cookie;
	bool     has_cookie;
	unsigned cookies_in_a_row, redirects_in_a_row;
	uint32_t request;
	uint8_t  generation;
	struct retry retry;
	usec     not_before;                    /* waiting out a "busy", or a ring of redirects */
	usec     busy_until;                    /* of the last "busy"; 0: none yet */
	usec     silent_since;                  /* when this server was asked first without an answer; NEVER: not yet */
	struct random random;
};

void login_init(struct login *l, const struct login_who *who, const struct stream_address *server,
                struct log *log, usec now, uint64_t seed);
void login_restart(struct login *l, usec now);          /* the same again, from the configured server */
/* What comes from elsewhere, or answers nothing that was asked, is dropped. */
void login_rx(struct login *l, usec now, const struct stream_address *from, struct rd datagram);
bool login_tx(struct login *l, usec now, struct wr *w, struct stream_address *to);
usec login_wake_at(const struct login *l);
enum login_status login_status(const struct login *l);
#endif
