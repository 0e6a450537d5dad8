# SPDX-License-Identifier: BSD-2-Clause-Patent
"""DHCP servers that are not dnsmasq. They have neither TFTP nor router advertisements: t.dnsmasq(pool=None) does that.

    isc = Isc(folder, text)                     dhcpd with this configuration, on our bridge
    isc = Isc(folder, text, host=far)           on the card of another host
    kea = Kea(folder, subnet, classes)          kea-dhcp4 with one subnet and client classes, which are dictionaries
    isc.said(), isc.leases()                    its log, and its file of leases

Each runs in the foreground, and all that it reads and writes is in the case's folder. What runs is a copy: AppArmor, where there
is one, knows these programs by their path and leaves them the folders of their packages only.
"""
import json
import os
import shutil
import time

from machine import Failed, start, stop

# By option 93 a UEFI machine is told its own boot file.
ISC_BOOT = """
option arch code 93 = unsigned integer 16;
if option arch = 00:00 { filename "rill.kpxe"; } else { filename "rill.efi"; }
"""


class Daemon:
    def __init__(self, folder, program, log, ready, words, host=None, **more):
        if not os.path.exists(program):
            raise Failed("there is no %s; make deps installs it" % program)
        copy = shutil.copy(program, folder)
        self.log = "%s/%s" % (folder, log)
        self.process = start(host.words([copy] + words) if host else [copy] + words, self.log, **more)
        until = time.time() + 10
        while ready not in self.said():
            if self.process.poll() is not None or time.time() > until:
                raise Failed("%s is not ready: %s" % (program, self.said()[-800:]))
            time.sleep(0.02)

    def said(self):
        with open(self.log) as f:
            return f.read()

    def stop(self):
        stop(self.process)


class Isc(Daemon):
    def __init__(self, folder, text, host=None):
        config, self.file = folder + "/isc.conf", folder + "/isc.leases"
        with open(config, "w") as f:
            f.write("authoritative;\nping-check false;\n" + text)
        with open(self.file, "w"):
            pass
        super().__init__(folder, "/usr/sbin/dhcpd", "isc.log", "Server starting service", [
            "-4", "-f", "-d", "--no-pid", "-cf", config, "-lf", self.file, "eth0" if host else "br0"], host)

    def leases(self):
        with open(self.file) as f:
            return f.read()


class Kea(Daemon):
    def __init__(self, folder, subnet, classes):
        here, config = os.path.abspath(folder), folder + "/kea.json"
        with open(config, "w") as f:
            json.dump({"Dhcp4": {
                "interfaces-config": {"interfaces": ["br0"]}, "subnet4": [subnet], "client-classes": classes,
                "lease-database": {"type": "memfile", "persist": True, "name": here + "/kea.leases", "lfc-interval": 0},
                "loggers": [{"name": "kea-dhcp4", "severity": "DEBUG", "debuglevel": 40,
                             "output_options": [{"output": "stdout"}]}]}}, f, indent=1)
        super().__init__(folder, "/usr/sbin/kea-dhcp4", "kea.log", "DHCP4_STARTED", ["-c", config], env=dict(
            os.environ, KEA_PIDFILE_DIR=here, KEA_LOCKFILE_DIR=here))
