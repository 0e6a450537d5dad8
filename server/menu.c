/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "server/menu.h"
#include <ctype.h>
#include <stdlib.h>

bool mac_pattern_parse(const char *text, struct mac_pattern *p)
{
	memset(p, 0, sizeof *p);
	for (unsigned i = 0; i < sizeof p->mac; i++) {
		if (i && *text++ != ':')
			return false;
		if (*text == '*') {
			text++;
			continue;
		}
		if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]))
			return false;
		const char byte[] = { text[0], text[1], 0 };
		p->mac[i]  = (uint8_t)strtoul(byte, NULL, 16);
		p->mask[i] = 0xff;
		text += 2;
	}
	return *text == 0;
}

static bool is_machine(const struct mac_pattern *p, const uint8_t mac[6])
{
	uint8_t other = 0;

	for (unsigned i = 0; i < sizeof p->mac; i++)
		other |= (uint8_t)((mac[i] ^ p->mac[i]) & p->mask[i]);
	return other == 0;
}

bool menu_is_for(const struct server_menu *m, const struct tlv_set *login)
{
	bool is_shown = m->machine_count == 0;

	for (unsigned i = 0; i < m->machine_count && !is_shown; i++)
		is_shown = is_machine(&m->machines[i], login->mac);
	return is_shown && m->shown.count && tlv_has(login, TLV_CHOICE) && !login->disk[0]
	    && !tlv_has(login, TLV_CONTENT);
}
