/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/stream_notice.h"
#include "netstack/stream_window.h"

static const usec wait_max = 2 * USEC_PER_S;

void stream_notice_begin(struct stream *s, struct stream_notice *n, uint8_t type, usec now, usec give_up,
                         const char *text)
{
	*n = (struct stream_notice){
		.is_waiting = true, .type = type, .number = s->next_request++ & ~LOGIN_REQUEST,
		.due = now, .wait = stream_window_timeout(&s->window), .give_up = give_up,
	};
	rd_tlv_text(rd_over(text, strlen(text)), n->text, sizeof n->text);
}

bool stream_notice_answered(struct stream *s, const struct stream_head *head)
{
	struct stream_notice *both[] = { &s->report, &s->bye };

	for (unsigned i = 0; i < COUNT_OF(both); i++)
		if (both[i]->is_waiting && both[i]->number == head->request) {
			/* An Rerror leaves the report waiting for the next ticket; a bye has nobody to wait for. */
			if (head->type == both[i]->type + 1 || both[i] == &s->bye)
				both[i]->is_waiting = false;
			return true;
		}
	return false;
}

static void write_notice(const struct stream *s, const struct stream_notice *n, struct wr *w)
{
	const struct stream_counters *c = &s->counters;
	struct tlv_counters counters = {
		.bytes = c->bytes, .requests = c->requests, .requests_again = c->requests_again,
		.datagrams_dropped = c->dropped_malformed + c->dropped_check + c->dropped_foreign + c->dropped_late
		                   + c->dropped_duplicate,
		.failovers = c->failovers,
	};
	struct stream_head head = {
		.type = n->type, .flags = s->config.stage_flag, .generation = n->generation, .request = n->number,
		.session = s->grant.session,
	};
	uint8_t *start = w->at;

	wr_stream_head(w, &head);
	wr_stream_ticket(w, &s->grant.ticket);
	if (n->type == STREAM_TSTATUS) {
		wr_tlv_u8(w, TLV_STAGE, (uint8_t)s->config.who.stage);
		wr_tlv_u8(w, TLV_STEP, n->step);
		wr_tlv_counters(w, &counters);
	}
	wr_tlv_text(w, TLV_TEXT, n->text);
	if (wr_ok(w))
		stream_seal(start, wr_used(w, start), NULL);
}

bool stream_notice_tx(struct stream *s, struct stream_notice *n, usec now, struct wr *w)
{
	if (n->is_waiting && now >= n->give_up)
		n->is_waiting = false;
	if (!n->is_waiting || now < n->due)
		return false;
	write_notice(s, n, w);
	n->generation++;
	n->due  = now + n->wait + random_below(&s->random, (uint32_t)n->wait / 4);
	n->wait = min_u64(n->wait * 2, wait_max);
	return true;
}

usec stream_notice_wake_at(const struct stream_notice *n)
{
	return n->is_waiting ? min_u64(n->due, n->give_up) : NEVER;
}
