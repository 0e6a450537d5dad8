# SPDX-License-Identifier: BSD-2-Clause-Patent
"""`make run` as it is, without a terminal: QEMU's own DHCP and TFTP, which can say no more than a boot file."""
import os
import subprocess

LIMIT = 360


def command_of(pid):
    try:
        with open("/proc/%s/cmdline" % pid) as f:
            return f.read()
    except OSError:
        return ""


def run(t):
    folder = t.folder + "/run"
    result = subprocess.run(["qemu-tests/run"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, env=dict(os.environ, RUN_FOLDER=folder, LIMIT="300"), check=False)
    print(result.stdout)
    t.expect(result.returncode == 0, "make run ended with %d" % result.returncode)
    for step in ("TFTP of rill.kpxe", "Rill: DHCP request", "login granted", "GRUB runs", "Linux", "login prompt",
                 "its hash is right"):
        t.expect(step in result.stdout, "make run did not show the step: " + step)
    with open(folder + "/command.txt") as f:
        t.expect_no_drive(f.read().split())
    t.expect_one_session(folder + "/net.pcap")
    t.expect_bytes_in_log(folder + "/rilld.log")
    left = [p for p in os.listdir("/proc") if p.isdigit() and folder in command_of(p)]
    t.expect(not left, "make run left processes: %s" % left)
    t.token()
