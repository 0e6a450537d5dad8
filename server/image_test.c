/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>
#include "server/image.h"

enum { SIZE = 10000, PADDED = 12288 };

struct rig { char path[64]; struct image image; uint8_t bytes[SIZE]; };

static void put_file(const char *path, const uint8_t *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

/* A time of modification that does not depend on when the test runs. */
static void set_time(const char *path, time_t seconds)
{
	struct timespec times[2] = { { seconds, 5 }, { seconds, 5 } };

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static int up(void **state)
{
	struct rig *rig = calloc(1, sizeof *rig);
	char trouble[512];

	for (size_t i = 0; i < SIZE; i++)
		rig->bytes[i] = (uint8_t)(i * 7 + (i >> 8));
	snprintf(rig->path, sizeof rig->path, "/tmp/rill-image-XXXXXX");
	close(mkstemp(rig->path));
	put_file(rig->path, rig->bytes, SIZE);
	set_time(rig->path, 1600000000);
	*state = rig;
	return sodium_init() >= 0 && image_open(&rig->image, "disk", rig->path, trouble, sizeof trouble) ? 0 : -1;
}

static int down(void **state)
{
	struct rig *rig = *state;

	image_close(&rig->image);
	unlink(rig->path);
	free(rig);
	return 0;
}

/* Reads in pieces of this length, each an exact heap block, and compares with file and padding. */
static bool read_at(struct rig *rig, uint64_t offset, size_t len, size_t piece, struct disk_fault *fault)
{
	struct iovec pieces[64] = { { 0 } };
	int count = 0;
	bool fine;

	for (size_t left = len; left; left -= pieces[count++].iov_len) {
		pieces[count].iov_len  = left < piece ? left : piece;
		pieces[count].iov_base = malloc(pieces[count].iov_len);
		memset(pieces[count].iov_base, 0xcc, pieces[count].iov_len);
	}
	fine = rig->image.disk.read(&rig->image.disk, offset, pieces, count, fault);
	for (int i = 0; i < count; i++) {
		const uint8_t *got = pieces[i].iov_base;

		for (size_t n = 0; fine && n < pieces[i].iov_len; n++, offset++)
			assert_int_equal(got[n], offset < SIZE ? rig->bytes[offset] : 0);
		free(pieces[i].iov_base);
	}
	return fine;
}

static void an_odd_size_is_padded_with_zeros(void **state)
{
	struct rig *rig = *state;
	struct disk_fault fault;

	assert_int_equal(rig->image.disk.size, PADDED);
	for (size_t piece = 512; piece <= 1408; piece += 128) {
		assert_true(read_at(rig, 0, PADDED, piece, &fault));
		assert_true(read_at(rig, 9728, 1024, piece, &fault));
		assert_true(read_at(rig, 10240, 2048, piece, &fault));          /* all of it padding */
		assert_true(read_at(rig, 512, 512, piece, &fault));
	}
}

static void a_file_that_shrinks_gives_io_errors_and_one_line(void **state)
{
	struct rig *rig = *state;
	struct disk_fault fault = { "" };
	char line[512];
	enum stream_deny reason;

	assert_int_equal(truncate(rig->path, 5000), 0);
	assert_false(read_at(rig, 4096, 4096, 1408, &fault));
	snprintf(line, sizeof line, "%s: cannot read at byte 4096: it shrank from 10000 to 5000 bytes; "
	         "restore it, restart rilld", rig->path);
	assert_string_equal(fault.text, line);
	assert_false(read_at(rig, 8192, 4096, 1408, &fault));
	assert_string_equal(fault.text, "");
	assert_false(read_at(rig, 0, 512, 512, &fault));        /* nothing of it is the promised content for sure */
	assert_false(rig->image.disk.usable(&rig->image.disk, &reason, &fault));
	assert_int_equal(reason, DENY_BROKEN_DISK);
	assert_string_equal(fault.text, "disk \"disk\" was changed on the server while it is served; "
	                    "restart rilld to serve it anew");
}

static void a_file_that_is_written_to_gives_io_errors(void **state)
{
	struct rig *rig = *state;
	struct disk_fault fault;

	set_time(rig->path, 1600000001);
	assert_false(read_at(rig, 0, 512, 512, &fault));
	assert_non_null(strstr(fault.text, "it was written to while served; restart rilld, then the machines"));
	set_time(rig->path, 1600000000);                /* put back with its time: it is the same content */
	assert_true(read_at(rig, 0, 512, 512, &fault));
}

static void a_time_put_back_hides_no_other_size(void **state)
{
	struct rig *rig = *state;
	struct disk_fault fault;

	assert_int_equal(truncate(rig->path, SIZE + 1), 0);
	set_time(rig->path, 1600000000);
	assert_false(read_at(rig, 0, 512, 512, &fault));
}

static void a_file_that_was_replaced_is_served_as_it_was(void **state)
{
	struct rig *rig = *state;
	struct disk_fault fault;
	char newer[80];

	snprintf(newer, sizeof newer, "%s.new", rig->path);
	put_file(newer, (const uint8_t *)"new", 3);
	assert_int_equal(rename(newer, rig->path), 0);
	assert_true(read_at(rig, 0, PADDED, 1408, &fault));
}

static void content_follows_name_size_and_time(void **state)
{
	struct rig *rig = *state;
	struct stream_content first = rig->image.disk.content;
	struct image again;
	char trouble[512];

	assert_true(image_open(&again, "disk", rig->path, trouble, sizeof trouble));
	assert_memory_equal(again.disk.content.id, first.id, sizeof first.id);
	image_close(&again);
	assert_true(image_open(&again, "disk2", rig->path, trouble, sizeof trouble));
	assert_int_not_equal(memcmp(again.disk.content.id, first.id, sizeof first.id), 0);
	image_close(&again);
	set_time(rig->path, 1600000001);
	assert_true(image_open(&again, "disk", rig->path, trouble, sizeof trouble));
	assert_int_not_equal(memcmp(again.disk.content.id, first.id, sizeof first.id), 0);
	image_close(&again);
	assert_int_equal(truncate(rig->path, SIZE - 1), 0);
	set_time(rig->path, 1600000000);
	assert_true(image_open(&again, "disk", rig->path, trouble, sizeof trouble));
	assert_int_not_equal(memcmp(again.disk.content.id, first.id, sizeof first.id), 0);
	image_close(&again);
}

static void an_empty_file_opens_and_is_denied(void **state)
{
	struct rig *rig = *state;
	struct disk_fault why;
	struct image empty;
	enum stream_deny reason;
	char text[512];

	assert_true(rig->image.disk.usable(&rig->image.disk, &reason, &why));
	assert_int_equal(truncate(rig->path, 0), 0);
	assert_true(image_open(&empty, "e", rig->path, text, sizeof text));
	assert_int_equal(empty.disk.size, 0);
	assert_false(empty.disk.usable(&empty.disk, &reason, &why));
	assert_int_equal(reason, DENY_EMPTY_DISK);
	snprintf(text, sizeof text, "disk \"e\" is empty: %s has 0 bytes; put an image there and restart rilld",
	         rig->path);
	assert_string_equal(why.text, text);
	image_close(&empty);
}

static void what_is_no_file_is_named_with_a_cure(void **state)
{
	struct image image;
	char trouble[512];

	(void)state;
	assert_false(image_open(&image, "x", "/nonexistent/x.img", trouble, sizeof trouble));
	assert_string_equal(trouble, "--disk x=/nonexistent/x.img: cannot open the file: No such file or "
	                    "directory; "
	                    "give the path of a raw disk image");
	assert_false(image_open(&image, "x", "/", trouble, sizeof trouble));
	assert_string_equal(trouble, "--disk x=/: not a regular file; give the path of a raw disk image");
	assert_false(image_open(&image, "x", "/dev/null", trouble, sizeof trouble));
}

#define t(name) cmocka_unit_test_setup_teardown(name, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		t(an_odd_size_is_padded_with_zeros),
		t(a_file_that_shrinks_gives_io_errors_and_one_line),
		t(a_file_that_is_written_to_gives_io_errors),
		t(a_time_put_back_hides_no_other_size),
		t(a_file_that_was_replaced_is_served_as_it_was),
		t(content_follows_name_size_and_time),
		t(an_empty_file_opens_and_is_denied),
		t(what_is_no_file_is_named_with_a_cure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
