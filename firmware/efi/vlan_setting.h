/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_VLAN_SETTING_H
#define FIRMWARE_EFI_VLAN_SETTING_H
/* The VLAN that somebody set for a card in the firmware's set-up (VLAN Configuration Protocol, UEFI 28.1). */
#include "firmware/efi/services.h"
#include "lib/log.h"

/* 0: none, or several, of which none is taken and the log says so. */
uint16_t vlan_setting(EFI_HANDLE handle, struct log *log);
#endif
