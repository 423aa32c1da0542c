"""A publication as the gate sees it: what was found, what was decided, what would go out, what went out before."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse

from qiaomen.groups.selectors.public_words import GROWN, passing_in, registered_in
from qiaomen.kernel import clock
from qiaomen.kernel.ages import years_before
from qiaomen.kernel.texts import later as _
from qiaomen.kernel.texts import say
from qiaomen.office.models import Organisation
from qiaomen.office.shared.photos import COLUMNS, ROWS
from qiaomen.publications.models import Decision, Publication, PublicationPart, PublishedFile
from qiaomen.redaction import examine, pictures, readers
from qiaomen.redaction import publish as redaction
from qiaomen.redaction.findings import KEEP, KINDS, MASK, REMOVE, ROLE, SEEN, Choice, Decisions, Examined, Finding
from qiaomen.redaction.known_names import Registered
from qiaomen.redaction.parts import PICTURE, NewFile, Paragraph, Part, Table
from qiaomen.redaction.passing import Passing, bare
from qiaomen.register.models import Consent, open_on

AROUND = 24
"""Characters of the text shown on each side of a finding."""
NAMES = {"name", "other_name"}
WAY_TITLES = {
    MASK: _("遮住"),
    ROLE: _("改称呼"),
    REMOVE: _("删去"),
    KEEP: _("原样保留"),
    SEEN: _("我看过原图，没有别的要盖"),
}
TYPES = {
    "text": "text/plain; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    PICTURE: "image/jpeg",
}
MOST_EARLIER = 500
"""Published files that are searched for what is found now, the newest first."""


@dataclass(frozen=True)
class Checked:
    """A draft as the gate sees it. `parts`: its rows beside what was found in each; `decided`: by part and finding."""

    parts: Sequence[tuple[PublicationPart, Examined]]
    decided: dict[tuple[UUID, str], Decision]
    names: Registered
    passing: Passing

    @property
    def findings(self) -> list[tuple[PublicationPart, Finding]]:
        """What somebody has to decide, in the order of the text."""
        return [(row, f) for row, examined in self.parts for f in examined.findings if not f.hidden]

    @property
    def waiting(self) -> int:
        """How many nobody has decided yet."""
        return sum((row.pk, finding.key) not in self.decided for row, finding in self.findings)


def part_of(row: PublicationPart) -> Part:
    """Return a part as it came in."""
    return Part(row.name, row.upload if row.is_text else base64.b64decode(row.upload))


def examined_with(community: Organisation, parts: Sequence[Part]) -> tuple[list[Examined], Registered, Passing]:
    """Examine parts with the register and the list of this community. Raises Unreadable, PictureIsAList."""
    names = registered_in(community)
    passing = passing_in(community, names)
    return examine.examine(parts, names, passing), names, passing


def check(publication: Publication) -> Checked:
    """Examine a draft as it stands today: the register may have changed since it came in."""
    rows = list(publication.parts.order_by("position"))
    found, names, passing = examined_with(publication.community, [part_of(row) for row in rows])
    decisions = Decision.objects.filter(part__in=rows).select_related("consent__person")
    decided = {(decision.part_id, decision.finding): decision for decision in decisions}
    return Checked(list(zip(rows, found, strict=True)), decided, names, passing)


def decisions_of(checked: Checked) -> Decisions:
    """Return what was decided in the words of the gate."""
    choices = {
        key: Choice(decision.way, str(decision.consent_id) if decision.consent_id else "")
        for (_part, key), decision in checked.decided.items()
    }
    digests = {examined.extract.name: row.digest for row, examined in checked.parts}
    boxes = {
        examined.extract.name: list(_boxes(examined, row.covered))
        for row, examined in checked.parts
        if examined.extract.kind == PICTURE and row.covered
    }
    return Decisions(digests, choices, boxes)


def _boxes(examined: Examined, cells: Iterable[str]) -> Iterable[tuple[int, int, int, int]]:
    """Yield the pixels under cells of the grid that is laid over a picture."""
    width, height = pictures.upright(examined.extract.name, examined.extract.picture).size
    for cell in cells:
        column, row = (int(number) for number in cell.split("-"))
        yield (
            column * width // COLUMNS,
            row * height // ROWS,
            (column + 1) * width // COLUMNS,
            (row + 1) * height // ROWS,
        )


def made_anew(checked: Checked) -> list[NewFile]:
    """Return the files that would go out. Raises what the gate refuses."""
    parts = [part_of(row) for row, _examined in checked.parts]
    return redaction.publish(parts, decisions_of(checked), checked.names, checked.passing)


def words_of(file: NewFile) -> str:
    """Return the text of a new file, a line for each paragraph and each row of a table; "" for a picture."""
    if file.kind == PICTURE:
        return ""
    lines: list[str] = []
    for block in readers.read(Part(file.name, file.content)).blocks:
        lines += [block.text] if isinstance(block, Paragraph) else ["\t".join(row) for row in block.rows]
    return "\n".join(lines)


def consents_for(community: Organisation, finding: Finding, today: date) -> QuerySet[Consent]:
    """Return the agreements under which a finding may stay: for a name that person's own, and only grown people's.

    Whose birth is not known is not taken for grown.
    """
    found = Consent.objects.filter(open_on(today), community=community, purpose="publish", withdrawn_at=None)
    found = found.filter(person__birth_date__lte=years_before(today, GROWN)).select_related("person")
    if KINDS[finding.kind].never_kept or KEEP not in finding.ways:
        return found.none()
    if finding.kind in NAMES:
        named = bare(finding.found)
        same = [row.pk for row in found if named and named in map(bare, (row.person.name, row.person.former_name))]
        found = found.filter(pk__in=same)
    return found.order_by("person__name")


def earlier_with(community: Organisation, findings: Sequence[Finding]) -> dict[str, list[Publication]]:
    """Return, by a finding's key, the publications that went out with the same words. One query."""
    wanted = {f.key: bare(f.found) for f in findings if len(bare(f.found)) > 1}
    if not wanted:
        return {}
    files = PublishedFile.objects.filter(community=community).exclude(words="").defer("content")
    files = files.select_related("part__publication").order_by("-part__publication__published_at")[:MOST_EARLIER]
    found: dict[str, list[Publication]] = {}
    for file in files:
        words = bare(file.words)
        for key, text in wanted.items():
            if text in words and file.part.publication not in found.get(key, []):
                found.setdefault(key, []).append(file.part.publication)
    return found


def shown(publication: Publication, checked: Checked) -> list[dict[str, Any]]:
    """Return what the page of findings shows, a dictionary for each part."""
    today, number = clock.today(), 0
    earlier = earlier_with(publication.community, [finding for _row, finding in checked.findings])
    pages = []
    for row, examined in checked.parts:
        rows = []
        for finding in examined.findings:
            if finding.hidden:
                continue
            number += 1
            decision = checked.decided.get((row.pk, finding.key))
            rows.append(
                {
                    "number": number,
                    "name": f"{row.pk.hex}-{finding.key}",
                    "finding": finding,
                    "context": context_of(examined, finding),
                    "decision": decision,
                    "ways": ways_of(finding),
                    "never": KINDS[finding.kind].never_kept,
                    "consents": list(consents_for(publication.community, finding, today)),
                    "keeps": KEEP in finding.ways,
                    "earlier": earlier.get(finding.key, []),
                }
            )
        hidden = sorted({finding.where for finding in examined.findings if finding.hidden})
        covered = [tuple(map(int, cell.split("-"))) for cell in row.covered]
        pages.append({"part": row, "examined": examined, "rows": rows, "hidden": hidden, "left": len(hidden)})
        pages[-1]["covered"] = covered
    return pages


def ways_of(finding: Finding) -> list[tuple[str, str, str]]:
    """Return each way but keeping: code, title, and what would stand there."""
    return [
        (way, say(WAY_TITLES[way]), "" if way == REMOVE else finding.instead.get(way, ""))
        for way in finding.ways
        if way != KEEP
    ]


def context_of(examined: Examined, finding: Finding) -> tuple[str, str, str]:
    """Return the words before a finding, itself, and behind it; for a column its heading alone."""
    if finding.count > 1 or not finding.spots:
        return "", finding.found, ""
    spot = finding.spots[0]
    block = examined.extract.blocks[spot.block]
    text = block.rows[spot.row][spot.column] if isinstance(block, Table) else block.text
    before, behind = text[max(0, spot.start - AROUND) : spot.start], text[spot.end : spot.end + AROUND]
    return before, text[spot.start : spot.end], behind


def public_now(community: Organisation, *, standing: bool = False) -> QuerySet[Publication]:
    """Return what the public page lists until its last day, the newest first; `standing`: nothing withdrawn."""
    found = Publication.objects.filter(community=community, end_day__gte=clock.today()).exclude(state="draft")
    found = found.filter(state="published") if standing else found
    return found.order_by("-published_at")


def sent(file: PublishedFile) -> HttpResponse:
    """Return the answer that carries a file made anew; no browser guesses what it is."""
    answer = HttpResponse(bytes(file.content), content_type=TYPES[file.kind])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.file_name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
