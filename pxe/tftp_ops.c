/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "pxe/ops.h"

enum {
	TFTP_HEAD = 4, BLOCK_MAX = 1456,        /* as Intel's own clients: every server was tried with it */
	WINDOW_MAX = 64,                        /* tftp-hpa fails with more */
	SENDS_PER_TURN = 4,                     /* an ERROR to a stranger, one to the old port, an ACK */
	PROGRAM_AT = 0x7c00, BASE_MEMORY_TOP = 0xa0000,
};

/* Whom to ask for what, out of a block. */
struct request { uint32_t server, gateway; uint16_t port; const char *file; };

static uint16_t why_failed(const struct tftp *t)
{
	static const uint8_t status[] = {
		[TFTP_NO_FAILURE]   = PXE_STATUS_FAILURE,
		[TFTP_OPEN_TIMEOUT] = PXE_STATUS_TFTP_OPEN_TIMEOUT,
		[TFTP_READ_TIMEOUT] = PXE_STATUS_TFTP_READ_TIMEOUT,
		[TFTP_NOT_FOUND]    = PXE_STATUS_TFTP_NOT_FOUND,
		[TFTP_ACCESS]       = PXE_STATUS_TFTP_ACCESS,
		[TFTP_SERVER_ERROR] = PXE_STATUS_TFTP_ERROR,
		[TFTP_TOO_BIG]      = PXE_STATUS_TFTP_TOO_MANY,
		[TFTP_BAD_OPTION]   = PXE_STATUS_TFTP_PACKET_SIZE,
	};

	return status[t->failure];
}

/* ---- turning ---- */

static void use_port(struct pxe_api *a, uint16_t port)
{
	if (a->tftp.port == port)
		return;
	net_close_port(&a->net, a->tftp.port);
	a->tftp.port = port;
	if (port)
		net_open_port(&a->net, port);
}

/* What the client has to say. */
static enum pxe_sent say(struct pxe_api *a)
{
	struct tftp *t = &a->tftp.client;

	for (unsigned n = 0; n < SENDS_PER_TURN; n++) {
		struct wr w = net_payload(&a->net);
		const uint8_t *start = w.at;
		enum pxe_sent sent;
		struct flow flow;

		if (!tftp_tx(t, a->host->now(a->host), &w, &flow))
			break;
		use_port(a, t->port);
		if (flow.dst_ip != t->server) {         /* a stranger: nobody waits until he is found */
			net_send(&a->net, a->host->now(a->host), &flow, wr_used(&w, start));
			continue;
		}
		sent = pxe_base_send(a, &flow, wr_used(&w, start));
		if (sent != PXE_SENT)
			return sent;
	}
	return PXE_SENT;
}

/* Turns until it is so, or the transfer is over. The client bounds its silences itself. */
static uint16_t turn_until(struct pxe_api *a, bool (*is_so)(const struct pxe_tftp *p))
{
	struct tftp *t = &a->tftp.client;
	enum pxe_sent sent;

	for (;;) {
		pxe_base_poll(a);
		if (is_so(&a->tftp))
			return PXE_STATUS_SUCCESS;
		if (tftp_status(t) == TFTP_FAILED) {
			say(a);                 /* why, to the server */
			return why_failed(t);
		}
		if (tftp_is_refused(t, &a->net))
			return tftp_is_granted(t) ? PXE_STATUS_TFTP_READ_TIMEOUT : PXE_STATUS_TFTP_CANNOT_OPEN;
		sent = say(a);
		if (sent != PXE_SENT)
			return sent == PXE_NO_ARP ? PXE_STATUS_TFTP_NO_ARP : PXE_STATUS_OUT_OF_RESOURCES;
		if (is_so(&a->tftp))
			return PXE_STATUS_SUCCESS;
		a->host->idle(a->host, min_u64(tftp_wake_at(t), net_wake_at(&a->net)));
	}
}

static bool is_granted(const struct pxe_tftp *p)   { return tftp_is_granted(&p->client); }
static bool has_block(const struct pxe_tftp *p)    { return p->client.blocks != p->given; }
static bool is_whole(const struct pxe_tftp *p)     { return tftp_status(&p->client) == TFTP_DONE; }

void pxe_tftp_end(struct pxe_api *a)
{
	if (a->tftp.port) {
		pxe_base_poll(a);
		if (a->tftp.client.is_last)
			say(a);         /* an empty last block is acknowledged: the program has the file */
		tftp_cancel(&a->tftp.client);
		say(a);
	}
	use_port(a, 0);
	a->tftp.is_open = false;
}

/* Programs forget to close what they opened; that is over when they open something else. */
static uint16_t begin(struct pxe_api *a, const struct request *r, struct rd name, uint8_t *room, size_t room_size,
                      const struct tftp_profile *profile)
{
	struct pxe_tftp *p = &a->tftp;
	char file[PXE_FILE_NAME + 1] = { 0 };
	uint16_t status;

	if (a->udp.is_open)
		return PXE_STATUS_UDP_OPEN;
	pxe_tftp_end(a);
	status = pxe_base_begin(a, r->gateway);
	if (status != PXE_STATUS_SUCCESS)
		return status;
	rd_bytes(&name, file, PXE_FILE_NAME);
	tftp_init(&p->client, r->server, file, room, room_size, profile, NULL, a->host->now(a->host), p->seed++);
	if (r->port)
		p->client.server_port = r->port;
	p->given = 0;
	a->net.unreachable.seen = false;
	return PXE_STATUS_SUCCESS;
}

/* ---- block by block ---- */

PXE_OP(pxe_tftp_open)
{
	struct pxe_tftp_open *b = block;
	struct pxe_tftp *p = &a->tftp;
	struct request r = { .server = pxe_ip(b->server), .gateway = pxe_ip(b->gateway), .port = pxe_port(b->port) };
	size_t most = net_payload_max(&a->net) - TFTP_HEAD;
	struct tftp_profile profile = { .block_size = (uint16_t)min_size(b->packet_bytes, most), .window = 1 };
	uint16_t status;

	if (b->packet_bytes < TFTP_BLOCK_DEFAULT)
		return PXE_STATUS_TFTP_PACKET_SIZE;     /* a server without options sends as much */
	status = begin(a, &r, rd_over(b->file, sizeof b->file), p->block, sizeof p->block, &profile);
	if (status != PXE_STATUS_SUCCESS)
		return status;
	tftp_pull(&p->client);
	status = turn_until(a, is_granted);
	if (status != PXE_STATUS_SUCCESS) {
		pxe_tftp_end(a);
		return status;
	}
	say(a);
	p->is_open = true;
	b->packet_bytes = p->client.window.block_size;
	return PXE_STATUS_SUCCESS;
}

/* Its ACK leaves with it: the next block is on its way while the program works on this one. */
PXE_OP(pxe_tftp_read)
{
	struct pxe_tftp_read *b = block;
	struct pxe_tftp *p = &a->tftp;
	struct tftp *t = &p->client;
	uint16_t status;
	uint8_t *to;

	if (!p->is_open)
		return PXE_STATUS_TFTP_CLOSED;
	b->bytes = 0;
	if (!has_block(p) && is_whole(p))       /* as others: after the end there is nothing, and no error */
		return PXE_STATUS_SUCCESS;
	status = turn_until(a, has_block);
	if (status != PXE_STATUS_SUCCESS)
		return status;
	to = pxe_buffer(ram, b->buffer, t->received);
	if (!to)
		return PXE_STATUS_INVALID_PARAMETER;    /* the block waits for a better place */
	b->bytes  = (uint16_t)t->received;
	b->number = (uint16_t)++p->given;
	memcpy(to, p->block, t->received);
	tftp_emptied(t);
	say(a);
	return PXE_STATUS_SUCCESS;
}

PXE_OP(pxe_tftp_close)
{
	if (!a->tftp.is_open)
		return PXE_STATUS_TFTP_CLOSED;
	pxe_tftp_end(a);
	return PXE_STATUS_SUCCESS;
}

/* ---- whole files ---- */

static uint16_t read_file(struct pxe_api *a, struct pxe_tftp_read_file *b, uint8_t *room, size_t room_size)
{
	struct request r = { .server = pxe_ip(b->server), .gateway = pxe_ip(b->gateway) };
	struct tftp_profile profile = {
		.block_size = (uint16_t)min_size(net_payload_max(&a->net) - TFTP_HEAD, BLOCK_MAX),
		.window = (uint16_t)min_size(a->nic->rx_window_max, WINDOW_MAX),
		.window_near = (uint16_t)min_size(a->nic->rx_frames_max, WINDOW_MAX),
	};
	uint16_t status = begin(a, &r, rd_over(b->file, sizeof b->file), room, room_size, &profile);

	if (status != PXE_STATUS_SUCCESS)
		return status;
	status = turn_until(a, is_whole);
	b->bytes = (uint32_t)a->tftp.client.received;
	pxe_tftp_end(a);
	return status;
}

/* A buffer that is said to be larger than memory is as large as that: some programs say that it has no end. */
PXE_OP(pxe_tftp_read_file)
{
	struct pxe_tftp_read_file *b = block;
	size_t size = (size_t)min_u64(b->bytes, guest_room(ram, b->buffer));
	uint8_t *room = guest_flat(ram, b->buffer, size);

	return room && size ? read_file(a, b, room, size) : PXE_STATUS_INVALID_PARAMETER;
}

PXE_OP(pxe_tftp_file_size)
{
	struct pxe_tftp_file_size *b = block;
	struct request r = { .server = pxe_ip(b->server), .gateway = pxe_ip(b->gateway) };
	const struct tftp_profile profile = { .size_only = true };
	const struct tftp *t = &a->tftp.client;
	uint16_t status = begin(a, &r, rd_over(b->file, sizeof b->file), a->tftp.block, sizeof a->tftp.block, &profile);

	if (status != PXE_STATUS_SUCCESS)
		return status;
	tftp_pull(&a->tftp.client);             /* a file may be larger than a block */
	status = turn_until(a, is_whole);
	/* It sends the file, refuses the option, or makes no sense of it: all that is known is that it does not say. */
	if ((status == PXE_STATUS_SUCCESS && (!t->has_size || t->size > UINT32_MAX))
	    || status == PXE_STATUS_TFTP_ERROR || status == PXE_STATUS_TFTP_PACKET_SIZE)
		status = PXE_STATUS_TFTP_NO_FILE_SIZE;
	b->bytes = status == PXE_STATUS_SUCCESS ? (uint32_t)t->size : 0;
	pxe_tftp_end(a);
	return status;
}

/*
 * The program's place is where every first one has its own; it ends where ours begins. The old program's interrupt
 * handler may lie there: from the first byte on the card must not interrupt.
 */
PXE_OP(pxe_restart_tftp)
{
	struct pxe_tftp_read_file *b = block;
	const size_t size = (size_t)min_u64(guest_room(ram, PROGRAM_AT), BASE_MEMORY_TOP - PROGRAM_AT);
	const bool wanted_interrupts = a->wants_interrupts;
	uint8_t *room = guest_flat(ram, PROGRAM_AT, size);
	uint16_t status;

	if (!room || !size)
		return PXE_STATUS_FILE_TOO_BIG;
	b->buffer = PROGRAM_AT;
	pxe_set_interrupts(a, false);
	status = read_file(a, b, room, size);
	if (status == PXE_STATUS_SUCCESS && b->bytes == 0)
		status = PXE_STATUS_FAILURE;
	a->restarted = status == PXE_STATUS_SUCCESS;
	if (a->restarted)
		pxe_undi_leave_opened(a);
	else
		pxe_set_interrupts(a, wanted_interrupts);
	return status == PXE_STATUS_TFTP_TOO_MANY ? PXE_STATUS_FILE_TOO_BIG : status;
}
