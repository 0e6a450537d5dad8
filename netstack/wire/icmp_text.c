/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A file of its own, because the rest of ICMP stays resident on a BIOS. */
#include "netstack/wire/icmp.h"

/* RFC 792, 1122 3.2.2.1 and 1812 5.2.7.1. */
static const char *const unreachable[] = {
	"there is no way to that network", "the host cannot be reached", "it does not know UDP", "the port is closed",
	"too long for the way", "a source route failed", "that network is unknown", "that host is unknown",
	"that host is isolated", "that network is forbidden", "that host is forbidden",
	"no way to that network for this kind of service", "no way to that host for this kind of service",
	"a firewall forbids it", "its precedence is forbidden", "its precedence is too low",
};

const char *icmp_error_text(uint8_t type, uint8_t code)
{
	switch (type) {
	case ICMP_UNREACHABLE:
		return code < COUNT_OF(unreachable) ? unreachable[code] : "it cannot be reached";
	case ICMP_TIME_EXCEEDED:
		return code ? "its fragments did not all arrive" : "it went from router to router and never arrived";
	case ICMP_BAD_PARAMETER:
		return "its header is not understood";
	}
	return "it did not arrive";
}
