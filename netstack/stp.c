/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/stp.h"

enum {
	HELLOS_BELIEVED = 3,                                    /* 802.1D-2004 17.21.23: so many may be lost */
	HELLO_MIN_MS = 1000, HELLO_MS = 2000, HELLO_MAX_MS = 10000,     /* 802.1D-1998 table 8-3, */
	DELAY_MIN_MS = 4000, DELAY_MS = 15000, DELAY_MAX_MS = 30000,    /* and what nonsense is taken for */
};

void stp_init(struct stp *s) { *s = (struct stp){ .heard = STP_SILENT }; }

static usec sane(uint32_t ms, uint32_t min, uint32_t max, uint32_t otherwise)
{
	return (usec)(ms >= min && ms <= max ? ms : otherwise) * USEC_PER_MS;
}

void stp_rx(struct stp *s, usec now, struct rd payload)
{
	struct stp_bpdu b;

	if (!stp_parse(payload, &b)) {
		s->malformed++;
		return;
	}
	if (b.kind == STP_TOPOLOGY)
		return;
	s->bpdus++;
	memcpy(s->bridge, b.bridge, sizeof s->bridge);
	if (b.kind == STP_RAPID && b.flags & STP_FORWARDING) {
		s->heard = STP_FORWARDS;
	} else if (b.kind == STP_RAPID) {
		s->heard = STP_BLOCKS;
		s->until = now + HELLOS_BELIEVED * sane(b.hello_ms, HELLO_MIN_MS, HELLO_MAX_MS, HELLO_MS);
	} else if (stp_says(s, now) == STP_SILENT) {    /* the first only: each says the same */
		s->heard = STP_MAY_FORWARD;
		s->until = now + 2 * sane(b.forward_delay_ms, DELAY_MIN_MS, DELAY_MAX_MS, DELAY_MS);
	}
}

void stp_heard_data(struct stp *s)
{
	if (s->heard == STP_MAY_FORWARD)
		s->heard = STP_FORWARDS;
}

enum stp_port stp_says(const struct stp *s, usec now)
{
	if (s->heard == STP_MAY_FORWARD && now >= s->until)
		return STP_FORWARDS;
	if (s->heard == STP_BLOCKS && now >= s->until)
		return STP_SILENT;
	return s->heard;
}

usec stp_until(const struct stp *s, usec now)
{
	return (s->heard == STP_MAY_FORWARD || s->heard == STP_BLOCKS) && now < s->until ? s->until : NEVER;
}
