# SPDX-License-Identifier: BSD-2-Clause-Patent
"""UEFI's compression (UEFI 2.10, 19: "EFI Compression Algorithm"), for the EFI image of an option ROM.

    packed = compress(data)
    data = decompress(packed)           or ValueError

A stream of blocks, the most significant bit of each byte first. A block has up to 65535 symbols, a literal or the length of a
match each, the latter with a distance up to 8 KiB behind it; three Huffman codes stand before them: one for the lengths of
the second, that one, and one for the distances.
"""
import heapq
import struct

WINDOW, MATCH_MIN, MATCH_MAX, LENGTH_BASE = 8192, 3, 256, 253
UNPACKED_MAX = 16 << 20
SYMBOLS, SYMBOL_BITS = 510, 9
PLACES, PLACE_BITS = 14, 4
LENGTHS, LENGTH_BITS, LENGTHS_GAP = 19, 5, 3
CODE_MAX, BLOCK, CHAIN = 16, 16384, 48


# ---- matches

def longest(data, at, chain):
    best, where, most = 0, 0, min(MATCH_MAX, len(data) - at)
    for before in reversed(chain):
        if at - before > WINDOW:
            break
        if best and data[before + best:before + best + 1] != data[at + best:at + best + 1]:
            continue
        size = 0
        while size < most and data[before + size] == data[at + size]:
            size += 1
        if size > best:
            best, where = size, before
            if size == most:
                break
    return best, where


def symbols_of(data):
    """(symbol, distance - 1) of each literal and match; a match waits if the next place has a longer one."""
    found, chains, at, waiting = [], {}, 0, None
    while at < len(data):
        key = data[at:at + MATCH_MIN]
        chain = chains.setdefault(key, [])
        size, where = longest(data, at, chain[-CHAIN:]) if len(key) == MATCH_MIN else (0, 0)
        if waiting and waiting[0] >= size:
            found.append((waiting[0] + LENGTH_BASE, at - 2 - waiting[1]))
            end = at - 1 + waiting[0]
            while at < end:
                chains.setdefault(data[at:at + MATCH_MIN], []).append(at)
                at += 1
            waiting = None
            continue
        if waiting:
            found.append((data[at - 1], None))
        chain.append(at)
        waiting = (size, where) if size >= MATCH_MIN else None
        if not waiting:
            found.append((data[at], None))
        at += 1
    if waiting:
        found.append((data[at - 1], None))
    return found


# ---- codes

def code_lengths(counts):
    """The length of each symbol's code, none above CODE_MAX; a single symbol needs none."""
    while True:
        heap = [(count, symbol, None) for symbol, count in enumerate(counts) if count]
        heapq.heapify(heap)
        lengths, number = [0] * len(counts), len(counts)
        while len(heap) > 1:
            first, second = heapq.heappop(heap), heapq.heappop(heap)
            heapq.heappush(heap, (first[0] + second[0], number, (first, second)))
            number += 1
        todo = [(heap[0], 0)] if heap else []
        while todo:
            (_, symbol, pair), depth = todo.pop()
            if pair:
                todo += [(pair[0], depth + 1), (pair[1], depth + 1)]
            else:
                lengths[symbol] = depth
        if max(lengths) <= CODE_MAX:
            return lengths
        counts = [(count + 1) // 2 for count in counts]


def codes_of(lengths):
    code, codes = 0, [0] * len(lengths)
    for size in range(1, CODE_MAX + 1):
        for symbol, length in enumerate(lengths):
            if length == size:
                codes[symbol] = code
                code += 1
        code <<= 1
    return codes


class Bits:
    def __init__(self):
        self.value, self.count = 0, 0
        self.bytes = bytearray()

    def put(self, count, value):
        self.value, self.count = self.value << count | value, self.count + count
        while self.count >= 8:
            self.count -= 8
            self.bytes.append(self.value >> self.count)
            self.value &= (1 << self.count) - 1


class Code:
    def __init__(self, counts):
        self.lengths, self.used = code_lengths(counts), [symbol for symbol, count in enumerate(counts) if count]
        self.codes = codes_of(self.lengths)

    def put(self, bits, symbol):
        bits.put(self.lengths[symbol], self.codes[symbol])

    def is_single(self):
        return len(self.used) < 2

    def single(self):
        return self.used[0] if self.used else 0

    def put_lengths(self, bits, number_bits, gap):
        """As they are, three bits each; behind the first `gap` a number says how many are 0."""
        if self.is_single():
            bits.put(number_bits, 0)
            bits.put(number_bits, self.single())
            return
        number, at = self.used[-1] + 1, 0
        bits.put(number_bits, number)
        while at < number:
            size = self.lengths[at]
            at += 1
            if size <= 6:
                bits.put(3, size)
            else:
                bits.put(size - 3, (1 << (size - 3)) - 2)
            if at == gap:
                while at < 6 and not self.lengths[at]:
                    at += 1
                bits.put(2, at - gap)


def runs_of(lengths):
    """(symbol, extra bits, their value) of each length, a run of zeros being one symbol."""
    at = 0
    while at < len(lengths):
        size, zeros = lengths[at], 0
        at += 1
        if size:
            yield size + 2, 0, 0
            continue
        zeros = 1
        while at < len(lengths) and not lengths[at]:
            at, zeros = at + 1, zeros + 1
        if zeros <= 2 or zeros == 19:
            yield from [(0, 0, 0)] * (zeros if zeros <= 2 else 1)
            zeros = 0 if zeros <= 2 else 18
        if 3 <= zeros <= 18:
            yield 1, 4, zeros - 3
        elif zeros:
            yield 2, SYMBOL_BITS, zeros - 20


def counts_of(symbols, size):
    counts = [0] * size
    for symbol in symbols:
        counts[symbol] += 1
    return counts


def put_block(bits, block):
    main = Code(counts_of((s for s, _ in block), SYMBOLS))
    places = Code(counts_of((d.bit_length() for _, d in block if d is not None), PLACES))
    bits.put(16, len(block))
    if main.is_single():
        bits.put(LENGTH_BITS, 0)
        bits.put(LENGTH_BITS, 0)
        bits.put(SYMBOL_BITS, 0)
        bits.put(SYMBOL_BITS, main.single())
    else:
        runs = list(runs_of(main.lengths[:main.used[-1] + 1]))
        lengths = Code(counts_of((symbol for symbol, _, _ in runs), LENGTHS))
        lengths.put_lengths(bits, LENGTH_BITS, LENGTHS_GAP)
        bits.put(SYMBOL_BITS, main.used[-1] + 1)
        for symbol, count, value in runs:
            lengths.put(bits, symbol)
            bits.put(count, value)
    places.put_lengths(bits, PLACE_BITS, -1)
    for symbol, distance in block:
        main.put(bits, symbol)
        if distance is not None:
            size = distance.bit_length()
            places.put(bits, size)
            if size > 1:
                bits.put(size - 1, distance - (1 << (size - 1)))


def compress(data):
    bits, symbols = Bits(), symbols_of(data)
    for at in range(0, len(symbols), BLOCK):
        put_block(bits, symbols[at:at + BLOCK])
    bits.put(-bits.count % 8, 0)
    return struct.pack("<II", len(bits.bytes), len(data)) + bytes(bits.bytes)


# ---- and back

class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def get(self, count):
        if self.at + count > 8 * len(self.data):
            raise ValueError("cut off")
        first, self.at = self.at // 8, self.at + count
        piece = int.from_bytes(self.data[first:first + 4].ljust(4, b"\0"), "big")
        return piece >> (32 - (self.at - 8 * first)) & ((1 << count) - 1)


class Table:
    """What a code means: {(length, code): symbol}, or the only symbol."""
    def __init__(self, lengths=(), single=None):
        self.single = single
        if sum(1 << (CODE_MAX - size) for size in lengths if size) not in (0, 1 << CODE_MAX):
            raise ValueError("no code")
        self.symbols = {(size, code): symbol for symbol, (size, code) in enumerate(zip(lengths, codes_of(lengths))) if size}

    def get(self, reader):
        if self.single is not None:
            return self.single
        code = 0
        for size in range(1, CODE_MAX + 1):
            code = code << 1 | reader.get(1)
            if (size, code) in self.symbols:
                return self.symbols[size, code]
        raise ValueError("no such code")


def get_lengths(reader, number_bits, gap):
    number, lengths = reader.get(number_bits), []
    if not number:
        return Table(single=reader.get(number_bits))
    while len(lengths) < number:
        size = reader.get(3)
        while size >= 7 and reader.get(1):
            size += 1
        lengths.append(size)
        if len(lengths) == gap:
            lengths += [0] * reader.get(2)
    return Table(lengths)


def get_main(reader):
    lengths = get_lengths(reader, LENGTH_BITS, LENGTHS_GAP)
    number, sizes = reader.get(SYMBOL_BITS), []
    if not number:
        return Table(single=reader.get(SYMBOL_BITS))
    while len(sizes) < number:
        symbol = lengths.get(reader)
        if symbol > 2:
            sizes.append(symbol - 2)
        else:
            base, bits = ((1, 0), (3, 4), (20, SYMBOL_BITS))[symbol]
            sizes += [0] * (base + reader.get(bits))
    return Table(sizes)


def decompress(packed):
    if len(packed) < 8:
        raise ValueError("no head")
    size, wanted = struct.unpack_from("<II", packed)
    if size > len(packed) - 8:
        raise ValueError("cut off")
    if wanted > UNPACKED_MAX:
        raise ValueError("it would have %d bytes" % wanted)
    reader, data, left = Reader(packed[8:8 + size]), bytearray(), 0
    while len(data) < wanted:
        if not left:
            left, main = reader.get(16), get_main(reader)
            places = get_lengths(reader, PLACE_BITS, -1)
            if not left:
                raise ValueError("an empty block")
        left -= 1
        symbol = main.get(reader)
        if symbol < 256:
            data.append(symbol)
            continue
        bits = places.get(reader)
        distance = bits if bits < 2 else (1 << (bits - 1)) + reader.get(bits - 1)
        if distance >= len(data):
            raise ValueError("a match before the beginning")
        for _ in range(symbol - LENGTH_BASE):
            data.append(data[-distance - 1])
    if len(data) != wanted:
        raise ValueError("too long")
    return bytes(data)
