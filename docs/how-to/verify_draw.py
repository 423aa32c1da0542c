#!/usr/bin/env python3
"""Checks a draw of Qiaomen: who was to be asked was nobody's choice. Needs Python 3.8 and nothing else.

    python3 verify_draw.py DRAW.json [COMMITMENT [END]]

DRAW.json   comes from the page of the round (下载这次抽签).
COMMITMENT  what was read out or printed before the public value (dice before residents, a lottery) was known
            (事先封存的摘要). Give it: whoever can write the file can write everything in it anew, but not this.
END         what the page prints when nobody is asked any more (抽中和换下的摘要).

What it proves: the whole frame (every ticket, how many are drawn of each part, which figure and days, who was left out,
which draw it repeats) and the secret are those that were committed to; seed, lots and everybody drawn follow from
secret and public value, in this order; nobody was passed over or replaced but who stands in the list with a reason, and
nobody was drawn beyond those who stand in.
What it does not: that every matter was put into the frame (count it against the figure), that the reasons are true, and
that the public value was really fixed after the commitment was printed.
Exit code: 0 everything matches, 1 something does not.
"""

import hashlib
import json
import sys

REASONS = {"died", "moved", "recent", "deleted", "nobody", "refused", "no_answer"}


def sha(text):
    """Return SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def sha_of(frozen):
    """Return SHA-256 of lists and dictionaries as they are written down."""
    return sha(json.dumps(frozen, ensure_ascii=False))


def faults_before(draw, commitment):
    """Return what does not match of what was frozen before the public value was known."""
    faults = []
    tickets = [mark for mark, _stratum in draw["frame"]]
    frame = [[stratum, mark] for mark, stratum in draw["frame"]]
    quotas = {name: int(number) for name, number in sorted(draw["quotas"].items())}
    if len(set(tickets)) != len(tickets):
        faults.append("a ticket stands in the frame twice")
    if frame != sorted(frame):
        faults.append("the frame stands in another order")
    if sha_of([frame, quotas, dict(sorted(draw["about"].items()))]) != draw["frame_hash"]:
        faults.append("the frame was changed: a ticket, how many are drawn of a part, or what the list is of")
    if sha(draw["secret"] + "|" + draw["frame_hash"]) != draw["commitment"]:
        faults.append("the secret and the frame are not those that were committed to")
    if commitment and commitment.strip().lower() != draw["commitment"]:
        faults.append("the commitment is not the one that was printed")
    if sha(draw["secret"] + "|" + draw["public"].strip()) != draw["seed"]:
        faults.append("the seed does not follow from the secret and the public value")
    return faults


def drawn_of(lots, number, out):
    """Return the lots that are drawn: in their order, until so many are there who were not passed over or replaced."""
    drawn, standing = [], 0
    for mark in lots:
        if standing == number:
            break
        drawn.append(mark)
        standing += mark not in out
    return drawn


def faults_after(draw, end):
    """Return what does not match of who was drawn and who was replaced."""
    faults = []
    frame = [(stratum, mark) for mark, stratum in draw["frame"]]
    order = sorted(frame, key=lambda ticket: sha(draw["seed"] + "|" + ticket[1]))
    replaced = [tuple(row) for row in draw["replaced"]]
    if len({mark for _stratum, mark, _because in replaced}) != len(replaced):
        faults.append("a ticket was replaced twice")
    for stratum in sorted({*draw["drawn"], *draw["quotas"], *(name for name, _mark in frame)}):
        lots = [mark for name, mark in order if name == stratum]
        out = {mark for name, mark, because in replaced if name == stratum and because in REASONS}
        told = draw["drawn"].get(stratum, [])
        if told != drawn_of(lots, int(draw["quotas"].get(stratum, 0)), out):
            faults.append(f"those drawn of part {stratum!r} are not the smallest lots")
        if not out <= set(told):
            faults.append(f"somebody of part {stratum!r} was replaced who was not drawn")
    known = {(stratum, mark) for stratum, mark in frame}
    if any((stratum, mark) not in known or because not in REASONS for stratum, mark, because in replaced):
        faults.append("somebody was replaced who is not in the frame, or for no known reason")
    drawn = {name: draw["drawn"][name] for name in sorted(draw["drawn"])}
    if sha_of([draw["seed"], drawn, [list(row) for row in replaced]]) != draw["end_hash"]:
        faults.append("those drawn, or those replaced, were changed")
    if end and end.strip().lower() != draw["end_hash"]:
        faults.append("the end is not the one that was printed")
    return faults


def faults_of(draw, commitment="", end=""):
    """Return what does not match, in words; a file that is not such a draw does not match either."""
    try:
        return faults_before(draw, commitment) + faults_after(draw, end)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [f"the file is no draw: {error!r}"]


def main():
    """Check one file, against what was printed where that is given."""
    if not 2 <= len(sys.argv) <= 4:
        print(__doc__)
        return 1
    with open(sys.argv[1], encoding="utf-8") as file:
        draw = json.load(file)
    faults = faults_of(draw, *sys.argv[2:])
    for fault in faults:
        print("NOT AS DRAWN: " + fault)
    if not faults:
        print("as drawn: commitment, frame, seed and everybody drawn match")
        if len(sys.argv) < 4:
            print("compare by eye with what was printed: commitment " + draw["commitment"])
            print("                                      end        " + draw["end_hash"])
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
