/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/failure.h"

/* docs/errors.md has an entry for each; loader/failure_test.c compares. */
static const struct failure_text texts[FAILURE_CODES] = {
	[FAILURE_NONE] = { "", "", "" },
	[FAILURE_ARP] = { "PXE-E11", "ARP timeout",
		"the server or the router does not answer: check its address, the mask and the router" },
	[FAILURE_TFTP_OPEN] = { "PXE-E32", "TFTP open timeout",
		"check that a TFTP server runs at this address and that no firewall drops UDP port 69" },
	[FAILURE_TFTP_READ] = { "PXE-E35", "TFTP read timeout",
		"the TFTP server fell silent: check firewalls for its data ports, and the cable" },
	[FAILURE_TFTP_ERROR] = { "PXE-E36", "Error received from TFTP server", "see the TFTP server's log" },
	[FAILURE_TFTP_NOT_FOUND] = { "PXE-E3B", "TFTP error - File not found",
		"check the boot file name in the DHCP server against the files of the TFTP server" },
	[FAILURE_TFTP_ACCESS] = { "PXE-E3C", "TFTP error - Access violation",
		"check the file's permissions on the TFTP server" },
	[FAILURE_TFTP_SIZE] = { "PXE-E3F", "TFTP packet size is invalid", "check the TFTP server's block size" },
	[FAILURE_NO_OFFER] = { "PXE-E51", "No DHCP or proxyDHCP offers were received",
		"check the cable, the switch port's VLAN, and that the DHCP server has an address left" },
	[FAILURE_PROXY_ONLY] = { "PXE-E52", "proxyDHCP offers were received. No DHCP offers were received",
		"the boot server answers but no DHCP server gives an address: check its range and its log" },
	[FAILURE_NO_BOOT_FILE] = { "PXE-E53", "No boot filename received",
		"give option 67 or the boot file name (and the next server), or rill://server/disk in option 17" },
	[FAILURE_NO_LINK] = { "PXE-E61", "Media test failed, check cable",
		"check the cable, the switch port, and that this is the card that is plugged in" },
	[FAILURE_TOO_BIG] = { "PXE-E79", "NBP is too big to fit in free base memory",
		"often a UEFI program served to a BIOS machine: check the boot file for architecture 0" },
	[FAILURE_CANCELLED] = { "PXE-EA0", "Network boot canceled by keystroke", "start the machine again to boot" },
	[FAILURE_LEASE_REFUSED] = { "RILL-E01", "The DHCP server did not confirm its offer",
		"two DHCP servers on one network, or no address left: see the server's log" },
	[FAILURE_ADDRESS_TAKEN] = { "RILL-E02", "Another machine uses the offered address",
		"find the machine with this address, or take the address out of the DHCP server's range" },
	[FAILURE_BAD_URI] = { "RILL-E03", "The rill:// address cannot be read",
		"the form is rill://server:port/disk; correct it where it was given" },
	[FAILURE_SERVER_SILENT] = { "RILL-E04", "The provisioning server does not answer",
		"check that rilld runs there and that no firewall drops its UDP port" },
	[FAILURE_SERVER_DENIED] = { "RILL-E05", "The provisioning server refused the login",
		"its reason stands above; see rilld's log for this MAC" },
	[FAILURE_DISK_READ] = { "RILL-E06", "The disk cannot be read",
		"the server cannot read its image there: see rilld's log and the server's disks" },
	[FAILURE_NO_BOOT_SECTOR] = { "RILL-E07", "The disk does not boot",
		"install a boot loader for BIOS into the image; one made for UEFI only does not boot here" },
	[FAILURE_NOT_A_PROGRAM] = { "RILL-E08", "The boot file is no program for this machine",
		"check which file the DHCP server names for this architecture" },
	[FAILURE_MACHINE] = { "RILL-E09", "This machine did not let us go on", "report it with what stands above" },
	[FAILURE_CD_IMAGE] = { "RILL-E10", "The disk is a CD image, which boots from a CD drive only",
		"on the server, make it a hard disk's as well: isohybrid IMAGE, or serve a hard disk's image" },
	[FAILURE_NO_BOOT_PROGRAM] = { "RILL-E11", "The disk has no boot program for UEFI",
		"the image needs this file in a FAT partition, made for this processor: grub-install --removable" },
	[FAILURE_NOT_TRUSTED] = { "RILL-E12", "The firmware does not trust the boot program",
		"Secure Boot is on: use a signed loader (shim), enroll the key of its signature, or turn it off" },
};

const struct failure_text *failure_text(enum failure_code code)
{
	return &texts[code < FAILURE_CODES ? code : FAILURE_NONE];
}
