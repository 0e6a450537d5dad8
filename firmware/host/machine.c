/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/host/machine.h"
#include <errno.h>
#include <sodium.h>
#include "lib/fmt.h"
#include "loader/boot_sector.h"

enum {
	PACKET_AT = 0x600, PARAMETERS_AT = 0x640, BUFFER_AT = 0x10000,  /* in the machine's memory */
	SECTORS_AT_ONCE = 64,                   /* as GRUB reads */
	HOST_DRIVE = 0x80,
};

static const char *attach(struct platform *p, struct attachment *a)
{
	struct machine *m = (struct machine *)p;

	bios_disk_init(&m->bios_disk, a, HOST_DRIVE, 1);
	m->attached = true;
	return NULL;
}

static void detach(struct platform *p)
{
	((struct machine *)p)->attached = false;
}

/* INT 13h, AH as given, with DS:SI at `at`. False: CF. */
static bool int13(struct machine *m, uint8_t ah, uint16_t at)
{
	struct int13_regs r = { .ax = (uint16_t)(ah << 8), .dx = HOST_DRIVE, .si = at };

	return bios_disk_call(&m->bios_disk, &r) && !r.carry;
}

static uint64_t disk_sectors(struct machine *m)
{
	uint64_t sectors = 0;

	m->ram[PARAMETERS_AT] = 0x1e;
	m->ram[PARAMETERS_AT + 1] = 0;
	if (int13(m, 0x48, PARAMETERS_AT))
		memcpy(&sectors, m->ram + PARAMETERS_AT + 16, sizeof sectors);
	return sectors;
}

static bool read_sectors(struct machine *m, uint64_t lba, uint16_t sectors)
{
	uint8_t *packet = m->ram + PACKET_AT;
	uint16_t seg = BUFFER_AT >> 4;

	memset(packet, 0, 16);
	packet[0] = 16;
	memcpy(packet + 2, &sectors, 2);
	memcpy(packet + 6, &seg, 2);
	memcpy(packet + 8, &lba, 8);
	return int13(m, 0x42, PACKET_AT);
}

/* The whole disk, in order, hashed and written where the user wants it. */
static const char *read_all(struct machine *m, FILE *to)
{
	uint64_t sectors = disk_sectors(m), lba = 0;
	uint8_t hash[crypto_hash_sha256_BYTES];
	char hex[sizeof hash * 2 + 1];
	crypto_hash_sha256_state state;
	usec started = m->platform.port->now(m->platform.port), took;

	if (!sectors)
		return "INT 13h does not know how large its disk is";
	crypto_hash_sha256_init(&state);
	while (lba < sectors) {
		uint16_t n = (uint16_t)min_u64(SECTORS_AT_ONCE, sectors - lba);

		if (!read_sectors(m, lba, n))
			return "INT 13h failed to read the disk";
		crypto_hash_sha256_update(&state, m->ram + BUFFER_AT, (size_t)n * DISK_SECTOR);
		if (to && fwrite(m->ram + BUFFER_AT, DISK_SECTOR, n, to) != n)
			return "the file for the disk cannot be written";
		lba += n;
	}
	crypto_hash_sha256_final(&state, hash);
	took = m->platform.port->now(m->platform.port) - started;
	sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
	printf("disk sha256 %s bytes %llu ms %llu again %u\n", hex, (unsigned long long)sectors * DISK_SECTOR,
	       (unsigned long long)took / USEC_PER_MS, m->attachment->stream.counters.requests_again);
	return NULL;
}

static const char *write_file(const char *name, const uint8_t *bytes, size_t len)
{
	FILE *f = fopen(name, "wb");
	bool good = f && fwrite(bytes, 1, len, f) == len;

	if (f && fclose(f) != 0)
		good = false;
	return good ? NULL : strerror(errno);
}

static enum failure_code find(struct platform *p, struct attachment *a, char *detail, size_t size)
{
	struct machine *m = (struct machine *)p;

	return boot_sector_find(attachment_disk(a), a->stream.grant.disk, m->boot_sector, detail, size);
}

static const char *start(struct platform *p)
{
	struct machine *m = (struct machine *)p;
	const char *wrong = NULL;
	FILE *to = NULL;

	memcpy(m->ram + PROGRAM_AT, m->boot_sector, DISK_SECTOR);
	if (m->handover_file)
		wrong = write_file(m->handover_file, m->handover, sizeof m->handover);
	if (!wrong && m->disk_file && !(to = fopen(m->disk_file, "wb")))
		wrong = strerror(errno);
	if (!wrong && (m->hash || to))
		wrong = read_all(m, to);
	if (to && fclose(to) != 0 && !wrong)
		wrong = strerror(errno);
	return wrong;
}

static enum failure_code chain(struct platform *p, const struct chain_program *program, char *detail, size_t room)
{
	struct machine *m = (struct machine *)p;
	const char *wrong = m->chain_file ? write_file(m->chain_file, p->program, program->bytes) : NULL;

	if (!wrong)
		return FAILURE_NONE;
	fmt_text(detail, room, "%s: %s", m->chain_file, wrong);
	return FAILURE_MACHINE;
}

static void give_back(struct platform *p)
{
	detach(p);
}

void machine_init(struct machine *m, struct attachment *a, struct port *port, struct nic *nic, size_t program_room)
{
	m->attachment = a;
	m->platform = (struct platform){
		.port = port, .nic = nic, .build = "0.1 host", .undi_major = 2, .undi_minor = 1,
		.pci_address = PCI_UNKNOWN, .booted_file = "", .handover = m->handover,
		.program = m->ram + PROGRAM_AT, .program_bytes_max = min_size(program_room, MACHINE_RAM - PROGRAM_AT),
		.attach = attach, .detach = detach, .find = find, .start = start, .chain = chain,
		.give_back = give_back,
	};
	m->bios_disk.ram = (struct guest_ram){ .base = m->ram, .size = sizeof m->ram };
}
