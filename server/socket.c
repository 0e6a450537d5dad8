/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "server/socket.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

static socklen_t to_sockaddr(const struct stream_address *a, bool ipv6, union outbox_address *s)
{
	uint32_t ip;

	memset(s, 0, sizeof *s);
	if (!ipv6) {
		s->v4.sin_family = AF_INET;
		s->v4.sin_port   = htons(a->port);
		if (stream_address_is_ipv4(a, &ip))
			s->v4.sin_addr.s_addr = htonl(ip);
		return sizeof s->v4;
	}
	s->v6.sin6_family = AF_INET6;
	s->v6.sin6_port   = htons(a->port);
	memcpy(&s->v6.sin6_addr, a->ip, sizeof a->ip);
	return sizeof s->v6;
}

struct stream_address socket_sender(const union outbox_address *from)
{
	struct stream_address a;

	if (from->any.sa_family == AF_INET)
		return stream_address_ipv4(ntohl(from->v4.sin_addr.s_addr), ntohs(from->v4.sin_port));
	memcpy(a.ip, &from->v6.sin6_addr, sizeof a.ip);
	a.port = ntohs(from->v6.sin6_port);
	return a;
}

struct outbox_asked socket_asked(struct msghdr *h)
{
	struct outbox_asked asked = { 0 };

	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			asked.family = AF_INET;
			memcpy(&asked.info.v4, CMSG_DATA(c), sizeof asked.info.v4);
			asked.info.v4.ipi_ifindex = 0;          /* the way back is the routing table's affair */
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			asked.family = AF_INET6;
			memcpy(&asked.info.v6, CMSG_DATA(c), sizeof asked.info.v6);
			if (!IN6_IS_ADDR_LINKLOCAL(&asked.info.v6.ipi6_addr))
				asked.info.v6.ipi6_ifindex = 0;
		}
	}
	return asked;
}

static void set(int fd, int level, int option, int value)
{
	/* Each of these is a wish: without it the server works, if not as well. */
	(void)setsockopt(fd, level, option, &value, sizeof value);
}

static void set_up(int fd, bool ipv6, bool alone)
{
	struct timeval wait = { .tv_usec = SOCKET_WAIT_MS * 1000 };

	set(fd, SOL_SOCKET, SO_RCVBUF, SOCKET_BUFFER_BYTES);
	set(fd, SOL_SOCKET, SO_SNDBUF, SOCKET_BUFFER_BYTES);
	set(fd, SOL_SOCKET, SO_RCVBUFFORCE, SOCKET_BUFFER_BYTES);       /* beyond rmem_max, if we may */
	set(fd, SOL_SOCKET, SO_SNDBUFFORCE, SOCKET_BUFFER_BYTES);
	set(fd, SOL_SOCKET, SO_REUSEPORT, !alone);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	/* PROBE: "don't fragment", and no believing in ICMP messages anybody can forge. */
	set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
	if (ipv6) {
		set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
		set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
		set(fd, IPPROTO_IPV6, IPV6_DONTFRAG, 1);
	} else {
		set(fd, IPPROTO_IP, IP_PKTINFO, 1);
	}
}

static int bind_one(struct stream_address *where, bool ipv6, bool dual, bool alone)
{
	union outbox_address s;
	socklen_t len = to_sockaddr(where, ipv6, &s);
	int fd = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), error;

	if (fd < 0)
		return -1;
	set_up(fd, ipv6, alone);
	if (ipv6)
		set(fd, IPPROTO_IPV6, IPV6_V6ONLY, !dual);
	if (bind(fd, &s.any, len) == 0 && getsockname(fd, &s.any, &len) == 0) {
		*where = socket_sender(&s);
		return fd;
	}
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

int socket_open(struct stream_address *where, bool any, bool alone, char *trouble, size_t size)
{
	uint32_t ip;
	bool ipv4 = stream_address_is_ipv4(where, &ip);
	int  fd   = bind_one(where, !ipv4, any, alone);

	/* A system without IPv6 still has the addresses most machines boot from. */
	if (fd < 0 && any && !ipv4 && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL)) {
		*where = stream_address_ipv4(0, where->port);
		fd = bind_one(where, false, false, alone);
	}
	if (fd >= 0)
		return fd;
	const char *cure = errno == EADDRINUSE ? "stop the other server there, or choose another port with --listen"
	                 : errno == EADDRNOTAVAIL ? "give --listen an address this computer has"
	                 : errno == EACCES ? "choose a port above 1023, or start rilld as root"
	                 : "give --listen another address";
	snprintf(trouble, size, "cannot listen on %s: %s; %s", address_text(where).s, strerror(errno), cure);
	return -1;
}
