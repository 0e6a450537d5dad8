/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/card_vlan.h"
#include <errno.h>
#include <linux/if_vlan.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "lib/fmt.h"

#ifndef SIOCSIFVLAN
#define SIOCSIFVLAN 0x8983              /* linux/sockios.h, which does not go with every C library's headers */
#endif

static bool ask(int s, enum vlan_ioctl_cmds command, const char *device, struct vlan_ioctl_args *a)
{
	a->cmd = (int)command;
	fmt_text(a->device1, sizeof a->device1, "%s", device);
	return ioctl(s, SIOCSIFVLAN, a) == 0;
}

static bool is_of(int s, const char *name, const char *card, uint16_t id)
{
	struct vlan_ioctl_args number = { 0 }, below = { 0 };

	return ask(s, GET_VLAN_VID_CMD, name, &number) && number.u.VID == id
	    && ask(s, GET_VLAN_REALDEV_NAME_CMD, name, &below)
	    && !strncmp(below.u.device2, card, sizeof below.u.device2);
}

/* Whatever it is called: who made it chose the name. card and name may be the same memory. */
static bool find(int s, const char *card, uint16_t id, char name[IFNAMSIZ])
{
	struct if_nameindex *all = if_nameindex();
	bool found = false;

	for (const struct if_nameindex *one = all; one && one->if_index && !found; one++) {
		found = is_of(s, one->if_name, card, id);
		if (found)
			fmt_text(name, IFNAMSIZ, "%s", one->if_name);
	}
	if (all)
		if_freenameindex(all);
	return found;
}

/* Named vlan7: the kernel's usual name, the card's with .7 behind it, it would cut at 15 characters. */
static bool make(int s, const char *card, uint16_t id)
{
	struct vlan_ioctl_args by_number = { .u.name_type = VLAN_NAME_TYPE_PLUS_VID_NO_PAD };
	struct vlan_ioctl_args usual = { .u.name_type = VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD };
	struct vlan_ioctl_args vlan = { .u.VID = id };
	bool good = ask(s, SET_VLAN_NAME_TYPE_CMD, card, &by_number) && ask(s, ADD_VLAN_CMD, card, &vlan);
	int why = errno;

	ask(s, SET_VLAN_NAME_TYPE_CMD, card, &usual);
	errno = why;
	return good;
}

static void tell_why(struct kmsg *k, const char *card, uint16_t id)
{
	if (errno == ENOPKG)
		kmsg_wrong(k, "the firmware read the disk in VLAN %u, and this kernel has no 8021q. Cure: that module "
		           "in the initramfs (hooks/rill, lsinitramfs), or a switch port without a tag", (unsigned)id);
	else
		kmsg_wrong(k, "enter VLAN %u of %s: %s. Cure: remove what has that VLAN or the name vlan%u, or a "
		           "switch port without a tag", (unsigned)id, card, strerror(errno), (unsigned)id);
}

static int open_socket(struct kmsg *k)
{
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (s < 0)
		kmsg_error(k, "open a socket for the card's VLAN");
	return s;
}

bool card_vlan_enter(struct kmsg *k, const char *card, uint16_t id, char name[IFNAMSIZ])
{
	int s = open_socket(k);
	bool good;

	if (s < 0)
		return false;
	good = find(s, card, id, name) || (make(s, card, id) && find(s, card, id, name));
	if (!good)
		tell_why(k, card, id);
	close(s);
	return good;
}

bool card_vlan_find(struct kmsg *k, const char *card, uint16_t id, char name[IFNAMSIZ])
{
	int s = open_socket(k);
	bool good = s >= 0 && find(s, card, id, name);

	if (s < 0)
		return false;
	if (!good)
		kmsg_wrong(k, "--keep-network, and %s is not in VLAN %u, in which the firmware read the disk. Cure: ip "
		           "link add link %s name vlan%u type vlan id %u, and its address, before rill-attach; or "
		           "without --keep-network", card, (unsigned)id, card, (unsigned)id, (unsigned)id);
	close(s);
	return good;
}
