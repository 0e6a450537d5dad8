/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/tftp.h"
#include "lib/fmt.h"

/* The text up to its NUL, which is taken away. Without one the reader turns bad. */
static struct rd read_text(struct rd *r)
{
	struct rd start = *r;
	size_t len = 0;

	while (rd_u8(r) && rd_ok(r))
		len++;
	return rd_sub(&start, rd_ok(r) ? len : 0);
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* Option names may come in any case. */
static bool is_named(struct rd name, const char *wanted)
{
	for (; *wanted; wanted++)
		if (lower(rd_u8(&name)) != (uint8_t)*wanted)
			return false;
	return rd_done(&name);
}

/* More than 64 bits wrap: 19 digits always fit. */
enum { DIGITS_MAX = 19 };

static bool read_number(struct rd text, uint64_t *number)
{
	size_t digits = rd_left(&text);

	*number = 0;
	if (digits == 0 || digits > DIGITS_MAX)
		return false;
	while (rd_left(&text)) {
		uint8_t c = rd_u8(&text);

		if (c < '0' || c > '9')
			return false;
		*number = *number * 10 + (uint64_t)(c - '0');
	}
	return true;
}

/* What stands before the next comma, or the rest. */
static struct rd read_field(struct rd *r, uint8_t end)
{
	struct rd start = *r;
	size_t len = 0;

	while (rd_left(r) && rd_u8(r) != end)
		len++;
	return rd_sub(&start, len);
}

/* Dotted, and a group's. */
static bool read_group_ip(struct rd text, uint32_t *ip)
{
	uint64_t byte;

	*ip = 0;
	for (int i = 0; i < 4; i++) {
		if (!read_number(read_field(&text, '.'), &byte) || byte > UINT8_MAX)
			return false;
		*ip = *ip << 8 | (uint32_t)byte;
	}
	return rd_done(&text) && *ip >> 28 == 0xe;
}

/* "address,port,master"; later ones may leave out the address and the port. */
static bool read_group(struct rd value, struct tftp_group *g)
{
	struct rd ip = read_field(&value, ','), port = read_field(&value, ',');
	uint64_t number = 0, master;
	bool good = (!rd_left(&ip) || read_group_ip(ip, &g->ip)) && (!rd_left(&port) || read_number(port, &number))
	         && read_number(value, &master) && number <= UINT16_MAX && master <= 1;

	g->port      = (uint16_t)number;
	g->is_master = good && master == 1;
	return good;
}

static bool read_option(struct rd name, struct rd value, struct tftp_options *o)
{
	uint64_t number;
	bool is_number = read_number(value, &number);

	if (is_named(name, "tsize")) {
		o->has_size = true;
		o->size = number;
		return is_number;
	}
	if (is_named(name, "blksize")) {
		o->has_block_size = true;
		o->block_size = (uint16_t)number;
		return is_number && number >= TFTP_BLOCK_MIN && number <= TFTP_BLOCK_MAX;
	}
	if (is_named(name, "windowsize")) {
		o->has_window = true;
		o->window = (uint16_t)number;
		return is_number && number >= 1 && number <= UINT16_MAX;
	}
	if (is_named(name, "multicast")) {
		o->has_multicast = true;
		return read_group(value, &o->group);
	}
	o->unknown = true;
	return true;
}

static bool read_options(struct rd r, struct tftp_options *o)
{
	while (rd_left(&r)) {
		struct rd name = read_text(&r), value = read_text(&r);

		if (!rd_ok(&r) || !read_option(name, value, o))
			return false;
	}
	return true;
}

bool tftp_parse(struct rd packet, struct tftp_message *m)
{
	memset(m, 0, sizeof *m);
	m->op = rd_be16(&packet);
	switch (m->op) {
	case TFTP_DATA:
	case TFTP_ACK:
		m->block = rd_be16(&packet);
		m->rest  = packet;
		return rd_ok(&packet);
	case TFTP_ERROR:
		m->error = rd_be16(&packet);
		if (!rd_ok(&packet))
			return false;
		/* Some servers forget the NUL; the text is for people, so what came will do. */
		m->rest = packet;
		read_text(&packet);
		if (rd_ok(&packet))
			m->rest = rd_sub(&m->rest, rd_left(&m->rest) - rd_left(&packet) - 1);
		return true;
	case TFTP_OACK:
		return read_options(packet, &m->options);
	default:
		return false;
	}
}

static void emit_text(struct wr *w, const char *text)
{
	wr_bytes(w, text, strlen(text) + 1);
}

static void emit_option(struct wr *w, const char *name, uint64_t value)
{
	char digits[DIGITS_MAX + 2];

	fmt_text(digits, sizeof digits, "%llu", (unsigned long long)value);
	emit_text(w, name);
	emit_text(w, digits);
}

void tftp_emit_request(struct wr *w, const char *file, const struct tftp_options *o)
{
	wr_be16(w, TFTP_RRQ);
	emit_text(w, file);
	emit_text(w, "octet");
	if (o->has_size)
		emit_option(w, "tsize", o->size);
	if (o->has_block_size)
		emit_option(w, "blksize", o->block_size);
	if (o->has_window)
		emit_option(w, "windowsize", o->window);
	if (o->has_multicast) {
		emit_text(w, "multicast");
		emit_text(w, "");
	}
}

void tftp_emit_ack(struct wr *w, uint16_t block)
{
	wr_be16(w, TFTP_ACK);
	wr_be16(w, block);
}

void tftp_emit_error(struct wr *w, enum tftp_error code, const char *text)
{
	wr_be16(w, TFTP_ERROR);
	wr_be16(w, (uint16_t)code);
	emit_text(w, text);
}
