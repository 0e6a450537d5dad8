/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What goes on when the operating system has started: INT 13h over the stream, the lease, silence, the block. */
#include "loader/handover.h"
#include "loader/lan_fake.h"

static struct attachment attachment;
static struct boot boot;
static const usec S = USEC_PER_S;

/* Booted, and the boot forgotten: nothing but the attachment is used from here on. */
static int started(void **state)
{
	(void)state;
	lan_init();
	lan.root_path = "rill://10.0.0.1/debian?timeout=20";
	boot.once = true;
	boot_init(&boot, &lan.platform, &attachment);
	assert_int_equal(boot_run(&boot), BOOT_STARTED);
	memset(&boot, 0xdd, sizeof boot);
	lan.log_len = 0;
	return 0;
}

static int done(void **state)
{
	(void)state;
	assert_int_equal(lan.log_len, 0);               /* nobody wrote on the operating system's screen */
	free(lan.lent);
	return 0;
}

/* An EDD call for these sectors, memory at 1000:0000; AH. */
static uint8_t call(uint8_t ah, uint64_t lba, uint16_t sectors)
{
	struct int13_regs r = { .ax = (uint16_t)(ah << 8), .dx = 0x80, .si = 0x600 };
	uint8_t *packet = lan.ram + 0x600;
	uint16_t seg = 0x1000;

	memset(packet, 0, 16);
	packet[0] = 16;
	memcpy(packet + 2, &sectors, 2);
	memcpy(packet + 6, &seg, 2);
	memcpy(packet + 8, &lba, 8);
	assert_true(bios_disk_call(&lan.bios_disk, &r));
	return (uint8_t)(r.ax >> 8);
}

static void expect_read(uint64_t lba, uint16_t sectors)
{
	assert_int_equal(call(0x42, lba, sectors), AH_OK);
	for (uint64_t i = 0; i < (uint64_t)sectors * DISK_SECTOR; i++)
		assert_int_equal(lan.ram[0x10000 + i], lan_disk_byte(lba * DISK_SECTOR + i));
}

static void the_whole_disk_is_read_right(void **state)
{
	(void)state;
	for (uint64_t lba = 0; lba < LAN_DISK_BYTES / DISK_SECTOR; lba += 64)
		expect_read(lba, 64);
	expect_read(LAN_DISK_BYTES / DISK_SECTOR - 1, 1);
	assert_int_equal(call(0x42, LAN_DISK_BYTES / DISK_SECTOR, 1), AH_NO_SECTOR);
	/* in order, so nearly all of it was there before it was asked for, and nothing came twice */
	assert_true(attachment.cache.counters.misses < 20);
	assert_true(attachment.stream.counters.bytes <= LAN_DISK_BYTES + 64 * 1024);
}

static void a_read_of_any_size_goes_into_any_buffer(void **state)
{
	static const uint32_t sizes[] = { 1, 127, 128, 129, 1000 };

	(void)state;
	for (size_t n = 0; n < COUNT_OF(sizes); n++) {
		size_t len = sizes[n] * (size_t)DISK_SECTOR;
		uint8_t *block = malloc(len + n), *into = block + n;     /* each another alignment */

		assert_int_equal(disk_read(&attachment.streamed.disk, 77, sizes[n], into), DISK_OK);
		for (size_t i = 0; i < len; i++)
			assert_int_equal(into[i], lan_disk_byte(77 * DISK_SECTOR + i));
		free(block);
	}
}

static void a_place_the_server_cannot_read_is_an_error_there_only(void **state)
{
	uint16_t count;

	(void)state;
	lan.bad_lba = 5005;
	assert_int_equal(call(0x42, 5000, 10), AH_BAD_DATA);
	memcpy(&count, lan.ram + 0x602, sizeof count);
	assert_int_equal(count, 5);
	expect_read(5000, 5);
	expect_read(5006, 10);
	lan.bad_lba = 0;
	expect_read(5000, 10);
}

static void the_block_follows_what_is_asked(void **state)
{
	struct handover h;

	(void)state;
	for (unsigned n = 0; n < 400; n++)
		expect_read(100 + n * 40 % 16000, 1);
	assert_int_equal(handover_read(rd_over(lan.handover, sizeof lan.handover), &h, NULL), HANDOVER_OK);
	assert_true(attachment.stream.next_request > 300);
	assert_true(attachment.stream.next_request - h.next_request <= 256);
	assert_true(h.counters.requests > 100 && h.counters.bytes > 100 * 512);
}

static void what_came_between_two_calls_is_taken_in_first(void **state)
{
	struct int13_regs reset = { .dx = 0x80 };
	unsigned arrived, arriving;

	(void)state;
	for (uint64_t lba = 0; lba < 256; lba += 64)
		expect_read(1024 + lba, 64);
	assert_true(lan.queue_at != lan.queue_end);     /* read ahead, and arriving now */
	arrived  = lan.queue_at;
	arriving = lan.queue_end;
	assert_true(bios_disk_call(&lan.bios_disk, &reset));
	assert_true(lan.queue_at == arriving || lan.queue_at >= arrived + NET_FRAMES_PER_POLL);
}

/* Over a slow card a turn takes milliseconds; with the time of its beginning they would look like silence. */
static void data_has_the_time_of_its_frame(void **state)
{
	(void)state;
	lan.frame_takes = 200;
	expect_read(5000, 64);                          /* and no frame after the last of them */
	assert_true(lan.clock - attachment.stream.last_data < NET_FRAMES_PER_POLL * lan.frame_takes / 2);
}

/* Each look at a card is a call into its ROM. */
static void who_needs_no_data_does_not_look(void **state)
{
	struct int13_regs parameters = { .ax = 0x0800, .dx = 0x80 };
	unsigned looks;

	(void)state;
	expect_read(7777, 8);
	looks = lan.looks;
	assert_true(bios_disk_call(&lan.bios_disk, &parameters));
	expect_read(7779, 2);                           /* was read before */
	assert_int_equal(lan.looks, looks);
}

static bool (*poll_of_lan)(struct nic *nic, struct rd *frame);
static unsigned looks_that_wait, looks_that_do_not;

static bool poll_that_looks_on(struct nic *nic, struct rd *frame)
{
	if (nic->rx_wait_us) {
		looks_that_wait++;
		lan.clock += nic->rx_wait_us;
		assert_true(lan.clock <= attachment_wake_at(&attachment));
	} else {
		looks_that_do_not++;
	}
	return poll_of_lan(nic, frame);
}

/* A card that looks on for frames does so in its ROM, where nobody sees that a probe is due. */
static void a_card_may_look_on_until_something_is_due(void **state)
{
	struct nic *nic = attachment.net.nic;

	(void)state;
	poll_of_lan = nic->poll;
	nic->poll = poll_that_looks_on;
	lan.no_server = true;
	assert_int_equal(call(0x42, 3000, 1), AH_TIMEOUT);
	assert_true(looks_that_wait > 10);
	assert_true(looks_that_do_not <= 1);            /* once it was due nobody looked again before it left */
	assert_int_equal(nic->rx_wait_us, 0);
	looks_that_wait = 0;
	attachment_turn(&attachment);                   /* between two calls nobody waits */
	assert_int_equal(looks_that_wait, 0);
	lan.no_server = false;
	nic->poll = poll_of_lan;
}

static void other_drives_cost_nothing(void **state)
{
	struct int13_regs r = { .ax = 0x0201, .dx = 0x81 };
	unsigned frames = lan.frames;

	(void)state;
	lan.clock += LAN_LEASE_S / 2 * S + S;           /* a renewal is due, but not on another disk's time */
	assert_false(bios_disk_call(&lan.bios_disk, &r));
	assert_int_equal(lan.frames, frames);
}

static void writes_stay_here_and_reads_see_them(void **state)
{
	(void)state;
	memset(lan.ram + 0x10000, 0x77, 4096);
	assert_int_equal(call(0x43, 1000, 8), AH_OK);
	memset(lan.ram + 0x10000, 0, 4096);
	assert_int_equal(call(0x42, 1000, 8), AH_OK);
	for (int i = 0; i < 4096; i++)
		assert_int_equal(lan.ram[0x10000 + i], 0x77);
	for (unsigned n = 0; n < OVERLAY_BLOCKS - 1; n++)
		assert_int_equal(call(0x43, 2000 + n * 8, 8), AH_OK);
	assert_int_equal(call(0x43, 8000, 8), AH_WRITE_PROTECTED);
	assert_int_equal(attachment.overlay.refused, 1);
}

static void the_next_call_renews_the_lease_first(void **state)
{
	struct handover h;

	(void)state;
	lan.clock += LAN_LEASE_S / 2 * S + S;
	expect_read(3000, 1);
	assert_int_equal(lan.renewals, 1);
	expect_read(3100, 1);
	assert_int_equal(lan.renewals, 1);
	assert_int_equal(handover_read(rd_over(lan.handover, sizeof lan.handover), &h, NULL), HANDOVER_OK);
	assert_true(h.lease.lease_s >= LAN_LEASE_S - 2);
}

static void a_lease_that_ran_out_is_got_anew_before_anything_else(void **state)
{
	unsigned discovers = lan.discovers;

	(void)state;
	lan.clock += 2 * LAN_LEASE_S * S;
	lan.dhcp_at = lan.clock + 10 * S;
	expect_read(3000, 1);
	assert_true(lan.discovers > discovers + 1);
	assert_int_equal(attachment.stream.counters.timeouts, 0);       /* nothing was asked meanwhile */
	assert_false(attachment.lost);
}

static void a_lease_taken_back_is_got_anew(void **state)
{
	unsigned discovers = lan.discovers;

	(void)state;
	lan.nak_renewals = true;
	lan.clock += LAN_LEASE_S / 2 * S + S;
	expect_read(3000, 1);
	expect_read(4000, 1);
	assert_int_equal(lan.discovers, discovers + 1);
	assert_int_equal(lan.session, attachment.stream.grant.session);
}

static void a_silent_server_is_waited_for_as_long_as_the_user_says(void **state)
{
	usec before = lan.clock;

	(void)state;
	lan.no_server = true;
	assert_int_equal(call(0x42, 3000, 1), AH_TIMEOUT);
	assert_true(lan.clock - before >= 20 * S && lan.clock - before < 25 * S);
	lan.no_server = false;
	expect_read(3000, 1);                           /* nothing was spoilt by it */
	lan.server_at = lan.clock + 15 * S;
	expect_read(5000, 1);
	assert_true(lan.clock >= lan.server_at);
}

static void without_a_limit_it_waits_for_ever(void **state)
{
	(void)state;
	attachment.patience = NEVER;
	lan.server_at = lan.clock + 3 * 3600 * S;
	lan.no_dhcp = false;
	expect_read(5000, 1);
	assert_true(lan.clock >= lan.server_at);
	assert_true(lan.renewals > 10);                 /* and keeps its lease meanwhile */
}

static struct handover told(void)
{
	struct handover h;

	assert_int_equal(handover_read(rd_over(lan.handover, sizeof lan.handover), &h, NULL), HANDOVER_OK);
	return h;
}

static void nothing_is_written_to_who_gave_up(void **state)
{
	(void)state;
	lan.no_server = true;
	assert_int_equal(call(0x42, 3000, 1), AH_TIMEOUT);
	for (unsigned i = 0; i < STREAM_REQUESTS_MAX; i++)
		assert_int_equal(attachment.stream.requests[i].state, STREAM_FREE);
}

static void another_address_means_another_login(void **state)
{
	unsigned logins = lan.logins;

	(void)state;
	attachment.configured_ip = LAN_CLIENT + 1;      /* as if it had been that */
	lan.clock += LAN_LEASE_S / 2 * S + S;
	expect_read(3000, 1);
	expect_read(4000, 1);
	assert_int_equal(lan.logins, logins + 1);
	assert_int_equal(attachment.configured_ip, LAN_CLIENT);
}

static void the_block_keeps_the_old_address_while_there_is_no_new_one(void **state)
{
	struct handover h;
	uint32_t ip = 0;

	(void)state;
	lan.no_dhcp = true;
	lan.clock += 2 * LAN_LEASE_S * S;
	assert_int_equal(call(0x42, 3000, 1), AH_TIMEOUT);
	assert_true(attachment.lost && attachment.net.address.ip == 0);   /* RFC 2131 4.4.5 */
	h = told();
	assert_true(handover_ip_is_ipv4(&h.lease.address, &ip) && ip == LAN_CLIENT);
}

static void no_time_left_is_nothing_and_not_much(void **state)
{
	(void)state;
	attachment.stream.grant.expires_s = 10;
	lan.clock = attachment.stream.grant.granted_at + 60 * S;
	handover_update(&attachment);
	assert_int_equal(told().expires_s, 0);
	lan.clock = attachment.stream.grant.granted_at + 7 * S;
	handover_update(&attachment);
	assert_int_equal(told().expires_s, 3);
}

/* On our link, and so dead that nobody answers ARP for it: what is sent to it must not hold up the rest. */
static void a_server_without_a_mac_is_left_within_a_second_and_a_half(void **state)
{
	struct login_grant *g = &attachment.stream.grant;
	usec before = lan.clock;

	(void)state;
	g->servers[1]   = g->servers[0];
	g->servers[0]   = stream_address_ipv4(LAN_SERVER + 8, STREAM_PORT);
	g->server_count = 2;
	expect_read(5000, 1);
	assert_int_equal(attachment.stream.server, 1);
	assert_true(lan.clock - before <= 3 * S / 2);
}

/* Block IO has nothing to do around a call: its disk renews first, and asks ahead at the end. */
static void the_front_is_a_call_by_itself(void **state)
{
	struct disk *front = attachment_front(&attachment);
	uint8_t sectors[64 * DISK_SECTOR];

	(void)state;
	lan.clock += LAN_LEASE_S / 2 * S + S;
	assert_int_equal(disk_read(front, 3000, 64, sectors), DISK_OK);
	for (size_t i = 0; i < sizeof sectors; i++)
		assert_int_equal(sectors[i], lan_disk_byte(3000 * DISK_SECTOR + i));
	assert_int_equal(lan.renewals, 1);
	assert_int_equal(disk_write(front, 3000, 1, sectors + DISK_SECTOR), DISK_OK);
	assert_int_equal(disk_read(attachment_disk(&attachment), 3000, 1, sectors), DISK_OK);
	assert_memory_equal(sectors, sectors + DISK_SECTOR, DISK_SECTOR);
	assert_int_equal(disk_read(front, LAN_DISK_BYTES / DISK_SECTOR, 1, sectors), DISK_BAD_RANGE);
}

static void closing_says_goodbye_and_wipes_the_block(void **state)
{
	struct handover h;

	(void)state;
	attachment_close(&attachment, "test");
	assert_int_equal(lan.byes, 1);
	assert_int_equal(handover_read(rd_over(lan.handover, sizeof lan.handover), &h, NULL), HANDOVER_NO_BLOCK);
	attachment_close(&attachment, "again");
	assert_int_equal(lan.byes, 1);
}

int main(void)
{
#define started_test(f) cmocka_unit_test_setup_teardown(f, started, done)
	const struct CMUnitTest tests[] = {
		started_test(the_whole_disk_is_read_right),
		started_test(a_read_of_any_size_goes_into_any_buffer),
		started_test(a_place_the_server_cannot_read_is_an_error_there_only),
		started_test(the_block_follows_what_is_asked),
		started_test(what_came_between_two_calls_is_taken_in_first),
		started_test(data_has_the_time_of_its_frame),
		started_test(who_needs_no_data_does_not_look), started_test(a_card_may_look_on_until_something_is_due),
		started_test(other_drives_cost_nothing),
		started_test(writes_stay_here_and_reads_see_them),
		started_test(the_next_call_renews_the_lease_first),
		started_test(a_lease_that_ran_out_is_got_anew_before_anything_else),
		started_test(a_lease_taken_back_is_got_anew),
		started_test(a_silent_server_is_waited_for_as_long_as_the_user_says),
		started_test(without_a_limit_it_waits_for_ever),
		started_test(nothing_is_written_to_who_gave_up),
		started_test(another_address_means_another_login),
		started_test(the_block_keeps_the_old_address_while_there_is_no_new_one),
		started_test(no_time_left_is_nothing_and_not_much),
		started_test(a_server_without_a_mac_is_left_within_a_second_and_a_half),
		started_test(the_front_is_a_call_by_itself),
		started_test(closing_says_goodbye_and_wipes_the_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
