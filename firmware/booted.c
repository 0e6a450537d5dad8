/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/booted.h"
#include "netstack/wire/dhcp.h"

static void field_text(struct rd field, char *name, size_t size)
{
	size_t len = 0;

	while (rd_left(&field) && len + 1 < size) {
		char c = (char)rd_u8(&field);

		if (!c)
			break;
		name[len++] = c;
	}
	name[len] = 0;
}

bool booted_file_in(struct rd packet, char *name, size_t size)
{
	struct dhcp_packet p;
	size_t len;

	name[0] = 0;
	if (!dhcp_parse(packet, &p))
		return false;
	len = dhcp_option(&p, OPT_BOOT_FILE, name, size - 1);
	name[len] = 0;
	if (!len)
		field_text(p.boot_file, name, size);
	return name[0] != 0;
}
