/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/random.h"
#include "lib/test.h"
#include "firmware/bios/calibration.h"
#include "firmware/bios/cpu.h"

enum { NS_PER_MS = 1000000, TSC_KHZ = 2100000, CHANNEL2 = 0x42, COMMAND = 0x43, PORT_B = 0x61, OUT2 = 0x20 };

/* A PC: one time, in which both counters run, and a CPU that now and then is somebody else's. */
static struct {
	uint64_t ns;
	struct random chance;
	unsigned stalls_in_100000;        /* instructions that take so much longer: */
	uint64_t stall_ns;
	bool     is_dead;               /* the PIT does not count */
	uint64_t loaded_at;
	uint16_t latched;
	bool     high_next;
	uint8_t  port_b;
} pc;

static void pass(uint64_t ns)
{
	pc.ns += ns;
	if (random_below(&pc.chance, 100000) < pc.stalls_in_100000)
		pc.ns += pc.stall_ns;
}

static uint64_t pit_passed(void) { return pc.is_dead ? 0 : (pc.ns - pc.loaded_at) * PIT_HZ / 1000000000; }

uint64_t cpu_tsc(void)
{
	pass(10);
	return pc.ns * TSC_KHZ / NS_PER_MS;
}

uint8_t cpu_in8(uint16_t port)
{
	pass(900);
	if (port == PORT_B)
		return (uint8_t)(pc.port_b | (pit_passed() > 0xffff ? OUT2 : 0));
	assert_int_equal(port, CHANNEL2);
	pc.high_next = !pc.high_next;
	return (uint8_t)(pc.high_next ? pc.latched : pc.latched >> 8);
}

void cpu_out8(uint16_t port, uint8_t value)
{
	pass(900);
	if (port == PORT_B)
		pc.port_b = value;
	else if (port == COMMAND && value == 0x80)
		pc.latched = (uint16_t)(0xffff - pit_passed());
	else
		pc.loaded_at = pc.ns;
	if (port == COMMAND)
		pc.high_next = false;
}

static uint32_t measured_khz(uint64_t seed, unsigned stalls_in_100000, uint64_t stall_ns)
{
	struct calibration c;

	memset(&pc, 0, sizeof pc);
	pc.chance = random_from(seed);
	pc.stalls_in_100000 = stalls_in_100000;
	pc.stall_ns = stall_ns;
	pc.port_b = 0x13;
	c = calibration_measure();
	assert_int_equal(pc.port_b, 0x13);
	assert_false(c.is_guess);
	return (uint32_t)((uint64_t)c.tsc_ticks * PIT_HZ / c.pit_ticks / 1000);
}

static void assert_right(uint32_t khz)
{
	assert_in_range(khz, TSC_KHZ - TSC_KHZ / 500, TSC_KHZ + TSC_KHZ / 500);
}

static void a_quiet_machine_is_measured_right(void **state)
{
	(void)state;
	assert_right(measured_khz(1, 0, 0));
	assert_in_range(pc.ns, 32 * NS_PER_MS, 45 * NS_PER_MS);
}

/* The end of each wait is noticed late, all of them; or the CPU is away between two readings of one moment. */
static void a_cpu_that_is_scarce_is_not_a_fast_one(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		assert_right(measured_khz(seed, 100, 10 * NS_PER_MS));
		assert_right(measured_khz(seed, 500, NS_PER_MS));
		assert_right(measured_khz(seed, 2000, NS_PER_MS / 2));
	}
}

/* 55 ms and more: the count is round, and says a moment that was not. */
static void a_count_that_went_round_is_thrown_away(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++)
		assert_right(measured_khz(seed, 10, 60 * NS_PER_MS));
}

static void without_a_pit_time_passes_all_the_same(void **state)
{
	struct calibration c;

	(void)state;
	memset(&pc, 0, sizeof pc);
	pc.is_dead = true;
	c = calibration_measure();
	assert_true(c.is_guess);
	assert_true(c.tsc_ticks && c.pit_ticks);
	assert_true(pc.ns < 10000ull * NS_PER_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quiet_machine_is_measured_right),
		cmocka_unit_test(a_cpu_that_is_scarce_is_not_a_fast_one),
		cmocka_unit_test(a_count_that_went_round_is_thrown_away),
		cmocka_unit_test(without_a_pit_time_passes_all_the_same),
	};

	return cmocka_run_group_tests_name("calibration", tests, NULL, NULL);
}
