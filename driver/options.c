/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/options.h"
#include "lib/fmt.h"

void options_init(struct options *o)
{
	*o = (struct options){ .firmware = "/sys/firmware", .memory = "/dev/mem", .index = -1, .connections = 1 };
}

/* A plain decimal number up to max. */
static bool read_number(const char *text, unsigned max, unsigned *number)
{
	unsigned n = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		n = n * 10 + (unsigned)(*text - '0');
		if (n > max)
			return false;
	}
	*number = n;
	return true;
}

static bool set_rill(struct options *o, const char *text, size_t len)
{
	if (len > OPTIONS_TEXT_MAX)
		return false;
	memcpy(o->rill, text, len);
	o->rill[len] = 0;
	return true;
}

/* Words with a value. False: the value makes no sense. */
static bool read_value(struct options *o, const char *word, const char *value, bool *known)
{
	unsigned n;

	*known = true;
	if (!strcmp(word, "--rill"))
		return set_rill(o, value, strlen(value));
	if (!strcmp(word, "--firmware")) {
		o->firmware = value;
		return *value == '/';
	}
	if (!strcmp(word, "--memory")) {
		o->memory = value;
		return *value != 0;
	}
	if (!strcmp(word, "--home")) {
		o->home = value;
		return *value == '/';
	}
	if (!strcmp(word, "--connections")) {
		if (!read_number(value, OPTIONS_CONNECTIONS_MAX, &n) || n == 0)
			return false;
		o->connections = n;
		return true;
	}
	if (!strcmp(word, "--index")) {
		if (!read_number(value, 255, &n))
			return false;
		o->index = (int)n;
		return true;
	}
	*known = false;
	return true;
}

static bool *find_switch(struct options *o, const char *word)
{
	const struct { const char *word; bool *on; } switches[] = {
		{ "--foreground",   &o->foreground },
		{ "--keep-network", &o->keep_network },
		{ "--detach",       &o->detach },
		{ "--help",         &o->help },
	};

	for (size_t i = 0; i < COUNT_OF(switches); i++)
		if (!strcmp(word, switches[i].word))
			return switches[i].on;
	return NULL;
}

#define unknown_word "what is \"%s\"? --help lists the options"

bool options_read_words(struct options *o, int count, char *const *words, char *wrong, size_t wrong_size)
{
	for (int i = 1; i < count; i++) {
		bool *on = find_switch(o, words[i]), known;

		if (on) {
			*on = true;
			continue;
		}
		if (i + 1 == count) {
			read_value(o, words[i], "", &known);
			fmt_text(wrong, wrong_size, known ? "%s needs a value" : unknown_word, words[i]);
			return false;
		}
		if (!read_value(o, words[i], words[i + 1], &known)) {
			fmt_text(wrong, wrong_size, "%s cannot be \"%s\"", words[i], words[i + 1]);
			return false;
		}
		if (!known) {
			fmt_text(wrong, wrong_size, unknown_word, words[i]);
			return false;
		}
		i++;
	}
	if (o->detach && o->index < 0) {
		fmt_text(wrong, wrong_size, "--detach needs --index: which /dev/nbd to let go of");
		return false;
	}
	return true;
}

bool options_read_kernel(struct options *o, struct rd text)
{
	char word[OPTIONS_TEXT_MAX + 8];        /* "rill=" and the longest value */
	char found[OPTIONS_TEXT_MAX + 1] = "";
	size_t len = 0;
	bool more = true, fits = true;

	while (more) {
		more = rd_left(&text) > 0;
		char c = more ? (char)rd_u8(&text) : ' ';

		if (c == ' ' || c == '\n' || c == 0) {
			if (len >= 5 && !memcmp(word, "rill=", 5)) {
				fits = len - 5 <= OPTIONS_TEXT_MAX;
				memcpy(found, word + 5, min_size(len - 5, OPTIONS_TEXT_MAX));
				found[min_size(len - 5, OPTIONS_TEXT_MAX)] = 0;
			}
			len = 0;
		} else if (len < sizeof word) {
			word[len++] = c;
		}
	}
	if (!o->rill[0])
		memcpy(o->rill, found, sizeof found);
	return fits;
}
