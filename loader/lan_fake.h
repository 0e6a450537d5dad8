/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_LAN_FAKE_H
#define LOADER_LAN_FAKE_H
/*
 * A machine and a whole network for tests of the boot: a card, a clock that jumps to the next event, and at the end
 * of the cable one host that answers ARP, DHCP, TFTP and the stream protocol at once. Nothing is lost here; the
 * simulator (sim/) is for that. Host only.
 *
 *     lan_init();  lan.boot_file = "pxelinux.0";  boot_init(&boot, &lan.platform, &attachment);  boot_run(&boot);
 */
#include "lib/fmt.h"
#include "lib/test.h"
#include "loader/bios_disk.h"
#include "loader/boot.h"
#include "loader/boot_sector.h"
#include "loader/disk_fake.h"
#include "netstack/dhcp_answer.h"
#include "netstack/wire/arp.h"
#include "netstack/wire/dhcp_fake.h"
#include "netstack/wire/eth.h"
#include "netstack/wire/icmp.h"
#include "netstack/wire/udp.h"

enum {
	LAN_SERVER = 0x0a000001, LAN_CLIENT = 0x0a000032, LAN_FRAMES = 256, LAN_LEASE_S = 600,
	LAN_DISK_BYTES = 8 << 20, LAN_CD_RECORD_AT = 17 * 2048, LAN_FILE_MAX = 64 * 1024, LAN_LOG_MAX = 64 * 1024,
};

struct lan_frame { uint8_t bytes[FRAME_MAX]; size_t len; };

static struct lan {
	struct nic      nic;            /* first */
	struct port     port;
	struct platform platform;
	struct bios_disk bios_disk;
	usec   clock;
	struct lan_frame queue[LAN_FRAMES];
	unsigned queue_at, queue_end;
	unsigned looks;                 /* at the card */
	usec   frame_takes;             /* time, each */
	uint8_t *lent;
	char   log[LAN_LOG_MAX];
	size_t log_len;

	/* what the test wants */
	enum nic_link link;
	bool   no_dhcp, no_server, no_data, owns_address, no_signature, no_code, is_cd, nak_renewals, has_log_server;
	const char *boot_file, *root_path, *deny;
	uint32_t next_server, busy_ms; size_t file_bytes;
	const char *file_head;          /* what the file begins with */
	uint64_t bad_lba;               /* the server cannot read its image there; 0: nowhere */
	usec   esc_at, server_at, dhcp_at;      /* Esc is pressed then; these are there from then on */
	usec   busy_until;              /* logins are answered with the time that is left */
	bool   reads_want_login, sends_us_away;         /* no ticket is good; to a host that is not there */
	/* ICMP with this code instead of the server's answers, or for this port alone */
	bool   says_unreachable; uint8_t unreachable_code; uint16_t unreachable_port;
	void (*overhears)(struct rd packet, const struct udp_head *udp);
	bool (*answers)(struct stream_head *head, const struct tlv_set *asked, struct wr *w);   /* else: granted */
	const char *attach_refuses;
	uint8_t room[LAN_FILE_MAX], handover[HANDOVER_BYTES_MAX], ram[0x100000], sector[DISK_SECTOR];

	/* what the test saw */
	usec   discover_at, login_at;
	unsigned discovers, requests, renewals, logins, reads, statuses, byes, declines, releases, busies, frames;
	unsigned attaches, detaches, starts, chains, gives_back, reboots;
	size_t chained_bytes, ack_size;
	uint32_t chained_server;
	struct dhcp_answer answer;
	uint8_t ack[DHCP_SIZE_MAX];
	enum failure_code chain_fails;
	struct wr syslog_room;
	char   chained_file[64], status[TLV_TEXT_MAX + 1], syslog[16 * 1024];   /* all that the log server was told */
	uint64_t session;
} lan;

static const uint8_t lan_mac[6] = { 0x52, 0x54, 0, 0, 0, 1 }, lan_server_mac[6] = { 0x52, 0x54, 0, 0, 0, 2 };
static const struct stream_content lan_content = { { 7, 7, 7 } };

/* ---- frames to the machine ---- */

static inline void lan_queue(struct wr *w, const uint8_t *start)
{
	struct lan_frame *f = &lan.queue[lan.queue_end++ % LAN_FRAMES];

	assert_true(wr_ok(w) && lan.queue_end - lan.queue_at < LAN_FRAMES);
	f->len = wr_used(w, start);
	memcpy(f->bytes, start, f->len);
}

static inline void lan_udp(uint16_t from, uint16_t to, const uint8_t *payload, size_t len)
{
	uint8_t frame[FRAME_MAX];
	struct wr w = wr_over(frame, sizeof frame);
	struct eth_head eth = { .type = ETH_IPV4 };
	struct ipv4_head ip = { .src = LAN_SERVER, .dst = LAN_CLIENT, .protocol = IPV4_UDP };
	struct udp_head udp = { from, to };

	memcpy(eth.dst, lan_mac, 6);
	memcpy(eth.src, lan_server_mac, 6);
	eth_emit(&w, &eth);
	ipv4_emit(&w, &ip, UDP_HEAD + len);
	udp_emit(&w, &udp, &ip, rd_over(payload, len));
	wr_bytes(&w, payload, len);
	lan_queue(&w, frame);
}

/* ---- the host at the other end ---- */

static inline void lan_arp(struct rd packet)
{
	uint8_t frame[FRAME_MIN];
	struct wr w = wr_over(frame, sizeof frame);
	struct eth_head eth = { .type = ETH_ARP };
	struct arp_packet a, answer = { .op = ARP_REPLY };

	if (!arp_parse(packet, &a) || a.op != ARP_REQUEST
	    || (a.target_ip != LAN_SERVER && !(a.sender_ip == 0 && lan.owns_address)))
		return;
	memcpy(eth.dst, lan_mac, 6);
	memcpy(eth.src, lan_server_mac, 6);
	memcpy(answer.sender_mac, lan_server_mac, 6);
	memcpy(answer.target_mac, lan_mac, 6);
	answer.sender_ip = a.target_ip;
	answer.target_ip = a.sender_ip;
	eth_emit(&w, &eth);
	arp_emit(&w, &answer);
	lan_queue(&w, frame);
}

static inline void lan_dhcp(struct rd q)
{
	struct fake_reply r;
	struct rd copy = q;
	uint32_t xid;
	uint8_t type;

	rd_skip(&copy, 4);
	xid = rd_be32(&copy);
	rd_skip(&q, FAKE_OPTIONS_AT + 2);
	type = rd_u8(&q);
	lan.discovers += type == DHCP_DISCOVER;
	lan.declines  += type == DHCP_DECLINE;
	lan.releases  += type == DHCP_RELEASE;
	if (type == DHCP_DISCOVER && !lan.discover_at)
		lan.discover_at = lan.clock;
	lan.requests  += type == DHCP_REQUEST;
	rd_skip(&copy, 4);
	if (type == DHCP_REQUEST && rd_be32(&copy) == LAN_CLIENT)
		lan.renewals++;
	if (lan.no_dhcp || lan.clock < lan.dhcp_at || (type != DHCP_DISCOVER && type != DHCP_REQUEST))
		return;
	if (lan.nak_renewals && type == DHCP_REQUEST && lan.renewals) {
		lan.nak_renewals = false;
		fake_reply(&r, DHCP_NAK, xid, lan_mac, 0);
		fake_ip(&r, OPT_SERVER_ID, LAN_SERVER);
		fake_end(&r);
		lan_udp(67, 68, r.bytes, r.len);
		return;
	}
	fake_reply(&r, type == DHCP_DISCOVER ? DHCP_OFFER : DHCP_ACK, xid, lan_mac, LAN_CLIENT);
	fake_field(&r, FAKE_SIADDR_AT, lan.next_server);
	fake_ip(&r, OPT_SERVER_ID, LAN_SERVER);
	fake_ip(&r, OPT_NETMASK, 0xffffff00);
	fake_ip(&r, OPT_LEASE_TIME, LAN_LEASE_S);
	if (lan.boot_file)
		fake_text(&r, OPT_BOOT_FILE, lan.boot_file);
	if (lan.has_log_server)
		fake_ip(&r, OPT_LOG_SERVER, LAN_SERVER);
	if (lan.root_path)
		fake_text(&r, OPT_ROOT_PATH, lan.root_path);
	fake_end(&r);
	lan_udp(67, 68, r.bytes, r.len);
}

/* A TFTP server without options: request and ACK n are answered with block n + 1. */
static inline void lan_tftp(struct rd q, uint16_t port)
{
	uint8_t packet[4 + 512];
	struct wr w = wr_over(packet, sizeof packet);
	uint16_t op = rd_be16(&q), block = op == 4 ? rd_be16(&q) : 0;
	size_t at = (size_t)block * 512, n = at > lan.file_bytes ? 0 : min_size(512, lan.file_bytes - at);

	if ((op != 1 && op != 4) || at > lan.file_bytes || (block && at - 512 + 512 > lan.file_bytes))
		return;
	wr_be16(&w, 3);
	wr_be16(&w, (uint16_t)(block + 1));
	for (size_t i = 0; i < n; i++)
		wr_u8(&w, at + i < strlen(lan.file_head) ? (uint8_t)lan.file_head[at + i] : 'x');
	lan_udp(2000, port, packet, wr_used(&w, packet));
}

static inline void lan_stream_send(uint16_t port, uint8_t *bytes, struct wr *w, const struct stream_content *content)
{
	assert_true(wr_ok(w));
	stream_seal(bytes, wr_used(w, bytes), content);
	lan_udp(STREAM_PORT, port, bytes, wr_used(w, bytes));
}

static inline void lan_login(const struct stream_head *asked, struct rd tlvs, uint16_t port)
{
	uint8_t bytes[600];
	struct wr w = wr_over(bytes, sizeof bytes);
	struct stream_head head = *asked;
	struct tlv_set set;

	assert_int_equal(tlv_read_set(tlvs, &set), TLV_OK);
	if (!lan.login_at)
		lan.login_at = lan.clock;
	if (!tlv_has(&set, TLV_COOKIE)) {
		head.type = STREAM_RCOOKIE;
		wr_stream_head(&w, &head);
		wr_bytes(&w, "cookie cookie 16", 16);
	} else if (lan.busy_ms) {
		head.type = STREAM_RBUSY;
		wr_stream_head(&w, &head);
		wr_tlv_u32(&w, TLV_WAIT_MS, lan.busy_ms);
		lan.busy_ms = 0;
	} else if (lan.sends_us_away) {
		struct stream_address there = stream_address_ipv4(LAN_SERVER + 8, STREAM_PORT);

		head.type = STREAM_RREDIRECT;
		wr_stream_head(&w, &head);
		wr_tlv_address(&w, TLV_SERVER, &there);
	} else if (lan.clock < lan.busy_until) {
		head.type = STREAM_RBUSY;
		lan.busies++;
		wr_stream_head(&w, &head);
		wr_tlv_u32(&w, TLV_WAIT_MS, (uint32_t)(lan.busy_until - lan.clock) / USEC_PER_MS);
	} else if (lan.deny) {
		head.type = STREAM_RDENY;
		wr_stream_head(&w, &head);
		wr_tlv_u16(&w, TLV_REASON, DENY_NO_SUCH_DISK);
		wr_tlv_text(&w, TLV_TEXT, lan.deny);
	} else if (!lan.answers || !lan.answers(&head, &set, &w)) {
		head.type = STREAM_RLOGIN;
		head.session = lan.session;
		lan.logins++;
		wr_stream_head(&w, &head);
		wr_tlv_text(&w, TLV_DISK, set.disk[0] ? set.disk : "chosen");
		wr_tlv(&w, TLV_CONTENT, lan_content.id, sizeof lan_content.id);
		wr_tlv_u64(&w, TLV_SIZE, LAN_DISK_BYTES);
		wr_tlv(&w, TLV_TICKET, "ticket", 6);
		wr_tlv_u32(&w, TLV_EXPIRES, 360000);
		wr_tlv_u16(&w, TLV_SEGMENT, 1408);
		wr_tlv_u16(&w, TLV_WINDOW, 64);
	}
	lan_stream_send(port, bytes, &w, NULL);
}

static inline uint8_t lan_disk_byte(uint64_t at)
{
	static const char cd_record[] = "\0CD001\1EL TORITO SPECIFICATION\0\0\0\0\0\0\0\0";

	if (at == 510 || at == 511)
		return lan.no_signature ? 0 : at == 510 ? 0x55 : 0xaa;
	if (lan.no_code && at < 440)
		return 0;
	if (lan.is_cd && at >= LAN_CD_RECORD_AT && at - LAN_CD_RECORD_AT < sizeof cd_record)
		return (uint8_t)cd_record[at - LAN_CD_RECORD_AT];
	return fake_byte(at);
}

static inline void lan_read(const struct stream_head *asked, struct rd body, uint16_t port)
{
	struct stream_head head = *asked;
	struct stream_read read;
	bool is_bad;

	assert_true(rd_stream_read(body, &read));
	lan.reads++;
	is_bad = lan.bad_lba && lan.bad_lba * DISK_SECTOR - read.offset < read.length;
	if (is_bad || lan.reads_want_login) {
		uint8_t bytes[STREAM_HEAD_BYTES + 2];
		struct wr w = wr_over(bytes, sizeof bytes);

		head.type = STREAM_RERROR;
		wr_stream_head(&w, &head);
		wr_be16(&w, is_bad ? ERROR_IO : ERROR_LOGIN_AGAIN);
		lan_stream_send(port, bytes, &w, NULL);
		return;
	}
	head.type = STREAM_RDATA;
	for (unsigned i = 0; !lan.no_data && i < stream_segments(read.length, read.segment); i++) {
		uint64_t at = read.offset + (uint64_t)i * read.segment;
		uint8_t bytes[FRAME_MAX];
		struct wr w = wr_over(bytes, sizeof bytes);

		if (!(read.want >> i & 1))
			continue;
		wr_stream_data_head(&w, &head, at);
		for (uint32_t n = stream_segment_bytes(read.length, read.segment, i); n; n--)
			wr_u8(&w, lan_disk_byte(at++));
		lan_stream_send(port, bytes, &w, &lan_content);
	}
}

static inline void lan_notice(const struct stream_head *asked, struct rd body, uint16_t port, uint8_t answer)
{
	uint8_t bytes[100];
	struct wr w = wr_over(bytes, sizeof bytes);
	struct stream_head head = *asked;
	struct stream_ticket ticket;
	struct tlv_set set;
	struct rd tlvs;

	assert_true(rd_stream_ticketed(body, &ticket, &tlvs) && tlv_read_set(tlvs, &set) == TLV_OK);
	lan.statuses += asked->type == STREAM_TSTATUS;
	lan.byes     += asked->type == STREAM_TBYE;
	memcpy(lan.status, set.text, sizeof lan.status);
	head.type = answer;
	wr_stream_head(&w, &head);
	lan_stream_send(port, bytes, &w, NULL);
}

static inline void lan_stream(struct rd q, uint16_t port)
{
	struct stream_head head;
	struct rd body;

	if (lan.no_server || lan.clock < lan.server_at)
		return;
	assert_true(stream_open(q, &head, &body));
	switch (head.type) {
	case STREAM_TLOGIN:  lan_login(&head, body, port); break;
	case STREAM_TREAD:   lan_read(&head, body, port); break;
	case STREAM_TSTATUS: lan_notice(&head, body, port, STREAM_RSTATUS); break;
	case STREAM_TBYE:    lan_notice(&head, body, port, STREAM_RBYE); break;
	default:             fail_msg("the machine sent a message of type %u", head.type);
	}
}

/* What a host, or a router before it, says of a datagram for a port where nobody is. */
static inline void lan_unreachable(struct rd packet)
{
	uint8_t frame[FRAME_MAX];
	struct wr w = wr_over(frame, sizeof frame);
	struct eth_head eth = { .type = ETH_IPV4 };
	struct ipv4_head ip = { .src = LAN_SERVER, .dst = LAN_CLIENT, .protocol = IPV4_ICMP };
	struct icmp_message m = { .type = ICMP_UNREACHABLE, .code = lan.unreachable_code };

	m.body = rd_sub(&packet, IPV4_HEAD + 8);
	memcpy(eth.dst, lan_mac, 6);
	memcpy(eth.src, lan_server_mac, 6);
	eth_emit(&w, &eth);
	ipv4_emit(&w, &ip, 8 + rd_left(&m.body));
	icmp_emit(&w, &m);
	lan_queue(&w, frame);
}

/* ---- the card ---- */

static inline bool lan_send(struct nic *nic, const void *frame, size_t len)
{
	uint8_t *copy = exact_copy(frame, len);
	struct rd r = rd_over(copy, len), packet;
	struct eth_head eth;
	struct ipv4_head ip;
	struct udp_head udp;

	(void)nic;
	lan.frames++;
	assert_true(eth_parse(&r, &eth));
	packet = r;
	if (eth.type == ETH_ARP) {
		lan_arp(r);
	} else {
		assert_int_equal(ipv4_parse(&r, &ip), IPV4_FINE);
		assert_int_equal(udp_parse(&r, &ip, &udp), UDP_FINE);
		/* RFC 2131 4.4.5: without a lease nobody says anything but DHCP */
		assert_true(udp.dst_port == 67 || ip.src == LAN_CLIENT);
		lan.overhears ? lan.overhears(packet, &udp) : (void)0;
		if (udp.dst_port == 67)
			lan_dhcp(r);
		else if (udp.dst_port != 514 && (lan.says_unreachable || udp.dst_port == lan.unreachable_port))
			lan_unreachable(packet);
		else if (udp.dst_port == STREAM_PORT)
			lan_stream(r, udp.src_port);
		else if (udp.dst_port == 514)
			wr_rest(&lan.syslog_room, r);
		else
			lan_tftp(r, udp.src_port);
	}
	free(copy);
	return true;
}

static inline bool lan_poll(struct nic *nic, struct rd *frame)
{
	struct lan_frame *f;

	(void)nic;
	free(lan.lent);
	lan.lent = NULL;
	lan.looks++;
	if (lan.queue_at == lan.queue_end)
		return false;
	f = &lan.queue[lan.queue_at++ % LAN_FRAMES];
	lan.clock += lan.frame_takes;
	lan.lent = exact_copy(f->bytes, f->len);
	*frame = rd_over(lan.lent, f->len);
	return true;
}

static inline enum nic_link lan_link(struct nic *nic) { (void)nic; return lan.link; }

/* ---- the machine ---- */

static inline usec lan_now(struct port *p) { (void)p; return lan.clock; }

/* Time passes only here. A wait without an end would be one for ever. */
static inline void lan_idle(struct port *p, usec until)
{
	(void)p;
	if (lan.queue_at != lan.queue_end)
		return;
	assert_true(until != NEVER);
	lan.clock = max_u64(lan.clock, until);
}

static inline int lan_key(struct port *p)
{
	(void)p;
	return lan.esc_at && lan.clock >= lan.esc_at ? KEY_ESC : KEY_NONE;
}

static inline void lan_put(struct log *log, char c)
{
	(void)log;
	if (lan.log_len + 1 < sizeof lan.log)
		lan.log[lan.log_len++] = c;
}

static inline const char *lan_attach(struct platform *p, struct attachment *a)
{
	(void)p;
	lan.attaches++;
	bios_disk_init(&lan.bios_disk, a, 0x80, 1);
	lan.bios_disk.ram = (struct guest_ram){ .base = lan.ram, .size = sizeof lan.ram };
	return lan.attach_refuses;
}

static inline void lan_detach(struct platform *p) { (void)p; lan.detaches++; }
static inline void lan_give_back(struct platform *p) { (void)p; lan.gives_back++; }
static inline void lan_reboot(struct port *p) { (void)p; lan.reboots++; }

static inline enum failure_code lan_find(struct platform *p, struct attachment *a, char *detail, size_t size)
{
	(void)p;
	return boot_sector_find(attachment_disk(a), a->stream.grant.disk, lan.sector, detail, size);
}

static inline const char *lan_start(struct platform *p)
{
	(void)p;
	lan.starts++;
	for (unsigned i = 0; i < DISK_SECTOR; i++)
		assert_int_equal(lan.sector[i], lan_disk_byte(i));
	return NULL;
}

static inline enum failure_code lan_chain(struct platform *p, const struct chain_program *program, char *text, size_t n)
{
	fmt_text(text, n, "%s", "as the test says");
	if (lan.chain_fails)
		return lan.chain_fails;
	lan.chains++;
	lan.chained_bytes = program->bytes;
	lan.chained_server = program->server;
	fmt_text(lan.chained_file, sizeof lan.chained_file, "%s", program->file);
	lan.ack_size = dhcp_answer_ack(p->answer, program->lease, program->server, program->file, lan.ack);
	return FAILURE_NONE;
}

static inline void lan_init(void)
{
	memset(&lan, 0, sizeof lan);
	lan.nic = (struct nic){ .send = lan_send, .poll = lan_poll, .link = lan_link, .mtu = 1500,
		.rx_frames_max = 32, .rx_window_max = 48, .driver = "fake" };
	memcpy(lan.nic.mac, lan_mac, 6);
	lan.port = (struct port){ .now = lan_now, .seed = 42, .key = lan_key, .idle = lan_idle, .reboot = lan_reboot,
		.log = { .put_char = lan_put, .verbosity = LOG_INFO } };
	lan.platform = (struct platform){ .port = &lan.port, .nic = &lan.nic, .build = "0 test",
		.pci_address = 0x18, .booted_file = "rill.kpxe", .handover = lan.handover, .program = lan.room,
		.program_bytes_max = sizeof lan.room, .attach = lan_attach, .detach = lan_detach, .find = lan_find,
		.start = lan_start, .chain = lan_chain, .answer = &lan.answer, .give_back = lan_give_back };
	lan.link = NIC_LINK_UP;
	lan.syslog_room = wr_over(lan.syslog, sizeof lan.syslog - 1);
	lan.clock = USEC_PER_S;
	lan.next_server = LAN_SERVER;
	lan.boot_file = "rill.kpxe";
	lan.file_head = "";
	lan.session = 0x1122334455667788;
}

static inline bool lan_said(const char *text)
{
	lan.log[lan.log_len] = 0;
	return strstr(lan.log, text) != NULL;
}
#endif
