/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/fmt.h"
#include "undi/nii.h"

enum { BANG_BYTES_MIN = offsetof(struct nii_bang, bus_type) };

static uint64_t address_of(const void *at) { return (uint64_t)(uintptr_t)at; }

const char *nii_code_text(unsigned code)
{
	static const char *const texts[] = {
		[NII_SUCCESS] = "success", [NII_INVALID_CDB] = "invalid CDB", [NII_INVALID_CPB] = "invalid CPB",
		[NII_BUSY] = "busy", [NII_QUEUE_FULL] = "queue full", [NII_ALREADY_STARTED] = "already started",
		[NII_NOT_STARTED] = "not started", [NII_NOT_SHUTDOWN] = "not shut down",
		[NII_ALREADY_INITIALIZED] = "already initialized", [NII_NOT_INITIALIZED] = "not initialized",
		[NII_DEVICE_FAILURE] = "device failure", [NII_NVDATA_FAILURE] = "non-volatile data failure",
		[NII_UNSUPPORTED] = "unsupported", [NII_BUFFER_FULL] = "buffer full",
		[NII_INVALID_PARAMETER] = "invalid parameter", [NII_INVALID_UNDI] = "invalid UNDI",
		[NII_IPV4_NOT_SUPPORTED] = "IPv4 not supported", [NII_IPV6_NOT_SUPPORTED] = "IPv6 not supported",
		[NII_NOT_ENOUGH_MEMORY] = "not enough memory", [NII_NO_DATA] = "no data",
		[NII_UNFINISHED] = "it does not end", [NII_UNKNOWN] = "an error",
	};

	return code < COUNT_OF(texts) && texts[code] ? texts[code] : texts[NII_UNKNOWN];
}

const char *nii_verdict_text(enum nii_verdict verdict)
{
	static const char *const texts[] = {
		[NII_GOOD] = "good", [NII_NO_BANG] = "there is no !PXE",
		[NII_BAD_CHECKSUM] = "the checksum of !PXE is wrong",
		[NII_HARDWARE] = "it is a UNDI in hardware", [NII_NO_ENTRY] = "!PXE names no entry point",
	};

	return texts[verdict];
}

enum nii_verdict nii_look(const struct nii_bang *bang, uint64_t *entry)
{
	const uint8_t *bytes = (const uint8_t *)bang;
	uint8_t sum = 0;

	if (!bang || memcmp(bang->signature, "!PXE", 4) != 0 || bang->length < BANG_BYTES_MIN)
		return NII_NO_BANG;
	for (unsigned i = 0; i < bang->length; i++)
		sum = (uint8_t)(sum + bytes[i]);
	if (sum)
		return NII_BAD_CHECKSUM;
	if (bang->implementation & NII_IMP_HARDWARE)
		return NII_HARDWARE;
	if (!bang->entry)
		return NII_NO_ENTRY;
	*entry = bang->entry + (bang->implementation & NII_IMP_ABSOLUTE ? 0 : address_of(bang));
	return NII_GOOD;
}

/* ---- a command ---- */

/* The driver may write it while we look. */
static unsigned flags_of(const struct nii_card *card)
{
	return *(const volatile uint16_t *)&card->cdb.flags;
}

/*
 * True: it has ended. A driver that leaves StatFlags alone has ended when it came back: StatCode is all that SnpDxe
 * looks at, for whom it was made. It is waited for once.
 */
static bool wait_end(struct nii_card *card)
{
	unsigned ms = card->opened ? NII_FINISH_MS : NII_FINISH_OPEN_MS;
	unsigned silent = NII_SILENT_MS * (USEC_PER_MS / NII_LOOK_US);

	for (unsigned looks = ms * (USEC_PER_MS / NII_LOOK_US); looks; looks--) {
		unsigned far = flags_of(card) & NII_FAR;

		if (far & NII_FAILED)           /* or NII_COMPLETE, which has that bit, too */
			return true;
		if (!far && (card->says_nothing || card->cdb.code || !silent--)) {
			card->says_nothing = true;
			return true;
		}
		card->env->wait_us(card->env->ctx, NII_LOOK_US);
	}
	return false;
}

static unsigned answer(const struct nii_card *card)
{
	if ((flags_of(card) & NII_FAR) == NII_FAILED && card->cdb.code == NII_SUCCESS)
		return NII_UNKNOWN;
	return card->cdb.code;
}

struct block { const void *at; size_t bytes; };
static const struct block none;

/* NII_UNFINISHED: it has not ended. NII_BUSY: one before it has not, which has the blocks; this one was not begun. */
static unsigned command(struct nii_card *card, enum nii_opcode opcode, unsigned opflags, struct block cpb,
                        struct block db)
{
	if (card->is_waited_for && !wait_end(card)) {
		card->counted.unfinished++;
		return NII_BUSY;
	}
	card->is_waited_for = false;
	if (cpb.bytes)
		memcpy(&card->cpb, cpb.at, cpb.bytes);
	memset(&card->db, 0, db.bytes);
	card->cdb = (struct nii_cdb){
		.opcode = (uint16_t)opcode, .opflags = (uint16_t)opflags, .interface = card->env->interface,
		.cpb_bytes = (uint16_t)cpb.bytes, .cpb = cpb.bytes ? address_of(&card->cpb) : 0,
		.db_bytes = (uint16_t)db.bytes, .db = address_of(db.at),
	};
	card->counted.calls++;
	card->env->call(card->env->ctx, &card->cdb);
	if (wait_end(card))
		return answer(card);
	card->is_waited_for = true;
	card->counted.unfinished++;
	return NII_UNFINISHED;
}

static unsigned plain(struct nii_card *card, enum nii_opcode opcode) { return command(card, opcode, 0, none, none); }

static bool fail(struct nii_card *card, const char *name, unsigned code)
{
	card->failed = (struct nii_failure){ name, code };
	return false;
}

/* ---- sending ---- */

/* GET_STATUS: what was sent is taken back, and the cable looked at. False: nothing more comes by asking again. */
static bool ask_status(struct nii_card *card)
{
	unsigned asked = NII_ASK_INTERRUPTS | NII_ASK_SENT | (card->tells_media ? NII_ASK_MEDIA : 0u);
	unsigned code = command(card, NII_GET_STATUS, asked, none,
	                        (struct block){ &card->db.status, sizeof card->db.status });
	bool any = false;

	if (code != NII_SUCCESS) {
		card->counted.status_failed++;
		return false;
	}
	card->has_media = !(card->cdb.flags & NII_NO_MEDIA);
	if (card->cdb.flags & NII_NONE_WRITTEN)
		return false;
	for (unsigned i = 0; i < NII_SENT_MAX; i++)
		if (card->db.status.sent[i]) {
			tx_ring_back(&card->tx, (const void *)(uintptr_t)card->db.status.sent[i]);
			any = true;
		}
	return any;
}

/* Bounded: a driver that names a buffer for ever is believed only so often. */
static void take_back(struct nii_card *card)
{
	for (unsigned tries = 0; tries < 2 * TX_RING_BUFFERS && ask_status(card); tries++)
		;
}

/* The whole frame is data, and none of it a header still to be made: so SnpDxe does, for whom all drivers were made. */
static unsigned transmit(struct nii_card *card, const void *frame, size_t bytes)
{
	struct nii_transmit cpb = { .frame = address_of(frame), .bytes = (uint32_t)bytes };

	return command(card, NII_TRANSMIT, 0, (struct block){ &cpb, sizeof cpb }, none);
}

/* iPXE says "no data" when its ring is full. */
static bool is_busy(unsigned code)
{
	return code == NII_BUSY || code == NII_QUEUE_FULL || code == NII_BUFFER_FULL || code == NII_NO_DATA;
}

static bool card_send(struct nic *nic, const void *frame, size_t len)
{
	struct nii_card *card = (struct nii_card *)nic;
	unsigned code;
	size_t bytes;
	void *at;

	if (!card->opened || len < FRAME_HEAD || len > FRAME_MAX)
		return false;
	if (!tx_ring_is_ready(&card->tx))
		take_back(card);
	at = tx_ring_fill(&card->tx, frame, len, &bytes);
	if (!at) {
		card->counted.send_busy++;
		return false;
	}
	code = transmit(card, at, bytes);
	if (is_busy(code)) {            /* its ring is shorter than ours */
		take_back(card);
		code = transmit(card, at, bytes);
	}
	if (code == NII_UNFINISHED && card->is_waited_for) {    /* it may still leave: the buffer is the driver's */
		tx_ring_gone(&card->tx, at);
		return false;
	}
	if (code != NII_SUCCESS) {
		card->counted.send_busy   += is_busy(code);
		card->counted.send_failed += !is_busy(code);
		return false;
	}
	tx_ring_gone(&card->tx, at);
	card->counted.sent++;
	return true;
}

/* ---- opening and closing ---- */

static bool shut_down(struct nii_card *card)
{
	unsigned code = plain(card, NII_SHUTDOWN);

	return code == NII_SUCCESS || code == NII_NOT_INITIALIZED || code == NII_NOT_STARTED;
}

/* Whatever state it says it is in, if it says one: SnpDxe never asks, so some answer nonsense. */
static void put_down(struct nii_card *card)
{
	bool knows = plain(card, NII_GET_STATE) == NII_SUCCESS;
	unsigned state = card->cdb.flags & NII_STATE;

	if (knows && state == NII_STOPPED)
		return;
	if (!knows || state != NII_STARTED)
		shut_down(card);
	plain(card, NII_STOP);
}

static unsigned start_with_our_callbacks(struct nii_card *card)
{
	struct nii_start cpb = card->env->callbacks;

	return command(card, NII_START, 0, (struct block){ &cpb, sizeof cpb }, none);
}

/* Who had it before us started it with callbacks of his own, into a program that may be gone. */
static bool start(struct nii_card *card)
{
	unsigned code;

	put_down(card);
	code = start_with_our_callbacks(card);
	if (code == NII_ALREADY_STARTED) {
		shut_down(card);
		plain(card, NII_STOP);
		code = start_with_our_callbacks(card);
	}
	return code == NII_SUCCESS || fail(card, "Start", code);
}

/* MTU and window are narrowed to what the driver says, as far as it makes sense. */
static bool ask_info(struct nii_card *card)
{
	const struct nii_init_info *info = &card->db.info;
	unsigned code = command(card, NII_GET_INIT_INFO, 0, none, (struct block){ info, sizeof *info });

	if (code != NII_SUCCESS)
		return fail(card, "Get Init Info", code);
	if (info->hardware_type != NII_ETHERNET || info->address_bytes != 6)
		return fail(card, "Get Init Info (no Ethernet)", NII_UNSUPPORTED);
	if (info->memory_bytes > NII_MEMORY_MAX)
		return fail(card, "Get Init Info (MemoryRequired)", NII_NOT_ENOUGH_MEMORY);
	card->tells_media = card->cdb.flags & NII_TELLS_MEDIA;
	card->memory_bytes = info->memory_bytes;
	if (card->env->implementation & NII_IMP_MULTICAST)
		card->groups_max = (uint16_t)min_size(info->multicast_count, NII_GROUPS_MAX);
	card->nic.mtu = info->frame_data_bytes >= 576 && info->frame_data_bytes < 1500
	                ? (uint16_t)info->frame_data_bytes : 1500;
	if (info->rx_count >= NII_FRAMES_MIN && info->rx_count < NII_WINDOW_MAX) {
		card->nic.rx_window_max = info->rx_count;
		card->nic.rx_frames_max = (uint16_t)min_size(info->rx_count, NII_FRAMES_MAX);
	}
	return true;
}

static bool give_memory(struct nii_card *card)
{
	if (!card->memory_bytes)
		return true;
	card->memory = card->env->memory(card->env->ctx, card->memory_bytes);
	return card->memory || fail(card, "Initialize (MemoryRequired)", NII_NOT_ENOUGH_MEMORY);
}

/* Whether there is a cable GET_STATUS says: some fail if INITIALIZE is to look for one that is not there. */
static bool initialize(struct nii_card *card)
{
	unsigned code = NII_UNKNOWN;
	struct nii_initialize cpb;

	if (!give_memory(card))
		return false;
	cpb = (struct nii_initialize){ .memory = address_of(card->memory), .memory_bytes = card->memory_bytes };
	for (unsigned tries = 0; tries < NII_INITIALIZE_TRIES; tries++) {
		if (tries)
			card->env->wait_us(card->env->ctx, NII_INITIALIZE_WAIT_MS * USEC_PER_MS);
		code = command(card, NII_INITIALIZE, NII_DETECT_NO_CABLE, (struct block){ &cpb, sizeof cpb },
		               (struct block){ &card->db.initialized, sizeof card->db.initialized });
		if (code == NII_SUCCESS)
			return true;
	}
	return fail(card, "Initialize", code);
}

static bool ask_address(struct nii_card *card)
{
	static const uint8_t zero[6];
	const struct nii_station *station = &card->db.station;
	unsigned code = command(card, NII_STATION_ADDRESS, 0, none, (struct block){ station, sizeof *station });

	if (code != NII_SUCCESS)
		return fail(card, "Station Address", code);
	memcpy(card->nic.mac, memcmp(station->mac, zero, 6) ? station->mac : station->permanent, 6);
	return true;
}

/*
 * Directed and broadcast frames, nobody else's: each costs a call. Some only know promiscuous. That a filter is on is
 * what StatCode says: StatFlags are said by some, by some not.
 */
static bool set_filters(struct nii_card *card)
{
	unsigned imp = card->env->implementation, wanted = NII_UNICAST | NII_BROADCAST;
	const unsigned ways[] = { wanted, wanted | NII_PROMISCUOUS, NII_PROMISCUOUS };
	unsigned code = NII_UNSUPPORTED;

	for (unsigned i = imp & NII_IMP_BROADCAST || !(imp & NII_IMP_PROMISCUOUS) ? 0 : 1; i < COUNT_OF(ways); i++) {
		card->filters = ways[i];
		code = command(card, NII_RECEIVE_FILTERS, NII_FILTER_ON | ways[i], none, none);
		if (code == NII_SUCCESS)
			return true;
	}
	return fail(card, "Receive Filters", code);
}

/*
 * Never all groups, and never promiscuous: what is heard that way costs a command a frame. The other filters are named
 * again, for a driver that takes what it is told for all there is.
 */
static bool card_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	struct nii_card *card = (struct nii_card *)nic;
	unsigned flags = count ? NII_FILTER_ON | NII_MULTICAST | card->filters
	                       : NII_FILTER_OFF | NII_MULTICAST | NII_FORGET_GROUPS;
	struct nii_groups cpb = { 0 };

	if (!card->opened || count > card->groups_max || !card->groups_max)
		return false;
	for (unsigned i = 0; i < count; i++)
		memcpy(cpb.macs[i], macs[i], sizeof macs[i]);
	if (command(card, NII_RECEIVE_FILTERS, flags, (struct block){ &cpb, count * sizeof cpb.macs[0] }, none)
	    == NII_SUCCESS)
		return true;
	card->counted.groups_refused++;
	return false;
}

/* What is not known to be shut down may still write to its memory, so that is nobody's any more. */
static void take_down(struct nii_card *card)
{
	if (shut_down(card) && card->memory)
		card->env->memory_free(card->env->ctx, card->memory, card->memory_bytes);
	plain(card, NII_STOP);
	card->memory = NULL;
	tx_ring_forget(&card->tx);
}

static bool bring_up(struct nii_card *card)
{
	if (start(card) && ask_info(card) && initialize(card) && ask_address(card) && set_filters(card))
		return true;
	take_down(card);
	return false;
}

/* ---- receiving ---- */

static bool take(struct nii_card *card, size_t len, struct rd *frame)
{
	if (len < FRAME_HEAD) {
		card->counted.frame_too_short++;
		return false;
	}
	if (len > FRAME_MAX + NII_FRAME_CRC) {          /* longer than the room, too: the rest of it is lost */
		card->counted.frame_too_long++;
		return false;
	}
	card->counted.frames++;
	*frame = rd_over(card->rx, min_size(len, FRAME_MAX));
	return true;
}

/* What cannot be used is passed over, but a call looks at no more frames than a ring holds. */
static bool card_poll(struct nic *nic, struct rd *frame)
{
	struct nii_card *card = (struct nii_card *)nic;

	for (unsigned looks = 0; card->opened && looks < NII_WINDOW_MAX; looks++) {
		struct nii_receive cpb = { .room = address_of(card->rx), .room_bytes = sizeof card->rx };
		unsigned code = command(card, NII_RECEIVE, 0, (struct block){ &cpb, sizeof cpb },
		               (struct block){ &card->db.received, sizeof card->db.received });
		if (code == NII_NO_DATA || code == NII_BUSY)
			return false;
		if (code != NII_SUCCESS) {
			card->counted.receive_failed++;
			return false;
		}
		if (take(card, card->db.received.bytes, frame))
			return true;
	}
	return false;
}

static enum nic_link card_link(struct nic *nic)
{
	struct nii_card *card = (struct nii_card *)nic;

	if (!card->opened || !card->tells_media)
		return NIC_LINK_UNKNOWN;
	take_back(card);
	return card->has_media ? NIC_LINK_UP : NIC_LINK_DOWN;
}

bool nii_open(struct nii_card *card, const struct nii_env *env)
{
	memset(card, 0, sizeof *card);
	card->nic = (struct nic){ .send = card_send, .poll = card_poll, .link = card_link, .groups = card_groups,
	                          .rx_frames_max = NII_FRAMES_MAX, .rx_window_max = NII_WINDOW_MAX };
	card->env = env;
	card->has_media = true;
	fmt_text(card->driver, sizeof card->driver, "undi %u.%u", (unsigned)env->major, (unsigned)env->minor);
	card->nic.driver = card->driver;
	card->opened = bring_up(card);
	return card->opened;
}

void nii_close(struct nii_card *card)
{
	if (!card->opened)
		return;
	/* A last frame (the lease given back) shall leave; and the buffers are part of this program. */
	take_back(card);
	for (unsigned tries = 0; tx_ring_waits(&card->tx) && tries < NII_DRAIN_TRIES; tries++) {
		card->env->wait_us(card->env->ctx, USEC_PER_MS);
		take_back(card);
	}
	card->opened = false;
	take_down(card);
}

void nii_quiet(struct nii_card *card)
{
	if (!card->opened)
		return;
	put_down(card);                 /* opened still: a command that is queued is not waited for long */
	card->opened = false;
}
