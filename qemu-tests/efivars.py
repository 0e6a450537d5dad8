# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The file in which OVMF keeps its variables, from outside: one is added, or a certificate to those that Secure Boot trusts.

    trust(path, certificate)        DER, into `db`, behind the ones that are there; KEK, PK and dbx stay as they are
    add(path, vendor, name, file)   a variable that is not there yet, from a file as efivarfs shows one: attributes, data

Debian 12 has no tool for that (python3-virt-firmware comes with 13). The layout is that of EDK2's authenticated variables: a
firmware volume's head, a store's head, then variables one behind the other, of which only those with state ADDED count.
"""
import struct
import uuid

DATABASE = uuid.UUID("d719b2cb-3d3a-4596-a3bc-dad00e67656f").bytes_le           # EFI_IMAGE_SECURITY_DATABASE_GUID
X509 = uuid.UUID("a5c059a1-94e4-4aa7-87b5-ab155c2bf072").bytes_le               # EFI_CERT_X509_GUID
STORE = uuid.UUID("aaf32c78-947b-439a-a180-2e144ec37792").bytes_le              # EDK2: authenticated variables
US = uuid.UUID("72696c6c-0000-4000-8000-000000000001").bytes_le                 # who owns the entry: anybody may
VOLUME_HEAD_BYTES_AT, STORE_HEAD_BYTES = 48, 28
START, ADDED, DELETED, ERASED = 0x55aa, 0x3f, 0x3d, 0xff
HEAD = struct.Struct("<HBBIQ16sIII16s")     # start, state, -, attributes, count, time, key, name bytes, data bytes, vendor


def up4(n):
    return n + 3 & ~3


def variables(store, at, end):
    """(place, head, name, data) of each, and at last (the place behind them,)."""
    while at + HEAD.size <= end and struct.unpack_from("<H", store, at)[0] == START:
        head = HEAD.unpack_from(store, at)
        name_at, data_at = at + HEAD.size, at + HEAD.size + head[7]
        yield at, head, bytes(store[name_at:name_at + head[7]]), bytes(store[data_at:data_at + head[8]])
        at = up4(data_at + head[8])
    yield (at,)


def signature_list(certificate):
    """EFI_SIGNATURE_LIST with one EFI_SIGNATURE_DATA: type, bytes in all, no head, bytes of one; owner, certificate."""
    one = 16 + len(certificate)
    return X509 + struct.pack("<III", 28 + one, 0, one) + US + certificate


def read_store(path):
    """The file's bytes; the variables in it, as variables() gives them; where there is room for more, and how far."""
    with open(path, "rb") as f:
        store = bytearray(f.read())
    begin = struct.unpack_from("<H", store, VOLUME_HEAD_BYTES_AT)[0]
    if store[begin:begin + 16] != STORE:
        raise ValueError("%s holds no authenticated variables" % path)
    end = begin + struct.unpack_from("<I", store, begin + 16)[0]
    *all_of_them, (free,) = variables(store, begin + STORE_HEAD_BYTES, end)
    return store, all_of_them, free, end


def put(path, store, free, end, made):
    if free + len(made) > end or any(byte != ERASED for byte in store[free:free + len(made)]):
        raise ValueError("%s has no room for %d bytes more" % (path, len(made)))
    store[free:free + len(made)] = made
    with open(path, "wb") as f:
        f.write(store)


def add(path, vendor, name, file):
    with open(file, "rb") as f:
        attributes, data = struct.unpack("<I", f.read(4))[0], f.read()
    store, _, free, end = read_store(path)
    name = (name + "\0").encode("utf-16-le")
    head = HEAD.pack(START, ADDED, 0, attributes, 0, bytes(16), 0, len(name), len(data), uuid.UUID(vendor).bytes_le)
    put(path, store, free, end, head + name + data)


def trust(path, certificate):
    store, all_of_them, free, end = read_store(path)
    name = "db\0".encode("utf-16-le")
    (place, head, _, data), = [v for v in all_of_them if v[1][1] == ADDED and v[1][9] == DATABASE and v[2] == name]
    data += signature_list(certificate)
    made = HEAD.pack(*head[:8], len(data), head[9]) + name + data
    store[place + 2] = DELETED
    put(path, store, free, end, made)
