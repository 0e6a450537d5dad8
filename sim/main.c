/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * The simulator: client, servers and a bad network in one process, replayed from seeds.
 *
 *     sim --seeds FIRST:COUNT         runs them; fails if one fails, or if an impairment never happened
 *     sim --seed N                    runs one again
 *     sim --figures                   efficiency on a clean line, without and with loss
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "sim/machine.h"
#include "sim/reader.h"

/* Fewer seeds than this need not show everything that can happen. */
enum { SEEDS_THAT_SHOW_ALL = 100 };

static bool run(uint64_t seed, struct tally *t)
{
	char why[200] = "";

	/* Every third seed is a whole boot. */
	if (seed % 3 == 0 ? machine_run(seed, t, why, sizeof why) : reader_run(seed, t, why, sizeof why))
		return true;
	printf("sim: seed %" PRIu64 ": %s\nreplay with: build/out/sim/sim --seed %" PRIu64 "\n", seed, why, seed);
	return false;
}

static bool print_figures(void)
{
	static const unsigned losses[] = { 0, 1, 10, 50 };
	bool ok = true;

	printf("  a clean line of 1 Gb/s, 0.3 ms round trip, window 64, 64 MiB in sequence:\n");
	for (unsigned i = 0; i < COUNT_OF(losses); i++) {
		struct reader_figures f;

		if (!reader_measure(losses[i], &f))
			return false;
		printf("    loss %4.1f%%: %5.1f%% of the line; of %" PRIu64 " data datagrams %" PRIu64 " were lost,\n",
		       losses[i] / 10.0, f.line_share * 100, f.needed, f.lost);
		printf("      %" PRIu64 " asked for in vain, %" PRIu64 " asked for again; %" PRIu64 " time-outs\n",
		       f.in_vain, f.again, f.timeouts);
		/* What did not come is asked for again, and hardly anything else. */
		if (f.again > (f.lost + f.in_vain) * 11 / 10 + 2) {
			printf("sim: it asks for more again than was lost\n");
			ok = false;
		}
	}
	return ok;
}

int main(int argc, char **argv)
{
	static struct tally tally;
	unsigned long long first = 1, count = 200;
	uint64_t failed = 0;

	if (argc == 2 && !strcmp(argv[1], "--figures"))
		return print_figures() ? 0 : 1;
	if (argc == 3 && !strcmp(argv[1], "--seed") && sscanf(argv[2], "%llu", &first) == 1) {
		count = 1;
	} else if (argc != 1 && (argc != 3 || strcmp(argv[1], "--seeds") || sscanf(argv[2], "%llu:%llu", &first, &count)
	           != 2)) {
		fprintf(stderr, "usage: sim [--seeds FIRST:COUNT | --seed N | --figures]\n");
		return 2;
	}
	for (uint64_t seed = first; seed < first + count && failed < 10; seed++)
		failed += !run(seed, &tally);
	tally_print(&tally);
	if (count >= SEEDS_THAT_SHOW_ALL && !failed)
		failed += !tally_is_complete(&tally) || !print_figures();
	return failed ? 1 : 0;
}
