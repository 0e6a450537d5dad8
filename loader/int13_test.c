/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/disk_fake.h"
#include "loader/int13.h"

enum { RAM = 0x120000, SECTORS = 200000, HOLE = 0x90000, HOLE_BYTES = 0x1000 };

static struct disk_fake fake;
static struct int13     int13;
static struct guest_ram ram;
static uint8_t *written;                /* the last write: lba, sectors and bytes */
static uint64_t written_lba;
static uint32_t written_sectors;
static enum disk_status write_status;

static enum disk_status fake_write(struct disk *d, uint64_t lba, uint32_t sectors, const uint8_t *from)
{
	(void)d;
	if (write_status != DISK_OK)
		return write_status;
	free(written);
	written = malloc((size_t)sectors * DISK_SECTOR);
	memcpy(written, from, (size_t)sectors * DISK_SECTOR);
	written_lba = lba;
	written_sectors = sectors;
	return DISK_OK;
}

static int fresh(void **state)
{
	(void)state;
	fake_disk_init(&fake, SECTORS);
	fake.disk.write = fake_write;
	write_status = DISK_OK;
	int13_init(&int13, &fake.disk, 0x80, 2);
	ram = (struct guest_ram){ .base = calloc(1, RAM), .size = RAM, .hole = HOLE, .hole_size = HOLE_BYTES };
	return 0;
}

static int done(void **state)
{
	(void)state;
	free(ram.base);
	free(written);
	written = NULL;
	return 0;
}

/* Calls with what the registers hold; returns AH. */
static uint8_t call(struct int13_regs *r)
{
	assert_true(int13_call(&int13, &ram, r));
	return (uint8_t)(r->ax >> 8);
}

static struct int13_regs regs(uint16_t ax)
{
	return (struct int13_regs){
		.ax = ax, .dx = 0x80, .bx = 0x1234, .cx = 0x5678, .si = 0x100, .ds = 0x50, .es = 0x2000,
	};
}

/* A disk address packet at 0050:0100. */
static void packet(uint8_t size, uint16_t count, uint16_t seg, uint16_t off, uint64_t lba, uint64_t flat)
{
	uint8_t *at = ram.base + 0x600;

	at[0] = size;
	at[1] = 0;
	memcpy(at + 2, &count, 2);
	memcpy(at + 4, &off, 2);
	memcpy(at + 6, &seg, 2);
	memcpy(at + 8, &lba, 8);
	memcpy(at + 16, &flat, 8);
}

static uint16_t packet_count(void)
{
	uint16_t count;

	memcpy(&count, ram.base + 0x602, 2);
	return count;
}

static void other_drives_are_not_ours(void **state)
{
	struct int13_regs r = regs(0x4200), before;

	(void)state;
	r.dx = 0x81;
	before = r;
	assert_false(int13_call(&int13, &ram, &r));
	assert_memory_equal(&r, &before, sizeof r);
	r.dx = 0xff80;
	r.ax = 0x0000;
	assert_int_equal(call(&r), AH_OK);
}

static void resets_and_the_like_succeed(void **state)
{
	static const uint8_t functions[] = { 0x00, 0x0c, 0x0d, 0x10, 0x11 };

	(void)state;
	for (size_t i = 0; i < sizeof functions; i++) {
		struct int13_regs r = regs((uint16_t)(functions[i] << 8 | 0x33));

		r.carry = true;
		assert_int_equal(call(&r), AH_OK);
		assert_false(r.carry);
		assert_int_equal(r.ax & 0xff, 0x33);
	}
}

static void unknown_calls_are_bad_commands_and_remembered(void **state)
{
	static const uint16_t unknown[] = { 0x0500, 0x0900, 0x4500, 0x4600, 0x4900, 0x4b01, 0x4e00, 0xff00 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(unknown); i++) {
		struct int13_regs r = regs(unknown[i]);

		assert_int_equal(call(&r), AH_BAD_COMMAND);
		assert_true(r.carry);
		r = regs(0x0100);
		assert_int_equal(call(&r), AH_BAD_COMMAND);
		assert_true(r.carry);
	}
	struct int13_regs r = regs(0x0000);
	call(&r);
	r = regs(0x0100);
	assert_int_equal(call(&r), AH_OK);
	assert_false(r.carry);
}

static void chs_reads_land_where_they_should(void **state)
{
	struct int13_regs r = regs(0x0205);

	(void)state;
	r.cx = 3 << 8 | 0 << 6 | 7;     /* cylinder 3, sector 7 */
	r.dx = 9 << 8 | 0x80;           /* head 9 */
	assert_int_equal(call(&r), AH_OK);
	assert_false(r.carry);
	assert_int_equal(r.ax, 0x0005);
	assert_true(fake_is(ram.base + 0x21234, (3u * 255 + 9) * 63 + 6, 5));
	assert_int_equal(r.cx, 3 << 8 | 7);
}

static void chs_that_does_not_exist_is_refused(void **state)
{
	static const struct { uint16_t ax, cx, dx; uint8_t ah; } cases[] = {
		{ 0x0200, 0x0001, 0x0080, AH_BAD_COMMAND },      /* no sectors */
		{ 0x0201, 0x0000, 0x0080, AH_NO_SECTOR },        /* sectors count from 1 */
		{ 0x0201, 0x0001, 0xff80, AH_NO_SECTOR },        /* head 255 of 0..254 */
		{ 0x0201, 0x0cc1, 0x0080, AH_NO_SECTOR },        /* cylinder 780 of 12 */
		{ 0x027f, 0x0b3f, 0xfe80, AH_OK },               /* the last one CHS reaches, and on: LBA has them */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct int13_regs r = regs(cases[i].ax);

		r.cx = cases[i].cx;
		r.dx = cases[i].dx;
		assert_int_equal(call(&r), cases[i].ah);
		assert_int_equal(r.carry, cases[i].ah != AH_OK);
		if (cases[i].ah != AH_OK)
			assert_int_equal(r.ax & 0xff, 0);
	}
}

static void a_failing_read_says_how_far_it_came(void **state)
{
	struct int13_regs r = regs(0x0214);

	(void)state;
	fake.bad_from = 7;
	fake.bad_to = 8;
	r.cx = 1;
	assert_int_equal(call(&r), AH_BAD_DATA);
	assert_true(r.carry);
	assert_int_equal(r.ax & 0xff, 7);
	packet(16, 20, 0x2000, 0, 3, 0);
	r = regs(0x4200);
	assert_int_equal(call(&r), AH_BAD_DATA);
	assert_int_equal(packet_count(), 4);
	assert_true(fake_is(ram.base + 0x20000, 3, 4));
	fake.silent = true;
	packet(16, 20, 0x2000, 0, 100, 0);
	r = regs(0x4200);
	assert_int_equal(call(&r), AH_TIMEOUT);
	assert_int_equal(packet_count(), 0);
}

static void edd_reads_use_segments_or_flat_addresses(void **state)
{
	struct int13_regs r = regs(0x4200);

	(void)state;
	packet(16, 127, 0x2000, 0x10, 5000, 0);
	assert_int_equal(call(&r), AH_OK);
	assert_true(fake_is(ram.base + 0x20010, 5000, 127));
	assert_int_equal(packet_count(), 127);
	packet(16, 200, 0x2000, 0, 9000, 0);             /* more than EDD promises */
	r = regs(0x4200);
	assert_int_equal(call(&r), AH_OK);
	assert_true(fake_is(ram.base + 0x20000, 9000, 200));
	packet(24, 2, 0xffff, 0xffff, 77, 0x100003);
	r = regs(0x4200);
	assert_int_equal(call(&r), AH_OK);
	assert_true(fake_is(ram.base + 0x100003, 77, 2));
	packet(24, 1, 0x3000, 0xffff, 78, 0x100000);     /* not FFFF:FFFF: the segment counts */
	r = regs(0x4200);
	assert_int_equal(call(&r), AH_OK);
	assert_true(fake_is(ram.base + 0x3ffff, 78, 1));
	packet(16, 1, 0xffff, 0xffff, 79, 0x30000);      /* too short for a flat address */
	r = regs(0x4200);
	assert_int_equal(call(&r), AH_OK);
	assert_true(fake_is(ram.base + 0x10ffef, 79, 1));
	packet(16, 0, 0x2000, 0, 79, 0);                 /* nothing, asked politely */
	r = regs(0x4200);
	assert_int_equal(call(&r), AH_OK);
}

static void edd_checks_packet_range_and_buffer(void **state)
{
	static const struct { uint8_t size; uint16_t count, seg, off; uint64_t lba, flat; uint8_t ah; } cases[] = {
		{ 15, 1, 0x2000, 0, 0, 0, AH_BAD_COMMAND },
		{ 16, 2, 0x2000, 0, SECTORS - 1, 0, AH_NO_SECTOR },
		{ 16, 1, 0x2000, 0, UINT64_MAX, 0, AH_NO_SECTOR },
		{ 16, 65535, 0x2000, 0, 0, 0, AH_DMA_BOUNDARY },
		{ 24, 1, 0xffff, 0xffff, 0, RAM - 511, AH_DMA_BOUNDARY },
		{ 24, 1, 0xffff, 0xffff, 0, UINT64_MAX, AH_DMA_BOUNDARY },
		{ 24, 1, 0xffff, 0xffff, 0, UINT64_MAX - 511, AH_DMA_BOUNDARY },
		{ 16, 1, HOLE / 16, HOLE_BYTES - 1, 0, 0, AH_DMA_BOUNDARY },
		{ 16, 1, HOLE / 16 - 32, 1, 0, 0, AH_DMA_BOUNDARY },
		{ 16, 1, HOLE / 16 - 32, 0, 0, 0, AH_OK },
		{ 16, 1, HOLE / 16, HOLE_BYTES, 0, 0, AH_OK },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct int13_regs r = regs(0x4200);

		packet(cases[i].size, cases[i].count, cases[i].seg, cases[i].off, cases[i].lba, cases[i].flat);
		assert_int_equal(call(&r), cases[i].ah);
		assert_int_equal(r.carry, cases[i].ah != AH_OK);
		assert_true(cases[i].ah == AH_OK || cases[i].size < 16 || packet_count() == 0);
	}
	ram.size = 0x1000;                               /* a packet outside the window */
	struct int13_regs r = regs(0x4200);
	r.ds = 0x100;
	r.si = 0xfff;
	assert_int_equal(call(&r), AH_BAD_COMMAND);
}

static void writes_go_down_or_are_refused_loudly(void **state)
{
	struct int13_regs r = regs(0x4300);

	(void)state;
	memset(ram.base + 0x20000, 0x5a, 1024);
	packet(16, 2, 0x2000, 0, 33, 0);
	assert_int_equal(call(&r), AH_OK);
	assert_int_equal(written_lba, 33);
	assert_int_equal(written_sectors, 2);
	assert_int_equal(written[1023], 0x5a);
	r = regs(0x4303);
	assert_int_equal(call(&r), AH_BAD_COMMAND);
	r = regs(0x0301);
	r.cx = 2;
	assert_int_equal(call(&r), AH_OK);
	assert_int_equal(written_lba, 1);
	write_status = DISK_FULL;
	r = regs(0x4300);
	assert_int_equal(call(&r), AH_WRITE_PROTECTED);
	assert_true(r.carry);
	assert_int_equal(packet_count(), 0);
	write_status = DISK_READ_ONLY;
	r = regs(0x0301);
	r.cx = 2;
	assert_int_equal(call(&r), AH_WRITE_PROTECTED);
	assert_int_equal(r.ax & 0xff, 0);
	assert_int_equal(int13.refused_writes, 2);
}

static void verifying_needs_no_memory(void **state)
{
	struct int13_regs r = regs(0x4400);

	(void)state;
	packet(16, 40, 0xffff, 0xfff0, 60, 0);
	assert_int_equal(call(&r), AH_OK);
	fake.bad_from = 70;
	fake.bad_to = 71;
	r = regs(0x4400);
	assert_int_equal(call(&r), AH_BAD_DATA);
	assert_int_equal(packet_count(), 10);
	r = regs(0x0420);
	r.cx = 60;
	assert_int_equal(call(&r), AH_BAD_DATA);
	assert_int_equal(r.ax & 0xff, 11);
	packet(16, 1, 0, 0, SECTORS, 0);
	r = regs(0x4400);
	assert_int_equal(call(&r), AH_NO_SECTOR);
}

static void seeks_need_an_existing_place(void **state)
{
	struct int13_regs r = regs(0x4700);

	(void)state;
	packet(16, 1, 0, 0, SECTORS - 1, 0);
	assert_int_equal(call(&r), AH_OK);
	packet(16, 1, 0, 0, SECTORS, 0);
	r = regs(0x4700);
	assert_int_equal(call(&r), AH_NO_SECTOR);
	packet(8, 1, 0, 0, 0, 0);
	r = regs(0x4700);
	assert_int_equal(call(&r), AH_BAD_COMMAND);
}

static void parameters_agree_with_each_other(void **state)
{
	static const struct { uint64_t sectors; uint32_t cylinders; bool chs_valid; } cases[] = {
		{ 8, 1, true }, { 63 * 255, 1, true }, { SECTORS, 12, true },
		{ 15482880, 963, true }, { 15482881, 963, false }, { 1024ull * 255 * 63, 1024, false },
		{ 1024ull * 255 * 63 + 1, 1024, false }, { 1ull << 33, 1024, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct int13_regs r = regs(0x0800);
		uint8_t *at = ram.base + 0x600;
		uint32_t v[3];
		uint64_t sectors;
		uint16_t flags;

		fake.disk.sectors = cases[i].sectors;
		int13_init(&int13, &fake.disk, 0x80, 2);
		assert_int_equal(call(&r), AH_OK);
		assert_int_equal((r.cx >> 8 | (r.cx & 0xc0) << 2) + 1, cases[i].cylinders);
		assert_int_equal(r.cx & 0x3f, 63);
		assert_int_equal(r.dx, 254 << 8 | 2);
		memset(at, 0xee, 0x50);
		at[0] = 0x1e;
		at[1] = 0;
		r = regs(0x4800);
		assert_int_equal(call(&r), AH_OK);
		memcpy(&flags, at + 2, 2);
		memcpy(v, at + 4, 12);
		memcpy(&sectors, at + 16, 8);
		assert_int_equal(flags & 2, cases[i].chs_valid ? 2 : 0);
		assert_int_equal(v[0], cases[i].cylinders);
		assert_int_equal(v[1], 255);
		assert_int_equal(v[2], 63);
		assert_int_equal(sectors, cases[i].sectors);
		r = regs(0x1500);
		assert_int_equal(call(&r), 3);
		assert_false(r.carry);
		assert_int_equal((uint32_t)r.cx << 16 | r.dx, min_u64(cases[i].sectors, UINT32_MAX));
	}
}

static void drive_parameters_fit_the_room_they_get(void **state)
{
	static const struct { uint16_t room, used; } cases[] = {
		{ 0x1a, 0x1a }, { 0x1d, 0x1a }, { 0x1e, 0x1e }, { 0x42, 0x1e }, { 0x4a, 0x1e },
	};
	uint8_t *at = ram.base + 0x600;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct int13_regs r = regs(0x4800);
		uint16_t size;

		memset(at, 0xee, 0x50);
		memcpy(at, &cases[i].room, 2);
		assert_int_equal(call(&r), AH_OK);
		memcpy(&size, at, 2);
		assert_int_equal(size, cases[i].used);
		assert_int_equal(at[24] | at[25] << 8, 512);
		assert_int_equal(at[size], 0xee);
		assert_int_equal(at[26], size == 0x1e ? 0xff : 0xee);
	}
	at[0] = 0x19;
	at[1] = 0;
	struct int13_regs r = regs(0x4800);
	assert_int_equal(call(&r), AH_BAD_COMMAND);
}

static void what_is_so_anyway_may_be_wished_of_a_controller(void **state)
{
	(void)state;
	for (uint16_t wish = 0; wish < 0x100; wish++) {
		struct int13_regs r = regs((uint16_t)(0x4e00 | wish));
		bool is_so = wish == 1 || wish == 3 || wish == 4 || wish == 6;

		assert_int_equal(call(&r), is_so ? AH_OK : AH_BAD_COMMAND);
		assert_int_equal(r.carry, !is_so);
		assert_int_equal(r.ax & 0xff, is_so ? 0 : wish);
	}
}

static void edd_is_there_for_who_asks_rightly(void **state)
{
	struct int13_regs r = regs(0x4100);

	(void)state;
	assert_int_equal(call(&r), AH_BAD_COMMAND);
	r = regs(0x4100);
	r.bx = 0x55aa;
	assert_int_equal(call(&r), 0x30);
	assert_false(r.carry);
	assert_int_equal(r.bx, 0xaa55);
	assert_int_equal(r.cx, 5);      /* 42h to 44h, 47h, 48h; and 48h, 4Eh */
	r = regs(0x0100);
	assert_int_equal(call(&r), AH_OK);
}

int main(void)
{
#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, done)
	const struct CMUnitTest tests[] = {
		fresh_test(other_drives_are_not_ours),
		fresh_test(resets_and_the_like_succeed),
		fresh_test(unknown_calls_are_bad_commands_and_remembered),
		fresh_test(chs_reads_land_where_they_should),
		fresh_test(chs_that_does_not_exist_is_refused),
		fresh_test(a_failing_read_says_how_far_it_came),
		fresh_test(edd_reads_use_segments_or_flat_addresses),
		fresh_test(edd_checks_packet_range_and_buffer),
		fresh_test(writes_go_down_or_are_refused_loudly),
		fresh_test(verifying_needs_no_memory),
		fresh_test(seeks_need_an_existing_place),
		fresh_test(parameters_agree_with_each_other),
		fresh_test(drive_parameters_fit_the_room_they_get),
		fresh_test(what_is_so_anyway_may_be_wished_of_a_controller),
		fresh_test(edd_is_there_for_who_asks_rightly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
