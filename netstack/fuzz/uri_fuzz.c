/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any text as rill://...: what is accepted has only values the rest of the tree can use. */
#include "netstack/fuzz/fuzz.h"
#include "netstack/wire/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct uri u;
	size_t at = len + 1;
	enum uri_verdict v = uri_read(rd_over(bytes, len), &u, &at);

	require(at <= len && uri_verdict_text(v)[0]);
	require(u.server_count <= URI_SERVERS_MAX && memchr(u.disk, 0, sizeof u.disk));
	require(v == URI_OK || (!u.server_count && !u.disk[0]));
	for (unsigned i = 0; i < u.server_count; i++)
		require(u.servers[i].ip && u.servers[i].port);
	return 0;
}
