/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/host/tap.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What the kernel queues for a tap while nobody reads; its default is 500 frames. */
enum { RX_FRAMES_MAX = 256, MTU = 1500 };

static bool tap_send(struct nic *nic, const void *frame, size_t len)
{
	struct tap *t = (struct tap *)nic;
	uint8_t padded[FRAME_MIN] = { 0 };

	if (len < FRAME_MIN) {
		memcpy(padded, frame, len);
		frame = padded;
		len   = FRAME_MIN;
	}
	/* A full queue is a busy card; any other error loses the frame, as a cable would. */
	return write(t->fd, frame, len) >= 0 || (errno != EAGAIN && errno != ENOBUFS);
}

static bool tap_poll(struct nic *nic, struct rd *frame)
{
	struct tap *t = (struct tap *)nic;
	ssize_t len = read(t->fd, t->frame, sizeof t->frame);

	if (len <= 0)
		return false;
	*frame = rd_over(t->frame, (size_t)len);
	return true;
}

static enum nic_link tap_link(struct nic *nic)
{
	(void)nic;
	return NIC_LINK_UNKNOWN;
}

/* It hears every group as it is. */
static bool tap_groups(struct nic *nic, const uint8_t (*macs)[6], unsigned count)
{
	(void)nic;
	(void)macs;
	return count <= NIC_GROUPS_MAX;
}

void tap_over(struct tap *t, int fd, const uint8_t mac[6])
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	*t = (struct tap){
		.nic = { .send = tap_send, .poll = tap_poll, .link = tap_link, .groups = tap_groups, .mtu = MTU,
			.rx_frames_max = RX_FRAMES_MAX, .rx_window_max = RX_FRAMES_MAX, .driver = "tap" },
		.fd = fd,
	};
	memcpy(t->nic.mac, mac, sizeof t->nic.mac);
}

bool tap_open(struct tap *t, const char *name, const uint8_t mac[6])
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (strlen(name) >= sizeof request.ifr_name) {
		errno = ENAMETOOLONG;
		return false;
	}
	strcpy(request.ifr_name, name);
	if (ioctl(fd, TUNSETIFF, &request) < 0)
		return false;
	tap_over(t, fd, mac);
	return true;
}
