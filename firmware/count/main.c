/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * count.kpxe: how many frames a second a card's UNDI can bring us at all.
 *
 * The receive path is the firmware's own, down to the burst in real mode; the frames are counted and dropped.
 * What it prints is the limit that rill.kpxe's disk is measured against (docs/performance.md). One line a rate, and one
 * for how often a second it can ask for as many frames as 4 KiB of a disk are, and have them, one question at a time:
 *
 *     count asked_pps=8000 us=2000113 frames=15321 bytes=22552512 sent=16001
 *     count asked_frames=3 us=2000402 answers=3512 lost=0
 *
 * bytes are UDP payload; sent is how many frames the sender had sent when the last one we saw left.
 */
#include "firmware/bios/card.h"
#include "firmware/bios/clock.h"
#include "firmware/bios/console.h"
#include "firmware/bios/cpu.h"
#include "firmware/bios/low.h"
#include "firmware/bios/resident.h"
#include "firmware/count/counter.h"
#include "lib/fmt.h"
#include "netstack/dhcp.h"
#include "netstack/wire/stream.h"

enum {
	BLAST_PORT = 6911, WINDOW_MS = 2000, MARGIN_MS = 300, ASK_EVERY_US = 250000, ASKS_MAX = 20, QUIET_US = 400000,
	EXIT_PORT = 0xf4, EXIT_WELL = 0x10,
	/* 4 KiB of a disk in datagrams of the stream: each has a third of it and the head of an Rdata. */
	ANSWER_FRAMES = 3, ANSWER_PAYLOAD = (4096 + ANSWER_FRAMES - 1) / ANSWER_FRAMES + STREAM_DATA_HEAD_BYTES,
	ANSWER_PATIENCE_US = 50000, ANSWER_RUN = 1000,
};

/* 0 is as fast as the sender can. */
static const uint32_t rates[] = { 8000, 10000, 12000, 14000, 16000, 18000, 21000, 0 };

static struct counter counter;
static struct net net;
static struct dhcp dhcp;

static void put_char(struct log *log, char c)
{
	(void)log;
	console_put(c);
}

static void turn(void)
{
	struct datagram d;
	struct flow flow;
	struct wr w;

	while (net_poll(&net, clock_now(), &d))
		if (d.dst_port == DHCP_CLIENT_PORT)
			dhcp_rx(&dhcp, clock_now(), &d);
	w = net_payload(&net);
	if (dhcp_tx(&dhcp, clock_now(), &w, &flow))
		net_send(&net, clock_now(), &flow, wr_used(&w, net.tx + UDP_PAYLOAD_AT));
}

static bool get_address(struct log *log, const struct pxe_card *card)
{
	struct dhcp_identity who = { .architecture = 0, .undi_major = 2, .undi_minor = 1 };

	memcpy(who.mac, card->nic.mac, sizeof who.mac);
	net_init(&net, &counter.nic, log);
	net_open_port(&net, DHCP_CLIENT_PORT);
	dhcp_init(&dhcp, &who, log, clock_now(), cpu_tsc());
	while (dhcp_status(&dhcp) == DHCP_WORKING)
		turn();
	if (dhcp_status(&dhcp) != DHCP_BOUND)
		return false;
	net_configure(&net, &dhcp.lease.address);
	net_announce(&net, clock_now());
	return true;
}

/* Asks the sender for a run; it hears a run's number only once, so asking again does no harm. */
static void ask(uint32_t run, uint32_t rate)
{
	struct flow flow = { .dst_ip = dhcp.lease.next_server, .src_port = BLAST_PORT, .dst_port = BLAST_PORT };
	struct wr w = net_payload(&net);

	counter_emit(&w, &(struct counter_ask){
		.run = run, .frames_per_s = rate, .ms = WINDOW_MS + MARGIN_MS, .payload = UDP_PAYLOAD_MAX });
	net_send(&net, clock_now(), &flow, wr_used(&w, net.tx + UDP_PAYLOAD_AT));
}

static void wait_quiet(void)
{
	usec until = clock_now() + QUIET_US;
	uint32_t seen = counter.all;

	while (clock_now() < until) {
		turn();
		if (counter.all != seen) {
			seen = counter.all;
			until = clock_now() + QUIET_US;
		}
	}
}

/* One rate: from its first frame on, for WINDOW_MS. */
static bool measure(struct log *log, uint32_t run, uint32_t rate)
{
	usec asked, from, to;
	unsigned asks = 0;

	counter_start(&counter, run);
	asked = clock_now();
	while (counter.frames == 0) {
		if (clock_now() >= asked) {
			if (asks++ == ASKS_MAX)
				return false;
			ask(run, rate);
			asked = clock_now() + ASK_EVERY_US;
		}
		turn();
	}
	from = clock_now();
	do {
		turn();
		to = clock_now();
	} while (to - from < WINDOW_MS * USEC_PER_MS);
	log_line(log, LOG_STEP, "count asked_pps=%u us=%u frames=%u bytes=%u sent=%u", rate, (uint32_t)(to - from),
	         counter.frames, counter.bytes, counter.last + 1);
	counter_start(&counter, 0);
	wait_quiet();
	return true;
}

/* A question and its answer; false: a frame of it was lost. As in INT 13h, no call is made for more than is to come. */
static bool exchange(uint32_t run)
{
	struct flow flow = { .dst_ip = dhcp.lease.next_server, .src_port = BLAST_PORT, .dst_port = BLAST_PORT };
	struct wr w = net_payload(&net);
	usec asked = clock_now();
	struct datagram d;

	counter_start(&counter, run);
	counter_emit(&w, &(struct counter_ask){ .run = run, .payload = ANSWER_PAYLOAD, .answer = ANSWER_FRAMES });
	counter.card->poll_follows = true;
	net_send(&net, asked, &flow, wr_used(&w, net.tx + UDP_PAYLOAD_AT));
	counter.card->poll_follows = false;
	counter.card->rx_waited = true;
	while (counter.frames < ANSWER_FRAMES) {
		if (clock_now() - asked > ANSWER_PATIENCE_US)
			return false;
		counter.card->rx_expected = (uint16_t)(ANSWER_FRAMES - counter.frames);
		while (net_poll(&net, clock_now(), &d))
			;
	}
	return true;
}

static bool measure_answers(struct log *log)
{
	uint32_t answers = 0, lost = 0;
	usec from = clock_now(), to;

	do {
		if (exchange(ANSWER_RUN + answers + lost))
			answers++;
		else
			lost++;
		to = clock_now();
	} while (to - from < WINDOW_MS * USEC_PER_MS);
	counter.card->rx_expected = 0;
	counter.card->rx_waited = false;
	log_line(log, LOG_STEP, "count asked_frames=%u us=%u answers=%u lost=%u", ANSWER_FRAMES, (uint32_t)(to - from),
	         answers, lost);
	return answers != 0;
}

static bool measure_all(struct log *log)
{
	for (uint32_t i = 0; i < COUNT_OF(rates); i++)
		if (!measure(log, i + 1, rates[i])) {
			log_line(log, LOG_ERROR, "count error: nothing comes from %s port %u",
			         ip_text(dhcp.lease.next_server).s, BLAST_PORT);
			return false;
		}
	if (!measure_answers(log)) {
		log_line(log, LOG_ERROR, "count error: no whole answer comes from %s port %u",
		         ip_text(dhcp.lease.next_server).s, BLAST_PORT);
		return false;
	}
	return true;
}

/* Called by start.asm on the 32-bit stack; returning gives the machine back to the ROM. */
void main_bios(struct low *block);
void main_bios(struct low *block)
{
	struct resident *r = resident_init(block);
	struct log *log = &r->port.log;

	*log = (struct log){ .put_char = put_char, .verbosity = LOG_STEP };
	console_init(CONSOLE_COM1, CONSOLE_BAUD);
	if (!card_find(log) || !card_open(log, &r->card))
		return;
	counter_init(&counter, &r->card.nic);
	log_line(log, LOG_STEP, "count driver=\"%s\" tsc_khz=%u", r->card.nic.driver, clock_tsc_per_ms());
	if (!get_address(log, &r->card))
		log_line(log, LOG_ERROR, "count error: no address");
	else if (measure_all(log)) {
		log_line(log, LOG_STEP, "count end calls_failed=%u", r->card.counted.call_failed);
		cpu_out8(EXIT_PORT, EXIT_WELL);         /* QEMU's isa-debug-exit; nothing anywhere else */
	}
	pxe_close(&r->card);
}
