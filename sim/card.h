/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SIM_CARD_H
#define SIM_CARD_H
/* A network card on the simulated air: node 0 is the machine, the others are servers; the MAC's last byte tells. */
#include "netstack/nic.h"
#include "sim/air.h"

enum { CARD_FRAMES_MAX = 64, HOST_NODES = 3 };          /* the machine, two servers */

struct card {
	struct nic  nic;                        /* first: a struct nic * is a struct card * */
	struct air *air;
	const usec *now;
	unsigned    node;
	struct air_packet *waiting[CARD_FRAMES_MAX];
	unsigned    first, count;
	struct air_packet *lent;                /* what poll gave last */
	uint64_t    overflows, data_lost;
};

void card_init(struct card *c, struct air *air, const usec *now, unsigned node, unsigned frames_max);
void card_close(struct card *c);
/* A frame that came out of the air; the card owns it now. */
void card_receive(struct card *c, struct air_packet *p);
/* Whether a frame carries Rdata. */
bool frame_is_data(const uint8_t *frame, size_t len);
#endif
