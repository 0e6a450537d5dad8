/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/int13.h"

enum { EDD_3_0 = 0x30, EDD_FIXED_DISK = 1, EDD_PARAMETERS = 4, FIXED_DISK = 3 };

/* The caller's memory is little-endian and so is every world this runs in: structs, asserted. */
struct packet { uint8_t size, reserved; uint16_t count, off, seg; uint64_t lba, flat; };
_Static_assert(sizeof(struct packet) == 24 && offsetof(struct packet, flat) == 16, "EDD 3.0: disk address packet");
enum { PACKET_BYTES = 16, PACKET_BYTES_FLAT = 24, PACKET_COUNT_AT = 2 };

struct __attribute__((packed)) parameters {
	uint16_t size, flags;
	uint32_t cylinders, heads, sectors_per_track;
	uint64_t sectors;
	uint16_t sector_bytes;
	uint32_t dpte;          /* far pointer to more; FFFF:FFFF there is none */
};
_Static_assert(sizeof(struct parameters) == 0x1e && offsetof(struct parameters, dpte) == 0x1a, "EDD 3.0: AH=48h");
enum { PARAMETERS_NO_BOUNDARY = 1, PARAMETERS_CHS_VALID = 2, PARAMETERS_BYTES_1 = 0x1a };
enum { CHS_SECTORS_MAX = 15482880 };    /* EDD-4, 8.20: beyond 16383 x 15 x 63 no geometry is valid */

/* A span of sectors and the caller's memory for it. */
struct span { uint64_t lba; uint32_t sectors; uint8_t *memory; };

static uint8_t ah_for(enum disk_status s)
{
	switch (s) {
	case DISK_OK:        return AH_OK;
	case DISK_BAD_RANGE: return AH_NO_SECTOR;
	case DISK_READ_ONLY: return AH_WRITE_PROTECTED;
	case DISK_FULL:      return AH_WRITE_PROTECTED;
	case DISK_IO_ERROR:  return AH_BAD_DATA;
	case DISK_TIMEOUT:   return AH_TIMEOUT;
	case DISK_COMING:    break;
	}
	return AH_BAD_COMMAND;
}

/* How many sectors can be read before the one that cannot. */
static uint32_t readable(struct int13 *i, const struct span *s)
{
	uint32_t n = 0;

	while (n < s->sectors && disk_read(i->disk, s->lba + n, 1, s->memory + (size_t)n * DISK_SECTOR) == DISK_OK)
		n++;
	return n;
}

/* *done is what was transferred, also on failure. */
static uint8_t span_read(struct int13 *i, const struct span *s, uint32_t *done)
{
	enum disk_status status = disk_read(i->disk, s->lba, s->sectors, s->memory);

	*done = status == DISK_OK ? s->sectors : 0;
	if (status == DISK_IO_ERROR)
		*done = readable(i, s);
	return ah_for(status);
}

static uint8_t span_write(struct int13 *i, const struct span *s, uint32_t *done)
{
	enum disk_status status = disk_write(i->disk, s->lba, s->sectors, s->memory);

	*done = status == DISK_OK ? s->sectors : 0;
	if (status == DISK_FULL || status == DISK_READ_ONLY)
		i->refused_writes++;
	return ah_for(status);
}

/* Verified is what can be read. */
static uint8_t span_verify(struct int13 *i, const struct span *s, uint32_t *done)
{
	enum disk_status status = disk_has(i->disk, s->lba, s->sectors) ? DISK_OK : DISK_BAD_RANGE;

	for (*done = 0; status == DISK_OK && *done < s->sectors; (*done)++)
		if ((status = disk_read(i->disk, s->lba + *done, 1, i->scratch)) != DISK_OK)
			break;
	return ah_for(status);
}

enum task { READ, WRITE, VERIFY };

static uint8_t perform(struct int13 *i, enum task task, const struct span *s, uint32_t *done)
{
	*done = 0;
	if (!s->memory && task != VERIFY)
		return AH_DMA_BOUNDARY;
	switch (task) {
	case READ:   return span_read(i, s, done);
	case WRITE:  return span_write(i, s, done);
	case VERIFY: return span_verify(i, s, done);
	}
	return AH_BAD_COMMAND;
}

/* AH=02 03 04: AL sectors from cylinder, head and sector; memory at ES:BX; AL is what was transferred. */
static uint8_t chs(struct int13 *i, const struct guest_ram *ram, struct int13_regs *r, enum task task)
{
	const struct geometry *g = &i->geometry;
	uint32_t cylinder = (uint32_t)(r->cx >> 8 | (r->cx & 0xc0) << 2);
	uint32_t head = r->dx >> 8, sector = r->cx & 0x3f, count = r->ax & 0xff, done;
	struct span s = { .sectors = count };
	uint8_t status;

	r->ax &= 0xff00;
	if (count == 0)
		return AH_BAD_COMMAND;
	if (sector == 0 || sector > g->sectors || head >= g->heads || cylinder >= g->cylinders)
		return AH_NO_SECTOR;
	s.lba    = (cylinder * g->heads + head) * g->sectors + sector - 1;
	s.memory = guest_at(ram, r->es, r->bx, (uint64_t)count * DISK_SECTOR);
	status   = perform(i, task, &s, &done);
	r->ax   |= (uint16_t)done;
	return status;
}

/* The packet at DS:SI; false: there is none that we understand. */
static bool get_packet(const struct guest_ram *ram, const struct int13_regs *r, struct packet *p)
{
	const uint8_t *at = guest_at(ram, r->ds, r->si, PACKET_BYTES);

	*p = (struct packet){ 0 };
	if (!at || at[0] < PACKET_BYTES)
		return false;
	memcpy(p, at, PACKET_BYTES);
	if (p->size < PACKET_BYTES_FLAT || p->off != 0xffff || p->seg != 0xffff) {
		p->flat = (uint64_t)p->seg * 16 + p->off;
		return true;
	}
	if (!guest_at(ram, r->ds, r->si, PACKET_BYTES_FLAT))
		return false;
	memcpy(p, at, PACKET_BYTES_FLAT);
	return true;
}

/* AH=42 43 44: as the packet says; on an error its count is what was transferred. */
static uint8_t edd(struct int13 *i, const struct guest_ram *ram, struct int13_regs *r, enum task task)
{
	struct packet p;
	struct span s;
	uint32_t done;
	uint16_t count;
	uint8_t status, *at;

	if (!get_packet(ram, r, &p))
		return AH_BAD_COMMAND;
	/* EDD says at most 127 sectors; a caller who asks for more gets what he asked for, as elsewhere. */
	s = (struct span){ .lba = p.lba, .sectors = p.count };
	s.memory = guest_flat(ram, p.flat, (uint64_t)p.count * DISK_SECTOR);
	status = perform(i, task, &s, &done);
	at = guest_at(ram, r->ds, r->si, PACKET_BYTES);
	if (status != AH_OK && at) {
		count = (uint16_t)done;
		memcpy(at + PACKET_COUNT_AT, &count, sizeof count);
	}
	return status;
}

/* AH=47: nothing moves, but the place must exist. */
static uint8_t edd_seek(struct int13 *i, const struct guest_ram *ram, struct int13_regs *r)
{
	struct packet p;

	if (!get_packet(ram, r, &p))
		return AH_BAD_COMMAND;
	return disk_has(i->disk, p.lba, 1) ? AH_OK : AH_NO_SECTOR;
}

/* AH=48: as much of the parameters as the caller has room for: 1Ah or 1Eh bytes. */
static uint8_t edd_parameters(struct int13 *i, const struct guest_ram *ram, struct int13_regs *r)
{
	uint8_t *at = guest_at(ram, r->ds, r->si, PARAMETERS_BYTES_1);
	struct parameters p = {
		.flags             = PARAMETERS_NO_BOUNDARY,
		.cylinders         = i->geometry.cylinders,
		.heads             = i->geometry.heads,
		.sectors_per_track = i->geometry.sectors,
		.sectors           = i->disk->sectors,
		.sector_bytes      = DISK_SECTOR,
		.dpte              = 0xffffffff,
	};

	if (!at)
		return AH_BAD_COMMAND;
	memcpy(&p.size, at, sizeof p.size);
	if (p.size < PARAMETERS_BYTES_1)
		return AH_BAD_COMMAND;
	p.size = p.size < sizeof p ? PARAMETERS_BYTES_1 : (uint16_t)sizeof p;
	if (!guest_at(ram, r->ds, r->si, p.size))
		return AH_BAD_COMMAND;
	if (i->disk->sectors <= CHS_SECTORS_MAX)
		p.flags |= PARAMETERS_CHS_VALID;
	memcpy(at, &p, p.size);
	return AH_OK;
}

/*
 * AH=4E: the other half of what CX bit 2 of AH=41h promises. What can be wished of an IDE controller is granted where
 * it is so without one: no prefetch, slowest or usual PIO, no DMA. AL=0: no other drive is concerned.
 */
static uint8_t configure(struct int13_regs *r)
{
	enum { PREFETCH_OFF = 1, PIO_SLOWEST = 3, PIO_USUAL = 4, DMA_OFF = 6 };

	switch (r->ax & 0xff) {
	case PREFETCH_OFF:
	case PIO_SLOWEST:
	case PIO_USUAL:
	case DMA_OFF:
		r->ax &= 0xff00;
		return AH_OK;
	}
	return AH_BAD_COMMAND;
}

/* AH=08: the largest numbers CHS calls may use, and how many disks there are. */
static uint8_t parameters(struct int13 *i, struct int13_regs *r)
{
	uint32_t last = i->geometry.cylinders - 1;

	r->ax &= 0xff00;
	r->bx &= 0xff00;
	r->cx  = (uint16_t)((last & 0xff) << 8 | (last >> 8 & 3) << 6 | i->geometry.sectors);
	r->dx  = (uint16_t)((i->geometry.heads - 1u) << 8 | i->drives);
	return AH_OK;
}

/* The calls whose AH is not a status when they succeed. True: done, registers are final. */
static bool answers_in_ah(struct int13 *i, struct int13_regs *r)
{
	uint32_t sectors = (uint32_t)min_u64(i->disk->sectors, UINT32_MAX);

	switch (r->ax >> 8) {
	case 0x15:      /* kind of disk, CX:DX sectors */
		r->ax = (uint16_t)(FIXED_DISK << 8 | (r->ax & 0xff));
		r->cx = (uint16_t)(sectors >> 16);
		r->dx = (uint16_t)sectors;
		break;
	/*
	 * EDD is here; BX is the caller's greeting turned round. Flat addresses are taken, but not promised (CX bit 3):
	 * what lies above our own memory cannot be reached.
	 */
	case 0x41:
		if (r->bx != 0x55aa)
			return false;
		r->ax = (uint16_t)(EDD_3_0 << 8 | (r->ax & 0xff));
		r->bx = 0xaa55;
		r->cx = EDD_FIXED_DISK | EDD_PARAMETERS;
		break;
	default:
		return false;
	}
	i->last_status = AH_OK;
	r->carry = false;
	return true;
}

static uint8_t answer(struct int13 *i, const struct guest_ram *ram, struct int13_regs *r)
{
	switch (r->ax >> 8) {
	case 0x00:                      /* reset, seek, ready?, recalibrate: nothing turns here */
	case 0x0c:
	case 0x0d:
	case 0x10:
	case 0x11: return AH_OK;
	case 0x01: return i->last_status;
	case 0x02: return chs(i, ram, r, READ);
	case 0x03: return chs(i, ram, r, WRITE);
	case 0x04: return chs(i, ram, r, VERIFY);
	case 0x08: return parameters(i, r);
	case 0x42: return edd(i, ram, r, READ);
	case 0x43: return (r->ax & 0xff) <= 2 ? edd(i, ram, r, WRITE) : AH_BAD_COMMAND;
	case 0x44: return edd(i, ram, r, VERIFY);
	case 0x47: return edd_seek(i, ram, r);
	case 0x48: return edd_parameters(i, ram, r);
	case 0x4e: return configure(r);
	/*
	 * Status of a CD emulation: there is none. An answer with CF=0, even with an empty packet, makes
	 * GRUB take the disk for a CD with sectors of 2048 bytes.
	 */
	case 0x4b:
	default:   return AH_BAD_COMMAND;
	}
}

void int13_init(struct int13 *i, struct disk *disk, uint8_t drive, uint8_t drives)
{
	*i = (struct int13){ .disk = disk, .drive = drive, .drives = drives };
	i->geometry = geometry_of_size(disk->sectors);
}

bool int13_call(struct int13 *i, const struct guest_ram *ram, struct int13_regs *r)
{
	uint8_t status;

	if ((r->dx & 0xff) != i->drive)
		return false;
	i->calls++;
	if (answers_in_ah(i, r))
		return true;
	status = answer(i, ram, r);
	i->last_status = status;
	r->ax    = (uint16_t)(status << 8 | (r->ax & 0xff));
	r->carry = status != AH_OK;
	return true;
}
