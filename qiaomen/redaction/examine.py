"""Reads parts and says what in them is private, where, why, and what is suggested. Decides nothing."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qiaomen.kernel.texts import Text, say
from qiaomen.kernel.texts import later as _
from qiaomen.redaction import findings, pictures, readers
from qiaomen.redaction.findings import KINDS, MASK, REMOVE, ROLE, Examined, Finding
from qiaomen.redaction.folding import INSIDE_A_NAME, Reduced, compatible
from qiaomen.redaction.known_names import Registered
from qiaomen.redaction.labels import Labels, masked
from qiaomen.redaction.parts import PICTURE, Extract, Paragraph, Part, Passage, Spot, Table
from qiaomen.redaction.passing import Passing
from qiaomen.redaction.scan import Mark, broken_names_in, marks_in
from qiaomen.redaction.situations import REASONS as SITUATIONS
from qiaomen.redaction.streams import Stream, TableView, streams_of

NOT_CARRIED = _("它在文件里但不显示，新文件不会带上它")
COLUMN = _("{sheet}的“{heading}”列")
MINOR_NAME = SITUATIONS["minor_name"]
COLUMN_NO_HEADING = _("{sheet}的第 {column} 列")


def examine(parts: Sequence[Part], names: Registered, passing: Passing) -> list[Examined]:
    """Return each part with its findings, in the order of its text.

    Labels (居民甲) run through all the parts of one publication. Raises Unreadable, PictureIsAList.
    """
    return examine_with(parts, names, passing, Labels())


def examine_with(parts: Sequence[Part], names: Registered, passing: Passing, labels: Labels) -> list[Examined]:
    """Examine with labels that the caller goes on to use."""
    return [_examine_part(part, names, passing, labels) for part in parts]


def digest_of(part: Part) -> str:
    """Return the SHA-256 of what a part is."""
    content = part.content.encode("utf-8", "surrogatepass") if isinstance(part.content, str) else part.content
    return hashlib.sha256(content).hexdigest()


def _examine_part(part: Part, names: Registered, passing: Passing, labels: Labels) -> Examined:
    extract = readers.read(part)
    found = list(_shown(extract, names, passing, labels))
    found += _hidden(extract, names, passing)
    if extract.kind == PICTURE:
        found += pictures.findings_of(extract, names, passing)
    return Examined(extract, digest_of(part), _with_keys(extract.name, found))


def _with_keys(name: str, found: list[Finding]) -> list[Finding]:
    """Give each finding a key that is the same for the same content: of two alike the second has its own."""
    seen: Counter[str] = Counter()
    keyed = []
    for finding in found:
        words = "\x1f".join((name, finding.kind, finding.where, finding.found, str(finding.box or "")))
        seen[words] += 1
        key = hashlib.sha256(f"{words}\x1f{seen[words]}".encode("utf-8", "surrogatepass")).hexdigest()[:20]
        keyed.append(replace(finding, key=key))
    return keyed


def _shown(extract: Extract, names: Registered, passing: Passing, labels: Labels) -> Iterator[Finding]:
    for view in streams_of(extract.blocks, passing):
        if isinstance(view, Stream):
            yield from _of_stream(extract, view, names, passing, labels)
            continue
        yield from _of_columns(view, names, passing, labels)
        taken: set[tuple[int, int, int, int]] = set()
        for stream in view.streams:
            for finding in _of_stream(extract, stream, names, passing, labels):
                places = {(spot.row, spot.column, spot.start, spot.end) for spot in finding.spots}
                if not places <= taken:
                    taken |= places
                    yield finding


def _of_stream(
    extract: Extract, stream: Stream, names: Registered, passing: Passing, labels: Labels
) -> Iterator[Finding]:
    text = stream.text
    if stream.names_only:
        marks = broken_names_in(text, names, passing)
    else:
        marks = marks_in(text, names, passing, persons=stream.persons)
    for mark in marks:
        spots = stream.spots(mark.start, mark.end)
        if spots:
            before = text[max(0, mark.start - 6) : mark.start]
            yield Finding(
                "",
                mark.kind,
                place_of(extract, spots[0]),
                text[mark.start : mark.end],
                str(mark.reason),
                spots,
                _instead(mark, before, labels),
            )


def _instead(mark: Mark, before: str, labels: Labels) -> dict[str, str]:
    ways = KINDS[mark.kind].ways
    words = {REMOVE: ""}
    if MASK in ways:
        words[MASK] = masked(mark.kind, mark.plain)
    if ROLE in ways:
        words[ROLE] = mark.role or labels.of(mark.plain, before, minor=mark.kind == "minor")
    return words


def place_of(extract: Extract, spot: Spot) -> str:
    """Return where a spot stands, in words."""
    block = extract.blocks[spot.block]
    return block.where if isinstance(block, Paragraph) else block.where(spot.row, spot.column)


def _of_columns(view: TableView, names: Registered, passing: Passing, labels: Labels) -> Iterator[Finding]:
    """Yield a finding for each private column, and before it one for each cell of it that names a minor."""
    cells = view.table.rows
    for mark in view.columns:
        minors = _minors_of(view.cells_of(mark), names, passing) if mark.kind == "name" else set()
        for row in mark.rows:
            if row in minors:
                name, spot = (
                    cells[row][mark.column],
                    Spot(view.block, 0, len(cells[row][mark.column]), row, mark.column),
                )
                instead = _instead(Mark("minor", 0, len(name), name, MINOR_NAME), "", labels)
                where = view.table.where(row, mark.column)
                yield Finding("", "minor", where, name, str(MINOR_NAME), (spot,), instead)
        rows = [row for row in mark.rows if row not in minors]
        spots = tuple(Spot(view.block, 0, len(cells[row][mark.column]), row, mark.column) for row in rows)
        words = COLUMN if mark.heading else COLUMN_NO_HEADING
        where = say(words, sheet=view.table.name, heading=mark.heading, column=mark.column + 1)
        if spots:
            yield Finding("", mark.kind, where, "", str(mark.reason), spots, {}, len(spots))


def _minors_of(stream: Stream, names: Registered, passing: Passing) -> set[int]:
    """Return the rows of a column of names that name a minor: below such a heading no word is an everyday one."""
    reduced = Reduced(compatible(stream.text), INSIDE_A_NAME)
    return {
        spot.row
        for start, end, name, minor in names.names_in(reduced)
        if minor and not passing.lets(name, "name")
        for spot in stream.spots(*reduced.span(start, end))
    }


def _hidden(extract: Extract, names: Registered, passing: Passing) -> Iterator[Finding]:
    """Yield what lies in a file without being shown, a line for each place and kind."""
    for passage in extract.hidden:
        kinds: Counter[str] = Counter()
        for mark in marks_in(passage.text, names, passing):
            kinds[mark.kind] += 1
        for kind, count in kinds.items():
            yield Finding("", kind, passage.where, "", str(NOT_CARRIED), count=count, hidden=True)


__all__ = ["Passage", "Table", "Text", "digest_of", "examine", "examine_with", "findings", "place_of"]
