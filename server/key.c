/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "server/key.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAKE_ONE "(umask 077; head -c32 /dev/urandom | od -An -tx1 | tr -d ' \\n' > %s)"

enum { FILE_BYTES_MAX = 256 };

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool key_parse(const char *text, size_t len, uint8_t key[TICKET_KEY_BYTES])
{
	size_t got;

	while (len && is_space(text[len - 1]))
		len--;
	for (; len && is_space(*text); len--)
		text++;
	return len == 2 * TICKET_KEY_BYTES
	    && sodium_hex2bin(key, TICKET_KEY_BYTES, text, len, NULL, &got, NULL) == 0 && got == TICKET_KEY_BYTES;
}

bool key_read(const char *file, uint8_t key[TICKET_KEY_BYTES], bool *readable_by_all, char *trouble, size_t size)
{
	char text[FILE_BYTES_MAX];
	struct stat st;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0) {
		snprintf(trouble, size, "--key %s: cannot open the file: %s; make one with " MAKE_ONE,
		         file, strerror(errno), file);
		return false;
	}
	ssize_t got = read(fd, text, sizeof text);
	*readable_by_all = fstat(fd, &st) == 0 && (st.st_mode & S_IROTH);
	close(fd);
	bool fine = got >= 0 && (size_t)got < sizeof text && key_parse(text, (size_t)got, key);
	if (!fine)
		snprintf(trouble, size, "--key %s: not 64 hex digits; make a key with " MAKE_ONE, file, file);
	sodium_memzero(text, sizeof text);
	return fine;
}
