/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/card_pxe.h"
#include "firmware/efi/path.h"
#include "lib/fmt.h"
#include <efipxebc.h>

static const EFI_GUID pxe_guid = EFI_PXE_BASE_CODE_PROTOCOL_GUID, path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID;

_Static_assert(sizeof(EFI_PXE_BASE_CODE_PACKET) == DHCP_SIZE_MAX, "UEFI 24.3: a packet has 1472 bytes");

/* Where it is, and what it is; both NULL: nowhere. */
struct found {
	EFI_HANDLE handle;
	EFI_PXE_BASE_CODE_PROTOCOL *pxe;
};

/*
 * Above our card, or the handle that UEFI has for this VLAN of it, for IPv4: another child is for IPv6, one of another
 * VLAN, or of none, is of another network. iPXE, while a program of its runs, has one on the card's own handle, which
 * will do if there is no other.
 */
static struct found find(const struct efi_card *card, uint16_t vlan)
{
	size_t below = card->path_bytes + (vlan ? PATH_VLAN_BYTES : 0);
	struct found found = { 0 };
	UINTN count;
	EFI_HANDLE *handles = handles_with(&pxe_guid, &count);

	for (UINTN i = 0; i < count; i++) {
		const EFI_DEVICE_PATH *path = protocol_of(handles[i], &path_guid);
		bool is_child;

		if (!path || !path_begins(path, card->path, card->path_bytes)
		    || path_vlan(path, card->path_bytes) != vlan)
			continue;
		is_child = path_node_is(path, below, MESSAGING_DEVICE_PATH, MSG_IPv4_DP);
		if (is_child || (!found.pxe && path_bytes(path) == below))
			found = (struct found){ handles[i], protocol_of(handles[i], &pxe_guid) };
	}
	if (handles)
		bs->FreePool(handles);
	return found;
}

static EFI_IP_ADDRESS address_of(uint32_t ip)
{
	EFI_IP_ADDRESS address = { .Addr = { 0 } };
	struct wr w = wr_over(address.v4.Addr, sizeof address.v4.Addr);

	wr_be32(&w, ip);
	return address;
}

static bool is_beyond_a_router(const struct chain_program *program)
{
	const struct net_address *own = &program->lease->address;

	return (own->ip ^ program->server) & own->mask;
}

static EFI_STATUS set_packets(EFI_PXE_BASE_CODE_PROTOCOL *pxe, const struct dhcp_answer *answer,
                              const struct chain_program *program)
{
	/* Who has no proxy's offer looks there for the boot server's: so EDK2 does. */
	bool is_of_proxy = program->lease->proxy && answer->proxy.size;
	const struct dhcp_answer_packet *offer = is_of_proxy ? &answer->proxy : &answer->server;
	BOOLEAN yes = TRUE, no = FALSE, has_offer = offer->size != 0, has_server = answer->server.size != 0;
	EFI_PXE_BASE_CODE_PACKET ack, proxy, server;

	/* Copies: SetPackets takes no const. */
	dhcp_answer_ack(answer, program->lease, program->server, program->file, ack.Raw);
	memcpy(proxy.Raw, offer->bytes, sizeof proxy.Raw);
	memcpy(server.Raw, answer->server.bytes, sizeof server.Raw);
	/* First whether there is one, then each: DISCOVER, ACK, proxy's offer, PXE discover, PXE reply, BIS reply. */
	return pxe->SetPackets(pxe, &no, &yes, &has_offer, &no, &has_server, &no, NULL, &ack, &proxy, NULL, &server,
	                       NULL);
}

/* Who answers only user class `Rill` does not answer the firmware, whose tries then run out: that takes a minute. */
static void ask_for_the_way(EFI_PXE_BASE_CODE_PROTOCOL *pxe, const struct chain_program *program, struct log *log)
{
	struct ip_text server = ip_text(program->server);
	EFI_STATUS status;

	if (!program->lease->router) {
		log_line(log, LOG_ERROR, "%s is not in our network, and there is no default route, the only one "
		         "that the firmware's PXE can be told of: a program that reads by it does not get there",
		         server.s);
		return;
	}
	log_line(log, LOG_STEP, "%s is beyond a router: the firmware's DHCP is asked for the way (up to a minute)",
	         server.s);
	status = pxe->Dhcp(pxe, FALSE);
	if (status != EFI_SUCCESS)
		log_line(log, LOG_ERROR, "the firmware's PXE got no answer (Dhcp: status %u): a program that "
		         "reads by it does not get beyond the router", status_number(status));
}

static EFI_STATUS set_address_and_packets(EFI_PXE_BASE_CODE_PROTOCOL *pxe, const struct dhcp_answer *answer,
                                          const struct chain_program *program, struct log *log)
{
	EFI_IP_ADDRESS ip = address_of(program->lease->address.ip), mask = address_of(program->lease->address.mask);
	EFI_STATUS status;

	if (is_beyond_a_router(program))
		ask_for_the_way(pxe, program, log);
	status = pxe->SetStationIp(pxe, &ip, &mask);
	return status == EFI_SUCCESS ? set_packets(pxe, answer, program) : status;
}

static void tell_none(const struct chain_program *program, struct log *log)
{
	if (program->vlan)
		log_line(log, LOG_ERROR, "this firmware offers no PXE in VLAN %u of the card: the program is told of "
		         "the card only, and does not get there. Set that VLAN in the firmware's set-up, too",
		         (unsigned)program->vlan);
	else
		log_line(log, LOG_STEP, "this firmware offers no PXE above the card: "
		         "the program is told of the card only");
}

EFI_HANDLE card_pxe_start(const struct efi_card *card, const struct dhcp_answer *answer,
                          const struct chain_program *program, struct log *log)
{
	struct found found = find(card, program->vlan);
	EFI_STATUS status;

	if (!found.pxe) {
		tell_none(program, log);
		return card->handle;
	}
	if (found.pxe->Mode->Started)
		found.pxe->Stop(found.pxe);
	status = found.pxe->Start(found.pxe, FALSE);
	if (status == EFI_SUCCESS)
		status = set_address_and_packets(found.pxe, answer, program, log);
	if (status == EFI_SUCCESS)
		return found.handle;
	log_line(log, LOG_ERROR, "the firmware's PXE does not start (status %u): the program is told of the card only",
	         status_number(status));
	found.pxe->Stop(found.pxe);
	return card->handle;
}

/* A program that took the card for itself has torn down what stood on it: connected again, that is as before. */
void card_pxe_stop(struct efi_card *card, const struct chain_program *program)
{
	struct found found;

	if (!card_find_again(card))
		return;                 /* it took more than the card: that network is its own affair */
	bs->ConnectController(card->handle, NULL, NULL, TRUE);
	found = find(card, program->vlan);
	if (found.pxe && found.pxe->Mode->Started)
		found.pxe->Stop(found.pxe);
}
