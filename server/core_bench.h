/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_CORE_BENCH_H
#define SERVER_CORE_BENCH_H
/*
 * What the tests of the server's core share: the fake, and a client that it has let in to disk "a".
 *
 *     up, down                        set-up and end of each test; *state is its struct rig
 */
#include "lib/test.h"
#include "server/fake.h"

struct rig { struct fake *f; struct fake_client c; };

static inline int up(void **state)
{
	struct rig *rig = calloc(1, sizeof *rig);

	rig->f = fake_open();
	rig->c = fake_client(1);
	*state = rig;
	return fake_login(rig->f, &rig->c, "a") == STREAM_RLOGIN ? 0 : -1;
}

static inline int down(void **state)
{
	struct rig *rig = *state;

	fake_close(rig->f);
	free(rig);
	return 0;
}
#endif
