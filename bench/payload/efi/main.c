/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * A neutral guest, as bench/payload/payload.asm is on a BIOS: \EFI\BOOT\BOOTX64.EFI of a disk that it reads through
 * EFI_BLOCK_IO alone, says how long that took and what it read. It knows nothing of who provides the disk.
 *
 *     bench start tsc_khz=2000000 align=0
 *     bench seq requests=768 timed=668 bytes=50331648 us=801344 max_us=12011 wall_us=990100 crc=8d1f22aa
 *     bench rnd requests=1000 timed=900 bytes=4096000 us=212003 max_us=1903 wall_us=260100 crc=...
 *     bench end
 *
 * A phase begins with requests that are read and checked, but not timed (params.warmup). us is time inside the timed
 * ReadBlocks, max_us the longest of them, wall_us the time of the whole phase; the CRC-32 runs over each request's LBA
 * (4 bytes, little-endian) and data. Buffers lie at odd places as far as the disk allows it, with a word before and
 * behind that must stay. Anything wrong is one line `bench error ...`. Either way QEMU ends by its isa-debug-exit.
 */
#include "bench/payload/efi/clock.h"
#include "bench/payload/efi/crc.h"
#include "bench/payload/efi/disk.h"
#include "bench/payload/efi/words.h"

enum {
	SECTOR = 512, PARAMS_LBA = 1, SEQ_SECTORS = 128, RND_SECTORS = 8, PAGE = 4096,
	PLACES = 8, PLACE_BYTES = 2 * PAGE + SEQ_SECTORS * SECTOR, CANARY_BYTES = 4,
};
#define CANARY 0x5aa5c33cu

/* What bench/image.py fills in; this program runs on x86 only. */
struct params {
	char mark[8];
	uint32_t seq_lba, seq_requests, rnd_lba, rnd_blocks, rnd_requests, chs_requests, seed, warmup;
};

/* Where each buffer is in its pages. */
static const uint16_t places[PLACES] = { 0x011, 0x807, 0xff5, 0x00d, 0xffb, 0x235, 0x321, 0x009 };

struct bench {
	EFI_BLOCK_IO *io;
	struct clock clock;
	struct crc crc;
	struct params params;
	uint8_t *room;                  /* PLACES times PLACE_BYTES */
	unsigned place;
};

struct phase {
	const char *name;
	uint32_t requests, sectors, seed, done, timed;
	uint64_t began, taken, longest;
};

static uint32_t next(struct phase *p)
{
	p->seed = p->seed * 1664525u + 1013904223u;
	return p->seed;
}

/* The next buffer in turn: as odd as the disk allows. */
static uint8_t *buffer_of(struct bench *b)
{
	uint8_t *at = b->room + (size_t)b->place * PLACE_BYTES + CANARY_BYTES + places[b->place];
	uintptr_t align = b->io->Media->IoAlign;

	b->place = (b->place + 1) % PLACES;
	return align > 1 ? (uint8_t *)(((uintptr_t)at + align - 1) / align * align) : at;
}

static void read(struct bench *b, struct phase *p, uint32_t lba)
{
	static const uint32_t canary = CANARY;
	size_t bytes = (size_t)p->sectors * SECTOR;
	uint8_t *into = buffer_of(b);
	EFI_STATUS status;
	uint64_t from, took;

	memcpy(into - CANARY_BYTES, &canary, CANARY_BYTES);
	memcpy(into + bytes, &canary, CANARY_BYTES);
	from = clock_ticks();
	status = b->io->ReadBlocks(b->io, b->io->Media->MediaId, lba, bytes, into);
	took = clock_ticks() - from;
	if (status != EFI_SUCCESS)
		words_fail("phase=%s lba=%u status=%u", p->name, lba, (unsigned)(status & 0xffff));
	if (memcmp(into - CANARY_BYTES, &canary, CANARY_BYTES) || memcmp(into + bytes, &canary, CANARY_BYTES))
		words_fail("phase=%s lba=%u: memory beside the buffer was written", p->name, lba);
	if (p->done++ >= b->params.warmup) {
		p->timed++;
		p->taken  += took;
		p->longest = max_u64(p->longest, took);
	}
	crc_add(&b->crc, &lba, sizeof lba);
	crc_add(&b->crc, into, bytes);
}

static void begin(struct bench *b, struct phase *p)
{
	p->seed = b->params.seed;
	b->crc.sum = CRC_START;
	p->began = clock_ticks();
}

static void end(const struct bench *b, const struct phase *p)
{
	words_say("bench %s requests=%u timed=%u bytes=%llu us=%llu max_us=%llu wall_us=%llu crc=%08x", p->name,
	          p->requests, p->timed,
	          (unsigned long long)p->requests * p->sectors * SECTOR,
	          (unsigned long long)clock_us(&b->clock, p->taken),
	          (unsigned long long)clock_us(&b->clock, p->longest),
	          (unsigned long long)clock_us(&b->clock, clock_ticks() - p->began), crc_done(&b->crc));
}

static void run_seq(struct bench *b)
{
	struct phase p = { .name = "seq", .requests = b->params.seq_requests, .sectors = SEQ_SECTORS };

	begin(b, &p);
	for (uint32_t i = 0; i < p.requests; i++)
		read(b, &p, b->params.seq_lba + i * SEQ_SECTORS);
	end(b, &p);
}

static void run_rnd(struct bench *b)
{
	struct phase p = { .name = "rnd", .requests = b->params.rnd_requests, .sectors = RND_SECTORS };

	begin(b, &p);
	for (uint32_t i = 0; i < p.requests; i++) {
		uint32_t block = (uint32_t)((uint64_t)next(&p) * b->params.rnd_blocks >> 32);

		read(b, &p, b->params.rnd_lba + block * RND_SECTORS);
	}
	end(b, &p);
}

static void open(struct bench *b, EFI_BOOT_SERVICES *bs, EFI_HANDLE image)
{
	EFI_PHYSICAL_ADDRESS at;
	EFI_STATUS status;

	b->io = disk_of(bs, image);
	if (!b->io)
		words_fail("this program was not loaded from a partition of a disk with Block IO");
	if (b->io->Media->BlockSize != SECTOR)
		words_fail("the disk has blocks of %u bytes", b->io->Media->BlockSize);
	status = bs->AllocatePages(AllocateAnyPages, EfiLoaderData, (PLACES * PLACE_BYTES + PAGE) / PAGE, &at);
	if (status != EFI_SUCCESS)
		words_fail("the firmware has no memory for buffers");
	b->room = (uint8_t *)(uintptr_t)at;
	status = b->io->ReadBlocks(b->io, b->io->Media->MediaId, PARAMS_LBA, SECTOR, b->room);
	memcpy(&b->params, b->room, sizeof b->params);
	if (status != EFI_SUCCESS || memcmp(b->params.mark, "RILLPLD1", sizeof b->params.mark))
		words_fail("sector %u has no parameters (status %u)", PARAMS_LBA, (unsigned)(status & 0xffff));
	crc_init(&b->crc);
	clock_calibrate(&b->clock, bs);
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st);
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st)
{
	static struct bench b;

	open(&b, st->BootServices, image);
	words_say("bench start tsc_khz=%llu align=%u", (unsigned long long)b.clock.tsc_per_ms, b.io->Media->IoAlign);
	run_seq(&b);
	run_rnd(&b);
	words_say("bench end");
	words_end(WORDS_WELL);
}
