/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_PACKET_TEXT_H
#define LOADER_PACKET_TEXT_H
/*
 * A frame in one line, for people: "DHCPOFFER of 10.0.0.50 from 10.0.0.1:67", "ARP reply 10.0.0.1 is MAC".
 * Says what it sees, sound or not; decides nothing. The parsers are the stack's own.
 */
#include "lib/bytes.h"

enum { PACKET_TEXT_MAX = 64 };          /* with time and direction before it a line of 80 columns */

/* sent: it is ours, so whom it is for is told. tftp_port: ours of a TFTP transfer, whose packets name none; 0: none. */
void packet_text(char room[PACKET_TEXT_MAX + 1], struct rd frame, bool sent, uint16_t tftp_port);
#endif
