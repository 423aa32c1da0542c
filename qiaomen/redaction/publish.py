"""Builds the file that goes out from what was checked and decided, and checks it again before it is handed over."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qiaomen.kernel.texts import say
from qiaomen.redaction import pictures, readers, writers
from qiaomen.redaction.examine import examine_with
from qiaomen.redaction.findings import KEEP, KINDS, MASK, REMOVE, ROLE, Choice, Decisions, Examined, Finding
from qiaomen.redaction.folding import WALL, folded
from qiaomen.redaction.known_names import Registered
from qiaomen.redaction.labels import COVERED, LABEL, Labels, masked
from qiaomen.redaction.parts import PICTURE, Extract, NewFile, Paragraph, Part, Spot, Table
from qiaomen.redaction.passing import Passing, bare
from qiaomen.redaction.problems import (
    ChangedSince,
    ConsentMissing,
    NeverShown,
    NothingChanged,
    StillPrivate,
    Undecided,
)
from qiaomen.redaction.scan import marks_in
from qiaomen.redaction.streams import Stream, TableView, streams_of
from qiaomen.redaction.tables import published_count

HARD = {"id_no", "bank", "document", "phone", "plate", "account", "place", "name", "minor", "door"}
"""What may in no case be left in a file that goes out, but for what was decided to stay."""


def publish(parts: Sequence[Part], decisions: Decisions, names: Registered, passing: Passing) -> list[NewFile]:
    """Return the new files, one a part, each built anew and scanned once more.

    Raises ChangedSince, Undecided, NeverShown, ConsentMissing, NothingChanged, StillPrivate, CannotBeSet, and what
    `examine` raises; on any of them nothing is handed over.
    """
    labels = Labels()
    examined = examine_with(parts, names, passing, labels)
    for part in examined:
        if decisions.digests.get(part.extract.name) != part.digest:
            raise ChangedSince(file_name=part.extract.name)
        _check(part, decisions)
    return [_publish_part(part, decisions, names, passing, labels) for part in examined]


def _check(part: Examined, decisions: Decisions) -> None:
    """Refuse what nobody decided, and what nobody may decide so."""
    waiting = [f for f in part.findings if not f.hidden and f.key not in decisions.choices]
    if waiting:
        raise Undecided(count=len(waiting), where=waiting[0].where)
    for finding in part.findings:
        choice = decisions.choices.get(finding.key)
        if finding.hidden or choice is None:
            continue
        if choice.way not in finding.ways:
            raise NeverShown(where=finding.where, kind=finding.title)
        if choice.way == KEEP and not choice.consent.strip():
            raise ConsentMissing(where=finding.where, kind=finding.title)


def _publish_part(part: Examined, decisions: Decisions, names: Registered, passing: Passing, labels: Labels) -> NewFile:
    extract = part.extract
    if extract.kind == PICTURE:
        return pictures.publish(part, decisions)
    blocks, changed = rewritten(part, decisions, labels)
    content = writers.write(extract.kind, extract.name, blocks)
    new = NewFile(writers.name_of(extract), extract.kind, content, changed, extract.left_behind)
    _scan_again(new, blocks, part, decisions, names, passing)
    return new


def rewritten(part: Examined, decisions: Decisions, labels: Labels) -> tuple[list[Paragraph | Table], int]:
    """Return the blocks with every decision carried out, and how many stretches are not what they were.

    Raises NothingChanged where a stretch that had to change is the same afterwards.
    """
    todo: dict[tuple[int, int, int], list[tuple[Spot, str]]] = defaultdict(list)
    for finding in part.findings:
        choice = decisions.choices.get(finding.key)
        if finding.hidden or choice is None or choice.way == KEEP:
            continue
        for number, spot in enumerate(finding.spots):
            was = _text_at(part.extract, spot)
            words = _instead(finding, choice, was, labels) if finding.count > 1 or not number else ""
            if words == was and finding.kind != "small_group":
                raise NothingChanged(file_name=part.extract.name, count=len(finding.spots))
            todo[spot.block, spot.row, spot.column].append((spot, words))
    changed = sum(map(len, todo.values()))
    blocks = [_new_block(block, number, todo) for number, block in enumerate(part.extract.blocks)]
    if changed and blocks == list(part.extract.blocks):
        raise NothingChanged(file_name=part.extract.name, count=changed)
    return blocks, changed


def _text_at(extract: Extract, spot: Spot) -> str:
    block = extract.blocks[spot.block]
    text = block.text if isinstance(block, Paragraph) else block.rows[spot.row][spot.column]
    return text[spot.start : spot.end]


def _instead(finding: Finding, choice: Choice, was: str, labels: Labels) -> str:
    """Return the words for a stretch: those of the finding, or for a column those of its own cell."""
    if finding.instead:
        return finding.instead[choice.way]
    if choice.way == REMOVE:
        return ""
    if finding.kind == "small_group":
        return published_count(was.strip())
    if choice.way == ROLE:
        return labels.of(was) if finding.kind in ("name", "other_name") else COVERED
    plain = "".join(sign for sign in folded(was) if sign.isdigit() or sign == "X") if choice.way == MASK else ""
    whole = {"id_no": 18, "phone": 11}.get(finding.kind)
    if whole:
        return masked(finding.kind, plain) if len(plain) == whole else COVERED
    return masked(finding.kind, was.strip())


def _new_block(
    block: Paragraph | Table, number: int, todo: dict[tuple[int, int, int], list[tuple[Spot, str]]]
) -> Paragraph | Table:
    if isinstance(block, Paragraph):
        edits = todo.get((number, -1, -1))
        return replace(block, text=_edited(block.text, edits)) if edits else block
    rows = [list(row) for row in block.rows]
    for (at, row, column), edits in todo.items():
        if at == number:
            rows[row][column] = _edited(rows[row][column], edits)
    return replace(block, rows=rows)


def _edited(text: str, edits: Iterable[tuple[Spot, str]]) -> str:
    """Carry out edits from left to right: of two that overlap the first keeps its words, the rest of the other goes."""
    pieces, place = [], 0
    for spot, words in sorted(edits, key=lambda edit: (edit[0].start, -edit[0].end)):
        if spot.start >= place:
            pieces += [text[place : spot.start], words]
        place = max(place, spot.end)
    return "".join(pieces) + text[place:]


def _scan_again(
    new: NewFile,
    blocks: Sequence[Paragraph | Table],
    part: Examined,
    decisions: Decisions,
    names: Registered,
    passing: Passing,
) -> None:
    """Read the new file as a stranger would: it holds what was meant, nothing beside, and nothing private.

    Raises StillPrivate, NothingChanged.
    """
    again = readers.read(Part(new.name, new.content))
    if _letters(again.blocks) != _letters(blocks) or _beside(again) != _beside(readers.read(_empty(new, blocks))):
        raise StillPrivate(file_name=new.name, where=new.name, kind=say(readers.SOMETHING_ELSE))
    kept = {
        bare(finding.found) for finding in part.findings if decisions.choices.get(finding.key, Choice("")).way == KEEP
    } - {""}
    for view in streams_of(blocks, passing):
        for stream in _streams_again(view):
            text = LABEL.sub(lambda found: WALL * len(found[0]), stream.text)
            for mark in marks_in(text, names, passing):
                if mark.kind in HARD and bare(text[mark.start : mark.end]) not in kept:
                    raise StillPrivate(
                        file_name=new.name,
                        where=_where(part, stream, mark.start, mark.end),
                        kind=str(KINDS[mark.kind].title),
                    )


def _streams_again(view: Stream | TableView) -> list[Stream]:
    """Return all cells, those of private columns too: what was covered is read like the rest."""
    if isinstance(view, Stream):
        return [view]
    return [*(stream for stream in view.streams if not stream.names_only), view.cells_of(*view.columns)]


def _empty(new: NewFile, blocks: Sequence[Paragraph | Table]) -> Part:
    """Return the file that the same writer makes of nothing: what lies beside the text must be the same in both."""
    sheets = [replace(block, rows=()) for block in blocks if isinstance(block, Table)]
    return Part(new.name, writers.write(new.kind, new.name, sheets))


def _beside(extract: Extract) -> list[str]:
    return [passage.text for passage in extract.hidden]


def _where(part: Examined, stream: Stream, start: int, end: int) -> str:
    spots = stream.spots(start, end)
    block = part.extract.blocks[spots[0].block]
    return block.where if isinstance(block, Paragraph) else block.where(spots[0].row, spots[0].column)


def _letters(blocks: Sequence[Paragraph | Table]) -> str:
    """Return all that is shown, without what a page sets anew: blanks and line ends."""
    texts = [b.text if isinstance(b, Paragraph) else "".join("".join(row) for row in b.rows) for b in blocks]
    return "".join("".join(texts).split())
