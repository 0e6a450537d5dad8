/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/booted.h"
#include "firmware/efi/booted.h"
#include "firmware/efi/services.h"
#include <efipxebc.h>

static const EFI_GUID pxe_guid = EFI_PXE_BASE_CODE_PROTOCOL_GUID, loaded_guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;

static bool file_in(BOOLEAN is_there, const EFI_PXE_BASE_CODE_PACKET *packet, char *name, size_t size)
{
	return is_there && booted_file_in(rd_over((const uint8_t *)packet, sizeof *packet), name, size);
}

void booted_file(char *name, size_t size)
{
	const EFI_LOADED_IMAGE *loaded = protocol_of(our_image, &loaded_guid);
	EFI_PXE_BASE_CODE_PROTOCOL *pxe = loaded ? protocol_of(loaded->DeviceHandle, &pxe_guid) : NULL;
	const EFI_PXE_BASE_CODE_MODE *mode = pxe ? pxe->Mode : NULL;

	name[0] = 0;
	if (!mode || !mode->Started)
		return;
	if (!mode->UsingIpv6 && !file_in(mode->PxeReplyReceived, &mode->PxeReply, name, size)
	    && !file_in(mode->ProxyOfferReceived, &mode->ProxyOffer, name, size))
		file_in(mode->DhcpAckReceived, &mode->DhcpAck, name, size);
	pxe->Stop(pxe);
}
