# SPDX-License-Identifier: BSD-2-Clause-Patent
"""guest/nbp.asm, a network boot program that calls the PXE API as we tell it, and what holds the answers to the rules.

    path = make(folder)                     the program, filled up to the size of wdsnbp.com with bytes of this moment
    m = machine(t, cards, more)             whose memory is in our hands
    n = Nbp(t, m, path)                     once it has started on the machine: how it was started, and found whole. others=[]:
                                            somebody else's API, whose differences n.judge() gathers there
    n.find()                                all ways to the API, and its structures: n.bang, n.env, and who is called from now on
    n.through = "!PXE" or "PXENV+"          the convention
    a = n.ok(UDP_OPEN, b"...")              AX and Status 0; the block without Status goes in, and comes back as a.block
    a = n.refused(UDP_CLOSE, b"", 0x18)     AX 1 and this Status
    n.poke(at, bytes), n.peek(at, size)     the machine's memory
    n.a20(False)                            closes A20; whether it was open
    n.refuse_a20()                          INT 15h does not know the calls for it any more; n.refuse_a20(False): it does
    n.gdtr(), n.gdtr(limit, at)             GDTR; loads it before
    n.jump(RESTART_TFTP, block)             it is started anew by this call
    n.leave()                               it returns to whoever started it

Of every call is checked that it keeps the caller's registers, flags and stack, is content with STACK bytes of it, and changes no
byte of the program's memory but the block and what is named as `changes`, [(at, size)]: all of it is compared, from outside.
"""
import mmap
import os
import random
import struct
import time

from dosdisk import assemble
from machine import Failed

BYTES = 31124                               # seed 3
LOAD, BLOCK, STACK_AT, STACK, STUBS = 0x7C00, 0x30000, 0x20000, 512, 0x21000
MEMORY_MIB = 64
BUFFER = 0x40000
DATA_END = 0x500                            # above the BIOS's variables
VECTOR_15 = 0x15 * 4
FREE_MEMORY, INTERRUPTS, DIRECTION, CARRY = 0x413, 0x200, 0x400, 1
FRAME = struct.Struct("<8I8H")
# guest/nbp.asm: the registers it was started with, those of a call, what to do, and the end of its stack.
FIRST, GIVEN, ORDER, OWN_END = 0x7C10, 0x7C40, 0x7C70, 0x7E80
NAMES = "eax ebx ecx edx esi edi ebp flags sp ss ds es fs gs ip cs".split()
KEPT = "ebx ecx edx esi edi ebp sp ss ds es fs gs".split()

START_UNDI, STARTUP, CLEANUP, INITIALIZE, RESET, SHUTDOWN, OPEN, CLOSE, TRANSMIT, SET_GROUPS, SET_STATION, SET_FILTER, GET_INFO, \
    GET_STATISTICS, CLEAR_STATISTICS, DIAGNOSE, FORCE_INTERRUPT, GET_GROUP, GET_NIC_TYPE, GET_IFACE, ISR, STOP_UNDI = range(0x16)
TFTP_OPEN, TFTP_CLOSE, TFTP_READ, TFTP_READ_FILE, TFTP_READ_FILE_PMODE, TFTP_GET_SIZE = range(0x20, 0x26)
UDP_OPEN, UDP_CLOSE, UDP_READ, UDP_WRITE = range(0x30, 0x34)
UNLOAD_STACK, GET_CACHED, RESTART_DHCP, RESTART_TFTP, MODE_SWITCH, START_BASE, STOP_BASE = range(0x70, 0x77)
SIZES = {START_UNDI: 12, INITIALIZE: 14, RESET: 132, OPEN: 136, TRANSMIT: 20, SET_GROUPS: 132, SET_STATION: 18, SET_FILTER: 3,
         GET_INFO: 50, GET_STATISTICS: 18, GET_GROUP: 22, GET_NIC_TYPE: 17, GET_IFACE: 42, ISR: 16, TFTP_OPEN: 142, TFTP_READ: 10,
         TFTP_READ_FILE: 158, TFTP_READ_FILE_PMODE: 158, TFTP_GET_SIZE: 142, UDP_OPEN: 6, UDP_READ: 20, UDP_WRITE: 20,
         UNLOAD_STACK: 12, GET_CACHED: 12, RESTART_TFTP: 158}


def make(folder, name="nbp.0"):
    code = assemble("nbp", folder + "/nbp.code")
    path = folder + "/" + name
    with open(path, "wb") as f:
        f.write(code + os.urandom(BYTES - len(code)))
    return path


def machine(t, cards, more=()):
    path = t.folder + "/ram"
    with open(path, "w+b") as f:
        f.truncate(MEMORY_MIB << 20)
        ram = mmap.mmap(f.fileno(), 0)
    m = t.machine(cards, ["-object", "memory-backend-file,id=ram,size=%dM,share=on,mem-path=%s" % (MEMORY_MIB, path),
                          "-machine", "memory-backend=ram", *more], MEMORY_MIB)
    m.ram = ram
    return m


def far(at):
    """A linear address as offset and segment, another pair each time."""
    segment = at >> 4
    back = random.randrange(min(segment, 0xF00))
    return struct.pack("<HH", (at & 15) + back * 16, segment - back)


def linear(pointer):
    off, segment = struct.unpack("<HH", pointer)
    return segment * 16 + off


class Answer:
    def __init__(self, frame, status, block):
        self.frame, self.ax, self.status, self.block = frame, frame["eax"] & 0xffff, status, block

    def fields(self, form):
        return struct.unpack_from("<" + form, self.block)


class Nbp:
    def __init__(self, t, m, path, others=None):
        self.t, self.m, self.bang, self.env, self.through, self.calls = t, m, None, None, "!PXE", 0
        self.others = others                    # differences are gathered here, not failed for: somebody else's API
        self.stubs = STUBS
        with open(path, "rb") as f:
            self.program = f.read()
        self.entry = self.started()
        self.vector_15 = self.peek(VECTOR_15, 4)

    # --- how it was started

    def started(self):
        self.m.wait_for(r"nbp: entry\s", 60)
        f = self.frame(FIRST)
        expect = self.t.expect
        ax, bx = f["eax"] & 0xffff, f["ebx"] & 0xffff
        expect(f["cs"] == 0 and ax == 0, "it was started at segment %04x with AX %04x" % (f["cs"], ax))
        expect(f["edx"] == f["es"] * 16 + bx, "EDX is %x, ES:BX %04x:%04x" % (f["edx"], f["es"], bx))
        expect(not f["flags"] & DIRECTION, "it was started with the direction flag set")
        here = self.peek(LOAD, len(self.program))
        for start, end in ((0, FIRST - LOAD), (OWN_END - LOAD, len(self.program))):
            expect(here[start:end] == self.program[start:end], "its bytes from %d to %d are not those of the file" % (start, end))
        self.on_stack = self.peek(f["ss"] * 16 + f["sp"], 8)
        return f

    def find(self):
        """!PXE on the stack, PXENV+ at ES:BX, interrupt 1Ah, and a scan; sums, sizes and what they say of themselves."""
        expect, entry = self.t.expect, self.entry
        bang_at, env_at = linear(self.on_stack[4:]), entry["edx"]
        bang, env = self.peek(bang_at, 88), self.peek(env_at, 44)
        free = struct.unpack("<H", self.peek(FREE_MEMORY, 2))[0] * 1024
        expect(bang[:4] == b"!PXE" and bang[4] == 88 and sum(bang) & 255 == 0, "at %05x is no !PXE: %s" % (bang_at, bang.hex()))
        expect(env[:6] == b"PXENV+" and env[8] == 44 and sum(env) & 255 == 0, "at %05x is no PXENV+: %s" % (env_at, env.hex()))
        expect(struct.unpack_from("<H", env, 6)[0] >= 0x201, "PXENV+ has version %02x%02x" % (env[7], env[6]))
        expect(linear(env[40:]) == bang_at, "PXENV+ points to %05x, !PXE is at %05x" % (linear(env[40:]), bang_at))
        expect(free <= min(bang_at, env_at) and max(bang_at, env_at) < 0xA0000,
               "free memory ends at %05x, !PXE is at %05x, PXENV+ at %05x" % (free, bang_at, env_at))
        self.judge(env[0x0A:0x0E] == b"\0\0" + env[0x24:0x26], "PXENV+'s entry is not where UNDI's code begins")
        self.expect_bang(bang, free)
        self.bang, self.env = bang[0x10:0x14], env[0x0A:0x0E]
        self.expect_interrupt(env_at)
        memory = self.peek(free, 0xA0000 - free)
        found = [free + at for at in range(0, len(memory) - 3, 16) if memory[at:at + 4] == b"!PXE"
                 and sum(memory[at:at + memory[at + 4]]) & 255 == 0]
        expect(found == [bang_at], "a scan finds !PXE at %s, it is at %05x" % (["%05x" % at for at in found], bang_at))

    def expect_bang(self, bang, free):
        expect, off = self.t.expect, struct.unpack_from("<H", bang, 0x10)[0]
        expect(off != 0, "!PXE's entry is at the very beginning of its segment")
        expect(struct.unpack_from("<I", bang, 0x18)[0] in (0, 0xffffffff), "StatusCallout is set: %s" % bang[0x18:0x1c].hex())
        expect(bang[0x1D] in (4, 7), "%d segments are described" % bang[0x1D])
        for n in range(bang[0x1D]):
            segment, physical, size = struct.unpack_from("<HIH", bang, 0x20 + 8 * n)
            if segment or size:
                expect(physical == segment * 16 and physical >= free and physical + size <= 0xA0000,
                       "segment %d is %04x, at %05x, %d bytes; free memory ends at %05x" % (n, segment, physical, size, free))

    def expect_interrupt(self, env_at):
        expect = self.t.expect
        interrupt = self.stub(b"\xcd\x1a\xcb")
        f = self.go(interrupt, dict(self.registers(), eax=0x5650, flags=INTERRUPTS | CARRY | 2))
        expect(f["eax"] & 0xffff == 0x564E and not f["flags"] & CARRY, "interrupt 1Ah answers AX %04x, flags %04x" % (
            f["eax"] & 0xffff, f["flags"]))
        expect(f["es"] * 16 + (f["ebx"] & 0xffff) == env_at == f["edx"], "interrupt 1Ah answers ES:BX %04x:%04x, EDX %x" % (
            f["es"], f["ebx"] & 0xffff, f["edx"]))
        f = self.go(interrupt, dict(self.registers(), eax=0))
        ticks = struct.unpack("<I", self.peek(0x46C, 4))[0]
        seen = (f["ecx"] & 0xffff) << 16 | f["edx"] & 0xffff
        expect(ticks - 40 <= seen <= ticks, "the BIOS's interrupt 1Ah says %d ticks instead of %d" % (seen, ticks))

    def a20(self, is_open):
        """Closes or opens it by port 92h; whether it was open."""
        stub = self.stub(b"\xe4\x92\x88\xc4\x24\xfc\x0c" + (b"\2" if is_open else b"\0") + b"\xe6\x92\xcb")
        return bool(self.go(stub, self.registers())["eax"] & 0x200)

    def refuse_a20(self, refused=True):
        handler = self.vector_15
        if refused:                             # cmp ah, 24h; je over the far jump; mov ah, 86h; stc; retf 2
            handler = self.stub(b"\x80\xfc\x24\x74\x05\xea" + handler + b"\xb4\x86\xf9\xca\x02\x00")
        self.poke(VECTOR_15, handler)

    def gdtr(self, *value):
        load = b"\x66\x0f\x01\x16\0\0" if value else b""
        self.poke(BUFFER, struct.pack("<HI", *value or (0, 0)))
        self.go(self.stub(load + b"\x66\x0f\x01\x06\0\0\xcb"), dict(self.registers(), ds=BUFFER >> 4))
        return struct.unpack("<HI", self.peek(BUFFER, 6))

    # --- calls

    def poke(self, at, data):
        self.m.ram[at:at + len(data)] = data

    def peek(self, at, size):
        return self.m.ram[at:at + size]

    def stub(self, code):
        """A few instructions, each time at another place: QEMU does not notice that what it has translated is another."""
        self.poke(self.stubs, code)
        self.stubs += 16
        return far(self.stubs - 16)

    def frame(self, at):
        return dict(zip(NAMES, FRAME.unpack(self.peek(at, FRAME.size))))

    def order(self, what, seconds=30):
        self.m.ram[ORDER] = ord(what)
        until = time.time() + seconds
        while self.m.ram[ORDER]:
            if time.time() > until or self.m.ended:
                raise Failed("the program has not come back from call %d, to %04x:%04x; the machine's last words:\n%s" % (
                    self.calls, self.frame(GIVEN)["cs"], self.frame(GIVEN)["ip"], self.m.last_words()))
            self.m.pump(0.0005)

    def registers(self):
        """Others each time; the segments lie where a write by mistake would be seen."""
        f = {name: random.getrandbits(32) for name in NAMES[:7]}
        f.update({name: random.randrange(0x2000, 0x7000) for name in ("ds", "es", "fs", "gs")})
        f.update(flags=2 | random.choice((0, INTERRUPTS, INTERRUPTS | CARRY)), ss=STACK_AT >> 4, sp=2 * STACK)
        return f

    def go(self, where, f):
        f = dict(f)
        f["ip"], f["cs"] = struct.unpack("<HH", where)
        self.poke(GIVEN, FRAME.pack(*(f[name] for name in NAMES)))
        self.order("c")
        return self.frame(GIVEN)

    def call(self, opcode, block, changes=()):
        block = bytes(2) + block
        block = block.ljust(SIZES.get(opcode, 2), b"\0")
        at, f = BLOCK + random.randrange(0x1000), self.registers()
        pointer = far(at)
        self.poke(at, block)
        if self.through == "!PXE":
            f["sp"] -= 6
            self.poke(STACK_AT + f["sp"], struct.pack("<H", opcode) + pointer)
        else:
            f["edi"] = f["edi"] & 0xffff0000 | struct.unpack("<H", pointer[:2])[0]
            f["es"] = struct.unpack("<H", pointer[2:])[0]
            f["ebx"] = f["ebx"] & 0xffff0000 | opcode
        before = self.program_memory()
        after_call = self.go(self.bang if self.through == "!PXE" else self.env, f)
        self.calls += 1
        after = self.program_memory()
        self.expect_kept(opcode, f, after_call)
        mine = [(at, len(block)), (STACK_AT + f["sp"] - STACK, STACK)] + list(changes)
        self.expect_untouched(opcode, before, after, mine)
        block = after[at - DATA_END:at - DATA_END + len(block)]
        return Answer(after_call, struct.unpack_from("<H", block)[0], block[2:])

    def program_memory(self):
        data = bytearray(self.peek(DATA_END, self.free() - DATA_END))
        data[FIRST - DATA_END:OWN_END - DATA_END] = bytes(OWN_END - FIRST)
        return bytes(data)

    def free(self):
        return struct.unpack("<H", self.peek(FREE_MEMORY, 2))[0] * 1024

    def expect_kept(self, opcode, f, after):
        other = ["%s %x instead of %x" % (name, after[name], f[name]) for name in KEPT if after[name] != f[name]]
        for flag, name in ((INTERRUPTS, "interrupts"), (DIRECTION, "direction")):
            if (after["flags"] ^ f["flags"]) & flag:
                other.append("the flag of " + name)
        self.t.expect(not other, "opcode %04x by %s does not keep: %s" % (opcode, self.through, ", ".join(other)))

    def expect_untouched(self, opcode, before, after, mine):
        if len(before) != len(after) and opcode not in (UNLOAD_STACK, STOP_UNDI):
            raise Failed("opcode %04x by %s: 40:13 is another" % (opcode, self.through))
        before, after = before[:len(after)], after[:len(before)]
        if before == after:
            return
        before, after = bytearray(before), bytearray(after)
        for at, size in mine:
            before[at - DATA_END:at - DATA_END + size] = after[at - DATA_END:at - DATA_END + size]
        if before != after:
            other = [n + DATA_END for n, (a, b) in enumerate(zip(before, after)) if a != b]
            raise Failed("opcode %04x by %s writes to %d bytes of others: %s" % (opcode, self.through, len(other), ", ".join(
                "%05x (%02x, was %02x)" % (at, after[at - DATA_END], before[at - DATA_END]) for at in other[:8] + other[-1:])))

    def judge(self, good, text):
        if not good and self.others is None:
            raise Failed(text)
        if not good and text not in self.others:
            self.others.append(text)

    def ok(self, opcode, block=b"", changes=()):
        a = self.call(opcode, block, changes)
        self.judge(a.ax == 0 and a.status == 0, "opcode %04x by %s: AX %04x, Status %02x" % (
            opcode, self.through, a.ax, a.status))
        return a

    def refused(self, opcode, block, status):
        a = self.call(opcode, block)
        self.judge(a.ax == 1 and a.status == status, "opcode %04x by %s: AX %04x, Status %02x, not %02x" % (
            opcode, self.through, a.ax, a.status, status))
        return a

    def jump(self, opcode, block):
        """A call that replaces the program: by !PXE, without looking at what it keeps."""
        pointer, f = far(BLOCK), self.registers()
        f["sp"] -= 6
        self.poke(BLOCK, bytes(2) + block)
        self.poke(STACK_AT + f["sp"], struct.pack("<H", opcode) + pointer)
        f["ip"], f["cs"] = struct.unpack("<HH", self.bang)
        self.poke(GIVEN, FRAME.pack(*(f[name] for name in NAMES)))
        self.m.ram[ORDER] = ord("c")
        self.entry = self.started()

    def leave(self):
        self.order("x")
