/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/scan.h"

bool scan_ip(const char *text, uint32_t *ip)
{
	uint32_t value = 0;

	for (int part = 0; part < 4; part++) {
		unsigned octet = 0, digits = 0;

		for (; *text >= '0' && *text <= '9' && digits < 3; text++, digits++)
			octet = octet * 10 + (unsigned)(*text - '0');
		if (digits == 0 || octet > 255 || *text != (part < 3 ? '.' : '\0'))
			return false;
		if (part < 3)
			text++;
		value = value << 8 | octet;
	}
	*ip = value;
	return true;
}
