/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include <sodium.h>
#include "server/ticket.h"

enum { NOW = 1700000000 };

static struct ticket_key key_of_byte(uint8_t first)
{
	uint8_t key[TICKET_KEY_BYTES];
	struct ticket_key k;

	for (unsigned i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)(first + i);
	assert_true(sodium_init() >= 0);
	ticket_key_init(&k, key);
	return k;
}

struct claimed { struct stream_address client; struct stream_content content; struct ticket_claim claim; };

static void claim_example(struct claimed *c)
{
	c->client = stream_address_ipv4(0xc0a80102, 1068);
	for (unsigned i = 0; i < sizeof c->content.id; i++)
		c->content.id[i] = (uint8_t)i;
	c->claim = (struct ticket_claim){ 0x1122334455667788, &c->client, &c->content };
}

/* The bytes were made with Python's hashlib from the text of protocol chapter 4. */
static void a_ticket_is_what_the_document_says(void **state)
{
	static const uint8_t right[TICKET_BYTES] = {
		0xcb, 0x2f, 0x51, 0x60, 0x65, 0x53, 0xff, 0x10, 0x01, 0x4f, 0x53, 0x4f, 0x04, 0x42, 0x83, 0x7c,
		0xf1, 0xd9, 0x99, 0xaf, 0x3e, 0x01, 0x7c, 0x50, 0x97, 0x2b, 0xcd, 0xcf, 0x36, 0xd0, 0x00, 0xbd,
		0xa0, 0xb8, 0x85, 0xab, 0x0d, 0x5a, 0x45, 0xf6, 0x87,
	};
	struct ticket_key k = key_of_byte(0);
	struct stream_ticket t;
	struct claimed c;

	(void)state;
	claim_example(&c);
	ticket_make(&k, NOW + 3600, TICKET_READ, &c.claim, &t);
	assert_int_equal(t.len, sizeof right);
	assert_memory_equal(t.bytes, right, sizeof right);
	assert_int_equal(ticket_rights(&k, &t, NOW, &c.claim), TICKET_READ);
}

static void every_bit_flip_and_every_length_is_refused(void **state)
{
	struct ticket_key k = key_of_byte(0);
	struct stream_ticket t, bad;
	struct claimed c;

	(void)state;
	claim_example(&c);
	ticket_make(&k, NOW + 9, TICKET_READ | TICKET_WRITE, &c.claim, &t);
	assert_int_equal(ticket_rights(&k, &t, NOW, &c.claim), TICKET_READ | TICKET_WRITE);
	for (unsigned bit = 0; bit < TICKET_BYTES * 8; bit++) {
		bad = t;
		bad.bytes[bit / 8] = (uint8_t)(bad.bytes[bit / 8] ^ 1u << bit % 8);
		assert_int_equal(ticket_rights(&k, &bad, NOW, &c.claim), 0);
	}
	for (uint8_t len = 0; len <= STREAM_TICKET_BYTES_MAX; len++) {
		bad = t;
		bad.len = len;
		assert_int_equal(ticket_rights(&k, &bad, NOW, &c.claim) != 0, len == TICKET_BYTES);
	}
}

static void a_ticket_speaks_for_one_claim_and_key_only(void **state)
{
	struct ticket_key k = key_of_byte(0), other = key_of_byte(1);
	struct stream_ticket t;
	struct claimed c;

	(void)state;
	claim_example(&c);
	ticket_make(&k, NOW + 9, TICKET_READ, &c.claim, &t);
	assert_int_equal(ticket_rights(&other, &t, NOW, &c.claim), 0);
	c.claim.session ^= 1;
	assert_int_equal(ticket_rights(&k, &t, NOW, &c.claim), 0);
	c.claim.session ^= 1;
	c.client.ip[15] ^= 1;
	assert_int_equal(ticket_rights(&k, &t, NOW, &c.claim), 0);
	c.client.ip[15] ^= 1;
	c.content.id[15] ^= 1;
	assert_int_equal(ticket_rights(&k, &t, NOW, &c.claim), 0);
	c.content.id[15] ^= 1;
	c.client.port ^= 1;
	assert_int_equal(ticket_rights(&k, &t, NOW, &c.claim), TICKET_READ);
}

static void a_ticket_expires_also_when_seconds_wrap(void **state)
{
	static const uint32_t starts[] = { 0, NOW, 0x7ffffff0, 0xfffffff0 };
	struct ticket_key k = key_of_byte(0);
	struct stream_ticket t;
	struct claimed c;

	(void)state;
	claim_example(&c);
	for (size_t i = 0; i < COUNT_OF(starts); i++) {
		ticket_make(&k, starts[i] + 3600, TICKET_READ, &c.claim, &t);
		assert_int_equal(ticket_rights(&k, &t, starts[i], &c.claim), TICKET_READ);
		assert_int_equal(ticket_rights(&k, &t, starts[i] + 3599, &c.claim), TICKET_READ);
		assert_int_equal(ticket_rights(&k, &t, starts[i] + 3600, &c.claim), 0);
		assert_int_equal(ticket_rights(&k, &t, starts[i] + 1000000, &c.claim), 0);
	}
}

static void a_cookie_of_another_key_is_none(void **state)
{
	struct ticket_key k = key_of_byte(0), other = key_of_byte(1);
	struct stream_cookie cookie;
	struct claimed c;

	(void)state;
	claim_example(&c);
	cookie_make(&k, NOW, &c.client, &cookie);
	assert_true(cookie_good(&k, &cookie, NOW, &c.client));
	assert_false(cookie_good(&other, &cookie, NOW, &c.client));
	cookie_make(&k, 5, &c.client, &cookie);                 /* a clock that begins at 1970 */
	assert_true(cookie_good(&k, &cookie, 6, &c.client));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ticket_is_what_the_document_says),
		cmocka_unit_test(every_bit_flip_and_every_length_is_refused),
		cmocka_unit_test(a_ticket_speaks_for_one_claim_and_key_only),
		cmocka_unit_test(a_ticket_expires_also_when_seconds_wrap),
		cmocka_unit_test(a_cookie_of_another_key_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
