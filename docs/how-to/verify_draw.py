#!/usr/bin/env python3
"""Checks a draw of Qiaomen: who was to be asked was nobody's choice. Needs Python 3.8 and nothing else.

    python3 verify_draw.py DRAW.json

DRAW.json  comes from the page of the round (下载这次抽签). Its frame and its commitment were printed, or written down by
           somebody else, before the public value (dice before residents, a lottery) was known: compare them by eye.

What it proves: the secret is the one that was committed to; the frame and how many are drawn of each part are those
whose hash was printed; seed, lots and everybody drawn follow from secret and public value, in this order.
What it does not: that every matter was put into the frame (count it against the figure), and that the public value was
really fixed after the commitment was printed.
Exit code: 0 everything matches, 1 something does not.
"""

import hashlib
import json
import sys


def sha(text):
    """Return SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def faults_of(draw):
    """Return what does not match, in words."""
    faults = []
    frame = sorted([stratum, mark] for mark, stratum in draw["frame"])
    quotas = {name: int(number) for name, number in draw["quotas"].items()}
    if len({mark for _stratum, mark in frame}) != len(frame):
        faults.append("a ticket stands in the frame twice")
    if sha(draw["secret"]) != draw["commitment"]:
        faults.append("the secret is not the one that was committed to")
    if sha(json.dumps([frame, dict(sorted(quotas.items()))], ensure_ascii=False)) != draw["frame_hash"]:
        faults.append("the frame, or how many are drawn of its parts, was changed")
    seed = sha(draw["secret"] + "|" + draw["public"].strip())
    if seed != draw["seed"]:
        faults.append("the seed does not follow from the secret and the public value")
    order = sorted(frame, key=lambda ticket: sha(seed + "|" + ticket[1]))
    for stratum in sorted({name for name, _mark in frame}):
        lots = [mark for name, mark in order if name == stratum]
        number = quotas.get(stratum, 0) + int(draw.get("replaced", {}).get(stratum, 0))
        if draw["drawn"].get(stratum, []) != lots[:number]:
            faults.append(f"those drawn of part {stratum!r} are not the smallest lots")
    if set(draw["drawn"]) - {name for name, _mark in frame}:
        faults.append("somebody was drawn from a part that is not in the frame")
    return faults


def main():
    """Check one file."""
    if len(sys.argv) != 2:
        print(__doc__)
        return 1
    with open(sys.argv[1], encoding="utf-8") as file:
        faults = faults_of(json.load(file))
    for fault in faults:
        print("NOT AS DRAWN: " + fault)
    if not faults:
        print("as drawn: commitment, frame, seed and everybody drawn match")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
