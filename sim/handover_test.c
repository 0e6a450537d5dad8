/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * Firmware and driver are one DHCP client: the loader boots by DHCP in a made-up network, its hand-over block is read
 * as the driver reads it, and what the driver renews the lease with has the options of the firmware's own REQUEST.
 */
#include "driver/lease.h"
#include "loader/lan_fake.h"
#include "netstack/wire/tlv.h"

enum { DHCP_AT = ETH_HEAD + IPV4_HEAD + UDP_HEAD, OPTION_PAD = 0 };

static struct attachment attachment;
static struct boot boot;
static struct lease lease;
static struct kmsg kmsg;

/* A DHCP message, the newest that somebody sent. */
struct message { uint8_t bytes[DHCP_SIZE_MAX]; size_t len; };
static struct message firmwares, drivers;
static bool (*send_on)(struct nic *nic, const void *frame, size_t len);

static bool watch(struct nic *nic, const void *frame, size_t len)
{
	struct rd r = rd_over(frame, len);

	rd_skip(&r, ETH_HEAD + IPV4_HEAD);
	if (rd_be16(&r) == DHCP_CLIENT_PORT && rd_be16(&r) == DHCP_SERVER_PORT && len > DHCP_AT) {
		rd_skip(&r, UDP_HEAD - 4);
		firmwares.len = rd_left(&r);
		rd_bytes(&r, firmwares.bytes, firmwares.len);
	}
	return send_on(nic, frame, len);
}

/* Its value; an empty one that is bad: it is not there. */
static struct rd option(const struct message *m, uint8_t wanted)
{
	struct rd r = rd_over(m->bytes, m->len), value;

	rd_skip(&r, FAKE_OPTIONS_AT);
	while (rd_ok(&r)) {
		uint8_t code = rd_u8(&r);

		if (code == OPTION_PAD)
			continue;
		if (code == OPT_END)
			break;
		value = rd_sub(&r, rd_u8(&r));
		if (code == wanted)
			return value;
	}
	value = rd_over(NULL, 0);
	rd_skip(&value, 1);
	return value;
}

static void boots(const uint8_t uuid[16], enum config_client_id kind)
{
	static uint8_t block[CONFIG_HEAD_BYTES + 5];
	struct wr w = wr_over(block, sizeof block);

	wr_bytes(&w, CONFIG_MAGIC, 8);
	wr_be16(&w, CONFIG_VERSION);
	wr_be16(&w, 5);
	wr_tlv_u8(&w, TLV_CONFIG_CLIENT_ID, (uint8_t)kind);
	assert_true(wr_ok(&w));
	lan_init();
	memcpy(lan.port.uuid, uuid, 16);
	lan.platform.architecture = 11;
	lan.platform.undi_major = 3;            /* as a UEFI's, and no default of the driver's */
	lan.platform.undi_minor = 1;
	lan.platform.config = block;
	lan.platform.config_size = wr_used(&w, block);
	send_on = lan.nic.send;
	lan.nic.send = watch;
	boot.once = true;
	boot_init(&boot, &lan.platform, &attachment);
	assert_int_equal(boot_run(&boot), BOOT_STARTED);
	assert_int_equal(lan.requests, 1);
	free(lan.lent);
}

/* The driver's first words at T1. */
static void renews(void)
{
	struct handover h;
	struct flow flow;
	struct wr w = wr_over(drivers.bytes, sizeof drivers.bytes);

	assert_int_equal(handover_read(rd_over(lan.handover, sizeof lan.handover), &h, NULL), HANDOVER_OK);
	assert_true(lease_resume(&lease, &kmsg, &h, 0));
	assert_true(lease_say(&lease, (usec)h.lease.t1_s * USEC_PER_S, &w, &flow));
	assert_int_equal(flow.dst_ip, LAN_SERVER);
	drivers.len = wr_used(&w, drivers.bytes);
}

static void expect_one_client(const uint8_t *id, size_t len)
{
	static const uint8_t who[] = {
		OPT_CLASS, OPT_CLIENT_ID, OPT_USER_CLASS, OPT_ARCHITECTURE, OPT_INTERFACE, OPT_UUID,
	};
	struct rd told = option(&firmwares, OPT_CLIENT_ID);

	assert_int_equal(rd_left(&told), len);
	assert_memory_equal(told.at, id, len);
	for (size_t i = 0; i < sizeof who; i++) {
		struct rd first = option(&firmwares, who[i]), later = option(&drivers, who[i]);

		assert_true(rd_ok(&first) && rd_ok(&later));
		assert_int_equal(rd_left(&first), rd_left(&later));
		assert_memory_equal(first.at, later.at, rd_left(&first));
	}
	assert_memory_equal(firmwares.bytes + FAKE_CHADDR_AT, drivers.bytes + FAKE_CHADDR_AT, 16);
}

static const uint8_t uuid[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
static const uint8_t by_mac[] = { 1, 0x52, 0x54, 0, 0, 0, 1 };

static void a_lease_by_uuid_is_renewed_by_uuid(void **state)
{
	static const uint8_t by_uuid[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

	(void)state;
	boots(uuid, CONFIG_ID_UUID);
	renews();
	expect_one_client(by_uuid, sizeof by_uuid);
}

static void a_lease_by_mac_is_renewed_by_mac(void **state)
{
	(void)state;
	boots(uuid, CONFIG_ID_MAC);
	renews();
	expect_one_client(by_mac, sizeof by_mac);
}

/* Asked for by UUID; the machine has none. */
static void without_a_uuid_both_say_the_mac(void **state)
{
	static const uint8_t none[16];

	(void)state;
	boots(none, CONFIG_ID_UUID);
	renews();
	expect_one_client(by_mac, sizeof by_mac);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lease_by_uuid_is_renewed_by_uuid),
		cmocka_unit_test(a_lease_by_mac_is_renewed_by_mac),
		cmocka_unit_test(without_a_uuid_both_say_the_mac),
	};

	return cmocka_run_group_tests_name("handover", tests, NULL, NULL);
}
