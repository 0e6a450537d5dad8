/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any bytes as a configuration block: values only from a good one, a complaint only about a bad one. */
#include "lib/log.h"
#include "loader/config.h"
#include "netstack/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct config_complaint why;
	struct config c;
	enum config_verdict v = config_read(rd_over(bytes, len), &c, &why);

	require(memchr(c.uri, 0, sizeof c.uri) != NULL);
	require((v == CONFIG_BAD) == (why.what != NULL));
	require(v == CONFIG_OK || (!c.uri[0] && !c.has_serial && !c.has_verbosity));
	require(c.verbosity <= LOG_DEBUG);
	require(c.vlan <= 4094 && c.policy <= CONFIG_NEXT_DEVICE && c.client_id <= CONFIG_ID_UUID);
	require(c.address.ip == 0 || (c.address.mask & c.address.ip) != c.address.ip);
	require(c.address.router == 0 || ((c.address.router ^ c.address.ip) & c.address.mask) == 0);
	require(c.dns[0] || !c.dns[1]);
	require(why.at <= CONFIG_BYTES_MAX + CONFIG_HEAD_BYTES);
	return 0;
}
