/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/card.h"
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/route.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "driver/card_vlan.h"
#include "lib/fmt.h"

enum { POLL_US = 100 * 1000, SAY_EVERY = 100, CABLE_POLLS = 50 };

/* The first line of /sys/class/net/NAME/FILE; false: there is none. */
static bool read_sys(const char *name, const char *file, char *text, size_t size)
{
	char path[128];
	ssize_t got;
	int f;

	fmt_text(path, sizeof path, "/sys/class/net/%s/%s", name, file);
	f = open(path, O_RDONLY | O_CLOEXEC);
	if (f < 0)
		return false;
	got = read(f, text, size - 1);
	close(f);
	if (got < 0)
		return false;
	text[got] = 0;
	text[strcspn(text, "\n")] = 0;
	return true;
}

static void fill_in(struct card *card)
{
	char text[32];

	card->mtu = read_sys(card->name, "mtu", text, sizeof text) ? (unsigned)atoi(text) : 1500;
	if (card->mtu < 576 || card->mtu > 65535)
		card->mtu = 1500;
}

/* A VLAN of the card has its MAC, too: from an earlier try of ours, or from who set the network up. */
static bool is_vlan(const char *name)
{
	char text[32];

	return read_sys(name, "uevent", text, sizeof text) && !strcmp(text, "DEVTYPE=vlan");
}

static bool is_wanted(const char *name, const char *address)
{
	char text[32];

	return read_sys(name, "address", text, sizeof text) && !strcmp(text, address)
	    && read_sys(name, "type", text, sizeof text) && !strcmp(text, "1") && !is_vlan(name);
}

/* All cards' names go to seen, for the line that says what is there instead. */
static bool find(struct card *card, const char *address, char *seen, size_t size)
{
	DIR *cards = opendir("/sys/class/net");
	struct dirent *entry;
	bool found = false;
	size_t at = 0;

	seen[0] = 0;
	while (cards && !found && (entry = readdir(cards))) {
		char mac[32];

		if (entry->d_name[0] == '.' || !read_sys(entry->d_name, "address", mac, sizeof mac))
			continue;
		if (is_wanted(entry->d_name, address)) {
			fmt_text(card->name, sizeof card->name, "%s", entry->d_name);
			found = true;
		} else if (strcmp(entry->d_name, "lo") && at < size) {
			at += fmt_text(seen + at, size - at, " %s (%s)", entry->d_name, mac);
		}
	}
	if (cards)
		closedir(cards);
	return found;
}

void card_wait(struct kmsg *k, struct card *card, const uint8_t mac[6])
{
	char seen[160];

	*card = (struct card){ 0 };
	memcpy(card->mac, mac, 6);
	for (unsigned turn = 0; !find(card, mac_text(mac).s, seen, sizeof seen); turn++) {
		if (turn % SAY_EVERY == SAY_EVERY - 1)
			kmsg_wrong(k, "no network card %s yet, only:%s. Is its driver in the "
			         "initramfs? (hooks/rill, lsinitramfs)", mac_text(mac).s, seen[0] ? seen : " none");
		usleep(POLL_US);
	}
	fill_in(card);
}

bool card_towards(struct card *card, uint32_t ip)
{
	char name[IFNAMSIZ], line[256];
	unsigned long destination, mask;
	bool found = false, best_set = false;
	unsigned long best = 0;
	FILE *routes = fopen("/proc/net/route", "re");

	*card = (struct card){ 0 };
	while (routes && fgets(line, sizeof line, routes)) {
		if (sscanf(line, "%15s %lx %*x %*x %*d %*d %*d %lx", name, &destination, &mask) != 3)
			continue;
		if ((htonl(ip) & mask) != destination || (best_set && ntohl((uint32_t)mask) <= best))
			continue;
		best = ntohl((uint32_t)mask);
		best_set = found = true;
		memcpy(card->name, name, sizeof card->name);
	}
	if (routes)
		fclose(routes);
	if (found) {
		char text[32];
		unsigned m[6];

		if (read_sys(card->name, "address", text, sizeof text)
		    && sscanf(text, "%x:%x:%x:%x:%x:%x", &m[0], &m[1], &m[2], &m[3], &m[4], &m[5]) == 6)
			for (int i = 0; i < 6; i++)
				card->mac[i] = (uint8_t)m[i];
		fill_in(card);
	}
	return found;
}

static struct sockaddr inet(uint32_t ip)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(ip) };
	struct sockaddr any;

	_Static_assert(sizeof in == sizeof any, "an IPv4 address is as large as any");
	memcpy(&any, &in, sizeof any);
	return any;
}

static uint32_t mask_of(uint8_t prefix)
{
	return prefix == 0 ? 0 : UINT32_MAX << (32 - (prefix > 32 ? 32 : prefix));
}

static bool set_link(int s, const char *name, bool up)
{
	struct ifreq r = { 0 };

	memcpy(r.ifr_name, name, IFNAMSIZ);
	if (ioctl(s, SIOCGIFFLAGS, &r) < 0)
		return false;
	r.ifr_flags = (short)(up ? r.ifr_flags | IFF_UP : r.ifr_flags & ~IFF_UP);
	return ioctl(s, SIOCSIFFLAGS, &r) == 0;
}

/*
 * A vmxnet3 that the PXE ROM still holds open ignores (in QEMU) that Linux activates it: it goes on with the ROM's
 * rings, and nothing arrives. Linux deactivates it when it takes it down, and then can take it up. docs/pxe-notes.md.
 */
static void take_from_rom(int s, const char *name)
{
	char path[128], driver[128];
	ssize_t len;

	fmt_text(path, sizeof path, "/sys/class/net/%s/device/driver", name);
	len = readlink(path, driver, sizeof driver - 1);
	if (len < 0)
		return;
	driver[len] = 0;
	if (strstr(driver, "/vmxnet3") && set_link(s, name, true))
		set_link(s, name, false);
}

static bool set_address(int s, const char *name, const struct card_address *a)
{
	struct ifreq r = { 0 };

	memcpy(r.ifr_name, name, IFNAMSIZ);
	r.ifr_addr = inet(a->ip);
	if (ioctl(s, SIOCSIFADDR, &r) < 0)
		return false;
	r.ifr_netmask = inet(mask_of(a->prefix));
	return ioctl(s, SIOCSIFNETMASK, &r) == 0;
}

static bool set_router(int s, char *name, uint32_t router)
{
	struct rtentry r = {
		.rt_dst = inet(0), .rt_genmask = inet(0), .rt_gateway = inet(router),
		.rt_flags = RTF_UP | RTF_GATEWAY, .rt_dev = name,
	};

	return ioctl(s, SIOCADDRT, &r) == 0 || errno == EEXIST;
}

static bool set_mtu(int s, const char *name, uint16_t mtu)
{
	struct ifreq r = { 0 };

	memcpy(r.ifr_name, name, IFNAMSIZ);
	r.ifr_mtu = mtu;
	return ioctl(s, SIOCSIFMTU, &r) == 0;
}

/* Cards negotiate for seconds and lose what is sent before. Without a cable it goes on, too. */
static void wait_for_cable(struct kmsg *k, const struct card *card)
{
	char text[8];

	for (unsigned turn = 0; turn < CABLE_POLLS; turn++) {
		if (!read_sys(card->name, "carrier", text, sizeof text) || !strcmp(text, "1"))
			return;
		usleep(POLL_US);
	}
	kmsg_wrong(k, "no link on %s after 5 s. Cable, switch port? Going on; it may come",
	         card->name);
}

/* The card itself; an interface for a VLAN inherits its MTU, and goes up only above a card that is up. */
static bool bring_up(struct kmsg *k, int s, struct card *card, const struct card_address *a)
{
	if (a->mtu && a->mtu != card->mtu && !set_mtu(s, card->name, a->mtu))
		kmsg_error(k, "set the card's MTU");    /* not fatal: segments follow what the card has */
	take_from_rom(s, card->name);
	if (!set_link(s, card->name, true)) {
		kmsg_error(k, "bring the card up");
		return false;
	}
	if (!a->vlan)
		return true;
	if (!card_vlan_enter(k, card->name, a->vlan, card->name))
		return false;
	kmsg_step(k, "VLAN %u is entered by %s", (unsigned)a->vlan, card->name);
	if (set_link(s, card->name, true))
		return true;
	kmsg_error(k, "bring the card's VLAN up");
	return false;
}

static bool give_address(struct kmsg *k, int s, struct card *card, const struct card_address *a)
{
	if (!set_address(s, card->name, a)) {
		kmsg_error(k, "give the card its address");
		return false;
	}
	wait_for_cable(k, card);
	if (!a->router || set_router(s, card->name, a->router))
		return true;
	kmsg_error(k, "set the default route");
	return false;
}

bool card_configure(struct kmsg *k, struct card *card, const struct card_address *a)
{
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool good;

	if (s < 0) {
		kmsg_error(k, "open a socket for the card");
		return false;
	}
	good = bring_up(k, s, card, a) && give_address(k, s, card, a);
	close(s);
	fill_in(card);
	if (good)
		kmsg_step(k, "card %s (%s): %s/%u, router %s, MTU %u", card->name,
		         mac_text(card->mac).s, ip_text(a->ip).s, a->prefix, ip_text(a->router).s, card->mtu);
	return good;
}

bool card_adopt(struct kmsg *k, struct card *card, uint16_t vlan)
{
	if (vlan && !card_vlan_find(k, card->name, vlan, card->name))
		return false;
	fill_in(card);
	return true;
}

/* Writes a file and makes the folders above it. */
static bool write_new(const char *where, const char *text)
{
	char path[128];
	bool good;
	int f;

	fmt_text(path, sizeof path, "%s", where);
	for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		mkdir(path, 0755);
		*slash = '/';
	}
	f = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	good = f >= 0 && write(f, text, strlen(text)) == (ssize_t)strlen(text);
	if (f >= 0)
		close(f);
	return good;
}

void card_protect(struct kmsg *k, const struct card *card, const struct card_address *a)
{
	struct mac_text mac = mac_text(card->mac);
	char text[512];
	size_t at;

	/* Without KeepConfiguration networkd flushes the addresses and routes of links it has a file for.
	 * The name sorts before any of the image's own files, and the first match wins. */
	at = fmt_text(text, sizeof text, "# The root file system comes through this card\n"
	              "[Match]\nMACAddress=%s\n[Network]\nKeepConfiguration=yes\n", mac.s);
	for (unsigned i = 0; i < a->dns_count && at < sizeof text; i++)
		at += fmt_text(text + at, sizeof text - at, "DNS=%s\n", ip_text(a->dns[i]).s);
	if (!write_new("/run/systemd/network/00-rill-bootnic.network", text))
		kmsg_error(k, "keep systemd-networkd from the card");
	/* By name, too: NetworkManager looks for a permanent MAC, and an interface for a VLAN has none. */
	fmt_text(text, sizeof text, "[keyfile]\nunmanaged-devices+=mac:%s;interface-name:%s\n", mac.s, card->name);
	if (!write_new("/run/NetworkManager/conf.d/00-rill-bootnic.conf", text))
		kmsg_error(k, "keep NetworkManager from the card");
}
