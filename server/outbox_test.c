/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <unistd.h>
#include "server/socket.h"

/* A kernel of our own: what it was given, and how it fails. */
static struct {
	unsigned messages, segmented, datagrams, calls;
	size_t   bytes;
	int      fail_gso, fail_all;    /* errno for messages with segments, for all */
} kernel;

static unsigned gso_size(struct msghdr *h)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		uint16_t size;

		if (c->cmsg_level != IPPROTO_UDP)
			continue;
		memcpy(&size, CMSG_DATA(c), sizeof size);
		return size;
	}
	return 0;
}

static int fake_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	unsigned done = 0;

	(void)fd;
	assert_int_equal(flags, MSG_DONTWAIT);
	kernel.calls++;
	for (; done < count; done++) {
		struct msghdr *h = &messages[done].msg_hdr;
		size_t len = h->msg_iov->iov_len, size = gso_size(h);
		int error = kernel.fail_all ? kernel.fail_all : size ? kernel.fail_gso : 0;

		if (error) {
			errno = error;
			return done ? (int)done : -1;
		}
		assert_true(len <= OUTBOX_GSO_BYTES && (size == 0 || (len > size && len <= 64 * size)));
		kernel.messages++;
		kernel.segmented += size != 0;
		kernel.datagrams += size ? (unsigned)((len + size - 1) / size) : 1;
		kernel.bytes     += len;
	}
	return (int)done;
}

static struct outbox *open_box(bool gso)
{
	struct outbox *box = malloc(sizeof *box);
	union outbox_address to = { .v4 = { .sin_family = AF_INET } };
	struct outbox_asked from = { .family = AF_INET };

	assert_true(outbox_open(box, -1, gso));
	box->sendmmsg = fake_sendmmsg;
	box->now = 1000 * (usec)USEC_PER_S;
	outbox_to(box, &to, &from);
	memset(&kernel, 0, sizeof kernel);
	return box;
}

static void close_box(struct outbox *box)
{
	outbox_close(box);
	free(box);
}

/* A burst as a Tread causes: count datagrams of len bytes, the last one of `last`. */
static void burst(struct outbox *box, unsigned count, size_t len, size_t last)
{
	uint8_t *room = box->out.room(&box->out, (count - 1) * len + last);

	assert_non_null(room);
	memset(room, 0x5a, (count - 1) * len + last);
	for (unsigned i = 0; i < count; i++)
		box->out.send(&box->out, i + 1 < count ? len : last);
}

static void next_request(struct outbox *box)
{
	union outbox_address to = box->to;
	struct outbox_asked from = box->from;

	outbox_to(box, &to, &from);
}

static void a_burst_is_few_messages(void **state)
{
	struct outbox *box = open_box(true);

	(void)state;
	burst(box, 24, 1436, 500);
	outbox_flush(box);
	assert_int_equal(kernel.messages, 1);
	assert_int_equal(kernel.datagrams, 24);
	assert_int_equal(kernel.bytes, 23 * 1436 + 500);
	burst(box, 64, 1436, 1436);             /* more than one message can have */
	outbox_flush(box);
	assert_int_equal(kernel.messages, 3);
	assert_int_equal(kernel.datagrams, 24 + 64);
	burst(box, 64, 8956, 100);
	outbox_flush(box);
	assert_int_equal(kernel.datagrams, 24 + 64 + 64);
	assert_int_equal(box->counts.lost, 0);
	assert_int_equal(box->counts.datagrams, 24 + 64 + 64);
	close_box(box);
}

static void requests_do_not_share_messages(void **state)
{
	struct outbox *box = open_box(true);

	(void)state;
	for (unsigned i = 0; i < 10; i++) {
		next_request(box);
		burst(box, 3, 1436, 1308);
	}
	next_request(box);
	burst(box, 1, 100, 100);
	next_request(box);
	burst(box, 1, 100, 100);
	outbox_flush(box);
	assert_int_equal(kernel.messages, 12);
	assert_int_equal(kernel.segmented, 10);
	assert_int_equal(kernel.datagrams, 32);
	assert_int_equal(kernel.calls, 1);
	close_box(box);
}

static void segments_of_a_message_are_equal(void **state)
{
	static const size_t lens[] = { 1000, 1000, 500, 1000, 400, 400, 1000, 300 };
	struct outbox *box = open_box(true);

	(void)state;
	assert_non_null(box->out.room(&box->out, 10000));
	for (size_t i = 0; i < COUNT_OF(lens); i++)
		box->out.send(&box->out, lens[i]);
	outbox_flush(box);
	/* 1000 1000 500, 1000 400, 400, 1000 300 */
	assert_int_equal(kernel.messages, 4);
	assert_int_equal(kernel.segmented, 3);
	assert_int_equal(kernel.datagrams, COUNT_OF(lens));
	burst(box, 100, 100, 100);              /* 64 and 36 */
	outbox_flush(box);
	assert_int_equal(kernel.messages, 6);
	assert_int_equal(kernel.datagrams, COUNT_OF(lens) + 100);
	close_box(box);
}

static void more_than_fits_goes_out_in_between(void **state)
{
	for (int gso = 0; gso < 2; gso++) {
		struct outbox *box = open_box(gso != 0);

		(void)state;
		for (unsigned i = 0; i < 100; i++) {
			next_request(box);
			burst(box, 64, 1436, 700);
		}
		for (unsigned i = 0; i < 600; i++) {
			next_request(box);
			burst(box, 1, 22, 22);
		}
		outbox_flush(box);
		assert_int_equal(kernel.datagrams, 7000);
		assert_int_equal(kernel.bytes, 100 * (63 * 1436 + 700) + 600 * 22);
		close_box(box);
	}
}

static void what_is_not_sent_is_given_back(void **state)
{
	struct outbox *box = open_box(true);

	(void)state;
	assert_non_null(box->out.room(&box->out, 60000));       /* a disk that could not be read */
	burst(box, 1, 22, 22);
	outbox_flush(box);
	assert_int_equal(kernel.bytes, 22);
	assert_null(box->out.room(&box->out, OUTBOX_BYTES + 1));
	assert_non_null(box->out.room(&box->out, SERVER_ROOM_MAX));
	close_box(box);
}

static void without_offload_datagrams_go_one_by_one(void **state)
{
	static const int errors[] = { EIO, EINVAL, ENOPROTOOPT, EOPNOTSUPP, EMSGSIZE };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(errors); i++) {
		struct outbox *box = open_box(true);
		bool pauses = errors[i] != EMSGSIZE && errors[i] != EINVAL;

		kernel.fail_gso = errors[i];
		burst(box, 24, 1436, 500);
		next_request(box);
		burst(box, 1, 22, 22);
		outbox_flush(box);
		assert_int_equal(kernel.datagrams, 25);
		assert_int_equal(kernel.segmented, 0);
		assert_int_equal(kernel.bytes, 23 * 1436 + 500 + 22);
		assert_int_equal(box->counts.one_by_one, 24);
		assert_int_equal(box->counts.lost, 0);
		/* A kernel or card that cannot is left alone for a minute; a path that could not, is not. */
		kernel.fail_gso = 0;
		burst(box, 2, 1436, 1436);
		outbox_flush(box);
		assert_int_equal(kernel.segmented, !pauses);
		box->now += OUTBOX_GSO_PAUSE_S * (usec)USEC_PER_S;
		kernel.segmented = 0;
		burst(box, 2, 1436, 1436);
		outbox_flush(box);
		assert_int_equal(kernel.segmented, 1);
		close_box(box);
	}
}

static void what_the_socket_does_not_take_is_lost_and_counted(void **state)
{
	static const int errors[] = { EAGAIN, ENOBUFS, EPERM, ENETUNREACH, EMSGSIZE };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(errors); i++) {
		struct outbox *box = open_box(true);

		kernel.fail_all = errors[i];
		burst(box, 3, 1436, 500);
		next_request(box);
		burst(box, 1, 22, 22);
		outbox_flush(box);
		assert_int_equal(kernel.datagrams, 0);
		assert_int_equal(box->counts.lost, 4);
		assert_int_equal(box->counts.too_big, errors[i] == EMSGSIZE ? 4 : 0);
		assert_int_equal(box->trouble, i < 2 ? 0 : errors[i]);
		kernel.fail_all = 0;
		burst(box, 1, 22, 22);
		outbox_flush(box);
		assert_int_equal(kernel.datagrams, 1);
		close_box(box);
	}
}

static int option(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof value;

	assert_int_equal(getsockopt(fd, level, name, &value, &len), 0);
	return value;
}

static void m02_sockets_do_not_fragment(void **state)
{
	struct stream_address where = stream_address_ipv4(0x7f000001, 0);
	char trouble[256];
	int fd = socket_open(&where, false, true, trouble, sizeof trouble);

	(void)state;
	assert_true(fd >= 0);
	assert_int_not_equal(where.port, 0);
	assert_int_equal(option(fd, IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_PROBE);
	assert_int_equal(option(fd, IPPROTO_IP, IP_PKTINFO), 1);
	close(fd);
}

static void a_taken_port_is_named_with_a_cure(void **state)
{
	struct stream_address where = stream_address_ipv4(0x7f000001, 0);
	char trouble[256], right[256];
	int first = socket_open(&where, false, false, trouble, sizeof trouble);
	int second = socket_open(&where, false, false, trouble, sizeof trouble);

	(void)state;
	assert_true(first >= 0 && second >= 0);         /* loops share their port ... */
	/* ... servers do not */
	assert_int_equal(socket_open(&where, false, true, trouble, sizeof trouble), -1);
	snprintf(right, sizeof right, "cannot listen on 127.0.0.1:%u: Address already in use; stop the other "
	         "server there, or choose another port with --listen", where.port);
	assert_string_equal(trouble, right);
	close(first);
	close(second);
	where = stream_address_ipv4(0xc0000201, 1);     /* 192.0.2.1 is nobody's */
	assert_int_equal(socket_open(&where, false, true, trouble, sizeof trouble), -1);
	assert_string_equal(trouble, "cannot listen on 192.0.2.1:1: Cannot assign requested address; "
	                    "give --listen an address this computer has");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_burst_is_few_messages),
		cmocka_unit_test(requests_do_not_share_messages),
		cmocka_unit_test(segments_of_a_message_are_equal),
		cmocka_unit_test(more_than_fits_goes_out_in_between),
		cmocka_unit_test(what_is_not_sent_is_given_back),
		cmocka_unit_test(without_offload_datagrams_go_one_by_one),
		cmocka_unit_test(what_the_socket_does_not_take_is_lost_and_counted),
		cmocka_unit_test(m02_sockets_do_not_fragment),
		cmocka_unit_test(a_taken_port_is_named_with_a_cure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
