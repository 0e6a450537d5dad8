/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef QEMU_TESTS_NET_SWITCHPORT_H
#define QEMU_TESTS_NET_SWITCHPORT_H
/*
 * A switch's port, in front of a cable: it may not forward yet, be tagged, or be one of a bundle.
 *
 *     struct switchport p = { .forwards_us = 45000000, .tree = PORT_RAPID };
 *     port_begin(&p, now)                                     its link has come up, just now
 *     bytes = port_in(&p, now, frame, bytes)                  a frame of the machine's; 0: it goes no further
 *     bytes = port_out(&p, now, frame, bytes)                 one for the machine; it may get a tag: four bytes more
 *     while ((bytes = port_says(&p, now, frame)))             what the port itself has to say to the machine
 *             send it
 *     port_next(&p)                                           when it will have something to say again; 0: never
 *
 * All that reaches the machine of an untagged, forwarding port without a tree is what reaches the cable.
 */
#include <stdint.h>

enum port_tree { PORT_SILENT, PORT_OLD, PORT_RAPID };

struct switchport {
	/* as it is wanted */
	uint64_t forwards_us;           /* so long it forwards nothing; UINT64_MAX: for ever */
	enum port_tree tree;            /* the spanning tree that speaks through it, if one does */
	unsigned vlan;                  /* the machine's side has this tag, the network's has none; 0: neither has */
	int      bundle;                /* it forwards only to who answers its LACP */

	/* as it is */
	uint64_t forwards_at, tree_at, bundle_at;
	unsigned state;                 /* LACP's, of its own */

	/* what happened */
	uint64_t blocked_in, blocked_out, wrong_tags, bpdus, lacpdus, lacp_answers, eap;
};

void port_begin(struct switchport *p, uint64_t now);
uint32_t port_in(struct switchport *p, uint64_t now, uint8_t *frame, uint32_t bytes);
uint32_t port_out(struct switchport *p, uint64_t now, uint8_t *frame, uint32_t bytes);
uint32_t port_says(struct switchport *p, uint64_t now, uint8_t *frame);
uint64_t port_next(const struct switchport *p);
#endif
