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
	require(why.at <= CONFIG_BYTES_MAX + CONFIG_HEAD_BYTES);
	return 0;
}
