# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The network of a test, inside a namespace that the test owns: a bridge, a tap and a bad cable per card, DHCP, rilld.

    cable = Cable(folder, 0, loss=1, seed=7)      tap0 in the bridge; its other end is for a QEMU card or for rill-host
    dnsmasq = Dnsmasq(folder, boot_file="rill.kpxe", root_path="rill://10.99.0.1/debian")
    server = Server(folder, {"debian": path}, default="debian")
    http = Http(folder)                           an HTTP server of what dnsmasq has by TFTP
    far = Host("far", "10.98.0.2/24")             another host, with a cable to ours; Dnsmasq and Server run there with host=far

Each has stop(); Cable.stop() says what was really done to the frames.
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import time

from machine import Failed, start, stop

HERE = "10.99.0.1"
OUT = "build/out"
POOL = "10.99.0.50,10.99.0.99,255.255.255.0,1h"


def ip(*words):
    result = subprocess.run(("ip",) + words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode:
        raise Failed("ip %s: %s" % (" ".join(words), result.stdout.strip()))


def make_bridge():
    ip("link", "set", "lo", "up")
    ip("link", "add", "br0", "type", "bridge", "forward_delay", "0", "stp_state", "0")
    ip("addr", "add", HERE + "/24", "dev", "br0")
    ip("-6", "addr", "add", "fd99::1/64", "dev", "br0", "nodad")
    ip("link", "set", "br0", "up")


def make_tap(name):
    ip("tuntap", "add", name, "mode", "tap")
    ip("link", "set", name, "up", "master", "br0")


class Host:
    """Another host: a network namespace, its card eth0, and a cable from there to our card NAME, which is in the bridge, or,
    as a router's, has the address `ours`, the way from there to everybody else."""
    def __init__(self, name, address, ours=None):
        self.process = start(["unshare", "-n", "sleep", "3600"], os.devnull)
        self.net, until = "/proc/%d/ns/net" % self.process.pid, time.time() + 5
        while os.stat(self.net).st_ino == os.stat("/proc/self/ns/net").st_ino:
            if time.time() > until:
                raise Failed("no network namespace for the host %s: unshare -n does not work here" % name)
            time.sleep(0.01)
        ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", str(self.process.pid))
        self.run("ip", "link", "set", "lo", "up")
        self.run("ip", "addr", "add", address, "dev", "eth0")
        self.run("ip", "link", "set", "eth0", "up")
        ip("link", "set", name, "up", *(() if ours else ("master", "br0")))
        if ours:
            ip("addr", "add", ours, "dev", name)
            self.run("ip", "route", "add", "default", "via", ours.split("/")[0])
            with open("/proc/sys/net/ipv4/ip_forward", "w") as f:
                f.write("1")

    def words(self, words):
        """The words of a process there."""
        return ["nsenter", "--net=" + self.net] + words

    def run(self, *words):
        result = subprocess.run(self.words(list(words)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if result.returncode:
            raise Failed("%s: %s" % (" ".join(words), result.stdout.strip()))
        return result.stdout

    def stop(self):
        stop(self.process)


class Cable:
    """tapN -- frame switch -- a card of QEMU."""
    def __init__(self, folder, number, pcap=True, **bad):
        self.pcap = "%s/card%d.pcap" % (folder, number) if pcap else None
        self.number, self.done = number, None
        make_tap("tap%d" % number)
        ours, self.end = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        for s in (ours, self.end):
            s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        words = [OUT + "/frameswitch", "--tap", "tap%d" % number, "--fd", str(ours.fileno())]
        if pcap:
            words += ["--pcap", self.pcap]
        for name, value in bad.items():
            words += ["--" + name, str(value)]
        self.process = start(words, folder + "/frameswitch.log", stdout=subprocess.PIPE, pass_fds=[ours.fileno()])
        ours.close()

    def card(self, model="virtio-net-pci", more=""):
        mac = "52:54:00:99:00:%02x" % (self.number + 1)
        name = "net%d" % self.number
        return ["-netdev", "dgram,id=%s,local.type=fd,local.str=%d" % (name, self.end.fileno()),
                "-device", "%s,netdev=%s,mac=%s%s" % (model, name, mac, more)]

    def stop(self):
        if self.done is None:
            stop(self.process)
            self.done = json.loads(self.process.stdout.read() or b"{}")
        return self.done


class Dnsmasq:
    """DHCP, TFTP (if nobody else does it) and router advertisements; without the latter the stock PXE ROM waits 13 s for one.
    efi_file is what a UEFI machine is told instead of boot_file: it says 7 or 9 in option 93, a BIOS machine 0.
    http_file is what one is told that boots by HTTP, and says 16. pool=None: it has no addresses, but what `more` makes of it."""
    def __init__(self, folder, boot_file="rill.kpxe", efi_file=None, http_file=None, root_path=None, files=(), more=(),
                 tftp=True, pool=POOL, host=None):
        directory = os.path.abspath(folder + "/tftp")
        os.makedirs(directory, exist_ok=True)
        ours = {name for name in (boot_file, efi_file, http_file) if name == "rill.efi"} | {"rill.kpxe"}
        for path in [OUT + "/" + name for name in ours] + list(files):
            shutil.copy(path, directory)
        self.log = "%s/%s" % (folder, "dnsmasq-there.log" if host else "dnsmasq.log")
        # --no-daemon also keeps it from changing its user, which it may not in a namespace made without root.
        words = ["dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--port=0", "--bind-interfaces", "--log-dhcp", "--no-ping",
                 "--interface=" + ("eth0" if host else "br0"), "--pid-file=",
                 "--dhcp-leasefile=%s/%s" % (folder, "leases-there" if host else "leases")]
        if pool:
            words.append("--dhcp-range=" + pool)
        if not host:
            words += ["--dhcp-range=fd99::,ra-only", "--enable-ra"]
        if tftp:
            words += ["--enable-tftp", "--tftp-root=" + directory]
        if boot_file:
            words.append("--dhcp-boot=" + boot_file)
        if efi_file:
            words += ["--dhcp-match=set:efi,option:client-arch,%d" % kind for kind in (7, 9)]
            words.append("--dhcp-boot=tag:efi," + efi_file)
        if http_file:
            words += ["--dhcp-match=set:http,option:client-arch,16", "--dhcp-option-force=tag:http,60,HTTPClient",
                      "--dhcp-boot=tag:http,http://%s/%s" % (HERE, http_file)]
        if root_path:
            words.append("--dhcp-option=option:root-path," + root_path)
        words += more
        self.process = start(host.words(words) if host else words, self.log)
        serves_dhcp = pool or any("dhcp-range" in word or "dhcp-relay" in word for word in more)
        wait_for_port(67 if serves_dhcp else 69, "dnsmasq", self.process, self.log, host)

    def stop(self):
        stop(self.process)


class Http:
    def __init__(self, folder):
        words = [sys.executable, "-m", "http.server", "--bind", HERE, "--directory", folder + "/tftp", "80"]
        self.process = start(words, folder + "/http.log")

    def stop(self):
        stop(self.process)


def wait_for_port(port, name, process, log, host=None, seconds=5):
    """Until somebody listens on this UDP port: here, or on that host."""
    place, until = host.process.pid if host else "self", time.time() + seconds
    while True:
        for table in ("udp", "udp6"):
            with open("/proc/%s/net/%s" % (place, table)) as f:
                if any(line.split()[1].endswith(":%04X" % port) for line in list(f)[1:]):
                    return
        if process.poll() is not None or time.time() > until:
            with open(log) as f:
                raise Failed("%s does not listen on port %d: %s" % (name, port, f.read()[-600:]))
        time.sleep(0.02)


class Server:
    """rilld. Its log is one JSON object a line."""
    def __init__(self, folder, disks, default=None, listen=HERE, port=6910, more=(), log="rilld.log", host=None):
        self.log = folder + "/" + log
        words = [OUT + "/rilld", "--listen", "%s:%d" % (listen, port), "--log", "json"]
        for name, path in disks.items():
            words += ["--disk", "%s=%s" % (name, path)]
        if default:
            words += ["--default", default]
        words += more
        self.process = start(host.words(words) if host else words, self.log)
        wait_for_port(port, "rilld", self.process, self.log, host)

    def lines(self):
        with open(self.log) as f:
            return [json.loads(line) for line in f if line.startswith("{")]

    def stop(self):
        stop(self.process)
