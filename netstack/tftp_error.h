/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_TFTP_ERROR_H
#define NETSTACK_TFTP_ERROR_H
/*
 * The ERRORs of a TFTP client: what it keeps of one that comes, and those it has to send.
 *
 *     tftp_error_keep(&t, rest)            the server's words to t.error_text, fit for a screen
 *     tftp_error_tx(&t, &w, &flow)         true: an ERROR stands in w, for a stranger (RFC 1350, 4) or to end the
 *                                          transfer of t.old_port and t.old_tid
 */
#include "netstack/tftp.h"

void tftp_error_keep(struct tftp *t, struct rd text);
bool tftp_error_tx(struct tftp *t, struct wr *w, struct flow *flow);
#endif
