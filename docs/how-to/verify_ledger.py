#!/usr/bin/env python3
"""Checks an exported ledger of Qiaomen with heads that were printed or sent away. Needs Python 3.8 and nothing else.

    python3 verify_ledger.py LEDGER.txt HEADS.txt

LEDGER.txt  comes from `python -m qiaomen ledger export --to LEDGER.txt --reason …`
HEADS.txt   one head a line, typed from paper or kept since it was sent: community code, line number, hash; a hash may
            be shortened to its first 32 characters; words after it, empty lines and lines with # are passed over.

What it proves, without any key: every line up to the newest head of a community that you hold is the line that stood
there when that head was printed: none changed, removed, added, swapped or moved to another community.
What it does not: lines after your newest head (somebody with the database could have rewritten them; the office's own
`ledger verify` checks those with the key), and whether what a line says was true when it was written.
Exit code: 0 all heads match, 1 something does not.
"""

import hashlib
import json
import sys

SHORTEST = 32  # characters of a typed hash: 128 bits, beyond anybody's search


def read_heads(path):
    """Return {code: {line number: first characters of its hash}}."""
    heads = {}
    with open(path, encoding="utf-8") as file:
        lines = file.readlines()
    for text in lines:
        words = text.split("#")[0].split()
        if not words:
            continue
        if len(words) < 3 or not words[1].isdigit() or len(words[2]) < SHORTEST:
            sys.exit(f"HEADS: not a head: {text.strip()}")
        heads.setdefault(words[0], {})[int(words[1])] = words[2].lower()
    return heads


def check_line(text, community, seq, previous):
    """Return the hash of a line, or raise ValueError with what is wrong."""
    found, _key, _mark, line = text.rstrip("\n").split(" ", 3)
    said = json.loads(line)
    if said["seq"] != seq:
        raise ValueError(f"line {seq} is missing")
    if said["community_id"] != community:
        raise ValueError(f"line {seq} belongs to another community")
    if hashlib.sha256((previous + line).encode()).hexdigest() != found:
        raise ValueError(f"line {seq} was changed, or does not follow the line before it")
    return found


def check(path, heads):
    """Walk the export; return the number of faults. Says the first fault of each community."""
    faults, left = 0, {code: dict(known) for code, known in heads.items()}
    community = code = name = fault = ""
    seq, previous, proved = 0, "0" * 64, 0

    def close():
        nonlocal faults
        if not community:
            return
        beyond = sorted(left.pop(code, {}))
        wrong = fault or (f"line {beyond[0]} of your heads is not there: cut off after line {seq}" if beyond else "")
        faults += bool(wrong)
        print(
            f"{'BROKEN' if wrong else 'ok'}  {code} {name}: {wrong or f'{seq} lines'}; proved by your heads: 1-{proved}"
        )

    with open(path, encoding="utf-8", newline="\n") as file:
        if file.readline().rstrip("\n") != "qiaomen-ledger 1":
            sys.exit("LEDGER: not an exported ledger")
        for text in file:
            if text.startswith("# "):
                close()
                community, code, name = text[2:].rstrip("\n").split(" ", 2)
                seq, previous, proved, fault = 0, "0" * 64, 0, ""
                continue
            if fault:
                continue
            try:
                previous = check_line(text, community, seq + 1, previous)
                seq += 1
                head = left.get(code, {}).pop(seq, None)
                if head and not previous.startswith(head):
                    raise ValueError(f"line {proved + 1} to {seq} were rewritten: line {seq} does not match your head")
                proved = seq if head else proved
            except (ValueError, KeyError, TypeError) as error:
                fault = str(error) or "not a line of a ledger"
    close()
    for lost in left:
        faults += 1
        print(f"BROKEN  {lost}: you hold heads of it, and it is not in the export")
    print(f"{faults} faults")
    return faults


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(1 if check(sys.argv[1], read_heads(sys.argv[2])) else 0)
