/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Each argument of Block IO, alone and with others, as the UEFI specification and its conformance tests want it. */
#include "loader/blockio.h"
#include "loader/disk_fake.h"

enum { SECTORS = 1000, MEDIA = 7, WRONG_MEDIA = 8, ALIGN = 16 };

static struct disk_fake fake;
static struct blockio b;
static uint8_t memory[(SECTORS + 1) * DISK_SECTOR] __attribute__((aligned(ALIGN)));
static uint64_t written_lba, written_sectors;
static const uint8_t *written_from;
static enum disk_status write_status;

static enum disk_status fake_write(struct disk *d, uint64_t lba, uint32_t sectors, const uint8_t *from)
{
	(void)d;
	written_lba = lba;
	written_sectors += sectors;
	written_from = from;
	return write_status;
}

static int fresh(void **state)
{
	(void)state;
	fake_disk_init(&fake, SECTORS);
	fake.disk.write = fake_write;
	blockio_init(&b, &fake.disk, MEDIA);
	memset(memory, 0xee, sizeof memory);
	written_sectors = 0;
	write_status = DISK_OK;
	return 0;
}

/* What is asked, and the one right answer. Earlier rows' faults come before later ones' in the same call. */
static const struct row {
	const char *what;
	enum blockio_status right;
	uint64_t lba, bytes;
	uint32_t media_id;
	enum { GOOD, NOWHERE, ODD } buffer;
} rows[] = {
	{ "one block",                 BLOCKIO_SUCCESS,           0,            512,       MEDIA, GOOD },
	{ "the last block",            BLOCKIO_SUCCESS,           SECTORS - 1,  512,       MEDIA, GOOD },
	{ "the whole disk",            BLOCKIO_SUCCESS,           0,            SECTORS * 512, MEDIA, GOOD },
	{ "nothing",                   BLOCKIO_SUCCESS,           0,            0,         MEDIA, GOOD },
	{ "nothing beyond the end",    BLOCKIO_SUCCESS,           SECTORS + 9,  0,         MEDIA, GOOD },
	{ "nothing, misaligned",       BLOCKIO_SUCCESS,           0,            0,         MEDIA, ODD },
	{ "nothing into nowhere",      BLOCKIO_INVALID_PARAMETER, 0,            0,         MEDIA, NOWHERE },
	{ "nowhere",                   BLOCKIO_INVALID_PARAMETER, 0,            512,       MEDIA, NOWHERE },
	{ "nowhere and half a block",  BLOCKIO_INVALID_PARAMETER, 0,            511,       MEDIA, NOWHERE },
	{ "half a block",              BLOCKIO_BAD_BUFFER_SIZE,   0,            256,       MEDIA, GOOD },
	{ "a block and a byte",        BLOCKIO_BAD_BUFFER_SIZE,   0,            513,       MEDIA, GOOD },
	{ "half a block, beyond",      BLOCKIO_BAD_BUFFER_SIZE,   SECTORS,      511,       MEDIA, GOOD },
	{ "half a block, misaligned",  BLOCKIO_BAD_BUFFER_SIZE,   0,            511,       MEDIA, ODD },
	{ "one beyond the end",        BLOCKIO_INVALID_PARAMETER, SECTORS,      512,       MEDIA, GOOD },
	{ "over the end",              BLOCKIO_INVALID_PARAMETER, SECTORS - 1,  1024,      MEDIA, GOOD },
	{ "one block too many",        BLOCKIO_INVALID_PARAMETER, 0,            (SECTORS + 1) * 512, MEDIA, GOOD },
	{ "the last LBA there is",     BLOCKIO_INVALID_PARAMETER, UINT64_MAX,   512,       MEDIA, GOOD },
	{ "around 2^64",               BLOCKIO_INVALID_PARAMETER, UINT64_MAX,   1024,      MEDIA, GOOD },
	{ "2^64 bytes but a block",    BLOCKIO_INVALID_PARAMETER, 1,            UINT64_MAX - 511, MEDIA, GOOD },
	{ "2^41 bytes: 2^32 blocks",   BLOCKIO_INVALID_PARAMETER, 0,            (uint64_t)1 << 41, MEDIA, GOOD },
	{ "misaligned",                BLOCKIO_INVALID_PARAMETER, 0,            512,       MEDIA, ODD },
	{ "another medium",            BLOCKIO_MEDIA_CHANGED,     0,            512,       WRONG_MEDIA, GOOD },
	{ "the medium 0",              BLOCKIO_MEDIA_CHANGED,     0,            512,       0, GOOD },
	{ "another medium, nowhere",   BLOCKIO_MEDIA_CHANGED,     0,            512,       WRONG_MEDIA, NOWHERE },
	{ "another medium, nothing",   BLOCKIO_MEDIA_CHANGED,     0,            0,         WRONG_MEDIA, GOOD },
	{ "another medium, half",      BLOCKIO_MEDIA_CHANGED,     0,            256,       WRONG_MEDIA, GOOD },
	{ "another medium, beyond",    BLOCKIO_MEDIA_CHANGED,     SECTORS,      512,       WRONG_MEDIA, GOOD },
};

static enum blockio_status ask(const struct row *r, bool write)
{
	uint8_t *buffer = r->buffer == NOWHERE ? NULL : memory + (r->buffer == ODD);

	return write ? blockio_write(&b, r->media_id, r->lba, r->bytes, buffer)
	             : blockio_read(&b, r->media_id, r->lba, r->bytes, buffer);
}

static bool moves(const struct row *r) { return r->right == BLOCKIO_SUCCESS && r->bytes; }

static void every_argument_is_judged_in_its_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct row *r = &rows[i];

		fresh(NULL);
		b.align = ALIGN;
		if (ask(r, false) != r->right)
			fail_msg("reading %s", r->what);
		assert_int_equal(fake.reads, moves(r));
		if (ask(r, true) != r->right)
			fail_msg("writing %s", r->what);
		assert_int_equal(written_sectors, moves(r) ? r->bytes / 512 : 0);
		assert_int_equal(b.refused, 2 * (r->right != BLOCKIO_SUCCESS));
	}
}

static void what_is_read_is_the_disk_s(void **state)
{
	(void)state;
	assert_int_equal(blockio_read(&b, MEDIA, 17, 5 * 512, memory + 1), BLOCKIO_SUCCESS);
	assert_true(fake_is(memory + 1, 17, 5));
	assert_int_equal(memory[0], 0xee);
	assert_int_equal(memory[1 + 5 * 512], 0xee);
}

static void any_buffer_will_do_where_none_is_wished(void **state)
{
	(void)state;
	for (uint32_t align = 0; align <= 1; align++) {
		b.align = align;
		assert_int_equal(blockio_read(&b, MEDIA, 0, 512, memory + 3), BLOCKIO_SUCCESS);
	}
}

/* More than is asked of the disk at once: no byte is left out, none comes twice. */
static void a_write_of_any_size_goes_in_pieces(void **state)
{
	enum { MANY = 0x10000 * 2 + 5 };

	(void)state;
	fake.disk.sectors = MANY + 10;
	assert_int_equal(blockio_write(&b, MEDIA, 10, (uint64_t)MANY * 512, memory), BLOCKIO_SUCCESS);
	assert_int_equal(written_sectors, MANY);
	assert_int_equal(written_lba, 10 + 0x20000);
	assert_int_equal((uintptr_t)written_from - (uintptr_t)memory, 0x20000 * 512);
	written_sectors = 0;
	write_status = DISK_FULL;
	assert_int_equal(blockio_write(&b, MEDIA, 10, (uint64_t)MANY * 512, memory), BLOCKIO_WRITE_PROTECTED);
	assert_int_equal(written_sectors, 0x10000);
}

/* After the medium, before the rest. */
static void a_disk_that_cannot_be_written_is_told(void **state)
{
	(void)state;
	fake.disk.write = NULL;
	assert_int_equal(blockio_write(&b, MEDIA, 0, 512, memory), BLOCKIO_WRITE_PROTECTED);
	assert_int_equal(blockio_write(&b, MEDIA, 0, 511, NULL), BLOCKIO_WRITE_PROTECTED);
	assert_int_equal(blockio_write(&b, WRONG_MEDIA, 0, 512, memory), BLOCKIO_MEDIA_CHANGED);
	assert_int_equal(blockio_read(&b, MEDIA, 0, 512, memory), BLOCKIO_SUCCESS);
}

static void what_the_disk_says_becomes_a_status(void **state)
{
	(void)state;
	fake.bad_from = 3;
	fake.bad_to = 4;
	assert_int_equal(blockio_read(&b, MEDIA, 2, 1024, memory), BLOCKIO_DEVICE_ERROR);
	assert_int_equal(b.last, DISK_IO_ERROR);
	assert_int_equal(blockio_read(&b, MEDIA, 4, 512, memory), BLOCKIO_SUCCESS);
	assert_int_equal(b.last, DISK_OK);
	fake.silent = true;
	assert_int_equal(blockio_read(&b, MEDIA, 4, 512, memory), BLOCKIO_DEVICE_ERROR);
	assert_int_equal(b.last, DISK_TIMEOUT);
	write_status = DISK_FULL;
	assert_int_equal(blockio_write(&b, MEDIA, 0, 512, memory), BLOCKIO_WRITE_PROTECTED);
	write_status = DISK_READ_ONLY;
	assert_int_equal(blockio_write(&b, MEDIA, 0, 512, memory), BLOCKIO_WRITE_PROTECTED);
}

static void flush_and_reset_have_nothing_to_do(void **state)
{
	(void)state;
	assert_int_equal(blockio_flush(&b), BLOCKIO_SUCCESS);
	assert_int_equal(blockio_reset(&b), BLOCKIO_SUCCESS);
}

static void when_the_boot_services_are_gone_all_is_an_error(void **state)
{
	(void)state;
	blockio_leave_for_ever(&b);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_int_equal(ask(&rows[i], false), BLOCKIO_DEVICE_ERROR);
		assert_int_equal(ask(&rows[i], true), BLOCKIO_DEVICE_ERROR);
	}
	assert_int_equal(blockio_flush(&b), BLOCKIO_DEVICE_ERROR);
	assert_int_equal(blockio_reset(&b), BLOCKIO_DEVICE_ERROR);
	assert_int_equal(fake.reads + written_sectors, 0);
}

/* An event during a read that reads, too: told so, and the read under way is not disturbed. */
static enum blockio_status nested;

static enum disk_status read_and_be_interrupted(struct disk *d, uint64_t lba, uint32_t sectors, uint8_t *into)
{
	static uint8_t other[512];

	nested = blockio_read(&b, MEDIA, 0, 512, other);
	return fake_read(d, lba, sectors, into);
}

static void a_call_from_inside_a_call_is_an_error(void **state)
{
	(void)state;
	fake.disk.read = read_and_be_interrupted;
	assert_int_equal(blockio_read(&b, MEDIA, 9, 512, memory), BLOCKIO_SUCCESS);
	assert_int_equal(nested, BLOCKIO_DEVICE_ERROR);
	assert_true(fake_is(memory, 9, 1));
	assert_int_equal(b.nested, 1);
	fake.disk.read = fake_read;
	assert_int_equal(blockio_read(&b, MEDIA, 9, 512, memory), BLOCKIO_SUCCESS);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_argument_is_judged_in_its_order), TEST(what_is_read_is_the_disk_s),
		TEST(any_buffer_will_do_where_none_is_wished), TEST(a_write_of_any_size_goes_in_pieces),
		TEST(a_disk_that_cannot_be_written_is_told), TEST(what_the_disk_says_becomes_a_status),
		TEST(flush_and_reset_have_nothing_to_do), TEST(when_the_boot_services_are_gone_all_is_an_error),
		TEST(a_call_from_inside_a_call_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
