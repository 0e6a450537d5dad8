/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/count/count.h"
#include "lib/fmt.h"
#include "netstack/wire/stream.h"

enum {
	BLAST_PORT = 6911, WINDOW_MS = 2000, MARGIN_MS = 300, ASK_EVERY_US = 250000, ASKS_MAX = 20, QUIET_US = 400000,
	/* 4 KiB of a disk in datagrams of the stream: each has a third of it and the head of an Rdata. */
	ANSWER_FRAMES = 3, ANSWER_PAYLOAD = (4096 + ANSWER_FRAMES - 1) / ANSWER_FRAMES + STREAM_DATA_HEAD_BYTES,
	ANSWER_PATIENCE_US = 50000, ANSWER_RUN = 1000,
};

static void turn(struct count *c)
{
	struct datagram d;
	struct flow flow;
	struct wr w;

	while (net_poll(&c->net, c->now(), &d))
		if (d.dst_port == DHCP_CLIENT_PORT)
			dhcp_rx(&c->dhcp, c->now(), &d);
	w = net_payload(&c->net);
	if (dhcp_tx(&c->dhcp, c->now(), &w, &flow))
		net_send(&c->net, c->now(), &flow, wr_used(&w, c->net.tx + UDP_PAYLOAD_AT));
}

static bool get_address(struct count *c)
{
	struct dhcp_identity who = c->who;

	memcpy(who.mac, c->card->mac, sizeof who.mac);
	net_init(&c->net, &c->counter.nic, c->log);
	net_open_port(&c->net, DHCP_CLIENT_PORT);
	dhcp_init(&c->dhcp, &who, c->log, c->now(), c->seed);
	while (dhcp_status(&c->dhcp) == DHCP_WORKING)
		turn(c);
	if (dhcp_status(&c->dhcp) != DHCP_BOUND)
		return false;
	net_configure(&c->net, &c->dhcp.lease.address);
	net_announce(&c->net, c->now());
	return true;
}

/* Asks the sender for a run; it hears a run's number only once, so asking again does no harm. */
static void ask(struct count *c, uint32_t run, uint32_t rate)
{
	struct flow flow = { .dst_ip = c->dhcp.lease.next_server, .src_port = BLAST_PORT, .dst_port = BLAST_PORT };
	struct wr w = net_payload(&c->net);

	counter_emit(&w, &(struct counter_ask){
		.run = run, .frames_per_s = rate, .ms = WINDOW_MS + MARGIN_MS, .payload = UDP_PAYLOAD_MAX });
	net_send(&c->net, c->now(), &flow, wr_used(&w, c->net.tx + UDP_PAYLOAD_AT));
}

static void wait_quiet(struct count *c)
{
	usec until = c->now() + QUIET_US;
	uint32_t seen = c->counter.all;

	while (c->now() < until) {
		turn(c);
		if (c->counter.all != seen) {
			seen = c->counter.all;
			until = c->now() + QUIET_US;
		}
	}
}

/* One rate: from its first frame on, for WINDOW_MS. */
static bool measure(struct count *c, uint32_t run, uint32_t rate)
{
	usec asked, from, to;
	unsigned asks = 0;

	counter_start(&c->counter, run);
	asked = c->now();
	while (c->counter.frames == 0) {
		if (c->now() >= asked) {
			if (asks++ == ASKS_MAX)
				return false;
			ask(c, run, rate);
			asked = c->now() + ASK_EVERY_US;
		}
		turn(c);
	}
	from = c->now();
	do {
		turn(c);
		to = c->now();
	} while (to - from < WINDOW_MS * USEC_PER_MS);
	log_line(c->log, LOG_STEP, "count asked_pps=%u us=%u frames=%u bytes=%u sent=%u", rate, (uint32_t)(to - from),
	         c->counter.frames, c->counter.bytes, c->counter.last + 1);
	counter_start(&c->counter, 0);
	wait_quiet(c);
	return true;
}

/* A question and its answer; false: a frame of it was lost. As in INT 13h, no call is made for more than is to come. */
static bool exchange(struct count *c, uint32_t run)
{
	struct flow flow = { .dst_ip = c->dhcp.lease.next_server, .src_port = BLAST_PORT, .dst_port = BLAST_PORT };
	struct wr w = net_payload(&c->net);
	usec asked = c->now();
	struct datagram d;

	counter_start(&c->counter, run);
	counter_emit(&w, &(struct counter_ask){ .run = run, .payload = ANSWER_PAYLOAD, .answer = ANSWER_FRAMES });
	c->card->poll_follows = true;
	net_send(&c->net, asked, &flow, wr_used(&w, c->net.tx + UDP_PAYLOAD_AT));
	c->card->poll_follows = false;
	c->card->rx_wait_us = ANSWER_PATIENCE_US;
	while (c->counter.frames < ANSWER_FRAMES) {
		if (c->now() - asked > ANSWER_PATIENCE_US)
			return false;
		c->card->rx_expected = (uint16_t)(ANSWER_FRAMES - c->counter.frames);
		while (net_poll(&c->net, c->now(), &d))
			;
	}
	return true;
}

static bool measure_answers(struct count *c)
{
	uint32_t answers = 0, lost = 0;
	usec from = c->now(), to;

	do {
		if (exchange(c, ANSWER_RUN + answers + lost))
			answers++;
		else
			lost++;
		to = c->now();
	} while (to - from < WINDOW_MS * USEC_PER_MS);
	c->card->rx_expected = 0;
	c->card->rx_wait_us = 0;
	log_line(c->log, LOG_STEP, "count asked_frames=%u us=%u answers=%u lost=%u", ANSWER_FRAMES,
	         (uint32_t)(to - from), answers, lost);
	return answers != 0;
}

static bool measure_all(struct count *c)
{
	for (uint32_t i = 0; i < c->rate_count; i++)
		if (!measure(c, i + 1, c->rates[i])) {
			log_line(c->log, LOG_ERROR, "count error: nothing comes from %s port %u",
			         ip_text(c->dhcp.lease.next_server).s, BLAST_PORT);
			return false;
		}
	if (!measure_answers(c)) {
		log_line(c->log, LOG_ERROR, "count error: no whole answer comes from %s port %u",
		         ip_text(c->dhcp.lease.next_server).s, BLAST_PORT);
		return false;
	}
	return true;
}

bool count_run(struct count *c)
{
	counter_init(&c->counter, c->card);
	if (get_address(c))
		return measure_all(c);
	log_line(c->log, LOG_ERROR, "count error: no address");
	return false;
}
