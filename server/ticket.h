/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_TICKET_H
#define SERVER_TICKET_H
/*
 * Tickets, cookies and new session numbers: what the server signs instead of remembering it.
 *
 * All of it is made from the group's 32-byte key (docs/protocol.md, chapter 4), the time and what
 * the client sent, so any server of the group can judge what another one gave. sodium_init() first.
 */
#include "netstack/wire/stream.h"

enum { TICKET_KEY_BYTES = 32, TICKET_BYTES = 41, TICKET_READ = 1, TICKET_WRITE = 2 };

/* A cookie is good in the time slot it was made in and in the next: 32 to 64 seconds. */
enum { COOKIE_SLOT_S = 32 };

struct ticket_key {
	uint8_t key[TICKET_KEY_BYTES];
	uint8_t id[4];                          /* names the key in a ticket */
	uint8_t cookie_key[TICKET_KEY_BYTES];   /* derived, for cookies and session numbers */
};

/* What a ticket speaks for. */
struct ticket_claim {
	uint64_t session;
	const struct stream_address *client;    /* without its port */
	const struct stream_content *content;
};

void ticket_key_init(struct ticket_key *k, const uint8_t key[TICKET_KEY_BYTES]);

/* expires and now_s: Unix time in seconds, modulo 2^32. */
void ticket_make(const struct ticket_key *k, uint32_t expires, uint8_t rights, const struct ticket_claim *claim,
                 struct stream_ticket *ticket);
/* The rights; 0: the ticket is forged, of another key, expired, or for something else. */
uint8_t ticket_rights(const struct ticket_key *k, const struct stream_ticket *ticket, uint32_t now_s,
                      const struct ticket_claim *claim);

void cookie_make(const struct ticket_key *k, uint64_t now_s, const struct stream_address *client,
                 struct stream_cookie *cookie);
bool cookie_good(const struct ticket_key *k, const struct stream_cookie *cookie, uint64_t now_s,
                 const struct stream_address *client);

/*
 * The session number of a first login. The same Tlogin, sent twice, gets the same number (M4)
 * without anything being remembered. salt: another number for the same login. Never 0.
 */
uint64_t ticket_session(const struct ticket_key *k, const struct stream_cookie *cookie, const uint8_t mac[6],
                        const struct stream_address *client, uint32_t request, uint8_t salt);
#endif
