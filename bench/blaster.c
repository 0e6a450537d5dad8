/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * Sends UDP datagrams at a given rate to who asks: the other end of count.kpxe.
 *
 *     blaster [ADDRESS [PORT]]        default 0.0.0.0, 6911
 *     blaster --flood ADDRESS PORT FRAMES_PER_S MS PAYLOAD
 *
 * What is asked and what is sent stands in firmware/count/counter.h. One run at a time; a number that was
 * heard last is not run again, but an answer is given each time it is asked for. A line for each run says what
 * really left: the pace of a loaded machine.
 * With --flood nobody has to ask: one run, to this address, which may be a broadcast one.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "firmware/count/counter.h"

enum {
	PORT = 6911, BATCH_MAX = COUNTER_ANSWER_MAX, PAYLOAD_MAX = 1472, PAYLOAD_MIN = 12, SLEEP_US = 200,
	MS_MAX = 60000,
};

static uint8_t payload[BATCH_MAX][PAYLOAD_MAX];

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static bool parse(const void *bytes, size_t len, struct counter_ask *ask)
{
	struct rd r = rd_over(bytes, len);
	bool known = rd_be32(&r) == COUNTER_MAGIC;

	ask->run = rd_be32(&r);
	ask->frames_per_s = rd_be32(&r);
	ask->ms = rd_be32(&r);
	ask->payload = rd_be16(&r);
	ask->answer = rd_be16(&r);
	return known && rd_done(&r) && ask->ms <= MS_MAX && ask->payload >= PAYLOAD_MIN &&
	       ask->payload <= PAYLOAD_MAX && ask->answer <= COUNTER_ANSWER_MAX;
}

/* The next `count` datagrams. Returns how many left. */
static unsigned send_batch(int fd, const struct sockaddr_in *to, const struct counter_ask *ask, uint32_t sequence,
                           unsigned count)
{
	struct mmsghdr messages[BATCH_MAX];
	struct iovec pieces[BATCH_MAX];
	int sent;

	memset(messages, 0, sizeof messages);
	for (unsigned i = 0; i < count; i++) {
		struct wr w = wr_over(payload[i], PAYLOAD_MIN);

		wr_be32(&w, COUNTER_MAGIC);
		wr_be32(&w, ask->run);
		wr_be32(&w, sequence + i);
		pieces[i] = (struct iovec){ payload[i], ask->payload };
		messages[i].msg_hdr = (struct msghdr){
			.msg_name = (void *)to, .msg_namelen = sizeof *to, .msg_iov = &pieces[i], .msg_iovlen = 1 };
	}
	sent = sendmmsg(fd, messages, count, 0);
	return sent > 0 ? (unsigned)sent : 0;
}

/* Sends what is due by now; sleeps in between, so that the machine under test keeps its processor. */
static void blast(int fd, const struct sockaddr_in *to, const struct counter_ask *ask)
{
	uint64_t from = now_us(), until = from + ask->ms * 1000ull, now;
	uint32_t sent = 0;

	while ((now = now_us()) < until) {
		uint64_t due = ask->frames_per_s ? (now - from) * ask->frames_per_s / 1000000 + 1 : sent + BATCH_MAX;

		if (due <= sent) {
			usleep(SLEEP_US);
			continue;
		}
		sent += send_batch(fd, to, ask, sent, due - sent < BATCH_MAX ? (unsigned)(due - sent) : BATCH_MAX);
	}
	printf("run %u: asked %u/s, sent %u in %u ms\n", ask->run, ask->frames_per_s, sent, ask->ms);
	fflush(stdout);
}

static void serve(int fd)
{
	uint32_t last = 0;

	for (;;) {
		struct sockaddr_in from;
		socklen_t len = sizeof from;
		uint8_t bytes[64];
		ssize_t got = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &len);
		struct counter_ask ask;

		if (got < 0 || !parse(bytes, (size_t)got, &ask))
			continue;
		if (ask.answer)
			send_batch(fd, &from, &ask, 0, ask.answer);
		if (ask.answer || ask.run == last)
			continue;
		last = ask.run;
		blast(fd, &from, &ask);
	}
}

/* words: address, port, frames a second, milliseconds, payload. */
static int flood(char **words)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(words[1])) };
	struct counter_ask ask = { .frames_per_s = (uint32_t)atoi(words[2]), .ms = (uint32_t)atoi(words[3]),
	                           .payload = (uint16_t)atoi(words[4]) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), yes = 1;

	if (inet_pton(AF_INET, words[0], &to.sin_addr) != 1 || ask.ms > MS_MAX || ask.payload < PAYLOAD_MIN ||
	    ask.payload > PAYLOAD_MAX) {
		fprintf(stderr, "blaster --flood ADDRESS PORT FRAMES_PER_S MS PAYLOAD\n");
		return 2;
	}
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &yes, sizeof yes)) {
		fprintf(stderr, "blaster: %s\n", strerror(errno));
		return 2;
	}
	blast(fd, &to, &ask);
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in here = { .sin_family = AF_INET };
	int fd;

	if (argc == 7 && !strcmp(argv[1], "--flood"))
		return flood(argv + 2);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	here.sin_port = htons((uint16_t)(argc > 2 ? atoi(argv[2]) : PORT));
	if (inet_pton(AF_INET, argc > 1 ? argv[1] : "0.0.0.0", &here.sin_addr) != 1) {
		fprintf(stderr, "blaster [ADDRESS [PORT]]\n");
		return 2;
	}
	if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof here)) {
		fprintf(stderr, "blaster: %s\n", strerror(errno));
		return 2;
	}
	serve(fd);
}
