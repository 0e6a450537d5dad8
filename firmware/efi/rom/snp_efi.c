/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/rom/snp_efi.h"

enum { ETHERNET = 1 };

_Static_assert(sizeof(EFI_MAC_ADDRESS) == SNP_ADDRESS_BYTES && sizeof(UINTN) == sizeof(size_t), "UEFI 24.1");
_Static_assert(SNP_INTERRUPT_RECEIVE == EFI_SIMPLE_NETWORK_RECEIVE_INTERRUPT
               && SNP_INTERRUPT_TRANSMIT == EFI_SIMPLE_NETWORK_TRANSMIT_INTERRUPT, "UEFI 24.1: GetStatus");
_Static_assert(offsetof(EFI_NETWORK_STATISTICS, TxTotalBytes) == SNP_TX_BYTES_TOTAL * sizeof(UINT64)
               && offsetof(EFI_NETWORK_STATISTICS, RxTotalBytes) == SNP_RX_BYTES_TOTAL * sizeof(UINT64),
               "UEFI 24.1: Statistics");
_Static_assert(NIC_GROUPS_MAX <= MAX_MCAST_FILTER_CNT, "all of them stand in Mode");

static EFI_STATUS status_of(enum snp_status status)
{
	switch (status) {
	case SNP_SUCCESS:           return EFI_SUCCESS;
	case SNP_NOT_READY:         return EFI_NOT_READY;
	case SNP_BUFFER_TOO_SMALL:  return EFI_BUFFER_TOO_SMALL;
	case SNP_ALREADY_STARTED:   return EFI_ALREADY_STARTED;
	case SNP_NOT_STARTED:       return EFI_NOT_STARTED;
	case SNP_INVALID_PARAMETER: return EFI_INVALID_PARAMETER;
	case SNP_UNSUPPORTED:       return EFI_UNSUPPORTED;
	case SNP_DEVICE_ERROR:
	case SNP_OTHER:             break;
	}
	return EFI_DEVICE_ERROR;
}

static struct snp_efi *of(EFI_SIMPLE_NETWORK *snp)
{
	return (struct snp_efi *)((uint8_t *)snp - offsetof(struct snp_efi, snp));
}

/* What a call may have changed. */
static void tell_mode(struct snp_efi *s)
{
	const struct snp_provider *p = &s->provider;

	s->mode.State = (UINT32)p->state;
	s->mode.ReceiveFilterSetting = p->filters;
	s->mode.MCastFilterCount = p->group_count;
	for (unsigned i = 0; i < p->group_count; i++)
		memcpy(s->mode.MCastFilter[i].Addr, p->groups[i], sizeof p->groups[i]);
	s->mode.MediaPresent = p->has_media;
}

/*
 * Around each call. status is the answer where it cannot be made at all: without a protocol, from too high a level, or
 * when there are no boot services any more to change a level with.
 */
struct call { struct snp_efi *s; struct snp_provider *p; EFI_TPL was; EFI_STATUS status; };

static struct call begin(EFI_SIMPLE_NETWORK *snp)
{
	struct call c = { .status = EFI_INVALID_PARAMETER };

	if (!snp)
		return c;
	c.s = of(snp);
	c.status = EFI_DEVICE_ERROR;
	if (!c.s->provider.gone && !c.s->is_lent && level_raise(&c.was))
		c.p = &c.s->provider;
	return c;
}

static EFI_STATUS end(struct call *c, enum snp_status status)
{
	tell_mode(c->s);
	bs->RestoreTPL(c->was);
	return status_of(status);
}

static EFI_STATUS EFIAPI start(EFI_SIMPLE_NETWORK *snp)
{
	struct call c = begin(snp);

	return c.p ? end(&c, snp_provider_start(c.p)) : c.status;
}

static EFI_STATUS EFIAPI stop(EFI_SIMPLE_NETWORK *snp)
{
	struct call c = begin(snp);

	return c.p ? end(&c, snp_provider_stop(c.p)) : c.status;
}

static EFI_STATUS EFIAPI initialize(EFI_SIMPLE_NETWORK *snp, UINTN extra_rx, UINTN extra_tx)
{
	struct call c = begin(snp);

	return c.p ? end(&c, snp_provider_initialize(c.p, extra_rx, extra_tx)) : c.status;
}

static EFI_STATUS EFIAPI reset(EFI_SIMPLE_NETWORK *snp, BOOLEAN extended)
{
	struct call c = begin(snp);

	(void)extended;
	return c.p ? end(&c, snp_provider_reset(c.p)) : c.status;
}

static EFI_STATUS EFIAPI shutdown(EFI_SIMPLE_NETWORK *snp)
{
	struct call c = begin(snp);

	return c.p ? end(&c, snp_provider_shutdown(c.p)) : c.status;
}

static const uint8_t (*addresses(const EFI_MAC_ADDRESS *list))[SNP_ADDRESS_BYTES]
{
	return (const uint8_t (*)[SNP_ADDRESS_BYTES])list;
}

static EFI_STATUS EFIAPI filters(EFI_SIMPLE_NETWORK *snp, UINT32 enable, UINT32 disable, BOOLEAN resets, UINTN count,
                                 EFI_MAC_ADDRESS *groups)
{
	struct call c = begin(snp);

	return c.p ? end(&c, snp_provider_filters(c.p, enable, disable, resets, count, addresses(groups))) : c.status;
}

static EFI_STATUS EFIAPI station(EFI_SIMPLE_NETWORK *snp, BOOLEAN resets, EFI_MAC_ADDRESS *mac)
{
	struct call c = begin(snp);

	return c.p ? end(&c, snp_provider_station(c.p, resets, (uint8_t *)mac)) : c.status;
}

static EFI_STATUS EFIAPI statistics(EFI_SIMPLE_NETWORK *snp, BOOLEAN resets, UINTN *size, EFI_NETWORK_STATISTICS *table)
{
	struct call c = begin(snp);

	return c.p ? end(&c, snp_provider_statistics(c.p, resets, size, table)) : c.status;
}

static EFI_STATUS EFIAPI group_mac(EFI_SIMPLE_NETWORK *snp, BOOLEAN is_ipv6, EFI_IP_ADDRESS *ip, EFI_MAC_ADDRESS *mac)
{
	struct call c = begin(snp);

	return c.p ? end(&c, snp_provider_group_mac(c.p, is_ipv6, (uint8_t *)ip, (uint8_t *)mac)) : c.status;
}

static EFI_STATUS EFIAPI nvdata(EFI_SIMPLE_NETWORK *snp, BOOLEAN is_read, UINTN offset, UINTN bytes, VOID *buffer)
{
	struct call c = begin(snp);

	(void)is_read;
	(void)offset;
	(void)bytes;
	(void)buffer;
	return c.p ? end(&c, snp_provider_nvdata(c.p)) : c.status;
}

static EFI_STATUS EFIAPI get_status(EFI_SIMPLE_NETWORK *snp, UINT32 *interrupts, VOID **done)
{
	struct call c = begin(snp);

	return c.p ? end(&c, snp_provider_status(c.p, interrupts, done)) : c.status;
}

static EFI_STATUS EFIAPI transmit(EFI_SIMPLE_NETWORK *snp, UINTN header, UINTN bytes, VOID *buffer,
                                  EFI_MAC_ADDRESS *from, EFI_MAC_ADDRESS *to, UINT16 *type)
{
	struct call c = begin(snp);

	return c.p ? end(&c, snp_provider_transmit(c.p, header, bytes, buffer, (uint8_t *)from, (uint8_t *)to, type))
	           : c.status;
}

static EFI_STATUS EFIAPI receive(EFI_SIMPLE_NETWORK *snp, UINTN *header, UINTN *bytes, VOID *room,
                                 EFI_MAC_ADDRESS *from, EFI_MAC_ADDRESS *to, UINT16 *type)
{
	struct call c = begin(snp);

	return c.p ? end(&c, snp_provider_receive(c.p, header, bytes, room, (uint8_t *)from, (uint8_t *)to, type))
	           : c.status;
}

/* Somebody waits for the event: it is signalled if a frame is there. At TPL_CALLBACK: never inside a call. */
static VOID EFIAPI on_wait(EFI_EVENT event, VOID *context)
{
	struct snp_efi *s = context;

	if (!s->is_lent && snp_provider_waits(&s->provider))
		bs->SignalEvent(event);
}

static void fill_mode(struct snp_efi *s, const struct nic *nic)
{
	const struct snp_provider *p = &s->provider;

	s->mode = (EFI_SIMPLE_NETWORK_MODE){
		.HwAddressSize = sizeof nic->mac, .MediaHeaderSize = FRAME_HEAD, .MaxPacketSize = p->packet_max,
		.ReceiveFilterMask = p->filters_possible, .MaxMCastFilterCount = p->groups_max, .IfType = ETHERNET,
		.MultipleTxSupported = TRUE, .MediaPresentSupported = p->tells_media,
	};
	memcpy(s->mode.CurrentAddress.Addr, nic->mac, sizeof nic->mac);
	memcpy(s->mode.PermanentAddress.Addr, nic->mac, sizeof nic->mac);
	memset(s->mode.BroadcastAddress.Addr, 0xff, sizeof nic->mac);
	tell_mode(s);
}

bool snp_efi_open(struct snp_efi *s, struct nic *nic)
{
	snp_provider_init(&s->provider, nic);
	fill_mode(s, nic);
	s->snp = (EFI_SIMPLE_NETWORK){
		.Revision = EFI_SIMPLE_NETWORK_PROTOCOL_REVISION, .Start = start, .Stop = stop,
		.Initialize = initialize, .Reset = reset, .Shutdown = shutdown, .ReceiveFilters = filters,
		.StationAddress = station, .Statistics = statistics, .MCastIpToMac = group_mac, .NvData = nvdata,
		.GetStatus = get_status, .Transmit = transmit, .Receive = receive, .Mode = &s->mode,
	};
	return bs->CreateEvent(EVT_NOTIFY_WAIT, TPL_CALLBACK, on_wait, s, &s->snp.WaitForPacket) == EFI_SUCCESS;
}

void snp_efi_leave_for_ever(struct snp_efi *s)
{
	snp_provider_leave_for_ever(&s->provider);
	tell_mode(s);
}

void snp_efi_close(struct snp_efi *s)
{
	if (s->snp.WaitForPacket)
		bs->CloseEvent(s->snp.WaitForPacket);
	s->snp.WaitForPacket = NULL;
}
