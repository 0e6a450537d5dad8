# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The contenders: who serves the disk, and what the machine loads to reach it.

    peer = BIOS["iscsi"](folder, disk)      its servers run; UEFI[...] for the other firmware; in a card's ROM: inrom.py

All are loaded by the card's stock PXE ROM, or by UEFI's PXE, and use its UNDI, or SNP. iPXE's undionly.kpxe and snponly.efi
are Debian's (package ipxe); they ask DHCP again and must then get a script instead of themselves. Their 2019 build tells
nothing in DHCP that the stock ROM, which is an iPXE of the same day, does not tell as well; so the file that both ask for
changes once it was sent.
"""
import os
import shutil
import socket
import time

import network
import transfer
from machine import Failed, start
from peer import SNPONLY, UNDIONLY, Peer

NAME = "iqn.2026-01.test.rill:bench"
BOOT = "boot"


class Rill(Peer):
    is_ours, program = True, "rill.kpxe"

    def __init__(self, folder, disk):
        super().__init__(folder)
        self.keep(network.Server(folder, {"bench": disk}, "bench"))
        self.keep(network.Dnsmasq(folder, boot_file=self.program, files=self.files(),
                                  root_path="rill://%s/bench" % network.HERE))

    def files(self):
        return [network.OUT + "/" + self.program]


class RillEfi(Rill):
    program = "rill.efi"


class SnpEfi(RillEfi):
    """By the firmware's driver, whatever Rill would choose."""
    def files(self):
        return [transfer.driven_by("snp", "rill.efi", self.folder)]


class Count(Peer):
    """No disk: what the card's UNDI, or SNP, can bring at all."""
    reads_disk, is_ours, program = False, True, "count.kpxe"

    def __init__(self, folder, disk):
        super().__init__(folder)
        self.start([network.OUT + "/blaster", network.HERE], "blaster.log")
        self.keep(network.Dnsmasq(folder, boot_file=self.program, files=self.files()))

    def files(self):
        return [network.OUT + "/" + self.program]


class CountEfi(Count):
    program = "count.efi"


class Ipxe(Peer):
    """iPXE with a script of one line; heirs start a server and say where the disk is. program None: the card's ROM is iPXE, and
    gets the script at once."""
    program = UNDIONLY

    def __init__(self, folder, disk):
        super().__init__(folder)
        where = self.serve(os.path.abspath(disk))
        tftp = folder + "/tftp"
        os.makedirs(tftp, exist_ok=True)
        self.script, self.file = tftp + "/script", "%s/%s" % (tftp, BOOT)
        with open(self.script, "w") as f:
            f.write("#!ipxe\nsanboot --no-describe --drive 0x80 %s\n" % where)
        if self.program:
            shutil.copy(self.program, self.file)
        else:
            self.hand_out()
        self.dnsmasq = self.keep(network.Dnsmasq(folder, boot_file=BOOT))

    def hand_out(self):
        os.replace(self.script, self.file)
        self.script = None

    def turn(self, machine):
        if not self.script:
            return
        with open(self.dnsmasq.log) as f:
            log = f.read()
        # Who asks for the size first hangs up then, and dnsmasq calls that sent, too.
        if log.count("sent %s to " % os.path.abspath(self.file)) > log.count("aborted the transfer"):
            self.hand_out()

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


class Iscsi(Ipxe):
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


class Http(Ipxe):
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


class Aoe(Ipxe):
    def serve(self, disk):
        self.start(["vblade", "-r", "0", "1", "br0", disk], "vblade.log")
        return "aoe:e0.1"


class IscsiEfi(Iscsi):
    program = SNPONLY


class HttpEfi(Http):
    program = SNPONLY


BIOS = {"count": Count, "rill": Rill, "iscsi": Iscsi, "http": Http, "aoe": Aoe}
UEFI = {"count": CountEfi, "rill": RillEfi, "iscsi": IscsiEfi, "http": HttpEfi, "tftp": transfer.RillTftp,
        "edk2": transfer.ByFirmware, "snptftp": transfer.SnponlyTftp, "romtftp": transfer.ByFirmware,
        "biosrom": transfer.ByRomOnBios, "snp": SnpEfi, "tftpsnp": transfer.SnpTftp}
