/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/session.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>
#include "driver/clock.h"
#include "lib/fmt.h"

enum {
	STEP_HANDOVER  = 9,                     /* of docs/boot-flow.md */
	REPORT_S       = 30,
	DENIED_WAIT_S  = 5,                     /* protocol chapter 4: not sooner */
	RX_BUFFER      = 4 * 1024 * 1024,
	DATAGRAMS_PER_TURN = 8 * SESSION_BATCH,
};

static const char build[] = "rill-attach 1";

static uint64_t seed(void)
{
	uint64_t s = 0;

	if (getrandom(&s, sizeof s, 0) != (ssize_t)sizeof s)
		s = clock_now();
	return s;
}

/* The largest segment whose datagram needs no fragments; multiples of 64 keep copies aligned. */
static uint16_t segment_for(unsigned mtu, bool is_v6)
{
	unsigned room = mtu - (is_v6 ? 40 : 20) - 8 - STREAM_DATA_HEAD_BYTES;

	if (room > STREAM_SEGMENT_BYTES_MAX)
		room = STREAM_SEGMENT_BYTES_MAX;
	if (room < STREAM_SEGMENT_BYTES_MIN)
		room = STREAM_SEGMENT_BYTES_MIN;
	return (uint16_t)(room - room % 64);
}

static socklen_t to_sockaddr(const struct stream_address *a, bool is_v6, struct sockaddr_storage *to)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(a->port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(a->port) };
	uint32_t ip = 0;

	if (is_v6) {
		memcpy(&in6.sin6_addr, a->ip, 16);
		memcpy(to, &in6, sizeof in6);
		return sizeof in6;
	}
	/* An IPv6 server for an IPv4 socket becomes 0.0.0.0: refused, and so left for the next server. */
	if (stream_address_is_ipv4(a, &ip))
		in.sin_addr.s_addr = htonl(ip);
	memcpy(to, &in, sizeof in);
	return sizeof in;
}

static struct stream_address from_sockaddr(const struct sockaddr_storage *from)
{
	struct stream_address a = { .port = 0 };
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (from->ss_family == AF_INET) {
		memcpy(&in, from, sizeof in);
		return stream_address_ipv4(ntohl(in.sin_addr.s_addr), ntohs(in.sin_port));
	}
	memcpy(&in6, from, sizeof in6);
	memcpy(a.ip, &in6.sin6_addr, 16);
	a.port = ntohs(in6.sin6_port);
	return a;
}

static bool bind_port(const struct session *s, uint16_t port)
{
	struct stream_address any = { .port = port };           /* :: and, on an IPv4 socket, 0.0.0.0 */
	struct sockaddr_storage a;
	socklen_t len = to_sockaddr(&any, s->is_v6, &a);

	return bind(s->udp, (struct sockaddr *)&a, len) == 0;
}

bool session_open(struct session *s, struct kmsg *k, const struct card *card, uint16_t port,
                  const struct stream_address *server)
{
	int room = RX_BUFFER, no_fragments = IP_PMTUDISC_DO;
	uint32_t ip;

	memset(s, 0, sizeof *s);
	s->kmsg    = k;
	s->is_v6   = !stream_address_is_ipv4(server, &ip);
	s->segment = segment_for(card->mtu, s->is_v6);
	s->udp     = socket(s->is_v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->udp < 0) {
		kmsg_error(k, "open a UDP socket");
		return false;
	}
	if (setsockopt(s->udp, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0)
		setsockopt(s->udp, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
	if (!s->is_v6)
		setsockopt(s->udp, IPPROTO_IP, IP_MTU_DISCOVER, &no_fragments, sizeof no_fragments);
	if (setsockopt(s->udp, SOL_SOCKET, SO_BINDTODEVICE, card->name, (socklen_t)strlen(card->name)) < 0)
		kmsg_error(k, "bind the socket to the card");
	/* The firmware's port passes firewalls and address translators that have seen it; any other does, too. */
	if (!bind_port(s, port) && !bind_port(s, 0)) {
		kmsg_error(k, "bind a UDP port");
		close(s->udp);
		return false;
	}
	return true;
}

/* SMBIOS has the first three fields of the UUID little-endian; sysfs prints them as numbers. */
static void read_uuid(uint8_t uuid[16])
{
	static const uint8_t order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
	char text[40] = "";
	unsigned digits = 0;
	uint8_t bytes[16] = { 0 };
	int f = open("/sys/class/dmi/id/product_uuid", O_RDONLY | O_CLOEXEC);

	memset(uuid, 0, 16);
	if (f < 0)
		return;
	if (read(f, text, sizeof text - 1) < 36)
		text[0] = 0;
	close(f);
	for (const char *c = text; *c && digits < 32; c++) {
		int low = *c | 32;
		unsigned v = *c >= '0' && *c <= '9' ? (unsigned)(*c - '0')
		           : low >= 'a' && low <= 'f' ? (unsigned)(low - 'a') + 10 : 16;

		if (v == 16)
			continue;
		bytes[digits / 2] = (uint8_t)(bytes[digits / 2] << 4 | v);
		digits++;
	}
	if (digits == 32)
		for (unsigned i = 0; i < 16; i++)
			uuid[i] = bytes[order[i]];
}

static struct login_who identity(const struct session *s, const struct card *card, uint16_t arch, const char *disk)
{
	struct login_who who = {
		.arch    = arch,
		.stage   = STAGE_DRIVER,
		.build   = build,
		.window  = SESSION_WINDOW,
		.segment = s->segment,
	};

	memcpy(who.mac, card->mac, sizeof who.mac);
	read_uuid(who.uuid);
	fmt_text(who.disk, sizeof who.disk, "%s", disk);
	return who;
}

static void send_datagram(struct session *s, const uint8_t *bytes, size_t len, const struct stream_address *to)
{
	struct sockaddr_storage a;
	socklen_t a_len = to_sockaddr(to, s->is_v6, &a);
	ssize_t sent = sendto(s->udp, bytes, len, 0, (struct sockaddr *)&a, a_len);
	/* A datagram too long for the path is a ping, and lost. */
	int error = sent < 0 && errno != EAGAIN && errno != EMSGSIZE ? errno : 0;

	if (error != s->send_errno) {
		if (error)
			kmsg_wrong(s->kmsg, "sending to the server: %s; asking on", strerror(error));
		else
			kmsg_step(s->kmsg, "sending to the server works again");
		s->send_errno = error;
	}
}

/* One batch of what has come, to whoever wants it. The number of datagrams. */
typedef void take_datagram(void *ctx, usec now, const struct stream_address *from, struct rd datagram);

static int receive_batch(struct session *s, take_datagram *take, void *ctx, usec now)
{
	struct mmsghdr messages[SESSION_BATCH];
	struct iovec parts[SESSION_BATCH];
	struct sockaddr_storage from[SESSION_BATCH];
	int count;

	for (unsigned i = 0; i < SESSION_BATCH; i++) {
		parts[i] = (struct iovec){ s->rx[i], sizeof s->rx[i] };
		messages[i] = (struct mmsghdr){ .msg_hdr = {
			.msg_name = &from[i], .msg_namelen = sizeof from[i],
			.msg_iov = &parts[i], .msg_iovlen = 1,
		} };
	}
	count = recvmmsg(s->udp, messages, SESSION_BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < count; i++) {
		struct stream_address a = from_sockaddr(&from[i]);

		if (!(messages[i].msg_hdr.msg_flags & MSG_TRUNC))
			take(ctx, now, &a, rd_over(s->rx[i], messages[i].msg_len));
	}
	return count;
}

static void take_stream(void *ctx, usec now, const struct stream_address *from, struct rd datagram)
{
	stream_rx(ctx, now, from, datagram);
}

static void take_login(void *ctx, usec now, const struct stream_address *from, struct rd datagram)
{
	login_rx(ctx, now, from, datagram);
}

void session_rx(struct session *s, usec now)
{
	for (int n = 0, got; n < DATAGRAMS_PER_TURN; n += got) {
		got = receive_batch(s, take_stream, &s->stream, now);
		if (got < SESSION_BATCH)
			return;
	}
}

void session_tx(struct session *s, usec now)
{
	uint8_t room[STREAM_DATA_HEAD_BYTES + STREAM_SEGMENT_BYTES_MAX];       /* a ping is as long as data */
	struct stream_address to;

	for (;;) {
		struct wr w = wr_over(room, sizeof room);

		if (!stream_tx(&s->stream, now, &w, &to))
			return;
		send_datagram(s, room, wr_used(&w, room), &to);
	}
}

static void start(struct session *s, const struct login_who *who, const struct login_grant *grant,
                  uint32_t first_request)
{
	struct stream_config config = {
		.who = *who, .stage_flag = STREAM_DRIVER, .window_max = SESSION_WINDOW,
		.segment_max = s->segment, .first_request = first_request,
	};
	usec now = clock_now();

	config.who.session = grant->session;
	config.who.has_content = true;
	config.who.content = grant->content;
	stream_init(&s->stream, &config, grant, &s->kmsg->log, now, seed());
	s->status = STREAM_FLOWING;
	s->report_at = now;
}

static void login_step(struct session *s, struct login *l, usec now)
{
	uint8_t room[STREAM_MESSAGE_BYTES_MAX];
	struct stream_address to;
	struct wr w = wr_over(room, sizeof room);
	struct pollfd p = { .fd = s->udp, .events = POLLIN };

	while (login_tx(l, now, &w, &to)) {
		send_datagram(s, room, wr_used(&w, room), &to);
		w = wr_over(room, sizeof room);
	}
	poll(&p, 1, clock_poll_ms(now, login_wake_at(l), 1000));
	receive_batch(s, take_login, l, clock_now());
}

void session_login(struct session *s, const struct card *card, uint16_t arch, const struct stream_address *server,
                   const char *disk)
{
	struct login_who who = identity(s, card, arch, disk);
	enum login_status told = LOGIN_WORKING;
	struct login l;

	login_init(&l, &who, server, &s->kmsg->log, clock_now(), seed());
	while (login_status(&l) != LOGIN_DONE) {
		enum login_status status = login_status(&l);

		if (status == LOGIN_DENIED) {
			kmsg_wrong(s->kmsg, "the server says: %s. Asking again in %u s",
			         l.denied.text, (unsigned)DENIED_WAIT_S);
			sleep(DENIED_WAIT_S);
			login_restart(&l, clock_now());
		} else if (status == LOGIN_SILENT && told != LOGIN_SILENT) {
			kmsg_wrong(s->kmsg, "no answer from the server. Does rilld run there, on that "
			         "UDP port? A firewall? Asking on");
		}
		told = status;
		login_step(s, &l, clock_now());
	}
	kmsg_step(s->kmsg, "logged in: session %016llx, disk %s, %llu MiB",
	         (unsigned long long)l.grant.session, l.grant.disk, (unsigned long long)(l.grant.size >> 20));
	start(s, &who, &l.grant, 0);
}

/* Where among the servers the firmware's is; one it learnt elsewhere comes first. */
static void order_servers(struct login_grant *g, const struct handover *h)
{
	g->server_count = h->server_count;
	memcpy(g->servers, h->servers, sizeof g->servers);
	for (unsigned i = 0; i < g->server_count; i++)
		if (!memcmp(&g->servers[i], &h->server_current, sizeof h->server_current)) {
			g->server_current = i;
			return;
		}
	if (g->server_count == TLV_SERVERS_MAX)
		g->server_count--;
	memmove(g->servers + 1, g->servers, g->server_count * sizeof *g->servers);
	g->servers[0] = h->server_current;
	g->server_count++;
	g->server_current = 0;
}

void session_resume(struct session *s, const struct card *card, const struct handover *h)
{
	enum { NEVER_THE_FIRMWARES = 1 << 16 };         /* docs/handover.md, end */
	struct login_who who = identity(s, card, h->arch, h->disk);
	struct login_grant grant = {
		.session = h->session, .size = h->size, .content = h->content, .ticket = h->ticket,
		.expires_s = h->expires_s, .granted_at = clock_now(),
		.window = h->window, .segment = h->segment,
		.mode = (enum stream_mode)h->mode, .version = h->version,
	};

	fmt_text(grant.disk, sizeof grant.disk, "%s", h->disk);
	order_servers(&grant, h);
	start(s, &who, &grant, h->next_request + NEVER_THE_FIRMWARES);
}

/* Silence and refusal are told when they begin, and that all is well again, with the time it took. */
static void tell_status(struct session *s, enum stream_status now_is, usec now)
{
	if (now_is == STREAM_FLOWING)
		kmsg_step(s->kmsg, "the server answers again, after %llu ms",
		         (unsigned long long)((now - s->quiet_since) / USEC_PER_MS));
	else if (now_is == STREAM_QUIET)
		kmsg_wrong(s->kmsg, "the server is silent; reads wait and are asked again. Network? rilld?");
	else if (now_is == STREAM_REFUSED)
		kmsg_wrong(s->kmsg, "the server refuses: %s. Reads wait; asking on", s->stream.denied.text);
	if (s->status == STREAM_FLOWING)
		s->quiet_since = now;
	s->status = now_is;
}

usec session_wake_at(const struct session *s)
{
	return min_u64(s->report_at, stream_wake_at(&s->stream));
}

void session_watch(struct session *s, usec now)
{
	enum stream_status status = stream_status(&s->stream);

	if (status != s->status)
		tell_status(s, status, now);
	if (now < s->report_at)
		return;
	stream_report(&s->stream, now, STEP_HANDOVER, "driver");
	s->report_at = now + REPORT_S * USEC_PER_S;
}

void session_bye(struct session *s, const char *why)
{
	usec now = clock_now();

	stream_bye(&s->stream, now, why);
	while (stream_status(&s->stream) != STREAM_ENDED) {
		struct pollfd p = { .fd = s->udp, .events = POLLIN };

		session_tx(s, now);
		poll(&p, 1, clock_poll_ms(now, stream_wake_at(&s->stream), 100));
		now = clock_now();
		session_rx(s, now);
	}
}
