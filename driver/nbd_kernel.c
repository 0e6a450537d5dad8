/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/nbd_kernel.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/netlink.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "lib/fmt.h"

/* 512 KiB keep several requests under way for one sequential reader; 128 KiB is the job size of export.h. */
static const char read_ahead_kib[] = "512", request_kib[] = "128";

static int open_netlink(struct kmsg *k)
{
	struct timeval patience = { .tv_sec = 10 };
	int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (s < 0)
		kmsg_error(k, "open generic netlink");
	else
		setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	return s;
}

/*
 * One message there, and what comes back merged: the answer and the
 * acknowledgement are separate messages, in separate datagrams.
 */
static bool ask(int s, const uint8_t *message, const struct wr *written, uint32_t sequence,
                struct genl_reply *all)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	size_t len = wr_used(written, message);
	bool acknowledged = false;

	*all = (struct genl_reply){ 0 };
	if (!wr_ok(written)
	    || sendto(s, message, len, 0, (struct sockaddr *)&kernel, sizeof kernel) != (ssize_t)len)
		return false;
	while (!acknowledged) {
		uint8_t room[8192];
		struct genl_reply one;
		ssize_t got = recv(s, room, sizeof room, 0);
		struct rd r = rd_over(room, got < 0 ? 0 : (size_t)got);

		if (got <= 0)
			return false;
		while (rd_genl_reply(&r, &one)) {
			if (one.sequence != sequence)
				continue;
			if (one.is_error) {
				acknowledged = true;
				all->error = one.error;
			}
			if (one.has_family) {
				all->family = one.family;
				all->has_family = true;
			}
			if (one.has_index) {
				all->index = one.index;
				all->has_index = true;
			}
		}
	}
	errno = -all->error;
	return all->error == 0;
}

static bool find_family(struct kmsg *k, int s, uint16_t *family)
{
	uint8_t message[GENL_MESSAGE_MAX];
	struct wr w = wr_over(message, sizeof message);
	struct genl_reply reply;

	wr_genl_family(&w, 1, "nbd");
	if (!ask(s, message, &w, 1, &reply) || !reply.has_family) {
		kmsg_wrong(k, "the kernel's nbd driver does not answer (%s). modprobe nbd?",
		         strerror(errno));
		return false;
	}
	*family = reply.family;
	return true;
}

bool nbd_kernel_attach(struct kmsg *k, const struct genl_disk *disk, unsigned *index)
{
	uint8_t message[GENL_MESSAGE_MAX];
	struct wr w = wr_over(message, sizeof message);
	struct genl_reply reply;
	uint16_t family;
	int s = open_netlink(k);
	bool good = s >= 0 && find_family(k, s, &family);

	if (good) {
		wr_genl_connect(&w, 2, family, disk);
		good = ask(s, message, &w, 2, &reply) && (reply.has_index || disk->index >= 0);
		if (!good)
			kmsg_error(k, "give the disk to the kernel's nbd driver");
		else
			*index = reply.has_index ? reply.index : (unsigned)disk->index;
	}
	if (s >= 0)
		close(s);
	return good;
}

bool nbd_kernel_detach(struct kmsg *k, unsigned index)
{
	uint8_t message[GENL_MESSAGE_MAX];
	struct wr w = wr_over(message, sizeof message);
	struct genl_reply reply;
	uint16_t family;
	int s = open_netlink(k);
	bool good = s >= 0 && find_family(k, s, &family);

	if (good) {
		wr_genl_disconnect(&w, 2, family, index);
		good = ask(s, message, &w, 2, &reply);
		if (!good)
			kmsg_error(k, "take the disk from the kernel's nbd driver");
	}
	if (s >= 0)
		close(s);
	return good;
}

/* A queue keeps its default if it takes no other value: slower, not wrong. */
static void set_queue(unsigned index, const char *name, const char *value)
{
	char path[64];
	int f;

	fmt_text(path, sizeof path, "/sys/block/nbd%u/queue/%s", index, name);
	f = open(path, O_WRONLY | O_CLOEXEC);
	if (f < 0)
		return;
	if (write(f, value, strlen(value)) < 0)
		errno = 0;
	close(f);
}

void nbd_kernel_tune(struct kmsg *k, unsigned index)
{
	char path[32];
	int f;

	set_queue(index, "max_sectors_kb", request_kib);
	set_queue(index, "read_ahead_kb", read_ahead_kib);
	fmt_text(path, sizeof path, "/dev/nbd%u", index);
	f = open(path, O_RDONLY | O_CLOEXEC);
	if (f < 0) {
		kmsg_error(k, path);
		return;
	}
	/* Opening reads the partition table already on most kernels; a second look changes nothing. */
	if (ioctl(f, BLKRRPART) < 0 && errno != EBUSY && errno != EINVAL)
		kmsg_error(k, "read the partition table");
	close(f);
}
