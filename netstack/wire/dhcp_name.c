/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/dhcp_name.h"
#include "netstack/wire/dhcp.h"

enum { FIELDS_BYTES = 236, MAGIC_COOKIE = 0x63825363, BOOT_REQUEST = 1, BOOT_REPLY = 2 };

/* The type among the options; DHCP_BOOTP if none of them says. An overloaded packet has it among these all the same. */
static uint8_t type_of(struct rd options)
{
	while (rd_left(&options)) {
		uint8_t code = rd_u8(&options);
		struct rd value;

		if (code == OPT_PAD)
			continue;
		if (code == OPT_END)
			break;
		value = rd_sub(&options, rd_u8(&options));
		if (code == OPT_TYPE)
			return rd_u8(&value);
	}
	return DHCP_BOOTP;
}

const char *dhcp_name(struct rd packet)
{
	static const char *const names[] = {
		[DHCP_DISCOVER] = "DHCPDISCOVER", [DHCP_OFFER] = "DHCPOFFER", [DHCP_REQUEST] = "DHCPREQUEST",
		[DHCP_DECLINE] = "DHCPDECLINE", [DHCP_ACK] = "DHCPACK", [DHCP_NAK] = "DHCPNAK",
		[DHCP_RELEASE] = "DHCPRELEASE", [DHCP_INFORM] = "DHCPINFORM",
	};
	uint8_t op = rd_u8(&packet), type;

	rd_skip(&packet, FIELDS_BYTES - 1);
	if (rd_be32(&packet) != MAGIC_COOKIE || (op != BOOT_REQUEST && op != BOOT_REPLY))
		return NULL;
	type = type_of(packet);
	if (type != DHCP_BOOTP && type < COUNT_OF(names))
		return names[type];
	return op == BOOT_REPLY ? "BOOTP reply" : "BOOTP request";
}
