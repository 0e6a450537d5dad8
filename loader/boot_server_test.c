/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * Step 4 in whole boots: which offers lead to which question, the screen and the keys, and every way it ends. PXE's
 * servers stand before loader/lan_fake.h's host, which goes on to be everything else.
 */
#include "loader/boot_fake.h"

enum { PXE_SERVER = LAN_SERVER, GROUP = 0xe0000102, TYPE = 15, QUESTIONS_MAX = 32 };

static const usec S = USEC_PER_S;

/* What DHCP, a proxy and the boot server say. */
static struct pxe_world {
	const char *class;                      /* option 60 of the DHCP server; NULL: none */
	const void *vendor;                     /* its option 43 */
	size_t vendor_len;
	const void *proxy;                      /* a proxy's option 43; NULL: there is no proxy */
	size_t proxy_len;
	const char *file;                       /* of the boot server's answer */
	uint16_t type, layer;                   /* of it; type 0: it does not answer, unless to BINL */
	const void *answer;                     /* its option 43 instead */
	size_t answer_len;
	bool   answers_binl, ack_is_bare;

	struct { uint32_t whom; uint16_t port; uint8_t kind; bool has_item; } questions[QUESTIONS_MAX];
	unsigned question_count;
	usec   asked_at;
	const char *keys;                       /* one each second, from the first that is asked for; ' ' is none */
	usec   keys_at;
} pxe;

#define SAY(field, bytes) (pxe.field = (bytes), pxe.field##_len = sizeof(bytes) - 1)

/* Entries 15 "Install" and 0 "Local", asked for in that way. */
#define MENU  "\x09\x12\x00\x0f\x07Install\x00\x00\x05Local"
#define ASK_LISTED "\x06\x01\x07\x08\x07\x00\x0f\x01\x0a\x00\x00\x01"
#define PROMPT(seconds) "\x0a\x06" seconds "F8 me"

static void send_reply(struct fake_reply *r)
{
	fake_end(r);
	lan_udp(67, 68, r->bytes, r->len);
}

static void offer(uint32_t xid, enum dhcp_type type)
{
	struct fake_reply r;

	fake_reply(&r, type, xid, lan_mac, LAN_CLIENT);
	fake_field(&r, FAKE_SIADDR_AT, lan.next_server);
	fake_ip(&r, OPT_SERVER_ID, LAN_SERVER);
	fake_ip(&r, OPT_NETMASK, 0xffffff00);
	fake_ip(&r, OPT_LEASE_TIME, LAN_LEASE_S);
	if (lan.boot_file)
		fake_text(&r, OPT_BOOT_FILE, lan.boot_file);
	if (lan.root_path)
		fake_text(&r, OPT_ROOT_PATH, lan.root_path);
	if (pxe.class && !(pxe.ack_is_bare && type == DHCP_ACK)) {
		fake_text(&r, OPT_CLASS, pxe.class);
		if (pxe.vendor)
			fake_option(&r, OPT_VENDOR, pxe.vendor, pxe.vendor_len);
	}
	send_reply(&r);
	if (pxe.proxy && type == DHCP_OFFER) {
		fake_reply(&r, type, xid, lan_mac, 0);
		fake_ip(&r, OPT_SERVER_ID, LAN_SERVER + 1);
		fake_text(&r, OPT_CLASS, "PXEClient");
		fake_option(&r, OPT_VENDOR, pxe.proxy, pxe.proxy_len);
		send_reply(&r);
	}
}

static void answer(uint32_t xid, bool has_item)
{
	const uint8_t item[] = {
		71, 4, (uint8_t)(pxe.type >> 8), (uint8_t)pxe.type, (uint8_t)(pxe.layer >> 8), (uint8_t)pxe.layer, 255,
	};
	struct fake_reply r;

	if (has_item ? !pxe.type : !pxe.answers_binl)
		return;
	fake_reply(&r, DHCP_ACK, xid, lan_mac, 0);
	fake_field(&r, FAKE_SIADDR_AT, LAN_SERVER);
	fake_text(&r, OPT_CLASS, "PXEClient");
	if (has_item)
		fake_option(&r, OPT_VENDOR, item, sizeof item);
	else if (pxe.answer)
		fake_option(&r, OPT_VENDOR, pxe.answer, pxe.answer_len);
	if (pxe.file && (has_item || !pxe.answer))
		fake_text(&r, OPT_BOOT_FILE, pxe.file);
	send_reply(&r);
}

static void question(struct rd q, uint32_t whom, uint16_t port)
{
	struct rd at = q, options = q;
	uint8_t kind, code;
	bool has_item = false;
	uint32_t xid;

	rd_skip(&at, 4);
	xid = rd_be32(&at);
	rd_skip(&options, FAKE_OPTIONS_AT + 2);
	kind = rd_u8(&options);
	while ((code = rd_u8(&options)) != OPT_END && rd_ok(&options)) {
		rd_skip(&options, rd_u8(&options));
		has_item = has_item || code == OPT_VENDOR;
	}
	if (!pxe.question_count)
		pxe.asked_at = lan.clock;
	assert_true(pxe.question_count < QUESTIONS_MAX);
	pxe.questions[pxe.question_count].whom = whom;
	pxe.questions[pxe.question_count].port = port;
	pxe.questions[pxe.question_count].has_item = has_item;
	pxe.questions[pxe.question_count++].kind = kind;
	answer(xid, has_item);
}

static bool send_frame(struct nic *nic, const void *frame, size_t len)
{
	uint8_t *copy = exact_copy(frame, len);
	struct rd r = rd_over(copy, len), fields;
	struct eth_head eth;
	struct ipv4_head ip;
	struct udp_head udp = { 0 };
	bool is_dhcp = eth_parse(&r, &eth) && eth.type == ETH_IPV4 && ipv4_parse(&r, &ip) == IPV4_FINE
	            && udp_parse(&r, &ip, &udp) == UDP_FINE && (udp.dst_port == 67 || udp.dst_port == 4011);
	bool is_first = is_dhcp && ip.src == 0, is_ours = is_dhcp && (udp.dst_port == 4011 || ip.dst == IP_BROADCAST);
	uint32_t xid;
	uint8_t type;

	if (is_first) {
		fields = r;
		rd_skip(&fields, 4);
		xid = rd_be32(&fields);
		rd_skip(&r, FAKE_OPTIONS_AT + 2);
		type = rd_u8(&r);
		lan.declines += type == DHCP_DECLINE;
		if (type == DHCP_DISCOVER || type == DHCP_REQUEST)
			offer(xid, type == DHCP_DISCOVER ? DHCP_OFFER : DHCP_ACK);
	} else if (is_ours) {
		question(r, ip.dst, udp.dst_port);
	}
	free(copy);
	return is_first || is_ours || lan_send(nic, frame, len);
}

static int press(struct port *p)
{
	(void)p;
	if (!pxe.keys || !*pxe.keys)
		return KEY_NONE;
	if (!pxe.keys_at && boot.at == STEP_SERVER)
		pxe.keys_at = lan.clock;
	if (!pxe.keys_at || lan.clock < pxe.keys_at)
		return KEY_NONE;
	pxe.keys_at += S;
	return key_of(*pxe.keys++);
}

static int fresh(void **state)
{
	(void)state;
	lan_init();
	screen_on();
	memset(&pxe, 0, sizeof pxe);
	lan.nic.send = send_frame;
	lan.port.key = press;
	lan.boot_file = NULL;
	lan.file_bytes = 3000;
	pxe.class = "PXEClient";
	pxe.type  = TYPE;
	pxe.file  = "grub.0";
	return 0;
}

static void expect_failure(const char *code, const char *detail)
{
	assert_int_equal(run(true), BOOT_FAILED);
	if (!lan_said(code) || !lan_said(detail))
		fail_msg("neither \"%s\" nor \"%s\" in:\n%s", code, detail, lan.log);
	assert_true(lan_said("step boot server"));
}

static void expect_chained(const char *file)
{
	if (run(true) != BOOT_STARTED)
		fail_msg("it failed:\n%.*s", (int)lan.log_len, lan.log);
	assert_int_equal(lan.chains, 1);
	assert_string_equal(lan.chained_file, file);
}

/* ---- no question ---- */

static void what_the_offers_say_in_full_needs_no_question(void **state)
{
	(void)state;
	lan.boot_file = "pxelinux.0";
	expect_chained("pxelinux.0");                   /* option 60 and a file */
	assert_int_equal(pxe.question_count, 0);
	fresh(NULL);
	lan.boot_file = "pxelinux.0";
	SAY(vendor, "\x06\x01\x08" MENU "\xff");
	expect_chained("pxelinux.0");                   /* bit 3 wins over a menu */
	assert_int_equal(pxe.question_count, 0);
	fresh(NULL);
	lan.boot_file = "pxelinux.0";
	SAY(vendor, "\x06\x01\x08\x08\x07\x00\x0f\x01\x0a\x00\x00\x01\xff");
	lan.next_server = LAN_SERVER + 7;
	expect_chained("pxelinux.0");                   /* and then the list says which server */
	assert_int_equal(lan.chained_server, LAN_SERVER);
	fresh(NULL);
	lan.boot_file = "pxelinux.0";
	SAY(vendor, "\x09\x09\x00");
	expect_chained("pxelinux.0");
	assert_true(lan_said("option 43 of 10.0.0.1 cannot be read; the boot file does without"));
	fresh(NULL);
	lan.root_path = "rill://10.0.0.1/kiosk";
	SAY(vendor, MENU PROMPT("\xff"));
	assert_int_equal(run(true), BOOT_STARTED);
	assert_true(lan_said("disk kiosk"));
	assert_int_equal(pxe.question_count, 0);
	fresh(NULL);
	pxe.class = NULL;
	lan.boot_file = "pxelinux.0";
	expect_chained("pxelinux.0");
}

/* ---- BINL ---- */

static void binl_is_asked_and_says_the_file(void **state)
{
	(void)state;
	pxe.answers_binl = true;
	expect_chained("grub.0");
	assert_int_equal(pxe.question_count, 1);
	assert_int_equal(pxe.questions[0].whom, LAN_SERVER);
	assert_int_equal(pxe.questions[0].port, 4011);
	assert_int_equal(pxe.questions[0].kind, DHCP_REQUEST);
	assert_int_equal(lan.answer.server.size != 0, 1);       /* a chained program finds the packet */
	assert_true(lan_said("asking 10.0.0.1 on port 4011"));
}

static void binl_may_say_a_menu(void **state)
{
	(void)state;
	pxe.answers_binl = true;
	SAY(answer, ASK_LISTED MENU PROMPT("\x00") "\xff");
	expect_chained("grub.0");
	assert_int_equal(pxe.question_count, 2);
	assert_true(pxe.questions[1].has_item && !pxe.questions[0].has_item);
}

static void a_silent_binl_server_is_e55(void **state)
{
	(void)state;
	expect_failure("PXE-E55: proxyDHCP service did not reply to request on port 4011",
	               "10.0.0.1 was asked 4 times");
	assert_int_equal(pxe.question_count, 4);
	assert_in_range(lan.clock - pxe.asked_at, 9 * S, 11 * S);
}

static void a_binl_server_without_a_file_is_e53(void **state)
{
	(void)state;
	pxe.answers_binl = true;
	pxe.file = NULL;
	expect_failure("PXE-E53", "10.0.0.1 answers on port 4011, but names no file");
}

/* ---- menu and prompt ---- */

static void a_prompt_of_0_takes_the_first_entry_at_once(void **state)
{
	(void)state;
	SAY(vendor, ASK_LISTED MENU PROMPT("\x00") "\xff");
	expect_chained("grub.0");
	assert_true(lan_said("boot menu: Install"));
	assert_false(lan_said("F8 me"));
	assert_true(lan.clock < 4 * S);
	fresh(NULL);
	SAY(vendor, ASK_LISTED MENU "\xff");            /* no prompt at all: the same */
	expect_chained("grub.0");
}

static void a_prompt_counts_down_to_the_first_entry(void **state)
{
	(void)state;
	SAY(vendor, ASK_LISTED MENU PROMPT("\x05") "\xff");
	expect_chained("grub.0");
	assert_true(lan_said("\rF8 me 5 s  \rF8 me 4 s  \rF8 me 3 s  \rF8 me 2 s  \rF8 me 1 s  \n"));
	assert_false(lan_said("Boot menu of"));
	assert_true(lan.clock >= 6 * S);
}

static const char menu_screen[] =
	"Boot menu of 10.0.0.1\n"
	"  1 Install\n"
	"> 2 Local\n"
	"Up, Down, digits, Enter; Esc ends.\n";

static void f8_shows_the_menu_and_local_boot_gives_the_machine_back(void **state)
{
	static const char *const openers[] = { " 8 D\n", "\nD\n", "mD\n", "M2\n" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(openers); i++) {
		fresh(NULL);
		SAY(vendor, ASK_LISTED MENU PROMPT("\x05") "\xff");
		pxe.keys = openers[i];
		assert_int_equal(run(true), BOOT_NEXT_DEVICE);
		assert_int_equal(lan.gives_back, 1);
		assert_int_equal(lan.releases, 1);
		assert_int_equal(pxe.question_count, 0);
		if (!strstr(screen_text(), menu_screen))
			fail_msg("the screen is\n%s", screen_text());
		assert_true(lan_said("local boot") && lan_said("PXE-M0F: Exiting PXE ROM."));
		assert_false(lan_said("could not boot"));
	}
}

static void a_prompt_of_255_waits_for_ever(void **state)
{
	(void)state;
	SAY(vendor, ASK_LISTED MENU PROMPT("\xff") "\xff");
	pxe.keys = "                                                                                \n";
	expect_chained("grub.0");
	assert_true(lan.clock > 80 * S);
	assert_true(lan_said("Boot menu of 10.0.0.1"));
	assert_false(lan_said("F8 me"));
}

static void esc_and_ctrl_c_end_it(void **state)
{
	static const char *const keys[] = { " E", "8 E", "8 C", "C" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		fresh(NULL);
		SAY(vendor, ASK_LISTED MENU PROMPT("\x05") "\xff");
		pxe.keys = keys[i];
		assert_int_equal(run(true), BOOT_GIVEN_BACK);
		assert_true(lan_said("PXE-EA0: Network boot canceled by keystroke"));
	}
}

static void a_missing_or_broken_menu_is_e74(void **state)
{
	(void)state;
	SAY(vendor, "\x06\x01\x03\xff");
	expect_failure("PXE-E74: Bad or missing PXE menu and/or prompt information", "option 43 of 10.0.0.1, 4 bytes");
	fresh(NULL);
	SAY(vendor, ASK_LISTED "\x09\x13\x00\x0f\x07Install\x00\x00\x06Local");
	expect_failure("PXE-E74", "option 43 of 10.0.0.1");
}

/* ---- discovery ---- */

static void a_boot_server_is_found_by_multicast(void **state)
{
	(void)state;
	SAY(vendor, "\x07\x04\xe0\x00\x01\x02" MENU PROMPT("\x00") "\xff");
	expect_chained("grub.0");
	assert_int_equal(pxe.question_count, 1);
	assert_int_equal(pxe.questions[0].whom, GROUP);
	assert_int_equal(pxe.questions[0].port, 4011);
}

static void each_way_to_find_nobody_has_its_code(void **state)
{
	(void)state;
	pxe.type = TYPE + 1;
	SAY(vendor, ASK_LISTED MENU "\xff");
	expect_failure("PXE-E78: Could not locate boot server",
	               "type 15: 4 questions, 4 answers that could not be used");
	fresh(NULL);
	pxe.type = 0;
	SAY(vendor, MENU "\xff");
	expect_failure("PXE-E78", "type 15: 4 questions, 0 answers");
	assert_int_equal(pxe.questions[3].whom, IP_BROADCAST);
	assert_int_equal(pxe.questions[3].port, 67);
	fresh(NULL);
	SAY(vendor, "\x06\x01\x01" MENU "\xff");
	expect_failure("PXE-E76: Bad or missing multicast discovery address", "entry of type 15");
	fresh(NULL);
	SAY(vendor, "\x06\x01\x03" MENU "\xff");
	expect_failure("PXE-E77: Bad or missing discovery server list", "entry of type 15");
	assert_int_equal(pxe.question_count, 0);
}

static void credentials_are_ignored_and_told(void **state)
{
	(void)state;
	pxe.layer = PXE_CREDENTIALS_WANTED;
	SAY(vendor, ASK_LISTED MENU "\xff");
	expect_chained("grub.0");
	assert_true(lan_said("wants to prove who it is; that is ignored"));
}

/* ---- who said it ---- */

static void an_ack_that_leaves_option_43_out_is_completed_from_its_offer(void **state)
{
	(void)state;
	pxe.ack_is_bare = true;
	SAY(vendor, ASK_LISTED MENU "\xff");
	expect_chained("grub.0");
}

static void a_proxy_s_menu_counts(void **state)
{
	(void)state;
	pxe.class = NULL;
	lan.boot_file = NULL;
	SAY(proxy, ASK_LISTED MENU PROMPT("\x00") "\xff");
	expect_chained("grub.0");
	assert_int_equal(pxe.question_count, 1);
	assert_true(pxe.questions[0].has_item);
}

static void the_boot_server_s_multicast_data_reach_the_lease(void **state)
{
	struct pxe_option o;

	(void)state;
	pxe.answers_binl = true;
	SAY(answer, "\x01\x04\xe0\x01\x01\x05\x02\x02\xdf\x06\x09\x05\x00\x00\x02ok");
	assert_int_equal(run(true), BOOT_NEXT_DEVICE);       /* its only entry is local boot */
	assert_true(pxe_parse(rd_over(boot.lease.vendor, boot.lease.vendor_len), &o));
	assert_int_equal(o.mtftp.ip, 0xe0010105);
	assert_int_equal(o.mtftp.client_port, 1759);
}

#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		fresh_test(what_the_offers_say_in_full_needs_no_question),
		fresh_test(binl_is_asked_and_says_the_file),
		fresh_test(binl_may_say_a_menu),
		fresh_test(a_silent_binl_server_is_e55),
		fresh_test(a_binl_server_without_a_file_is_e53),
		fresh_test(a_prompt_of_0_takes_the_first_entry_at_once),
		fresh_test(a_prompt_counts_down_to_the_first_entry),
		fresh_test(f8_shows_the_menu_and_local_boot_gives_the_machine_back),
		fresh_test(a_prompt_of_255_waits_for_ever),
		fresh_test(esc_and_ctrl_c_end_it),
		fresh_test(a_missing_or_broken_menu_is_e74),
		fresh_test(a_boot_server_is_found_by_multicast),
		fresh_test(each_way_to_find_nobody_has_its_code),
		fresh_test(credentials_are_ignored_and_told),
		fresh_test(an_ack_that_leaves_option_43_out_is_completed_from_its_offer),
		fresh_test(a_proxy_s_menu_counts),
		fresh_test(the_boot_server_s_multicast_data_reach_the_lease),
	};

	return cmocka_run_group_tests_name("boot_server", tests, NULL, NULL);
}
