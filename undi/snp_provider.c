/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/snp_provider.h"

static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/* Of all that is called while frames go. */
static enum snp_status judge_state(const struct snp_provider *p)
{
	if (p->gone)
		return SNP_DEVICE_ERROR;
	if (p->state == SNP_STOPPED)
		return SNP_NOT_STARTED;
	return p->state == SNP_INITIALIZED ? SNP_SUCCESS : SNP_DEVICE_ERROR;
}

static bool is_multicast(const uint8_t mac[6]) { return mac[0] & 1; }

/* ---- states ---- */

static void look_at_cable(struct snp_provider *p)
{
	p->has_media = p->nic->link(p->nic) != NIC_LINK_DOWN;
}

static void forget_frames(struct snp_provider *p)
{
	struct rd frame;

	for (unsigned looks = 0; looks < SNP_PROVIDER_LOOKS_MAX && p->nic->poll(p->nic, &frame); looks++)
		;
	p->frame_bytes = 0;
	p->sent_first = p->sent_count = 0;
}

static void forget_filters(struct snp_provider *p)
{
	p->filters = 0;
	p->group_count = 0;
	if (p->groups_max)
		p->nic->groups(p->nic, NULL, 0);
}

void snp_provider_init(struct snp_provider *p, struct nic *nic)
{
	const bool can_groups = nic->groups && nic->groups(nic, NULL, 0);

	*p = (struct snp_provider){
		.nic = nic, .packet_max = (uint32_t)min_size(nic->mtu, FRAME_MAX - FRAME_HEAD),
		.filters_possible = SNP_UNICAST | SNP_BROADCAST | (can_groups ? SNP_MULTICAST : 0),
		.groups_max = can_groups ? NIC_GROUPS_MAX : 0,
		.tells_media = nic->link(nic) != NIC_LINK_UNKNOWN,
	};
	look_at_cable(p);
}

void snp_provider_leave_for_ever(struct snp_provider *p)
{
	p->gone  = true;
	p->state = SNP_STOPPED;
	p->frame_bytes = 0;
}

enum snp_status snp_provider_start(struct snp_provider *p)
{
	if (p->gone)
		return SNP_DEVICE_ERROR;
	if (p->state != SNP_STOPPED)
		return SNP_ALREADY_STARTED;
	p->state = SNP_STARTED;
	return SNP_SUCCESS;
}

/* Of the two calls that want it started and not more. */
static enum snp_status judge_started(const struct snp_provider *p)
{
	if (p->gone)
		return SNP_DEVICE_ERROR;
	if (p->state == SNP_STOPPED)
		return SNP_NOT_STARTED;
	return p->state == SNP_STARTED ? SNP_SUCCESS : SNP_DEVICE_ERROR;
}

enum snp_status snp_provider_stop(struct snp_provider *p)
{
	enum snp_status status = judge_started(p);

	if (status == SNP_SUCCESS)
		p->state = SNP_STOPPED;
	return status;
}

enum snp_status snp_provider_initialize(struct snp_provider *p, size_t extra_rx, size_t extra_tx)
{
	enum snp_status status = judge_started(p);

	if (status != SNP_SUCCESS)
		return status;
	if (extra_rx || extra_tx)
		return SNP_UNSUPPORTED;
	forget_frames(p);
	forget_filters(p);
	look_at_cable(p);
	p->state = SNP_INITIALIZED;
	return SNP_SUCCESS;
}

enum snp_status snp_provider_reset(struct snp_provider *p)
{
	enum snp_status status = judge_state(p);

	if (status == SNP_SUCCESS)
		forget_frames(p);
	return status;
}

enum snp_status snp_provider_shutdown(struct snp_provider *p)
{
	enum snp_status status = judge_state(p);

	if (status != SNP_SUCCESS)
		return status;
	forget_frames(p);
	forget_filters(p);
	p->state = SNP_STARTED;
	return SNP_SUCCESS;
}

/* ---- settings ---- */

static bool are_multicast(size_t count, const uint8_t (*groups)[SNP_ADDRESS_BYTES])
{
	for (size_t i = 0; i < count; i++)
		if (!is_multicast(groups[i]))
			return false;
	return true;
}

static bool set_groups(struct snp_provider *p, size_t count, const uint8_t (*groups)[SNP_ADDRESS_BYTES])
{
	uint8_t macs[NIC_GROUPS_MAX][6] = { { 0 } };

	for (size_t i = 0; i < count; i++)
		memcpy(macs[i], groups[i], sizeof macs[i]);
	if (!p->nic->groups(p->nic, count ? macs : NULL, (unsigned)count))
		return false;
	memcpy(p->groups, macs, count * sizeof macs[0]);
	p->group_count = (uint32_t)count;
	return true;
}

enum snp_status snp_provider_filters(struct snp_provider *p, uint32_t enable, uint32_t disable, bool reset_groups,
                                     size_t count, const uint8_t (*groups)[SNP_ADDRESS_BYTES])
{
	enum snp_status status = judge_state(p);

	if (status != SNP_SUCCESS)
		return status;
	if ((enable | disable) & ~p->filters_possible)
		return SNP_INVALID_PARAMETER;
	if (reset_groups) {             /* whatever else is said of groups */
		disable |= SNP_MULTICAST;
		count = 0;
	} else if (count > p->groups_max || (count && (!groups || !are_multicast(count, groups)))) {
		return SNP_INVALID_PARAMETER;
	} else if (enable & ~disable & SNP_MULTICAST && !count) {
		return SNP_INVALID_PARAMETER;
	}
	if (((reset_groups && p->group_count) || count) && !set_groups(p, count, groups))
		return SNP_DEVICE_ERROR;
	p->filters = (p->filters | enable) & ~disable;
	return SNP_SUCCESS;
}

enum snp_status snp_provider_station(struct snp_provider *p, bool reset, const uint8_t *mac)
{
	enum snp_status status = judge_state(p);

	if (status != SNP_SUCCESS || reset)
		return status;
	if (!mac)
		return SNP_INVALID_PARAMETER;
	return memcmp(mac, p->nic->mac, sizeof p->nic->mac) == 0 ? SNP_SUCCESS : SNP_UNSUPPORTED;
}

/* Numbers that are whole fit or are left out. */
enum snp_status snp_provider_statistics(struct snp_provider *p, bool reset, size_t *size, void *table)
{
	enum snp_status status = judge_state(p);
	size_t room;

	if (status != SNP_SUCCESS)
		return status;
	if (!size && table)
		return SNP_INVALID_PARAMETER;
	if (size) {
		p->counted[SNP_RX_CRC_ERRORS] = p->counted[SNP_TX_CRC_ERRORS] = UINT64_MAX;
		room  = *size;
		*size = sizeof p->counted;
		if (table)
			memcpy(table, p->counted, min_size(room / sizeof(uint64_t), SNP_STATISTICS) * sizeof(uint64_t));
		if (!table || room < sizeof p->counted)
			status = SNP_BUFFER_TOO_SMALL;
	}
	if (reset && (status == SNP_SUCCESS || !table))          /* who must come again finds what there was */
		memset(p->counted, 0, sizeof p->counted);
	return reset && !table ? SNP_SUCCESS : status;
}

/* RFC 1112, 6.4; RFC 2464, 7. */
enum snp_status snp_provider_group_mac(const struct snp_provider *p, bool is_ipv6, const uint8_t *ip, uint8_t *mac)
{
	enum snp_status status = judge_state(p);

	if (status != SNP_SUCCESS)
		return status;
	if (!ip || !mac)
		return SNP_INVALID_PARAMETER;
	if (is_ipv6 ? ip[0] != 0xff : (ip[0] & 0xf0) != 0xe0)
		return SNP_INVALID_PARAMETER;
	if (is_ipv6) {
		mac[0] = mac[1] = 0x33;
		memcpy(mac + 2, ip + 12, 4);
	} else {
		memcpy(mac, (const uint8_t[]){ 0x01, 0x00, 0x5e, ip[1] & 0x7f }, 4);
		memcpy(mac + 4, ip + 2, 2);
	}
	return SNP_SUCCESS;
}

enum snp_status snp_provider_nvdata(const struct snp_provider *p)
{
	enum snp_status status = judge_state(p);

	return status == SNP_SUCCESS ? SNP_UNSUPPORTED : status;
}

/* ---- receiving ---- */

static bool is_wanted_group(const struct snp_provider *p, const uint8_t mac[6])
{
	for (unsigned i = 0; p->filters & SNP_MULTICAST && i < p->group_count; i++)
		if (memcmp(p->groups[i], mac, sizeof p->groups[i]) == 0)
			return true;
	return false;
}

/* Which of the counters a frame to there belongs to; SNP_RX_DROPPED: it is not wanted. */
static enum snp_statistic wanted_as(const struct snp_provider *p, const uint8_t to[6])
{
	if (memcmp(to, broadcast, sizeof broadcast) == 0)
		return p->filters & SNP_BROADCAST ? SNP_RX_BROADCAST : SNP_RX_DROPPED;
	if (is_multicast(to))
		return is_wanted_group(p, to) ? SNP_RX_MULTICAST : SNP_RX_DROPPED;
	if (memcmp(to, p->nic->mac, sizeof p->nic->mac) == 0 && p->filters & SNP_UNICAST)
		return SNP_RX_UNICAST;
	return SNP_RX_DROPPED;
}

static void take(struct snp_provider *p, struct rd frame)
{
	size_t bytes = rd_left(&frame);
	enum snp_statistic kind;

	p->counted[SNP_RX_TOTAL]++;
	p->counted[SNP_RX_BYTES_TOTAL] += bytes;
	if (bytes < FRAME_HEAD || bytes > sizeof p->frame) {
		p->counted[bytes < FRAME_HEAD ? SNP_RX_SHORT : SNP_RX_LONG]++;
		return;
	}
	rd_bytes(&frame, p->frame, bytes);      /* at once: it is the card's again when it is asked anything */
	kind = wanted_as(p, p->frame);
	p->counted[kind]++;
	if (kind == SNP_RX_DROPPED)
		return;
	p->counted[SNP_RX_GOOD]++;
	p->frame_bytes = bytes;
}

bool snp_provider_waits(struct snp_provider *p)
{
	unsigned looks = 0;
	struct rd frame;

	if (judge_state(p) != SNP_SUCCESS)
		return false;
	while (!p->frame_bytes && looks++ < SNP_PROVIDER_LOOKS_MAX && p->nic->poll(p->nic, &frame))
		take(p, frame);
	return p->frame_bytes != 0;
}

static void read_head(const struct snp_provider *p, uint8_t *from, uint8_t *to, uint16_t *protocol)
{
	struct rd head = rd_over(p->frame, FRAME_HEAD);
	uint8_t macs[2][6];
	uint16_t type;

	rd_bytes(&head, macs[0], sizeof macs[0]);
	rd_bytes(&head, macs[1], sizeof macs[1]);
	type = rd_be16(&head);
	if (to)
		memcpy(to, macs[0], sizeof macs[0]);
	if (from)
		memcpy(from, macs[1], sizeof macs[1]);
	if (protocol)
		*protocol = type;
}

enum snp_status snp_provider_receive(struct snp_provider *p, size_t *header_bytes, size_t *bytes, void *room,
                                     uint8_t *from, uint8_t *to, uint16_t *protocol)
{
	enum snp_status status = judge_state(p);
	size_t space;

	if (status != SNP_SUCCESS)
		return status;
	if (!bytes || !room)
		return SNP_INVALID_PARAMETER;
	if (!snp_provider_waits(p))
		return SNP_NOT_READY;
	space  = *bytes;
	*bytes = p->frame_bytes;
	if (space < p->frame_bytes)
		return SNP_BUFFER_TOO_SMALL;
	memcpy(room, p->frame, p->frame_bytes);
	if (header_bytes)
		*header_bytes = FRAME_HEAD;
	read_head(p, from, to, protocol);
	p->frame_bytes = 0;
	return SNP_SUCCESS;
}

/* ---- sending ---- */

enum snp_status snp_provider_status(struct snp_provider *p, uint32_t *interrupts, void **done)
{
	enum snp_status status = judge_state(p);

	if (status != SNP_SUCCESS)
		return status;
	if (!interrupts && !done)
		return SNP_INVALID_PARAMETER;
	look_at_cable(p);
	if (interrupts)
		*interrupts = (snp_provider_waits(p) ? SNP_INTERRUPT_RECEIVE : 0)
		            | (p->sent_count ? SNP_INTERRUPT_TRANSMIT : 0);
	if (!done)
		return SNP_SUCCESS;
	*done = NULL;
	if (p->sent_count) {
		*done = p->sent[p->sent_first];
		p->sent_first = (p->sent_first + 1) % SNP_PROVIDER_SENT_MAX;
		p->sent_count--;
	}
	return SNP_SUCCESS;
}

static void write_head(const struct snp_provider *p, void *buffer, const uint8_t *from, const uint8_t *to,
                       uint16_t protocol)
{
	struct wr head = wr_over(buffer, FRAME_HEAD);

	wr_bytes(&head, to, sizeof p->nic->mac);
	wr_bytes(&head, from ? from : p->nic->mac, sizeof p->nic->mac);
	wr_be16(&head, protocol);
}

static void count_sent(struct snp_provider *p, const uint8_t *to, size_t bytes)
{
	p->counted[SNP_TX_GOOD]++;
	p->counted[SNP_TX_BYTES_TOTAL] += bytes;
	p->counted[memcmp(to, broadcast, sizeof broadcast) == 0 ? SNP_TX_BROADCAST
	           : is_multicast(to) ? SNP_TX_MULTICAST : SNP_TX_UNICAST]++;
}

static enum snp_status send(struct snp_provider *p, size_t bytes, void *buffer)
{
	p->counted[SNP_TX_TOTAL]++;
	if (p->sent_count == SNP_PROVIDER_SENT_MAX || !p->nic->send(p->nic, buffer, bytes)) {
		p->counted[SNP_TX_DROPPED]++;
		return SNP_NOT_READY;
	}
	p->sent[(p->sent_first + p->sent_count++) % SNP_PROVIDER_SENT_MAX] = buffer;
	count_sent(p, buffer, bytes);
	return SNP_SUCCESS;
}

enum snp_status snp_provider_transmit(struct snp_provider *p, size_t header_bytes, size_t bytes, void *buffer,
                                      const uint8_t *from, const uint8_t *to, const uint16_t *protocol)
{
	enum snp_status status = judge_state(p);

	if (status != SNP_SUCCESS)
		return status;
	if (header_bytes && (header_bytes != FRAME_HEAD || !to || !protocol))
		return SNP_INVALID_PARAMETER;
	if (!buffer)
		return SNP_INVALID_PARAMETER;
	if (bytes < FRAME_HEAD) {
		p->counted[SNP_TX_SHORT]++;
		return SNP_BUFFER_TOO_SMALL;
	}
	if (bytes > FRAME_HEAD + SNP_PROVIDER_TAG + p->packet_max) {
		p->counted[SNP_TX_LONG]++;
		return SNP_INVALID_PARAMETER;
	}
	if (header_bytes)
		write_head(p, buffer, from, to, *protocol);
	return send(p, bytes, buffer);
}
