/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Every message the client has, as the tables of docs/dhcp.md have it. Runs from the root of the tree. */
#include "netstack/dhcp_script.h"

static const uint8_t uuid[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
static struct dhcp_identity me;

/* Where an option's value begins in what was sent last, its length before it; NULL: it is not there. */
static const uint8_t *sent_option(enum dhcp_option code)
{
	for (size_t at = FAKE_OPTIONS_AT; at < sent_len && sent[at] != OPT_END; at += 2u + sent[at + 1])
		if (sent[at] == code)
			return sent + at + 2;
	return NULL;
}

static bool has_all_of_pxe(void)
{
	static const enum dhcp_option pxe[] = {
		OPT_PARAMETERS, OPT_MAX_SIZE, OPT_CLASS, OPT_USER_CLASS, OPT_ARCHITECTURE, OPT_INTERFACE, OPT_UUID,
	};
	unsigned there = 0;

	for (size_t i = 0; i < COUNT_OF(pxe); i++)
		there += sent_option(pxe[i]) != NULL;
	assert_true(there == 0 || there == COUNT_OF(pxe));
	return there;
}

static const char *word_of(uint32_t ip)
{
	return ip == 0 ? "-" : ip == OUR_IP ? "the address" : ip == SERVER ? "the server" : "?";
}

static void expect_row(const char *name)
{
	uint32_t ciaddr = sent_field(12);
	char row[200];

	snprintf(row, sizeof row, "| %s | %s | %s | %s | %s | %u | %s | %s | %s |\n", name,
	         flow.dst_ip == IP_BROADCAST ? "all" : word_of(flow.dst_ip), ciaddr ? word_of(ciaddr) : "0",
	         word_of(sent_ip(OPT_REQUESTED_IP)), word_of(sent_ip(OPT_SERVER_ID)), sent_field(8) >> 16,
	         sent_field(8) & 0x8000 ? "yes" : "no", has_all_of_pxe() ? "yes" : "no",
	         sent_option(OPT_MESSAGE) ? "yes" : "-");
	expect_in_doc(row);
}

/* Calls judge after each of the six messages, four seconds after its conversation began. */
static void send_each(void (*judge)(const char *name))
{
	dhcp_init(&d, &me, NULL, 0, 1);
	assert_int_equal(tx(0), DHCP_DISCOVER);
	assert_int_equal(tx(dhcp_wake_at(&d)), DHCP_DISCOVER);
	judge("DISCOVER");
	pair(OUR_IP, SERVER, NULL, NULL, 0);
	assert_int_equal(tx(7 * S), DHCP_REQUEST);
	judge("REQUEST, of an offer");
	reply(DHCP_ACK, OUR_IP, SERVER);
	deliver(7 * S);
	assert_int_equal(tx(307 * S), DHCP_REQUEST);
	d.due = 311 * S;
	assert_int_equal(tx(311 * S), DHCP_REQUEST);
	judge("REQUEST, renewing");
	reply(DHCP_ACK, OUR_IP, SERVER);
	deliver(311 * S);
	assert_int_equal(tx((311 + 521) * S), DHCP_REQUEST);
	d.due = (311 + 525) * S;
	assert_int_equal(tx((311 + 525) * S), DHCP_REQUEST);
	judge("REQUEST, rebinding");
	reply(DHCP_ACK, OUR_IP, SERVER);
	deliver(900 * S);
	dhcp_release(&d, 904 * S);
	assert_int_equal(tx(904 * S), DHCP_RELEASE);
	judge("RELEASE");
	start();
	d.who = me;
	bind_with_file(0);
	dhcp_decline(&d, 4 * S);
	assert_int_equal(tx(4 * S), DHCP_DECLINE);
	judge("DECLINE");
}

static void every_message_is_as_the_document_has_it(void **state)
{
	(void)state;
	me = who;
	send_each(expect_row);
}

static const uint8_t *client_id;
static size_t client_id_len;

static void expect_client_id(const char *name)
{
	const uint8_t *id = sent_option(OPT_CLIENT_ID);

	(void)name;
	assert_non_null(id);
	assert_int_equal(id[-1], client_id_len);
	assert_memory_equal(id, client_id, client_id_len);
}

static void one_client_id_is_in_every_message(void **state)
{
	static const uint8_t of_mac[] = { 1, 2, 0, 0, 0, 0, 1 };
	static const uint8_t of_uuid[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

	(void)state;
	me = who;
	memcpy(me.uuid, uuid, sizeof uuid);
	client_id = of_mac;
	client_id_len = sizeof of_mac;
	send_each(expect_client_id);
	me.id_is_uuid = true;
	client_id = of_uuid;
	client_id_len = sizeof of_uuid;
	send_each(expect_client_id);
	for (int fill = 0; fill <= 0xff; fill += 0xff) {        /* none is set: all such machines were one */
		memset(me.uuid, fill, sizeof me.uuid);
		client_id = of_mac;
		client_id_len = sizeof of_mac;
		send_each(expect_client_id);
		me.uuid[15] ^= 1;
		dhcp_init(&d, &me, NULL, 0, 1);
		assert_int_equal(tx(0), DHCP_DISCOVER);
		assert_int_equal(sent_option(OPT_CLIENT_ID)[-1], 17);
	}
}

enum { SEEDS = 400, WAITS_MAX = 5 };

/* Sums of what was waited, of so many seeds: their mean is what the document says, without what is random. */
static void wait_for(usec *now, usec *sums, unsigned count, enum dhcp_type said)
{
	for (unsigned i = 0; i < count; i++) {
		assert_int_equal(tx(*now), said);
		sums[i] += dhcp_wake_at(&d) - *now;
		*now = dhcp_wake_at(&d);
	}
}

static void expect_waits(const char *what, const usec *sums, unsigned count)
{
	char row[200];
	size_t used = (size_t)snprintf(row, sizeof row, "| %s |", what);

	for (unsigned i = 0; i < count; i++)
		used += (size_t)snprintf(row + used, sizeof row - used, "%s %u", i ? "," : "",
		                         (unsigned)((sums[i] / SEEDS + S / 2) / S));
	snprintf(row + used, sizeof row - used, " |\n");
	expect_in_doc(row);
}

static void it_waits_as_long_as_the_document_says(void **state)
{
	usec discover[WAITS_MAX] = { 0 }, proxy[1] = { 0 }, request[WAITS_MAX] = { 0 }, decline[1] = { 0 };
	usec lost[WAITS_MAX] = { 0 }, now;
	struct dhcp_lease lease = { .address = { .ip = OUR_IP }, .server = SERVER };

	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		dhcp_init(&d, &who, NULL, now = 0, seed);
		wait_for(&now, discover, 4, DHCP_DISCOVER);
		dhcp_init(&d, &who, NULL, 0, seed);
		assert_int_equal(tx(0), DHCP_DISCOVER);
		pair(OUR_IP, SERVER, NULL, NULL, 0);
		now = dhcp_wake_at(&d);
		proxy[0] += now - S;
		wait_for(&now, request, 4, DHCP_REQUEST);
		start();
		bind_with_file(0);
		dhcp_decline(&d, now = 0);
		wait_for(&now, decline, 1, DHCP_DECLINE);
		dhcp_resume(&d, &who, NULL, &lease, now = 0, seed);
		wait_for(&now, lost, 5, DHCP_REQUEST);
	}
	expect_waits("an offer, before DISCOVER is sent again", discover, 4);
	expect_waits("an ACK, before REQUEST is sent again, or the next offer's turn comes", request, 4);
	expect_waits("boot data, once there is an address", proxy, 1);
	expect_waits("the server to have another address, after DECLINE", decline, 1);
	expect_waits("any server, once a lease that cannot be given up is lost", lost, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_is_as_the_document_has_it),
		cmocka_unit_test(one_client_id_is_in_every_message),
		cmocka_unit_test(it_waits_as_long_as_the_document_says),
	};

	return cmocka_run_group_tests_name("dhcp_message", tests, NULL, NULL);
}
