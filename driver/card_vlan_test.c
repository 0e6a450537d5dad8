/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A card's VLAN, made and found: 8021q of a kernel that is ours. Its names are the real one's (net/8021q/vlan.c). */
#include "driver/card_vlan.h"
#include <errno.h>
#include <linux/if_vlan.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include "lib/fmt.h"
#include "lib/test.h"

enum { INTERFACES_MAX = 6 };

/* id 0: a card. An interface of index 0 ends the list. */
static struct interface { char name[IFNAMSIZ], below[IFNAMSIZ]; int id; } interfaces[INTERFACES_MAX];
static struct if_nameindex list[INTERFACES_MAX + 1];
static unsigned interface_count, made;
static unsigned name_type;
static bool has_8021q;
static struct kmsg kmsg;
static char told[600];
static size_t told_len;

static void keep(struct log *log, char c)
{
	(void)log;
	assert_true(told_len < sizeof told - 1);
	told[told_len++] = c;
	told[told_len] = 0;
}

static void add(const char *name, const char *below, int id)
{
	struct interface *one = &interfaces[interface_count++];

	assert_true(interface_count <= INTERFACES_MAX);
	fmt_text(one->name, sizeof one->name, "%s", name);
	fmt_text(one->below, sizeof one->below, "%s", below);
	one->id = id;
}

static void machine(bool its_kernel_has_8021q)
{
	interface_count = made = 0;
	add("lo", "", 0);
	add("eth0", "", 0);
	add("enx525400123456", "", 0);
	name_type = VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD;
	has_8021q = its_kernel_has_8021q;
	kmsg = (struct kmsg){ .log = { .put_char = keep, .verbosity = LOG_INFO } };
	told_len = 0;
	told[0] = 0;
}

struct if_nameindex *if_nameindex(void)
{
	memset(list, 0, sizeof list);
	for (unsigned i = 0; i < interface_count; i++)
		list[i] = (struct if_nameindex){ i + 1, interfaces[i].name };
	return list;
}

void if_freenameindex(struct if_nameindex *it) { assert_ptr_equal(it, list); }

static struct interface *named(const char *name)
{
	for (unsigned i = 0; i < interface_count; i++)
		if (!strcmp(interfaces[i].name, name))
			return &interfaces[i];
	return NULL;
}

static int make(const struct interface *card, int id)
{
	char name[64];

	fmt_text(name, sizeof name, name_type == VLAN_NAME_TYPE_PLUS_VID_NO_PAD ? "vlan%s%u" : "%s.%u",
	         name_type == VLAN_NAME_TYPE_PLUS_VID_NO_PAD ? "" : card->name, (unsigned)id);
	name[IFNAMSIZ - 1] = 0;
	if (named(name))
		return EEXIST;
	add(name, card->name, id);
	made++;
	return 0;
}

static int answer(struct vlan_ioctl_args *a)
{
	struct interface *one = named(a->device1);

	if (!has_8021q)
		return ENOPKG;
	if (a->cmd == SET_VLAN_NAME_TYPE_CMD) {
		name_type = a->u.name_type;
		return 0;
	}
	if (!one)
		return ENODEV;
	if (a->cmd == ADD_VLAN_CMD)
		return make(one, a->u.VID);
	if (!one->id)
		return EINVAL;
	if (a->cmd == GET_VLAN_VID_CMD)
		a->u.VID = one->id;
	else if (a->cmd == GET_VLAN_REALDEV_NAME_CMD)
		fmt_text(a->u.device2, sizeof a->u.device2, "%s", one->below);
	else
		return EOPNOTSUPP;
	return 0;
}

int ioctl(int s, unsigned long request, ...)
{
	va_list more;

	va_start(more, request);
	errno = answer(va_arg(more, struct vlan_ioctl_args *));
	va_end(more);
	assert_true(s >= 0);
	assert_int_equal(request, 0x8983);
	return errno ? -1 : 0;
}

static void it_is_made_on_the_card(void **state)
{
	char name[IFNAMSIZ] = "eth0";

	(void)state;
	machine(true);
	assert_true(card_vlan_enter(&kmsg, name, 7, name));
	assert_string_equal(name, "vlan7");
	assert_string_equal(named("vlan7")->below, "eth0");
	assert_int_equal(named("vlan7")->id, 7);
	assert_int_equal(name_type, VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD);        /* as it was */
	assert_string_equal(told, "");
}

static void the_longest_name_of_a_card_leaves_room_for_the_number(void **state)
{
	char name[IFNAMSIZ];

	(void)state;
	machine(true);
	assert_true(card_vlan_enter(&kmsg, "enx525400123456", 4094, name));
	assert_string_equal(name, "vlan4094");
	assert_string_equal(named(name)->below, "enx525400123456");
}

/* A first try that failed later, or somebody else's, who called it otherwise. */
static void one_that_is_there_already_is_taken(void **state)
{
	char name[IFNAMSIZ];

	(void)state;
	machine(true);
	add("eth0.8", "eth0", 8);
	add("other", "enx525400123456", 7);
	add("storage", "eth0", 7);
	assert_true(card_vlan_enter(&kmsg, "eth0", 7, name));
	assert_string_equal(name, "storage");
	assert_true(card_vlan_find(&kmsg, "eth0", 8, name));
	assert_string_equal(name, "eth0.8");
	assert_int_equal(made, 0);
	assert_string_equal(told, "");
}

static void a_kernel_without_8021q_is_told_with_the_cure(void **state)
{
	char name[IFNAMSIZ] = "eth0";

	(void)state;
	machine(false);
	assert_false(card_vlan_enter(&kmsg, name, 7, name));
	assert_string_equal(name, "eth0");
	assert_non_null(strstr(told, "error: the firmware read the disk in VLAN 7, and this kernel has no 8021q. Cure: "
	                       "that module in the initramfs"));
}

static void what_else_is_in_the_way_is_told(void **state)
{
	char name[IFNAMSIZ] = "eth0";

	(void)state;
	machine(true);
	add("vlan7", "enx525400123456", 7);
	assert_false(card_vlan_enter(&kmsg, name, 7, name));
	assert_string_equal(name, "eth0");
	assert_non_null(strstr(told, "error: enter VLAN 7 of eth0: File exists. Cure: "));
	assert_int_equal(name_type, VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD);
}

static void who_keeps_the_network_must_have_it(void **state)
{
	char name[IFNAMSIZ] = "eth0";

	(void)state;
	machine(true);
	assert_false(card_vlan_find(&kmsg, name, 7, name));
	assert_int_equal(made, 0);
	assert_non_null(strstr(told, "error: --keep-network, and eth0 is not in VLAN 7"));
	assert_non_null(strstr(told, "ip link add link eth0 name vlan7 type vlan id 7"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_made_on_the_card),
		cmocka_unit_test(the_longest_name_of_a_card_leaves_room_for_the_number),
		cmocka_unit_test(one_that_is_there_already_is_taken),
		cmocka_unit_test(a_kernel_without_8021q_is_told_with_the_cure),
		cmocka_unit_test(what_else_is_in_the_way_is_told),
		cmocka_unit_test(who_keeps_the_network_must_have_it),
	};

	return cmocka_run_group_tests_name("card_vlan", tests, NULL, NULL);
}
