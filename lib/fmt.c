/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/fmt.h"

enum { DIGITS_MAX = 20 };               /* 2^64 - 1 in decimal */

struct sink { void (*put)(void *to, char c); void *to; };

static void put_padded(struct sink out, const char *text, size_t len, unsigned width, char pad)
{
	for (size_t i = len; i < width; i++)
		out.put(out.to, pad);
	for (size_t i = 0; i < len; i++)
		out.put(out.to, text[i]);
}

static void put_number(struct sink out, uint64_t value, unsigned base, bool negative, unsigned width, char pad)
{
	char digits[DIGITS_MAX + 1];
	size_t at = sizeof digits;

	/* 64-bit division by a constant-free base would call libgcc on i386: halve it by hand. */
	do {
		uint32_t high = (uint32_t)(value >> 32), rest = high % base;
		uint64_t quotient = (uint64_t)(high / base) << 32;

		for (int bit = 31; bit >= 0; bit--) {
			rest = rest << 1 | (uint32_t)(value >> bit & 1);
			if (rest >= base) {
				rest -= base;
				quotient |= (uint64_t)1 << bit;
			}
		}
		digits[--at] = "0123456789abcdef"[rest];
		value = quotient;
	} while (value);
	if (negative)
		digits[--at] = '-';
	put_padded(out, digits + at, sizeof digits - at, width, pad);
}

enum length { LENGTH_INT, LENGTH_LONG, LENGTH_LONG_LONG, LENGTH_SIZE };

struct spec { char pad; unsigned width; enum length length; char what; };

static const char *parse_spec(const char *f, struct spec *s)
{
	*s = (struct spec){ .pad = ' ' };
	if (*f == '0') {
		s->pad = '0';
		f++;
	}
	for (; *f >= '0' && *f <= '9'; f++)
		s->width = s->width * 10 + (unsigned)(*f - '0');
	for (; *f == 'l'; f++)
		s->length = s->length == LENGTH_LONG ? LENGTH_LONG_LONG : LENGTH_LONG;
	if (*f == 'z') {
		s->length = LENGTH_SIZE;
		f++;
	}
	s->what = *f;
	return *f ? f + 1 : f;
}

void fmt_each_v(void (*put)(void *to, char c), void *to, const char *f, va_list args)
{
	struct sink out = { put, to };

	while (*f) {
		struct spec s;
		int64_t  i = 0;
		uint64_t u = 0;

		if (*f != '%') {
			put(to, *f++);
			continue;
		}
		f = parse_spec(f + 1, &s);
		if (s.what == 'd' || s.what == 'i')
			i = s.length == LENGTH_LONG_LONG ? va_arg(args, long long)
			  : s.length == LENGTH_LONG      ? va_arg(args, long)
			  : s.length == LENGTH_SIZE      ? (int64_t)va_arg(args, size_t)
			  : va_arg(args, int);
		if (s.what == 'u' || s.what == 'x')
			u = s.length == LENGTH_LONG_LONG ? va_arg(args, unsigned long long)
			  : s.length == LENGTH_LONG      ? va_arg(args, unsigned long)
			  : s.length == LENGTH_SIZE      ? va_arg(args, size_t)
			  : va_arg(args, unsigned);
		switch (s.what) {
		case 'd':
		case 'i': put_number(out, i < 0 ? 0 - (uint64_t)i : (uint64_t)i, 10, i < 0, s.width, s.pad); break;
		case 'u': put_number(out, u, 10, false, s.width, s.pad); break;
		case 'x': put_number(out, u, 16, false, s.width, s.pad); break;
		case 'c': put(to, (char)va_arg(args, int)); break;
		case 's': {
			const char *text = va_arg(args, const char *);

			put_padded(out, text, strlen(text), s.width, ' ');
			break;
		}
		default:  put(to, '%'); break;
		}
	}
}

struct room { char *at; size_t size, used; };

static void put_in_room(void *to, char c)
{
	struct room *r = to;

	if (r->used + 1 < r->size)
		r->at[r->used] = c;
	r->used++;
}

size_t fmt_text_v(char *room, size_t size, const char *format, va_list args)
{
	struct room r = { room, size, 0 };

	fmt_each_v(put_in_room, &r, format, args);
	if (size)
		room[min_size(r.used, size - 1)] = '\0';
	return r.used;
}

size_t fmt_text(char *room, size_t size, const char *format, ...)
{
	va_list args;
	size_t len;

	va_start(args, format);
	len = fmt_text_v(room, size, format, args);
	va_end(args);
	return len;
}

struct ip_text ip_text(uint32_t ip)
{
	struct ip_text t;

	fmt_text(t.s, sizeof t.s, "%u.%u.%u.%u",
	         (unsigned)(ip >> 24), (unsigned)(ip >> 16 & 255), (unsigned)(ip >> 8 & 255), (unsigned)(ip & 255));
	return t;
}

struct mac_text mac_text(const uint8_t m[6])
{
	struct mac_text t;

	fmt_text(t.s, sizeof t.s, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
	return t;
}

struct uuid_text uuid_text(const uint8_t u[16])
{
	struct uuid_text t;

	fmt_text(t.s, sizeof t.s, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
	         u[0], u[1], u[2], u[3], u[4], u[5], u[6], u[7],
	         u[8], u[9], u[10], u[11], u[12], u[13], u[14], u[15]);
	return t;
}
