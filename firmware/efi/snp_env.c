/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/clock.h"
#include "firmware/efi/snp_env.h"

_Static_assert(SNP_STOPPED == (int)EfiSimpleNetworkStopped && SNP_INITIALIZED == (int)EfiSimpleNetworkInitialized,
               "UEFI 24.1: State");
_Static_assert(SNP_UNICAST == EFI_SIMPLE_NETWORK_RECEIVE_UNICAST
               && SNP_MULTICAST == EFI_SIMPLE_NETWORK_RECEIVE_MULTICAST
               && SNP_BROADCAST == EFI_SIMPLE_NETWORK_RECEIVE_BROADCAST
               && SNP_PROMISCUOUS == EFI_SIMPLE_NETWORK_RECEIVE_PROMISCUOUS, "UEFI 24.1: ReceiveFilterMask");

static enum snp_status status_of(EFI_STATUS status)
{
	switch (status) {
	case EFI_SUCCESS:           return SNP_SUCCESS;
	case EFI_NOT_READY:         return SNP_NOT_READY;
	case EFI_BUFFER_TOO_SMALL:  return SNP_BUFFER_TOO_SMALL;
	case EFI_ALREADY_STARTED:   return SNP_ALREADY_STARTED;
	case EFI_NOT_STARTED:       return SNP_NOT_STARTED;
	case EFI_INVALID_PARAMETER: return SNP_INVALID_PARAMETER;
	case EFI_DEVICE_ERROR:      return SNP_DEVICE_ERROR;
	case EFI_UNSUPPORTED:       return SNP_UNSUPPORTED;
	}
	return SNP_OTHER;
}

static EFI_SIMPLE_NETWORK *called(void *ctx)
{
	struct snp_protocol *protocol = ctx;

	protocol->calls++;
	return protocol->snp;
}

static enum snp_status start(void *ctx)
{
	EFI_SIMPLE_NETWORK *snp = called(ctx);

	return status_of(snp->Start(snp));
}

static enum snp_status initialize(void *ctx)
{
	EFI_SIMPLE_NETWORK *snp = called(ctx);

	return status_of(snp->Initialize(snp, 0, 0));
}

static enum snp_status shutdown(void *ctx)
{
	EFI_SIMPLE_NETWORK *snp = called(ctx);

	return status_of(snp->Shutdown(snp));
}

static enum snp_status stop(void *ctx)
{
	EFI_SIMPLE_NETWORK *snp = called(ctx);

	return status_of(snp->Stop(snp));
}

static enum snp_status filters(void *ctx, uint32_t enable, uint32_t disable)
{
	EFI_SIMPLE_NETWORK *snp = called(ctx);

	return status_of(snp->ReceiveFilters(snp, enable, disable, FALSE, 0, NULL));
}

static enum snp_status groups(void *ctx, const uint8_t (*macs)[6], unsigned count)
{
	EFI_SIMPLE_NETWORK *snp = called(ctx);
	EFI_MAC_ADDRESS list[NIC_GROUPS_MAX];

	if (!count)
		return status_of(snp->ReceiveFilters(snp, 0, SNP_MULTICAST, TRUE, 0, NULL));
	if (count > NIC_GROUPS_MAX)
		return SNP_INVALID_PARAMETER;
	memset(list, 0, sizeof list);
	for (unsigned i = 0; i < count; i++)
		memcpy(list[i].Addr, macs[i], sizeof macs[i]);
	return status_of(snp->ReceiveFilters(snp, SNP_MULTICAST, 0, FALSE, count, list));
}

static enum snp_status get_status(void *ctx, void **done)
{
	EFI_SIMPLE_NETWORK *snp = called(ctx);

	return status_of(snp->GetStatus(snp, NULL, done));
}

/* A frame whose head is there already: HeaderSize 0. */
static enum snp_status transmit(void *ctx, void *frame, size_t len)
{
	EFI_SIMPLE_NETWORK *snp = called(ctx);

	return status_of(snp->Transmit(snp, 0, len, frame, NULL, NULL, NULL));
}

static enum snp_status receive(void *ctx, void *room, size_t *len)
{
	EFI_SIMPLE_NETWORK *snp = called(ctx);
	UINTN bytes = *len;
	EFI_STATUS status = snp->Receive(snp, NULL, &bytes, room, NULL, NULL, NULL);

	*len = bytes;
	return status_of(status);
}

static void mode(void *ctx, struct snp_mode *m)
{
	const EFI_SIMPLE_NETWORK_MODE *from = ((struct snp_protocol *)ctx)->snp->Mode;

	*m = (struct snp_mode){
		.state = (enum snp_state)from->State, .address_bytes = from->HwAddressSize,
		.header_bytes = from->MediaHeaderSize, .packet_max = from->MaxPacketSize,
		.filters_possible = from->ReceiveFilterMask, .filters = from->ReceiveFilterSetting,
		.groups_max = from->MaxMCastFilterCount,
		.hardware_type = from->IfType, .tells_media = from->MediaPresentSupported,
		.has_media = from->MediaPresent,
	};
	memcpy(m->mac, from->CurrentAddress.Addr, sizeof m->mac);
	memcpy(m->permanent_mac, from->PermanentAddress.Addr, sizeof m->permanent_mac);
}

static void wait_ms(void *ctx, unsigned ms)
{
	(void)ctx;
	clock_wait_us((usec)ms * USEC_PER_MS);
}

struct snp_env snp_env_of(struct snp_protocol *protocol)
{
	return (struct snp_env){
		.start = start, .initialize = initialize, .shutdown = shutdown, .stop = stop, .filters = filters,
		.groups = groups, .status = get_status, .transmit = transmit, .receive = receive, .mode = mode,
		.wait_ms = wait_ms, .ctx = protocol,
	};
}
