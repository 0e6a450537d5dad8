/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * Any registers and any packet in the caller's memory: nothing outside his memory is touched, nothing in what is
 * ours. The input is calls of 18 bytes of registers and up to 32 bytes at 0:0; memory ends where the heap block does.
 */
#include "loader/int13.h"
#include "netstack/fuzz/fuzz.h"

enum { RAM = 0x3000, HOLE = 0x2000, HOLE_BYTES = 0x200, SECTORS = 400000, BAD = 77, PACKET = 32 };

static enum disk_status read(struct disk *d, uint64_t lba, uint32_t sectors, uint8_t *into)
{
	require(disk_has(d, lba, sectors));
	memset(into, (int)lba, (size_t)sectors * DISK_SECTOR);
	return lba <= BAD && BAD < lba + sectors ? DISK_IO_ERROR : DISK_OK;
}

static enum disk_status write(struct disk *d, uint64_t lba, uint32_t sectors, const uint8_t *from)
{
	uint8_t *copy = malloc((size_t)sectors * DISK_SECTOR + 1);

	require(disk_has(d, lba, sectors));
	memcpy(copy, from, (size_t)sectors * DISK_SECTOR);
	free(copy);
	return lba & 1 ? DISK_FULL : DISK_OK;
}

static struct int13_regs take_regs(struct rd *r)
{
	struct int13_regs regs = { .ax = rd_be16(r), .bx = rd_be16(r), .cx = rd_be16(r), .dx = rd_be16(r) };

	regs.si = rd_be16(r);
	regs.di = rd_be16(r);
	regs.ds = rd_be16(r);
	regs.es = rd_be16(r);
	regs.carry = rd_be16(r) & 1;
	return regs;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct guest_ram ram = { .base = calloc(1, RAM), .size = RAM, .hole = HOLE, .hole_size = HOLE_BYTES };
	struct disk disk = { .read = read, .write = write, .sectors = SECTORS };
	struct rd r = rd_over(bytes, len);
	struct int13 i;

	int13_init(&i, &disk, 0x80, 1);
	memset(ram.base + HOLE, 0x5a, HOLE_BYTES);
	for (int calls = 0; rd_left(&r) && calls < 8; calls++) {
		struct int13_regs regs = take_regs(&r), before = regs;
		size_t n = min_size(rd_left(&r), PACKET);

		rd_bytes(&r, ram.base, n);
		if (!int13_call(&i, &ram, &regs))
			require(memcmp(&regs, &before, sizeof regs) == 0 && (regs.dx & 0xff) != 0x80);
		else
			require(regs.carry == (regs.ax >> 8 != 0) || !regs.carry);
		for (int at = HOLE; at < HOLE + HOLE_BYTES; at++)
			require(ram.base[at] == 0x5a);
	}
	free(ram.base);
	return 0;
}
