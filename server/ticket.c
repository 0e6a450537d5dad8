/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "server/ticket.h"
#include <sodium.h>

enum { MAC_BYTES = 32, NOT_MAC_BYTES = TICKET_BYTES - MAC_BYTES, SIGNED_MAX = 96 };

static void hash(uint8_t *into, size_t into_len, const uint8_t *bytes, size_t len, const uint8_t *key)
{
	(void)crypto_generichash(into, into_len, bytes, len, key, key ? TICKET_KEY_BYTES : 0);
}

static void wr_tag(struct wr *w, const char *tag)
{
	wr_bytes(w, tag, strlen(tag));
}

void ticket_key_init(struct ticket_key *k, const uint8_t key[TICKET_KEY_BYTES])
{
	static const uint8_t purpose[] = "rill cookie key 1";
	uint8_t digest[32];

	memcpy(k->key, key, sizeof k->key);
	hash(digest, sizeof digest, key, TICKET_KEY_BYTES, NULL);
	memcpy(k->id, digest, sizeof k->id);
	hash(k->cookie_key, sizeof k->cookie_key, purpose, sizeof purpose - 1, key);
}

/* The mac over what precedes it in the ticket and over what the ticket speaks for. */
static void sign(const struct ticket_key *k, const uint8_t before[NOT_MAC_BYTES], const struct ticket_claim *claim,
                 uint8_t mac[MAC_BYTES])
{
	uint8_t   text[SIGNED_MAX];
	struct wr w = wr_over(text, sizeof text);

	wr_tag(&w, "rill ticket 1");
	wr_bytes(&w, before, NOT_MAC_BYTES);
	wr_be64(&w, claim->session);
	wr_bytes(&w, claim->client->ip, sizeof claim->client->ip);
	wr_bytes(&w, claim->content->id, sizeof claim->content->id);
	hash(mac, MAC_BYTES, text, wr_used(&w, text), k->key);
}

void ticket_make(const struct ticket_key *k, uint32_t expires, uint8_t rights, const struct ticket_claim *claim,
                 struct stream_ticket *ticket)
{
	struct wr w = wr_over(ticket->bytes, sizeof ticket->bytes);
	uint8_t   mac[MAC_BYTES];

	wr_bytes(&w, k->id, sizeof k->id);
	wr_be32(&w, expires);
	wr_u8(&w, rights);
	sign(k, ticket->bytes, claim, mac);
	wr_bytes(&w, mac, sizeof mac);
	ticket->len = TICKET_BYTES;
}

uint8_t ticket_rights(const struct ticket_key *k, const struct stream_ticket *ticket, uint32_t now_s,
                      const struct ticket_claim *claim)
{
	struct rd r = rd_over(ticket->bytes, ticket->len);
	uint8_t   mac[MAC_BYTES], right_mac[MAC_BYTES];

	if (ticket->len != TICKET_BYTES || !rd_is(&r, k->id, sizeof k->id))
		return 0;
	uint32_t left = rd_be32(&r) - now_s;    /* modulo 2^32: below 2^31 is the future */
	uint8_t rights = rd_u8(&r);
	rd_bytes(&r, mac, sizeof mac);
	if (left == 0 || left >= UINT32_C(1) << 31)
		return 0;
	sign(k, ticket->bytes, claim, right_mac);
	return sodium_memcmp(mac, right_mac, sizeof mac) == 0 ? rights : 0;
}

static void cookie_of_slot(const struct ticket_key *k, uint64_t slot, const struct stream_address *client,
                           struct stream_cookie *cookie)
{
	uint8_t   text[SIGNED_MAX];
	struct wr w = wr_over(text, sizeof text);

	wr_tag(&w, "rill cookie 1");
	wr_be64(&w, slot);
	wr_bytes(&w, client->ip, sizeof client->ip);
	wr_be16(&w, client->port);
	hash(cookie->bytes, sizeof cookie->bytes, text, wr_used(&w, text), k->cookie_key);
}

void cookie_make(const struct ticket_key *k, uint64_t now_s, const struct stream_address *client,
                 struct stream_cookie *cookie)
{
	cookie_of_slot(k, now_s / COOKIE_SLOT_S, client, cookie);
}

bool cookie_good(const struct ticket_key *k, const struct stream_cookie *cookie, uint64_t now_s,
                 const struct stream_address *client)
{
	uint64_t slot = now_s / COOKIE_SLOT_S;

	for (uint64_t age = 0; age < 2 && age <= slot; age++) {
		struct stream_cookie right;

		cookie_of_slot(k, slot - age, client, &right);
		if (sodium_memcmp(right.bytes, cookie->bytes, sizeof right.bytes) == 0)
			return true;
	}
	return false;
}

uint64_t ticket_session(const struct ticket_key *k, const struct stream_cookie *cookie, const uint8_t mac[6],
                        const struct stream_address *client, uint32_t request, uint8_t salt)
{
	uint8_t   text[SIGNED_MAX], digest[16];
	struct wr w = wr_over(text, sizeof text);

	wr_tag(&w, "rill session 1");
	wr_bytes(&w, cookie->bytes, sizeof cookie->bytes);
	wr_bytes(&w, mac, 6);
	wr_bytes(&w, client->ip, sizeof client->ip);
	wr_be16(&w, client->port);
	wr_be32(&w, request);
	wr_u8(&w, salt);
	hash(digest, sizeof digest, text, wr_used(&w, text), k->cookie_key);

	struct rd r = rd_over(digest, sizeof digest);
	uint64_t session = rd_be64(&r);
	return session ? session : 1;
}
