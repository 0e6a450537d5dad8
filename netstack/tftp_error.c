/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/tftp_error.h"

void tftp_error_keep(struct tftp *t, struct rd text)
{
	size_t len = min_size(rd_left(&text), sizeof t->error_text - 1);

	rd_bytes(&text, t->error_text, len);
	t->error_text[len] = '\0';
	for (size_t i = 0; i < len; i++)
		if (t->error_text[i] < ' ' || t->error_text[i] > '~')
			t->error_text[i] = '?';
}

static const char *words_of(const struct tftp *t)
{
	switch (t->error_due) {
	case TFTP_ERROR_UNDEFINED: return "TFTP Aborted";
	case TFTP_ERROR_OPTION:    return "Option refused";
	default:                   return t->error_text;
	}
}

bool tftp_error_tx(struct tftp *t, struct wr *w, struct flow *flow)
{
	if (t->stranger_ip) {
		flow->dst_ip   = t->stranger_ip;
		flow->dst_port = t->stranger_port;
		t->stranger_ip = 0;
		tftp_emit_error(w, TFTP_ERROR_UNKNOWN_TID, "Unknown transfer ID");
		return true;
	}
	if (!t->has_error_due)
		return false;
	t->has_error_due = false;
	flow->src_port   = t->old_port;
	flow->dst_port   = t->old_tid;
	tftp_emit_error(w, t->error_due, words_of(t));
	return true;
}
