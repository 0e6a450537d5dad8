/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Whole boots over a network that works, and every way they end. */
#include "loader/boot_fake.h"
#include "netstack/wire/uri.h"

static int fresh(void **state)
{
	(void)state;
	lan_init();
	return 0;
}

static void expect_failure(const char *code, const char *detail)
{
	assert_int_equal(run(true), BOOT_FAILED);
	if (!lan_said(code) || !lan_said(detail))
		fail_msg("neither \"%s\" nor \"%s\" in:\n%s", code, detail, lan.log);
	assert_int_equal(lan.starts + lan.chains, 0);
}

static void the_words_are_those_of_the_manual(void **state)
{
	static char page[64 * 1024], row[200];
	FILE *f = fopen("docs/boot-flow.md", "r");
	size_t len;

	(void)state;
	assert_non_null(f);
	len = fread(page, 1, sizeof page - 1, f);
	fclose(f);
	page[len] = 0;
	for (int step = STEP_CARD; step < STEP_END; step++) {
		snprintf(row, sizeof row, "\n| %d | %.40s | %.60s |\n", step, boot_step_name((enum step)step),
		         boot_step_doing((enum step)step));
		if (!strstr(page, row))
			fail_msg("docs/boot-flow.md lacks the row%s", row);
	}
	assert_string_equal(boot_step_name(STEP_END), "");
}

static void a_boot_file_name_is_enough(void **state)
{
	struct handover h;
	uint32_t ip;

	(void)state;
	lan.platform.architecture = 11;
	lan.platform.undi_major = 3;
	lan.platform.undi_minor = 16;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(lan.starts, 1);
	assert_int_equal(lan.logins, 1);
	assert_true(lan_said("disk chosen, 8 MiB"));
	assert_true(lan.login_at - lan.discover_at <= 700 * USEC_PER_MS);
	assert_true(lan.statuses >= 1);
	assert_string_equal(lan.status, boot_step_doing(STEP_HANDOVER));
	assert_int_equal(handover_read(rd_over(lan.handover, sizeof lan.handover), &h, NULL), HANDOVER_OK);
	assert_string_equal(h.disk, "chosen");
	assert_int_equal(h.session, lan.session);
	assert_int_equal(h.client_port, STREAM_CLIENT_PORT);
	assert_int_equal(h.drive, 0x80);
	assert_int_equal(h.window, 64);                         /* the server's: the driver has buffers of its own, */
	assert_int_equal(attachment.stream.window.max, lan.nic.rx_window_max);  /* we have what the card has */
	assert_int_equal(h.pci, 0x18);
	assert_int_equal(h.lease.prefix, 24);
	assert_true(handover_ip_is_ipv4(&h.lease.address, &ip) && ip == LAN_CLIENT);
	assert_true(h.time_count >= 7 && h.times[h.time_count - 1].step == STEP_HANDOVER);
	assert_true(h.lease.lease_s <= LAN_LEASE_S && h.lease.lease_s >= LAN_LEASE_S - 2);
	assert_string_equal(h.build, "0 test");
	assert_true(h.has_arch && h.arch == 11);
	assert_true(h.undi_major == 3 && h.undi_minor == 16);
}

static void the_steps_come_in_their_order(void **state)
{
	static const enum step order[] = {
		STEP_CARD, STEP_LINK, STEP_LEASE, STEP_SERVER, STEP_PLAN, STEP_ATTACH, STEP_START, STEP_HANDOVER,
	};
	const char *at = lan.log;

	(void)state;
	assert_int_equal(run(true), BOOT_STARTED);
	lan.log[lan.log_len] = 0;
	for (size_t i = 0; i < COUNT_OF(order); i++) {
		at = strstr(at, boot_step_doing(order[i]));
		assert_non_null(at);
	}
}

static void option_17_names_the_disk(void **state)
{
	(void)state;
	lan.root_path = "rill://10.0.0.1/kiosk";
	assert_int_equal(run(true), BOOT_STARTED);
	assert_true(lan_said("plan: option 17") && lan_said("disk kiosk"));
}

static void the_configuration_block_wins_and_its_nonsense_does_not(void **state)
{
	static const uint8_t good[] = "RILLCONF\0\1\0\x1b\2\0\0\x17rill://10.0.0.1/seventh";
	static const uint8_t bad[]  = "RILLCONF\0\1\0\x1b\2\0\0\x17rill://server.x/seventh";

	(void)state;
	lan.root_path = "rill://10.0.0.1/kiosk";
	lan.platform.config = good;
	lan.platform.config_size = sizeof good - 1;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_true(lan_said("disk seventh"));
	lan_init();
	lan.root_path = "rill://10.0.0.1/kiosk";
	lan.platform.config = bad;
	lan.platform.config_size = sizeof bad - 1;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_true(lan_said("character 8: a server given by name") && lan_said("disk kiosk"));
}

static void another_program_is_fetched_and_started(void **state)
{
	struct dhcp_packet p;

	(void)state;
	lan.boot_file = "pxelinux.0";
	lan.file_bytes = 5000;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(lan.chains, 1);
	assert_int_equal(lan.chained_bytes, 5000);
	assert_int_equal(lan.logins, 0);
	/* It is told where it came from by an ACK as DHCP's, and of that one. */
	assert_int_equal(lan.chained_server, LAN_SERVER);
	assert_string_equal(lan.chained_file, "pxelinux.0");
	assert_true(lan.answer.ack.size && dhcp_parse(rd_over(lan.ack, lan.ack_size), &p));
	assert_int_equal(p.your_ip, LAN_CLIENT);
	assert_int_equal(p.next_ip, LAN_SERVER);
	assert_true(rd_is(&p.boot_file, "pxelinux.0", 11));
}

static void who_waits_for_a_program_sees_how_much_has_come(void **state)
{
	(void)state;
	lan.boot_file = "pxelinux.0";
	lan.file_bytes = 60000;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_false(lan_said("\r"));
	lan_init();
	lan.boot_file = "pxelinux.0";
	lan.file_bytes = 60000;
	lan.frame_takes = 20 * USEC_PER_MS;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_true(lan_said(" KB\r"));
	assert_true(lan_said(" KB\nstarting pxelinux.0, 60000 bytes\n"));
}

static void nobody_chains_himself(void **state)
{
	(void)state;
	lan.platform.booted_file = "";
	lan.boot_file = "rill.kpxe";
	lan.file_bytes = 2000;
	lan.file_head = "12345678RILLSELF";
	assert_int_equal(run(true), BOOT_STARTED);
	assert_int_equal(lan.chains, 0);
	assert_int_equal(lan.starts, 1);
}

static void wrong_programs_are_refused(void **state)
{
	(void)state;
	lan.boot_file = "bootx64.efi";
	lan.file_bytes = 2000;
	lan.file_head = "MZ";
	expect_failure("RILL-E08", "bootx64.efi begins with MZ");
	lan_init();
	lan.boot_file = "big";
	lan.file_bytes = LAN_FILE_MAX + 1;
	expect_failure("PXE-E79", "more than the 65536 bytes");
	lan_init();
	lan.boot_file = "empty";
	expect_failure("RILL-E08", "empty is empty");
}

static void a_program_that_the_firmware_refuses_is_told(void **state)
{
	(void)state;
	lan.platform.architecture = 7;
	lan.boot_file = "grubx64.efi";
	lan.file_bytes = 2000;
	lan.file_head = "MZ";
	lan.chain_fails = FAILURE_NOT_TRUSTED;
	expect_failure("RILL-E12", "as the test says");
	assert_true(lan_said("step chain"));
	assert_int_equal(lan.detaches, 1);
}

static void each_failure_says_what_it_is(void **state)
{
	(void)state;
	lan.no_dhcp = true;
	expect_failure("PXE-E51", "last packet: none");
	lan_init();
	lan.boot_file = NULL;
	expect_failure("PXE-E53", "the offer of 10.0.0.1 has the options 1 51 53 54");
	assert_true(lan_said("last packet: DHCPACK from 10.0.0.1"));
	lan_init();
	lan.link = NIC_LINK_DOWN;
	expect_failure("PXE-E61", "no link at");
	lan_init();
	lan.owns_address = true;
	expect_failure("RILL-E02", "is used by 52:54:00:00:00:02");
	assert_true(lan.declines >= 3);
	lan_init();
	lan.root_path = "rill://server/disk";
	expect_failure("RILL-E03", "option 17, at character 8");
	lan_init();
	lan.no_server = true;
	expect_failure("RILL-E04", "10.0.0.1:6910 does not answer");
	lan_init();
	lan.root_path = "rill://10.0.0.9/disk";
	expect_failure("PXE-E11", "10.0.0.9");
	lan_init();
	lan.deny = "no such disk here";
	expect_failure("RILL-E05", "10.0.0.1:6910 says: no such disk here");
	assert_true(lan_said("last packet: Rdeny"));
	lan_init();
	lan.no_data = true;
	expect_failure("RILL-E04", "fell silent");
	lan_init();
	lan.no_signature = true;
	expect_failure("RILL-E07", "disk chosen has no 55AA mark in sector 0");
	assert_int_equal(lan.byes, 1);
	assert_true(lan.detaches >= 1);
	lan_init();
	lan.no_code = true;
	expect_failure("RILL-E07", "disk chosen has no boot code in sector 0");
	lan_init();
	lan.no_signature = lan.is_cd = true;
	expect_failure("RILL-E10", "disk chosen has a CD's boot record (El Torito) in sector 68 and no 55AA mark");
	lan_init();
	lan.no_code = lan.is_cd = true;
	expect_failure("RILL-E10", "in sector 68 and no boot code in sector 0");
	lan_init();
	lan.attach_refuses = "no memory below 1 MiB";
	expect_failure("RILL-E09", "no memory below 1 MiB");
}

static void a_busy_server_is_not_a_silent_one(void **state)
{
	(void)state;
	lan.busy_ms = 60 * 1000;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_true(lan.clock > 40 * (usec)USEC_PER_S);
}

static void the_servers_of_a_uri_are_asked_in_turn(void **state)
{
	(void)state;
	lan.root_path = "rill://10.0.0.8,10.0.0.9,10.0.0.1/kiosk";
	assert_int_equal(run(true), BOOT_STARTED);
	assert_true(lan_said("10.0.0.8") && lan_said("10.0.0.9") && lan_said("disk kiosk"));
	assert_true(lan.clock < 20 * (usec)USEC_PER_S);
}

static void failures_go_to_the_log_server_too(void **state)
{
	(void)state;
	lan.has_log_server = true;
	lan.deny = "no";
	lan.esc_at = 3 * (usec)USEC_PER_S;
	assert_int_equal(run(false), BOOT_GIVEN_BACK);
	assert_non_null(strstr(lan.syslog, "<131>rill: 52:54:00:00:00:01 RILL-E05: RILL-E05: The "));
	assert_non_null(strstr(lan.syslog, "RILL-E05:   10.0.0.1:6910 says: no"));
	assert_non_null(strstr(lan.syslog, "RILL-E05:   while: attaching the disk (step attach)"));
	assert_non_null(strstr(lan.syslog, " <- Rdeny, 32 bytes from 10.0.0.1:6910"));
}

static void the_log_server_hears_each_line_even_if_nothing_is_tried_again(void **state)
{
	unsigned lines = 0, heard = 0;

	(void)state;
	lan.has_log_server = true;
	lan.boot_file = NULL;
	assert_int_equal(run(true), BOOT_FAILED);
	assert_true(lan_said("PXE-E53"));
	for (const char *at = strstr(lan.log, "could not boot\n"); (at = strchr(at, '\n')) && at[1]; at++)
		lines++;
	for (const char *at = lan.syslog; (at = strstr(at, "<131>rill: 52:54:00:00:00:01 PXE-E53: ")); at++)
		heard++;
	assert_int_equal(heard, lines);
	assert_true(heard > 10 && heard < SYSLOG_LINES_MAX);
	assert_non_null(strstr(lan.syslog, "PXE-E53:   offer of 10.0.0.1: 10.0.0.50; taken"));
}

static void f2_shows_the_packets_while_they_come(void **state)
{
	(void)state;
	lan.deny = "no";
	boot.once = true;
	boot_init(&boot, &lan.platform, &attachment);
	packet_log_toggle(&boot.packets);
	assert_int_equal(boot_run(&boot), BOOT_FAILED);
	assert_true(lan_said("the last 0 packets of 0, and all that follow"));
	assert_true(lan_said("1.000 -> DHCPDISCOVER to 255.255.255.255:67"));
	assert_true(lan_said("1.000 <- DHCPOFFER of 10.0.0.50 from 10.0.0.1:67"));
	assert_true(lan_said("<- Rdeny, 32 bytes from 10.0.0.1:6910"));
}

static void when_the_system_runs_no_packet_is_kept(void **state)
{
	(void)state;
	assert_int_equal(run(true), BOOT_STARTED);
	assert_true(boot.packets.count > 10);
	assert_ptr_equal(attachment.net.nic, &lan.nic);
}

static void a_server_that_comes_late_is_waited_for(void **state)
{
	(void)state;
	lan.server_at = 100 * (usec)USEC_PER_S;
	assert_int_equal(run(false), BOOT_STARTED);
	assert_true(lan_said("again in 5 s") && lan_said("again in 1 s"));
	/* found within the longest wait, a quarter of it at random, and one login's patience */
	assert_true(lan.clock < lan.server_at + RETRY_MOST + RETRY_MOST / 4 + LOGIN_PATIENCE);
}

static void a_cable_that_comes_late_is_waited_for_without_asking(void **state)
{
	(void)state;
	lan.link = NIC_LINK_DOWN;
	lan.esc_at = 60 * (usec)USEC_PER_S;
	assert_int_equal(run(false), BOOT_GIVEN_BACK);
	assert_int_equal(lan.frames, 0);
	assert_true(lan_said("PXE-E61"));
}

static void esc_gives_the_machine_back_from_everywhere(void **state)
{
	(void)state;
	for (int n = 0; n < 4; n++) {
		lan_init();
		lan.no_dhcp = n == 0;
		lan.no_server = n == 1;
		lan.deny = n == 2 ? "no" : NULL;
		lan.esc_at = n == 3 ? 1 : 4 * (usec)USEC_PER_S;
		assert_int_equal(run(false), BOOT_GIVEN_BACK);
		assert_int_equal(lan.gives_back, 1);
		assert_true(lan.detaches >= 1);
		assert_true(lan_said("PXE-M0F"));
		assert_true(lan.clock < 6 * (usec)USEC_PER_S);
	}
}

int main(void)
{
#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, done)
	const struct CMUnitTest tests[] = {
		fresh_test(the_words_are_those_of_the_manual),
		fresh_test(a_boot_file_name_is_enough),
		fresh_test(the_steps_come_in_their_order),
		fresh_test(option_17_names_the_disk),
		fresh_test(the_configuration_block_wins_and_its_nonsense_does_not),
		fresh_test(another_program_is_fetched_and_started),
		fresh_test(who_waits_for_a_program_sees_how_much_has_come),
		fresh_test(nobody_chains_himself),
		fresh_test(wrong_programs_are_refused),
		fresh_test(a_program_that_the_firmware_refuses_is_told),
		fresh_test(each_failure_says_what_it_is),
		fresh_test(a_busy_server_is_not_a_silent_one),
		fresh_test(the_servers_of_a_uri_are_asked_in_turn),
		fresh_test(failures_go_to_the_log_server_too),
		fresh_test(the_log_server_hears_each_line_even_if_nothing_is_tried_again),
		fresh_test(f2_shows_the_packets_while_they_come),
		fresh_test(when_the_system_runs_no_packet_is_kept),
		fresh_test(a_server_that_comes_late_is_waited_for),
		fresh_test(a_cable_that_comes_late_is_waited_for_without_asking),
		fresh_test(esc_gives_the_machine_back_from_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
