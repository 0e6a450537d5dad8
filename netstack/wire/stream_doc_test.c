/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Holds docs/protocol.md and docs/handover.md against the code; runs from the root of the tree. */
#include <string.h>
#include "lib/test.h"
#include "netstack/wire/tlv.h"

struct name { const char *name; unsigned value; };
#define NAME(x) { #x, (unsigned)(x) }

static const struct name protocol_names[] = {
	NAME(STREAM_VERSION), NAME(STREAM_PORT), NAME(STREAM_HEAD_BYTES), NAME(STREAM_DATA_HEAD_BYTES),
	NAME(STREAM_COOKIE_BYTES), NAME(STREAM_TICKET_BYTES_MAX), NAME(STREAM_CONTENT_BYTES),
	NAME(STREAM_LOGIN_BYTES_MIN), NAME(STREAM_MESSAGE_BYTES_MAX), NAME(STREAM_SEGMENTS_MAX),
	NAME(STREAM_SEGMENT_BYTES_MIN), NAME(STREAM_SEGMENT_BYTES_MAX), NAME(STREAM_SEGMENT_BYTES),
	NAME(STREAM_SEGMENT_BYTES_IPV4),
	NAME(STREAM_SECTOR_BYTES), NAME(STREAM_PAD_BYTES), NAME(STREAM_ECHO_BYTES_MAX),
	NAME(STREAM_DRIVER), NAME(STREAM_KEYED), NAME(STREAM_AHEAD), NAME(STREAM_DRAINING),
	NAME(TLV_PAD), NAME(TLV_COOKIE), NAME(TLV_MAC), NAME(TLV_UUID), NAME(TLV_ARCH), NAME(TLV_STAGE),
	NAME(TLV_BUILD), NAME(TLV_DISK), NAME(TLV_CONTENT), NAME(TLV_WINDOW), NAME(TLV_SEGMENT), NAME(TLV_TICKET),
	NAME(TLV_SIZE), NAME(TLV_MODE), NAME(TLV_VERSION), NAME(TLV_SERVER), NAME(TLV_ROOT_HASH),
	NAME(TLV_PERSONALITY), NAME(TLV_EXPIRES), NAME(TLV_REASON), NAME(TLV_TEXT), NAME(TLV_WAIT_MS), NAME(TLV_MENU),
	NAME(TLV_CHOICE), NAME(TLV_PROFILE), NAME(TLV_STEP), NAME(TLV_COUNTERS), NAME(TLV_MULTICAST),
	NAME(TLV_KEY_ID), NAME(TLV_NONCE), NAME(TLV_PROOF),
	NAME(DENY_NO_SUCH_DISK), NAME(DENY_NO_DEFAULT_DISK), NAME(DENY_EMPTY_DISK), NAME(DENY_NOT_ALLOWED),
	NAME(DENY_CONTENT_CHANGED), NAME(DENY_UNSUPPORTED), NAME(DENY_MALFORMED), NAME(DENY_BROKEN_DISK),
	NAME(DENY_CHOOSE),
	NAME(ERROR_LOGIN_AGAIN), NAME(ERROR_NO_SUCH_CONTENT), NAME(ERROR_OUT_OF_RANGE), NAME(ERROR_IO),
	NAME(ERROR_UNSUPPORTED),
};

static const struct name handover_names[] = {
	NAME(TLV_LEASE), NAME(TLV_DNS), NAME(TLV_CARD), NAME(TLV_SESSION), NAME(TLV_SERVER_CURRENT),
	NAME(TLV_CLIENT_PORT), NAME(TLV_TIMES), NAME(TLV_DRIVE), NAME(TLV_MTU), NAME(TLV_HOST_NAME),
	NAME(TLV_CLIENT_ID), NAME(TLV_VLAN), NAME(TLV_UNDI),
};

static char *read_document(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 100000);
	size_t len;

	if (!f)
		fail_msg("%s: cannot be read; run the test from the root of the tree", path);
	len = fread(text, 1, 99999, f);
	assert_true(len > 1000 && len < 99999);
	fclose(f);
	return text;
}

/* The cells of a table row, trimmed; 0 if the line is no row. */
static unsigned cut_cells(const char *line, size_t len, char cells[8][120])
{
	unsigned count = 0;
	size_t at = 1;

	if (len < 2 || line[0] != '|')
		return 0;
	while (at < len && count < 8) {
		size_t end = at;

		while (end < len && line[end] != '|')
			end++;
		while (at < end && line[at] == ' ')
			at++;
		snprintf(cells[count], sizeof cells[count], "%.*s", (int)(end - at), line + at);
		for (size_t n = strlen(cells[count]); n && cells[count][n - 1] == ' '; n--)
			cells[count][n - 1] = 0;
		count++;
		at = end + 1;
	}
	return count;
}

/* A name of the form TLV_X, STREAM_X, DENY_X or ERROR_X beside a number. */
static bool is_name(const char *cell, const char *value)
{
	return (!strncmp(cell, "TLV_", 4) || !strncmp(cell, "STREAM_", 7) || !strncmp(cell, "DENY_", 5)
	        || !strncmp(cell, "ERROR_", 6)) && value[0] >= '0' && value[0] <= '9';
}

/* "address[16] port[2]" is 18; 0 if the value has no one length. */
static size_t fixed_length(const char *value)
{
	size_t sum = 0;

	if (strstr(value, "[*]") || strstr(value, "text") || strstr(value, " to ") || strstr(value, "key_length")
	    || strstr(value, " x n"))
		return 0;
	for (const char *p = strchr(value, '['); p; p = strchr(p + 1, '['))
		sum += strtoul(p + 1, NULL, 10);
	return sum;
}

static enum tlv_verdict verdict_of_length(unsigned type, size_t len)
{
	static const uint8_t zero[64];
	struct tlv_set set;
	uint8_t bytes[80];
	struct wr w = wr_over(bytes, sizeof bytes);

	wr_tlv(&w, (uint16_t)type, zero, len);
	return tlv_read_set(rd_over(bytes, wr_used(&w, bytes)), &set);
}

static void check_length(const char *name, unsigned type, const char *value)
{
	size_t len = fixed_length(value);

	if (!len || type >= 256)
		return;
	if (verdict_of_length(type, len) != TLV_OK || verdict_of_length(type, len - 1) != TLV_MALFORMED
	    || verdict_of_length(type, len + 1) != TLV_MALFORMED)
		fail_msg("%s: the document says %zu bytes, the code does not", name, len);
}

/* Every name of the document has the code's number; gives how many were compared. */
static unsigned compare_names(const char *text, const struct name *names, size_t count)
{
	char cells[8][120];
	unsigned seen = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		unsigned width = cut_cells(line, strcspn(line, "\n"), cells);
		size_t i;

		if (width < 2 || !is_name(cells[0], cells[1]))
			continue;
		for (i = 0; i < count && strcmp(names[i].name, cells[0]); i++)
			;
		if (i == count)
			fail_msg("%s: in the document, not in this test's list", cells[0]);
		if (names[i].value != strtoul(cells[1], NULL, 10))
			fail_msg("%s is %s in the document, %u in the code", cells[0], cells[1], names[i].value);
		if (width > 2 && !strncmp(cells[0], "TLV_", 4))
			check_length(cells[0], names[i].value, cells[2]);
		seen++;
	}
	return seen;
}

static void the_numbers_of_chapter_9_are_the_codes(void **state)
{
	char *text = read_document("docs/protocol.md");

	(void)state;
	assert_int_equal(compare_names(text, protocol_names, COUNT_OF(protocol_names)), COUNT_OF(protocol_names));
	free(text);
}

static void the_numbers_of_the_hand_over_are_the_codes(void **state)
{
	char *text = read_document("docs/handover.md");

	(void)state;
	assert_int_equal(compare_names(text, handover_names, COUNT_OF(handover_names)), COUNT_OF(handover_names));
	free(text);
}

static void the_message_types_are_the_codes(void **state)
{
	char *text = read_document("docs/protocol.md"), cells[8][120];
	unsigned seen = 0, known = 0;

	(void)state;
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		unsigned width = cut_cells(line, strcspn(line, "\n"), cells);

		for (unsigned i = 0; i + 1 < width; i++)
			if ((cells[i][0] == 'T' || cells[i][0] == 'R') && cells[i][1] >= 'a' && cells[i][1] <= 'z'
			    && cells[i + 1][0] >= '1' && cells[i + 1][0] <= '9') {
				uint8_t type = (uint8_t)strtoul(cells[i + 1], NULL, 10);

				assert_string_equal(stream_type_text(type), cells[i]);
				seen++;
			}
	}
	for (unsigned type = 0; type < 256; type++)
		known += strcmp(stream_type_text((uint8_t)type), "unknown type") != 0;
	assert_int_equal(seen, known);
	assert_int_equal(known, 26);
	free(text);
}

/* Writes the TLVs of a message once more, from values. */
static void write_tlvs_again(struct wr *w, struct rd tlvs)
{
	struct tlv_set set;
	unsigned server = 0;
	struct tlv t;

	assert_int_equal(tlv_read_set(tlvs, &set), TLV_OK);
	while (rd_tlv(&tlvs, &t))
		switch (t.type) {
		case TLV_PAD:      wr_tlv_pad(w, rd_left(&t.value) + 4); break;
		case TLV_COOKIE:   wr_tlv(w, TLV_COOKIE, set.cookie.bytes, sizeof set.cookie.bytes); break;
		case TLV_MAC:      wr_tlv(w, TLV_MAC, set.mac, sizeof set.mac); break;
		case TLV_ARCH:     wr_tlv_u16(w, TLV_ARCH, set.arch); break;
		case TLV_STAGE:    wr_tlv_u8(w, TLV_STAGE, set.stage); break;
		case TLV_BUILD:    wr_tlv_text(w, TLV_BUILD, set.build); break;
		case TLV_DISK:     wr_tlv_text(w, TLV_DISK, set.disk); break;
		case TLV_CONTENT:  wr_tlv(w, TLV_CONTENT, set.content.id, sizeof set.content.id); break;
		case TLV_WINDOW:   wr_tlv_u16(w, TLV_WINDOW, set.window); break;
		case TLV_SEGMENT:  wr_tlv_u16(w, TLV_SEGMENT, set.segment); break;
		case TLV_TICKET:   wr_tlv(w, TLV_TICKET, set.ticket.bytes, set.ticket.len); break;
		case TLV_SIZE:     wr_tlv_u64(w, TLV_SIZE, set.size); break;
		case TLV_MODE:     wr_tlv_u8(w, TLV_MODE, set.mode); break;
		case TLV_SERVER:   wr_tlv_address(w, TLV_SERVER, &set.servers[server++]); break;
		case TLV_EXPIRES:  wr_tlv_u32(w, TLV_EXPIRES, set.expires_s); break;
		case TLV_REASON:   wr_tlv_u16(w, TLV_REASON, set.reason); break;
		case TLV_TEXT:     wr_tlv_text(w, TLV_TEXT, set.text); break;
		case TLV_WAIT_MS:  wr_tlv_u32(w, TLV_WAIT_MS, set.wait_ms); break;
		case TLV_COUNTERS: wr_tlv_counters(w, &set.counters); break;
		default:           fail_msg("TLV %u: write it here, too", t.type);
		}
}

static void write_read_again(struct wr *w, const struct stream_head *head, struct rd body)
{
	struct stream_read read;

	assert_true(rd_stream_read(body, &read));
	assert_int_equal(read.offset, 4096);
	assert_int_equal(read.length, 1024);
	assert_int_equal(read.segment, 512);
	assert_int_equal(read.want, 2);
	assert_int_equal(read.ticket.len, 41);
	assert_int_equal(read.content.id[15], 15);
	wr_stream_read(w, head, &read);
}

static void write_data_again(struct wr *w, const struct stream_head *head, struct rd datagram,
                             const struct stream_content *content)
{
	uint64_t offset;
	struct rd data;

	assert_true(stream_open_data(datagram, content, &offset, &data));
	assert_int_equal(offset, 4096 + 512);
	assert_int_equal(rd_left(&data), 512);
	wr_stream_data_head(w, head, offset);
	wr_rest(w, data);
}

static void write_ticketed_again(struct wr *w, const struct stream_head *head, struct rd body)
{
	struct stream_ticket ticket;
	struct rd tlvs;

	assert_true(rd_stream_ticketed(body, &ticket, &tlvs));
	assert_int_equal(head->flags, STREAM_DRIVER);
	assert_int_equal(ticket.bytes[40], 0xa8);
	wr_stream_head(w, head);
	wr_stream_ticket(w, &ticket);
	write_tlvs_again(w, tlvs);
}

static void write_rest_again(struct wr *w, const struct stream_head *head, struct rd body)
{
	struct stream_cookie cookie;
	enum stream_error code;

	wr_stream_head(w, head);
	switch (head->type) {
	case STREAM_RCOOKIE:
		assert_true(rd_stream_cookie(body, &cookie));
		wr_bytes(w, cookie.bytes, sizeof cookie.bytes);
		break;
	case STREAM_RERROR:
		assert_true(rd_stream_error(body, &code));
		assert_int_equal(code, ERROR_LOGIN_AGAIN);
		wr_be16(w, (uint16_t)code);
		break;
	case STREAM_TPING: case STREAM_RPING:
		assert_true(rd_is(&(struct rd){ .at = body.at, .left = body.left }, "hello", 5));
		wr_rest(w, body);
		break;
	case STREAM_RSTATUS: case STREAM_RBYE:
		assert_true(rd_done(&body));
		break;
	default:
		write_tlvs_again(w, body);
	}
}

/* Decodes an example and writes it again from the values: the same bytes. */
static void check_example(const char *name, const uint8_t *bytes, size_t len)
{
	static const struct stream_content content = { { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 } };
	uint8_t *copy = exact_copy(bytes, len), again[1500];
	struct rd datagram = rd_over(copy, len), body;
	struct wr w = wr_over(again, sizeof again);
	struct stream_head head;

	if (!stream_open(datagram, &head, &body))
		fail_msg("example %s: does not open", name);
	assert_string_equal(stream_type_text(head.type), name);
	assert_true(head.session == 0 || head.session == 0x1122334455667788);
	if (head.type == STREAM_TREAD)
		write_read_again(&w, &head, body);
	else if (head.type == STREAM_RDATA)
		write_data_again(&w, &head, datagram, &content);
	else if (head.type == STREAM_TSTATUS || head.type == STREAM_TBYE)
		write_ticketed_again(&w, &head, body);
	else
		write_rest_again(&w, &head, body);
	assert_true(wr_ok(&w));
	assert_int_equal(wr_used(&w, again), len);
	stream_seal(again, len, head.type == STREAM_RDATA ? &content : NULL);
	assert_memory_equal(again, bytes, len);
	free(copy);
}

static size_t read_hex(const char *text, const char *end, uint8_t *bytes, size_t size)
{
	size_t digits = 0;

	for (; text < end; text++) {
		unsigned v = *text >= '0' && *text <= '9' ? (unsigned)(*text - '0')
		           : *text >= 'a' && *text <= 'f' ? (unsigned)(*text - 'a' + 10) : 16;

		if (v > 15)
			continue;
		assert_true(digits / 2 < size);
		bytes[digits / 2] = (uint8_t)(digits % 2 ? (unsigned)bytes[digits / 2] << 4 | v : v);
		digits++;
	}
	assert_int_equal(digits % 2, 0);
	return digits / 2;
}

static void every_example_decodes_and_encodes(void **state)
{
	char *text = read_document("docs/protocol.md"), name[16];
	const char *title = text, *hex;
	uint8_t bytes[1500];
	unsigned count = 0;

	(void)state;
	while ((hex = strstr(title, "```hex\n"))) {
		const char *end = strstr(hex + 7, "```"), *line = hex - 2;
		size_t len = read_hex(hex + 7, end, bytes, sizeof bytes);
		const char *said;

		while (line[-1] != '\n')
			line--;
		snprintf(name, sizeof name, "%.*s", (int)strcspn(line, " ,"), line);
		said = strstr(line, " bytes:\n");
		assert_true(said && said < hex);
		while (said[-1] != ' ')
			said--;
		assert_int_equal(strtoul(said, NULL, 10), len);
		check_example(name, bytes, len);
		count++;
		title = end + 3;
	}
	assert_int_equal(count, 16);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_numbers_of_chapter_9_are_the_codes),
		cmocka_unit_test(the_numbers_of_the_hand_over_are_the_codes),
		cmocka_unit_test(the_message_types_are_the_codes),
		cmocka_unit_test(every_example_decodes_and_encodes),
	};

	return cmocka_run_group_tests_name("docs/protocol.md", tests, NULL, NULL);
}
