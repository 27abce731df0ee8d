#!/usr/bin/env python3
"""Recomputes the journal of a store without Emptor: only what docs/file-format.md says, Python and its SQLite.

    verify_journal.py SHOP.emptor [POSITION:HASH]

POSITION:HASH is a head that was noted before, and kept where nobody who can write the file can reach it: whoever changes
an entry can recompute all later hashes, but not that one. Ends with 1 and says where, if anything does not fit. Run it on
a copy (emptor backup) while the store is in use: a second SQLite in one process would take its locks away."""
import hashlib
import sqlite3
import sys

TRIMMING = "journal trimmed up to "


def h(*parts):
    return hashlib.blake2b(b"".join(parts), digest_size=32).digest()


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def put_varint(value):
    out = bytearray()
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def changes_of(data):
    """Each change as its bytes: entity, record, kind, version before, and unless unchanged a state and a difference."""
    at = 0
    while at < len(data):
        begin = at
        at = varint(data, varint(data, at)[1])[1]
        kind, at = data[at], varint(data, at + 1)[1]
        if kind != 4:
            size, at = varint(data, at + 16)
            at += size
        if kind not in (1, 2, 3, 4) or at > len(data):
            raise ValueError("its changes are malformed")
        yield data[begin:at]


def merkle_root(level):
    while len(level) > 1:
        pairs = [h(b"\1", level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2:]
    return level[0] if level else bytes(32)


def verify(path, noted=None):
    """The head as POSITION:HASH. Raises ValueError at the first entry that does not fit."""
    store, last, told = sqlite3.connect(f"file:{path}?mode=ro", uri=True), bytes(32), ""
    base = "".join(value for (value,) in store.execute("SELECT value FROM emptor_setting WHERE name = 'journal_base'"))
    position = int(base.split(":")[0]) if base else 0
    if base:  # a trimmed journal: its chain goes on from the newest entry that was forgotten
        last = bytes.fromhex(base.split(" ")[0].split(":")[1])
    begin, wanted = position, int(noted.split(":")[0]) if noted else 0
    if noted and wanted <= begin and noted != base.split(" ")[0]:
        raise ValueError(f"the journal begins after {begin}: the entry that was noted is forgotten, or another")
    rows = store.execute('SELECT position, at, actor, op_id, reason, "count", root, hash, changes FROM emptor_journal '
                         "ORDER BY position")
    for position, at, actor, op_id, reason, count, root, digest, changes in rows:
        leaves = [h(b"\0", change) for change in changes_of(changes or b"")]
        texts = [put_varint(len(text)) + text for text in ((op_id or "").encode(), (reason or "").encode())]
        numbers = b"".join(n.to_bytes(8, "little", signed=True) for n in (position, position, at, actor))
        last = h(b"\2", last, numbers, len(leaves).to_bytes(4, "little"), *texts, merkle_root(leaves))
        if count != len(leaves) or root != merkle_root(leaves) or digest != last:
            raise ValueError(f"entry {position} does not fit")
        if position != (begin := begin + 1):
            raise ValueError(f"entry {begin} is missing")
        if count == 0 and (reason or "").startswith(TRIMMING):
            told = reason[len(TRIMMING):]
        if position == wanted and noted != f"{position}:{digest.hex()}":
            raise ValueError(f"entry {position} is not the one that was noted")
    if told != base:
        raise ValueError("the journal begins elsewhere than its newest trimming says")
    if position < wanted:
        raise ValueError(f"the journal ends at {position}, before the entry that was noted")
    return f"{position}:{last.hex()}"


if __name__ == "__main__":
    try:
        print(verify(*sys.argv[1:3]))
    except ValueError as fault:
        sys.exit(f"{sys.argv[1]}: {fault}")
