/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/handover.h"

static const uint8_t magic[8] = { 'R', 'I', 'L', 'L', 'H', 'A', 'N', 'D' };
static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
enum { CHECK_AT = 16, CHECK_BYTES = 4 };

struct handover_ip handover_ipv4(uint32_t ip)
{
	struct stream_address a = stream_address_ipv4(ip, 0);
	struct handover_ip all = { 0 };

	if (ip)
		memcpy(all.bytes, a.ip, sizeof all.bytes);
	return all;
}

bool handover_ip_is_ipv4(const struct handover_ip *a, uint32_t *ip)
{
	struct rd r = rd_over(a->bytes, sizeof a->bytes);

	if (!rd_is(&r, mapped, sizeof mapped))
		return false;
	*ip = rd_be32(&r);
	return true;
}

/* CRC32C of a whole block as if its check were zero. */
static uint32_t check_of(struct rd block)
{
	static const uint8_t zero;
	uint32_t crc = 0;

	for (size_t at = 0; rd_left(&block); at++) {
		uint8_t byte = rd_u8(&block);
		bool in_check = at >= CHECK_AT && at < CHECK_AT + CHECK_BYTES;

		crc = crc32c(crc, in_check ? &zero : &byte, 1);
	}
	return crc;
}

static void wr_tlv_head_only(struct wr *w, uint16_t type, uint16_t len)
{
	wr_be16(w, type);
	wr_be16(w, len);
}

static void wr_lease(struct wr *w, const struct handover *h)
{
	wr_tlv_head_only(w, TLV_LEASE, 16 + 1 + 16 + 12 + 16);
	wr_bytes(w, h->lease.address.bytes, 16);
	wr_u8(w, h->lease.prefix);
	wr_bytes(w, h->lease.router.bytes, 16);
	wr_be32(w, h->lease.lease_s);
	wr_be32(w, h->lease.t1_s);
	wr_be32(w, h->lease.t2_s);
	wr_bytes(w, h->lease.server.bytes, 16);
	if (h->id_is_uuid)
		wr_tlv_u8(w, TLV_CLIENT_ID, 1);
	for (unsigned i = 0; i < h->dns_count && i < HANDOVER_DNS_MAX; i++)
		wr_tlv(w, TLV_DNS, h->dns[i].bytes, 16);
}

static void wr_disk(struct wr *w, const struct handover *h)
{
	wr_tlv_text(w, TLV_DISK, h->disk);
	wr_tlv(w, TLV_CONTENT, h->content.id, sizeof h->content.id);
	wr_tlv_u64(w, TLV_SIZE, h->size);
	wr_tlv_u8(w, TLV_MODE, h->mode);
	wr_tlv_u32(w, TLV_VERSION, h->version);
	wr_tlv(w, TLV_TICKET, h->ticket.bytes, h->ticket.len);
	wr_tlv_u32(w, TLV_EXPIRES, h->expires_s);
	for (unsigned i = 0; i < h->server_count && i < TLV_SERVERS_MAX; i++)
		wr_tlv_address(w, TLV_SERVER, &h->servers[i]);
	wr_tlv_u16(w, TLV_SEGMENT, h->segment);
	wr_tlv_u16(w, TLV_WINDOW, h->window);
	if (h->root_hash_len) {
		wr_tlv_head_only(w, TLV_ROOT_HASH, (uint16_t)(1 + h->root_hash_len));
		wr_u8(w, h->root_hash_algorithm);
		wr_bytes(w, h->root_hash, h->root_hash_len);
	}
	wr_tlv_counters(w, &h->counters);
}

static void wr_machine(struct wr *w, const struct handover *h)
{
	static const uint8_t unknown[16];
	unsigned times = h->time_count < HANDOVER_TIMES_MAX ? h->time_count : HANDOVER_TIMES_MAX;

	if (memcmp(h->uuid, unknown, sizeof unknown) != 0)
		wr_tlv(w, TLV_UUID, h->uuid, sizeof h->uuid);
	if (h->has_arch)
		wr_tlv_u16(w, TLV_ARCH, h->arch);
	if (h->undi_major)
		wr_tlv_u16(w, TLV_UNDI, (uint16_t)(h->undi_major << 8 | h->undi_minor));
	wr_tlv_text(w, TLV_BUILD, h->build);
	wr_tlv_head_only(w, TLV_CARD, 8);
	wr_bytes(w, h->mac, sizeof h->mac);
	wr_be16(w, h->pci);
	wr_tlv_head_only(w, TLV_TIMES, (uint16_t)(times * 5));
	for (unsigned i = 0; i < times; i++) {
		wr_u8(w, h->times[i].step);
		wr_be32(w, h->times[i].ms);
	}
	if (h->drive)
		wr_tlv_u8(w, TLV_DRIVE, h->drive);
	wr_tlv_u16(w, TLV_MTU, h->mtu);
	if (h->vlan)
		wr_tlv_u16(w, TLV_VLAN | TLV_MUST, h->vlan);
	if (h->host_name[0])
		wr_tlv_text(w, TLV_HOST_NAME, h->host_name);
}

static void wr_session(struct wr *w, const struct handover *h)
{
	wr_tlv_head_only(w, TLV_SESSION, 12);
	wr_be64(w, h->session);
	wr_be32(w, h->next_request);
	wr_tlv_address(w, TLV_SERVER_CURRENT, &h->server_current);
	wr_tlv_u16(w, TLV_CLIENT_PORT, h->client_port);
}

static void wr_head(struct wr *w, size_t bytes, uint32_t check)
{
	wr_bytes(w, magic, sizeof magic);
	wr_be16(w, HANDOVER_VERSION);
	wr_be16(w, HANDOVER_HEAD_BYTES);
	wr_be32(w, (uint32_t)bytes);
	wr_be32(w, check);
}

size_t handover_write(uint8_t *room, size_t size, const struct handover *h)
{
	struct wr w = wr_over(room, min_size(size, HANDOVER_BYTES_MAX)), head = w;
	size_t bytes;

	wr_head(&w, 0, 0);
	wr_session(&w, h);
	wr_disk(&w, h);
	wr_lease(&w, h);
	wr_machine(&w, h);
	if (!wr_ok(&w))
		return 0;
	/* Twice: the check covers the length. */
	bytes = wr_used(&w, room);
	w = head;
	wr_head(&w, bytes, 0);
	wr_head(&head, bytes, check_of(rd_over(room, bytes)));
	return bytes;
}

static void read_times(struct rd v, struct handover *h)
{
	while (rd_left(&v) && h->time_count < HANDOVER_TIMES_MAX) {
		struct handover_time *t = &h->times[h->time_count++];

		t->step = rd_u8(&v);
		t->ms   = rd_be32(&v);
	}
}

static void read_lease(struct rd v, struct handover_lease *l)
{
	rd_bytes(&v, l->address.bytes, 16);
	l->prefix = rd_u8(&v);
	rd_bytes(&v, l->router.bytes, 16);
	l->lease_s = rd_be32(&v);
	l->t1_s    = rd_be32(&v);
	l->t2_s    = rd_be32(&v);
	rd_bytes(&v, l->server.bytes, 16);
}

/* The block's own types, and how long their values are; step: the value is a multiple of it. */
static const struct { uint16_t type, bytes, step; bool repeats; } own[] = {
	{ TLV_LEASE,          61, 0, false },
	{ TLV_DNS,            16, 0, true },
	{ TLV_CARD,            8, 0, false },
	{ TLV_SESSION,        12, 0, false },
	{ TLV_SERVER_CURRENT, 18, 0, false },
	{ TLV_CLIENT_PORT,     2, 0, false },
	{ TLV_TIMES,           0, 5, false },
	{ TLV_DRIVE,           1, 0, false },
	{ TLV_MTU,             2, 0, false },
	{ TLV_HOST_NAME,       0, 1, false },
	{ TLV_CLIENT_ID,       1, 0, false },
	{ TLV_VLAN,            2, 0, false },
	{ TLV_UNDI,            2, 0, false },
};

static bool is_sound(const struct tlv *t, unsigned which, uint32_t seen)
{
	size_t len = rd_left(&t->value);

	if (seen >> which & 1 && !own[which].repeats)
		return false;
	return own[which].step ? len % own[which].step == 0 : len == own[which].bytes;
}

static void read_own(const struct tlv *t, struct handover *h)
{
	struct rd v = t->value;

	switch (t->type) {
	case TLV_LEASE:          read_lease(v, &h->lease); break;
	case TLV_CARD:           rd_bytes(&v, h->mac, sizeof h->mac); h->pci = rd_be16(&v); break;
	case TLV_SESSION:        h->session = rd_be64(&v); h->next_request = rd_be32(&v); break;
	case TLV_SERVER_CURRENT: h->server_current = rd_tlv_address(&v); break;
	case TLV_CLIENT_PORT:    h->client_port = rd_be16(&v); break;
	case TLV_TIMES:          read_times(v, h); break;
	case TLV_DRIVE:          h->drive = rd_u8(&v); break;
	case TLV_MTU:            h->mtu = rd_be16(&v); break;
	case TLV_VLAN:           h->vlan = rd_be16(&v); break;
	case TLV_UNDI:           h->undi_major = rd_u8(&v); h->undi_minor = rd_u8(&v); break;
	case TLV_HOST_NAME:      rd_tlv_text(v, h->host_name, sizeof h->host_name); break;
	case TLV_CLIENT_ID:      h->id_is_uuid = rd_u8(&v) == 1; break;
	case TLV_DNS:
		if (h->dns_count < HANDOVER_DNS_MAX)
			rd_bytes(&v, h->dns[h->dns_count++].bytes, 16);
		break;
	}
}

/* The TLVs that are not the protocol's. *seen: bit i for own[i]. */
static enum handover_verdict read_all_own(struct rd tlvs, struct handover *h, uint32_t *seen)
{
	enum handover_verdict verdict = HANDOVER_OK;
	struct tlv t;
	unsigned i;

	for (*seen = 0; rd_tlv(&tlvs, &t);) {
		for (i = 0; i < COUNT_OF(own) && own[i].type != t.type; i++)
			;
		if (i == COUNT_OF(own)) {
			if (t.must && t.type > TLV_PROOF)
				verdict = HANDOVER_DEMANDS_MORE;
			continue;
		}
		if (!is_sound(&t, i, *seen))
			return HANDOVER_DAMAGED;
		*seen |= (uint32_t)1 << i;
		read_own(&t, h);
	}
	return rd_done(&tlvs) ? verdict : HANDOVER_DAMAGED;
}

static void take_set(const struct tlv_set *set, struct handover *h)
{
	memcpy(h->disk, set->disk, sizeof h->disk);
	memcpy(h->build, set->build, sizeof h->build);
	memcpy(h->uuid, set->uuid, sizeof h->uuid);
	memcpy(h->root_hash, set->root_hash, sizeof h->root_hash);
	memcpy(h->servers, set->servers, sizeof h->servers);
	h->root_hash_algorithm = set->root_hash_algorithm;
	h->root_hash_len = set->root_hash_len;
	h->server_count  = set->server_count;
	h->has_arch  = tlv_has(set, TLV_ARCH);
	h->arch      = set->arch;
	h->content   = set->content;
	h->ticket    = set->ticket;
	h->size      = set->size;
	h->expires_s = set->expires_s;
	h->version   = set->version;
	h->mode      = set->mode;
	h->window    = set->window;
	h->segment   = set->segment;
	h->counters  = set->counters;
}

/* H3: the name of what is needed and not there; NULL: all is. */
static const char *lacks(const struct tlv_set *set, uint32_t seen)
{
	static const struct { enum tlv_type type; const char *name; } needed[] = {
		{ TLV_CONTENT, "CONTENT" }, { TLV_TICKET, "TICKET" }, { TLV_SIZE, "SIZE" },
		{ TLV_DISK, "DISK" }, { TLV_SERVER, "SERVER" },
		{ TLV_SESSION, "SESSION" }, { TLV_SERVER_CURRENT, "SERVER_CURRENT" }, { TLV_LEASE, "LEASE" },
		{ TLV_CARD, "CARD" },
	};

	for (unsigned n = 0; n < COUNT_OF(needed); n++) {
		bool there = needed[n].type <= TLV_PROOF && tlv_has(set, needed[n].type);

		for (unsigned i = 0; i < COUNT_OF(own); i++)
			there |= own[i].type == needed[n].type && (seen >> i & 1);
		if (!there)
			return needed[n].name;
	}
	return NULL;
}

static enum handover_verdict read_tlvs(struct rd tlvs, struct handover *h, const char **missing)
{
	enum handover_verdict verdict;
	struct tlv_set set;
	const char *lacking;
	uint32_t seen;

	verdict = read_all_own(tlvs, h, &seen);
	if (verdict == HANDOVER_DAMAGED || tlv_read_set(tlvs, &set) == TLV_MALFORMED)
		return HANDOVER_DAMAGED;
	if (verdict != HANDOVER_OK)
		return verdict;
	take_set(&set, h);
	lacking = lacks(&set, seen);
	if (lacking && missing)
		*missing = lacking;
	return lacking ? HANDOVER_INCOMPLETE : HANDOVER_OK;
}

enum handover_verdict handover_read(struct rd bytes, struct handover *h, const char **missing)
{
	enum handover_verdict verdict;
	struct rd r = bytes, block;
	uint16_t version, head_bytes;
	uint32_t all, check;

	memset(h, 0, sizeof *h);
	if (!rd_is(&r, magic, sizeof magic))
		return HANDOVER_NO_BLOCK;
	version    = rd_be16(&r);
	head_bytes = rd_be16(&r);
	all        = rd_be32(&r);
	check      = rd_be32(&r);
	if (!rd_ok(&r) || head_bytes < HANDOVER_HEAD_BYTES || all < head_bytes || all > HANDOVER_BYTES_MAX)
		return HANDOVER_DAMAGED;
	block = rd_sub(&bytes, all);
	if (!rd_ok(&block) || check_of(block) != check)
		return HANDOVER_DAMAGED;
	if (version != HANDOVER_VERSION)
		return HANDOVER_DEMANDS_MORE;
	rd_skip(&block, head_bytes);
	verdict = read_tlvs(block, h, missing);
	if (verdict != HANDOVER_OK)
		memset(h, 0, sizeof *h);
	return verdict;
}

const char *handover_verdict_text(enum handover_verdict v)
{
	static const char *const texts[] = {
		[HANDOVER_OK]           = "is well",
		[HANDOVER_NO_BLOCK]     = "is not there",
		[HANDOVER_DAMAGED]      = "is damaged",
		[HANDOVER_DEMANDS_MORE] = "demands something this driver does not know",
		[HANDOVER_INCOMPLETE]   = "lacks",
	};

	return texts[v];
}
