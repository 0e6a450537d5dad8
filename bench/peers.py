# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The contenders: who serves the disk, and what the machine loads to reach it.

    peer = ALL["iscsi"](folder, disk)       its servers run
    peer.turn(machine)                      now and then while the machine runs
    peer.stop()

All are loaded by the card's stock PXE ROM and use its UNDI. iPXE's undionly.kpxe is Debian's (package ipxe); it asks
DHCP again and must then get a script instead of itself. Its 2019 build tells nothing in DHCP that the stock ROM, which is
an iPXE of the same day, does not tell as well; so the file that both ask for changes once it was sent.
"""
import os
import shutil
import socket
import time

import network
from machine import Failed, start, stop

UNDIONLY = "/usr/lib/ipxe/undionly.kpxe"
NAME = "iqn.2026-01.test.rill:bench"
BOOT = "boot"


class Peer:
    """A set of processes and objects with stop()."""
    def __init__(self, folder):
        self.folder, self.running = folder, []

    def start(self, words, log, **more):
        process = start(words, "%s/%s" % (self.folder, log), **more)
        self.running.append(process)
        return process

    def keep(self, made):
        self.running.append(made)
        return made

    def turn(self, machine):
        pass

    def stop(self):
        for made in reversed(self.running):
            if hasattr(made, "wait"):
                stop(made)
            else:
                made.stop()


class Rill(Peer):
    def __init__(self, folder, disk):
        super().__init__(folder)
        self.keep(network.Server(folder, {"bench": disk}, "bench"))
        self.keep(network.Dnsmasq(folder, root_path="rill://%s/bench" % network.HERE))


class Count(Peer):
    """No disk: what the card's UNDI can bring at all."""
    def __init__(self, folder, disk):
        super().__init__(folder)
        image = network.OUT + "/count.kpxe"
        self.start([network.OUT + "/blaster", network.HERE], "blaster.log")
        self.keep(network.Dnsmasq(folder, boot_file="count.kpxe", files=[image]))


class Undionly(Peer):
    """iPXE with a script of one line; heirs start a server and say where the disk is."""
    def __init__(self, folder, disk):
        super().__init__(folder)
        where = self.serve(os.path.abspath(disk))
        tftp = folder + "/tftp"
        os.makedirs(tftp, exist_ok=True)
        shutil.copy(UNDIONLY, "%s/%s" % (tftp, BOOT))
        self.script, self.file = tftp + "/script", "%s/%s" % (tftp, BOOT)
        with open(self.script, "w") as f:
            f.write("#!ipxe\nsanboot --no-describe --drive 0x80 %s\n" % where)
        self.dnsmasq = self.keep(network.Dnsmasq(folder, boot_file=BOOT))

    def turn(self, machine):
        if not self.script:
            return
        with open(self.dnsmasq.log) as f:
            if "sent %s to " % os.path.abspath(self.file) in f.read():
                os.replace(self.script, self.file)
                self.script = None

    def wait_tcp(self, port, process, name):
        until = time.time() + 5
        while True:
            try:
                socket.create_connection((network.HERE, port), 1).close()
                return
            except OSError as why:
                if process.poll() is not None or time.time() > until:
                    raise Failed("%s does not listen on port %d: %s" % (name, port, why)) from None
            time.sleep(0.02)


class Iscsi(Undionly):
    def serve(self, disk):
        os.environ["TGT_IPC_SOCKET"] = os.path.abspath(self.folder) + "/tgt"
        process = self.start(["tgtd", "-f", "--iscsi", "portal=%s:3260" % network.HERE], "tgtd.log")
        self.wait_tcp(3260, process, "tgtd")
        for words in (["--mode", "target", "--op", "new", "--tid", "1", "--targetname", NAME],
                      ["--mode", "logicalunit", "--op", "new", "--tid", "1", "--lun", "1", "--backing-store", disk],
                      ["--mode", "target", "--op", "bind", "--tid", "1", "--initiator-address", "ALL"]):
            if start(["tgtadm", "--lld", "iscsi"] + words, self.folder + "/tgtd.log").wait():
                raise Failed("tgtadm %s: see tgtd.log" % " ".join(words))
        return "iscsi:%s:::1:%s" % (network.HERE, NAME)


class Http(Undionly):
    CONFIG = """daemon off; master_process off; worker_processes 1; pid %(folder)s/nginx.pid; error_log stderr;
events { }
http {
	access_log off; sendfile on; tcp_nodelay on; keepalive_timeout 600; keepalive_requests 10000000;
	client_body_temp_path %(folder)s/t1; proxy_temp_path %(folder)s/t2; fastcgi_temp_path %(folder)s/t3;
	uwsgi_temp_path %(folder)s/t4; scgi_temp_path %(folder)s/t5;
	server { listen %(here)s:80; location = /disk.img { alias %(disk)s; } }
}
"""

    def serve(self, disk):
        folder = os.path.abspath(self.folder)
        with open(folder + "/nginx.conf", "w") as f:
            f.write(self.CONFIG % {"folder": folder, "here": network.HERE, "disk": disk})
        process = self.start(["nginx", "-e", "stderr", "-c", folder + "/nginx.conf"], "nginx.log")
        self.wait_tcp(80, process, "nginx")
        return "http://%s/disk.img" % network.HERE


class Aoe(Undionly):
    def serve(self, disk):
        self.start(["vblade", "-r", "0", "1", "br0", disk], "vblade.log")
        return "aoe:e0.1"


ALL = {"count": Count, "rill": Rill, "iscsi": Iscsi, "http": Http, "aoe": Aoe}
