# SPDX-License-Identifier: BSD-2-Clause-Patent
"""How fast the host's cores were during a run. Whose machine is a part of a greater one has neighbours that it cannot see:
a core whose other thread they use takes 1.26 times as long for the same loop, one that the hypervisor gives away at times
twice as long, and neither shows in /proc/stat.

    pace = Pace()
    ...
    times = pace.stop()             {core: microseconds of its own processor time that a small loop took there, mean of the run}
    slowdown(times, best)           of the slowest core: 1.0 if it was as fast as best, the least() of a series
"""
import os
import statistics
import threading
import time

LOOPS, SECONDS = 4000, 0.1              # 0.2 ms ten times a second: a five hundredth of a core
WARM = 3                                # the first ones find no cache


def once():
    began, x = time.thread_time_ns(), 0
    for i in range(LOOPS):
        x = (x * 5 + i) & 0xffff
    return (time.thread_time_ns() - began) / 1000


class Core(threading.Thread):
    def __init__(self, number, end):
        super().__init__(daemon=True)
        self.number, self.end, self.times = number, end, []
        self.start()

    def run(self):
        os.sched_setaffinity(0, {self.number})          # of this thread alone
        while not self.end.wait(SECONDS):
            self.times.append(once())


class Pace:
    def __init__(self):
        self.end = threading.Event()
        self.cores = [Core(number, self.end) for number in sorted(os.sched_getaffinity(0))]

    def stop(self):
        self.end.set()
        for core in self.cores:
            core.join()
        return {str(core.number): statistics.mean(core.times[WARM:]) for core in self.cores if core.times[WARM:]}


def least(several):
    """Of the runs of a series; None if no run was long enough."""
    return min((us for times in several for us in times.values()), default=None)


def slowdown(times, best):
    return max(times.values()) / best if times and best else None
