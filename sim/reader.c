/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "sim/reader.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "sim/image.h"
#include "sim/reading.h"
#include "sim/weather.h"

/* Simulated time the troubles of a seed may cost, and what a line that loses more than 1 in 20 may add. */
static const usec trouble_max = 30u * USEC_PER_S, loss_max = 300u * USEC_PER_S;

enum { POISON = 0xee, IDLE_TURNS_MAX = 100000 };

static void fail(struct reading *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void fail(struct reading *r, const char *format, ...)
{
	va_list args;

	if (r->failed)
		return;
	r->failed = true;
	va_start(args, format);
	vsnprintf(r->why, r->why_size, format, args);
	va_end(args);
}

/* ---- what goes through the air ---- */

/* Segments a Tread asks for; 0: it is none. */
static unsigned segments_wanted(const uint8_t *bytes, size_t len)
{
	struct stream_head head;
	struct stream_read read;
	struct rd body;
	unsigned n = 0;

	if (!stream_open(rd_over(bytes, len), &head, &body) || head.type != STREAM_TREAD
	    || !rd_stream_read(body, &read))
		return 0;
	for (; read.want; read.want &= read.want - 1)
		n++;
	return n;
}

static void on_harm(void *who, unsigned from, uint32_t tag, const uint8_t *bytes, size_t len)
{
	struct reading *r = who;

	(void)tag;
	if (from != READER && len > 1 && bytes[1] == STREAM_RDATA)
		r->data_lost++;
	if (from == READER)
		r->wanted_in_vain += segments_wanted(bytes, len);
}

static void emit(struct provider *p, const uint8_t *datagram, size_t len)
{
	struct reading *r = p->who;

	air_send(&r->air, r->now, p->node, READER, r->ip, datagram, len);
}

static void send_to(struct reading *r, const struct stream_address *to, const uint8_t *bytes, size_t len)
{
	for (unsigned i = 0; i < r->server_count; i++)
		if (stream_address_same(to, &r->addresses[i]))
			air_send(&r->air, r->now, READER, i + 1, r->ip, bytes, len);
}

static void arrive(struct reading *r, const struct air_packet *p)
{
	struct stream_address from;
	uint8_t *exact;

	if (r->air.is_cut[p->from] || r->air.is_cut[p->to] || (p->to == READER && p->tag != r->ip)) {
		if (!p->is_damaged && !p->is_copy)      /* else it was counted when it was harmed */
			on_harm(r, p->from, 0, p->bytes, p->len);
		return;
	}
	if (p->to != READER) {
		from = stream_address_ipv4(p->tag, r->port);
		provider_rx(&r->servers[p->to - 1], r->now, &from, p->number, p->bytes, p->len);
		return;
	}
	exact = malloc(p->len ? p->len : 1);
	memcpy(exact, p->bytes, p->len);
	if (r->is_streaming)
		stream_rx(&r->stream, r->now, &r->addresses[p->from - 1], rd_over(exact, p->len));
	else
		login_rx(&r->login, r->now, &r->addresses[p->from - 1], rd_over(exact, p->len));
	free(exact);
}

/* ---- reading ---- */

static bool is_poisoned(const struct buffer *b)
{
	for (uint32_t i = 0; i < b->len; i++)
		if (b->bytes[i] != POISON)
			return false;
	return true;
}

/* The reader has taken, or dropped, what was in here: nobody may write there any more. */
static void bury(struct reading *r, struct buffer *b)
{
	struct buffer *grave = &r->taken[r->taken_next++ % TAKEN_KEPT];

	if (grave->bytes && !is_poisoned(grave))
		fail(r, "a buffer was written after it was taken");
	free(grave->bytes);
	*grave = *b;
	memset(grave->bytes, POISON, grave->len);
	b->bytes = NULL;
}

static void draw_range(struct reading *r, uint64_t *offset, uint32_t *len)
{
	static const uint32_t usual[] = { 512, 4096, 4096, 4096, 16384, 65536 };
	uint64_t size = r->login.grant.size;

	*len = random_below(&r->random, 2) ? usual[random_below(&r->random, 6)]
	                                   : 512 * (1 + random_below(&r->random, 128));
	if (*len > stream_request_bytes_max(&r->stream))
		*len = 4096;
	if (*len > size)
		*len = (uint32_t)size;
	if (!r->is_sequential)
		r->next_offset = (uint64_t)random_below(&r->random, (uint32_t)(size / 512)) * 512;
	if (r->next_offset > size - *len)
		r->next_offset = 0;
	*offset = r->next_offset;
	r->next_offset += *len;
}

static void want_more(struct reading *r)
{
	for (unsigned i = 0; i < r->depth; i++) {
		struct place *p = &r->places[i];

		if (p->is_used || r->done >= r->goal)
			continue;
		draw_range(r, &p->offset, &p->buffer.len);
		p->buffer.bytes = malloc(p->buffer.len);
		p->is_ahead = random_below(&r->random, 5) == 0;
		p->id = p->is_ahead ? stream_want_ahead(&r->stream, r->now, p->offset, p->buffer.len, p->buffer.bytes)
		                    : stream_want(&r->stream, r->now, p->offset, p->buffer.len, p->buffer.bytes);
		p->is_used = true;
		if (p->id < 0) {
			fail(r, "no place was free for request %u", i);
			return;
		}
	}
}

static void take_done(struct reading *r, struct place *p)
{
	enum stream_want_state state = stream_take(&r->stream, p->id);

	if (state == STREAM_UNDER_WAY)
		return;
	p->is_used = false;
	if (state == STREAM_READY) {
		if (!image_is(r->image, p->offset, p->buffer.bytes, p->buffer.len))
			fail(r, "wrong data at %llu", (unsigned long long)p->offset);
		r->done += p->buffer.len;
	} else if (state != STREAM_IO_ERROR || !r->io_may_fail) {
		fail(r, "a read ended in state %d", state);
	}
	bury(r, &p->buffer);
}

static void take_all(struct reading *r)
{
	for (unsigned i = 0; i < r->depth; i++) {
		struct place *p = &r->places[i];

		if (p->is_used)
			take_done(r, p);
		if (!p->is_used || !p->is_ahead)
			continue;
		if (random_below(&r->random, 50) == 0) {
			stream_hurry(&r->stream, p->id);
			p->is_ahead = false;
		} else if (random_below(&r->random, 200) == 0) {
			stream_drop(&r->stream, p->id);
			p->is_used = false;
			bury(r, &p->buffer);
		}
	}
}

static void begin_stream(struct reading *r, const struct login_who *who)
{
	struct stream_config config = { .who = *who, .window_max = who->window, .segment_max = who->segment };
	struct login_grant *g = &r->login.grant;

	/* rilld does not list its group yet; an operator's rill:// URI does. */
	for (unsigned i = 0; i < r->server_count; i++) {
		g->servers[i] = r->addresses[i];
		if (stream_address_same(&r->addresses[i], &r->login.server))
			g->server_current = i;
	}
	g->server_count = r->server_count;
	stream_init(&r->stream, &config, g, NULL, r->now, random_next(&r->random));
	stream_report(&r->stream, r->now, 1, "simulated");
	r->is_streaming = true;
	r->began = r->now;
}

static bool is_ping(struct rd datagram)
{
	struct stream_head head;
	struct rd body;

	return stream_open(datagram, &head, &body) && head.type == STREAM_TPING;
}

static void transmit(struct reading *r)
{
	uint8_t bytes[AIR_BYTES_MAX];
	struct stream_address to;

	for (unsigned n = 0; n < 1000; n++) {
		struct wr w = wr_over(bytes, sizeof bytes);
		bool sends = r->is_streaming ? stream_tx(&r->stream, r->now, &w, &to)
		                             : login_tx(&r->login, r->now, &w, &to);

		if (!sends)
			return;
		if (!wr_ok(&w) || (wr_used(&w, bytes) > STREAM_MESSAGE_BYTES_MAX
		                   && !is_ping(rd_over(bytes, wr_used(&w, bytes)))))
			fail(r, "a message of %zu bytes", wr_used(&w, bytes));
		send_to(r, &to, bytes, wr_used(&w, bytes));
	}
	fail(r, "it does not stop sending");
}

/* Time jumps to the next event. */
static void step(struct reading *r, usec troubles_next)
{
	struct air_packet *p;
	usec next = r->is_streaming ? stream_wake_at(&r->stream) : login_wake_at(&r->login);

	next   = min_u64(min_u64(next, air_next(&r->air)), troubles_next);
	r->now = max_u64(r->now, next);
	if (r->now > r->time_max)
		fail(r, "not done after %u s: %llu of %llu bytes", (unsigned)(r->time_max / USEC_PER_S),
		     (unsigned long long)r->done, (unsigned long long)r->goal);
	while (!r->failed && (p = air_take(&r->air, r->now))) {
		arrive(r, p);
		free(p);
	}
}

static bool is_busy(const struct reading *r)
{
	bool busy = r->done < r->goal;

	for (unsigned i = 0; i < r->depth; i++)
		busy |= r->places[i].is_used;
	return busy;
}

static void read_it_all(struct reading *r, const struct login_who *who)
{
	unsigned idle = 0;

	while (!r->failed) {
		usec before = r->now, next;

		if (!r->is_streaming && login_status(&r->login) == LOGIN_DONE)
			begin_stream(r, who);
		if (!r->is_streaming && login_status(&r->login) == LOGIN_DENIED)
			fail(r, "login denied: %s", r->login.denied.text);
		next = trouble_turn(r);
		if (r->is_streaming) {
			take_all(r);
			want_more(r);
		}
		if (!is_busy(r))
			break;
		transmit(r);
		step(r, next);
		idle = r->now == before ? idle + 1 : 0;
		if (idle > IDLE_TURNS_MAX)
			fail(r, "time stands still");
	}
}

static void say_bye(struct reading *r)
{
	usec start = r->now;

	stream_bye(&r->stream, r->now, "done");
	for (transmit(r); !r->failed && stream_status(&r->stream) != STREAM_ENDED; transmit(r)) {
		step(r, NEVER);
		if (r->now - start > 2 * USEC_PER_S)
			fail(r, "bye does not end");
	}
}

/* ---- one seed ---- */

static void judge(struct reading *r, uint64_t seed)
{
	const struct stream_counters *c = &r->stream.counters;
	struct tally *t = r->tally;
	uint64_t needed = c->segments - c->segments_again, sent = 0, for_copies = 0;
	unsigned percent;

	for (unsigned i = 0; i < r->server_count; i++) {
		sent       += r->servers[i].data_sent;
		for_copies += r->servers[i].data_for_copies;
	}
	if (sent * 2 > needed * 3 + (r->data_lost + for_copies) * 2)
		fail(r, "%llu data datagrams for %llu wanted, %llu lost, %llu for doubled requests",
		     (unsigned long long)sent, (unsigned long long)needed, (unsigned long long)r->data_lost,
		     (unsigned long long)for_copies);
	percent = needed && sent > r->data_lost + for_copies
	        ? (unsigned)((sent - r->data_lost - for_copies) * 100 / needed) : 0;
	if (percent > t->worst_percent) {
		t->worst_percent = percent;
		t->worst_seed    = seed;
	}
	if (r->now > t->longest) {
		t->longest      = r->now;
		t->longest_seed = seed;
	}
	t->needed     += needed;
	t->sent       += sent;
	t->lost       += r->data_lost;
	t->for_copies += for_copies;
	t->bytes      += r->done;
	t->again      += c->segments_again;
	t->early      += c->segments_early;
	t->timeouts   += c->timeouts;
	t->logins     += c->logins;
	t->failovers  += c->failovers;
	t->large      += r->stream.grant.segment > STREAM_SEGMENT_BYTES;
	t->io_errors  += c->io_errors;
	t->dropped_damaged   += c->dropped_check + c->dropped_malformed;
	t->dropped_late      += c->dropped_late;
	t->dropped_duplicate += c->dropped_duplicate;
	tally_air(t, &r->air.counts);
}

static void open_servers(struct reading *r, uint64_t size)
{
	for (unsigned i = 0; i < r->server_count; i++) {
		struct provider *p = &r->servers[i];

		provider_open(p, r->image, size, r->key);
		p->emit = emit;
		p->who  = r;
		p->node = i + 1;
		r->addresses[i] = stream_address_ipv4(0x0a000001 + i, STREAM_PORT);
	}
}

static void close_all(struct reading *r)
{
	for (unsigned i = 0; i < TAKEN_KEPT; i++) {
		if (r->taken[i].bytes && !is_poisoned(&r->taken[i]))
			fail(r, "a buffer was written after it was taken");
		free(r->taken[i].bytes);
	}
	for (unsigned i = 0; i < STREAM_REQUESTS_MAX; i++)
		if (r->places[i].is_used)
			free(r->places[i].buffer.bytes);
	for (unsigned i = 0; i < r->server_count; i++)
		provider_close(&r->servers[i]);
	air_free(&r->air);
}

static struct login_who draw_who(struct reading *r)
{
	static const uint16_t segments[] = { 512, 1008, 1408, 1440, 1440, 8928 };

	return (struct login_who){
		.mac = { 0x52, 0x54, 0, 0, 0, 1 }, .stage = STAGE_FIRMWARE, .build = "sim",
		.window = (uint16_t)(1 + random_below(&r->random, random_below(&r->random, 2) ? 16 : 300)),
		.segment = segments[random_below(&r->random, COUNT_OF(segments))],
	};
}

/* A window a round trip, and the line's rate: four times that, and what can go wrong. */
static usec time_allowed(const struct reading *r, const struct air_weather *w, const struct login_who *who)
{
	uint64_t bytes = r->goal + r->depth * STREAM_REQUEST_BYTES_MAX;
	usec round_trip = 2 * (w->delay + w->jitter) + (w->reorder ? w->reorder_by : 0);
	uint64_t segment = min_u64(who->segment, STREAM_SEGMENT_BYTES);         /* larger ones are a gift */
	usec ideal = bytes / segment / min_u64(who->window, 64) * round_trip + bytes * w->ns_per_byte / 1000;
	bool is_bad = w->lose + w->corrupt + w->truncate > 50;

	return r->now + trouble_max + ideal * 4 + (is_bad ? loss_max + ideal * 4 : 0);
}

bool reader_run(uint64_t seed, struct tally *t, char *why, size_t why_size)
{
	static struct reading reading;
	struct reading *r = &reading;
	struct air_weather weather;
	struct login_who who;

	*r = (struct reading){ .random = random_from(seed), .tally = t, .why = why, .why_size = why_size,
	                       .ip = 0x0a000064, .port = 5000, .goal = READ_BYTES };
	r->now          = 1000 + random_below(&r->random, 1000000);
	r->image        = random_next(&r->random);
	r->key          = random_next(&r->random);
	r->server_count = 1 + random_below(&r->random, SERVERS_MAX);
	r->depth        = 1 + random_below(&r->random, STREAM_REQUESTS_MAX);
	r->is_sequential = random_below(&r->random, 3) == 0;
	weather = weather_draw(&r->random);
	weather.bytes_max = random_below(&r->random, 4) ? 0 : TUNNEL_BYTES;
	air_init(&r->air, &weather, random_next(&r->random));
	r->air.on_harm = on_harm;
	r->air.who     = r;
	open_servers(r, (uint64_t)(1 + random_below(&r->random, 16384)) * STREAM_PAD_BYTES);
	trouble_plan(r);
	if (r->server_count > 1 && random_below(&r->random, 4) == 0) {
		r->servers[0].server.redirects = true;
		r->servers[0].server.redirect  = r->addresses[1];
		t->troubles[TROUBLE_REDIRECT]++;
	}
	who = draw_who(r);
	r->time_max = time_allowed(r, &weather, &who);
	login_init(&r->login, &who, &r->addresses[0], NULL, r->now, random_next(&r->random));
	read_it_all(r, &who);
	if (!r->failed)
		say_bye(r);
	judge(r, seed);
	close_all(r);
	t->seeds++;
	return !r->failed;
}

bool reader_measure(unsigned lose, struct reader_figures *f)
{
	static struct reading reading;
	static struct tally nothing;
	struct reading *r = &reading;
	char why[200] = "";
	struct login_who who = { .stage = STAGE_FIRMWARE, .build = "sim", .window = 64, .segment = 1408 };
	struct air_weather weather = { .lose = lose, .delay = 150, .ns_per_byte = 8, .queue_max = 1000 };

	*r = (struct reading){ .random = random_from(1), .tally = &nothing, .why = why, .why_size = sizeof why,
	                       .ip = 0x0a000064, .port = 5000, .goal = 64 << 20, .server_count = 1, .depth = 8,
	                       .is_sequential = true, .image = 1, .now = 1000, .time_max = trouble_max };
	air_init(&r->air, &weather, 1);
	r->air.on_harm = on_harm;
	r->air.who     = r;
	open_servers(r, 80 << 20);
	login_init(&r->login, &who, &r->addresses[0], NULL, r->now, 1);
	read_it_all(r, &who);
	*f = (struct reader_figures){
		.bytes = r->done, .needed = r->stream.counters.segments - r->stream.counters.segments_again,
		.sent = r->servers[0].data_sent, .lost = r->data_lost,
		.in_vain = r->wanted_in_vain, .again = r->stream.counters.segments_again,
		.timeouts = r->stream.counters.timeouts, .time = r->now - r->began,
	};
	/* What a line of 8 ns a byte carries in datagrams of 1408 bytes. */
	f->line_share = (double)r->done / ((double)f->time / 1e6) / (1e9 / 8 * 1408 / (1408 + 28 + 66));
	close_all(r);
	return !r->failed;
}
