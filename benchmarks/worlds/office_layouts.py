"""Which kinds meet in one table: decks of cards, dealt so that every kind comes round, and what goes with what."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from benchmarks.worlds.office_addresses import STYLES
from benchmarks.worlds.office_people import FAMILIES
from benchmarks.worlds.office_rows import Plan, styles_of
from benchmarks.worlds.office_values import DATES, DOCUMENTS, TELEPHONES

FILES = ("xlsx",) * 7 + ("xlsx-1904", "csv-gb18030", "csv-utf8", "csv-utf8-bom", "csv-utf16", "csv-title-then-tabs")
SHAPES = (
    "number-on-first-row",
    "number-on-every-row",
    "merged-household",
    "number-restarts-per-sheet",
    "number-restarts-per-building",
    "number-says-nothing",
    "no-number-door-and-relation",
    "no-number-head-name-column",
    "members-in-one-row",
    "two-tables-side-by-side",
)
PLACES = (
    "address-column",
    "address-column",
    "address-on-first-row",
    "place-columns",
    "place-columns-merged",
    "place-columns-until-next",
    "building-in-sheet-name",
    "building-in-title",
    "compound-in-sheet-name",
    "compound-in-title",
    "compound-nowhere",
)
GROUNDS = (
    "flats",
    "flats",
    "flats",
    "flats",
    "flats",
    "flats",
    "flats-no-entrance",
    "towers",
    "named",
    "courtyard",
    "village",
)
HEADERS = (
    "plain",
    "title-rows",
    "grouped",
    "split-relation",
    "split-two-rows",
    "hint-row",
    "example-row",
    "starred",
    "spaced",
)
HEAD_MARKS = (
    "words",
    "self",
    "head-self",
    "traditional",
    "yes-no",
    "yes-no-and-words",
    "code-01",
    "code-02",
    "head-name-only",
)
NOISE = (
    "totals-at-foot",
    "subtotals",
    "signatures",
    "watermark",
    "blank-rows",
    "header-again",
    "notes-at-foot",
    "household-counts",
    "none",
)
OTHER_SHEETS = ("instructions-sheet", "summary-sheet", "empty-sheet", "no-other-sheet")
EXTRAS = (
    "status-column",
    "two-addresses",
    "two-telephones",
    "second-name",
    "second-date",
    "meaningless-columns",
    "household-kind-column",
    "residence-column",
)
OFTEN = (
    *(kind for kind in FAMILIES if kind != "father-and-son-alike"),
    "two-families-one-door",
    "head-not-first",
    "same-name-other-door",
)
SPECIALS = (*OFTEN, *OFTEN, *OFTEN, "father-and-son-alike", "number-twice")
"""Kinds of family; those about which one would honestly have to ask are dealt a third as often."""

ONE_SHEET = (
    "address-column",
    "address-on-first-row",
    "place-columns",
    "place-columns-merged",
    "place-columns-until-next",
    "compound-in-title",
    "compound-nowhere",
)
COLUMNS_OF_PLACE = ("compound", "building", "entrance", "room")
HEAD_WORDS = {"self": "本人", "head-self": "户主本人", "traditional": "戶主", "code-01": "01", "code-02": "02"}
EXTRA_COLUMNS = {
    "status-column": ("status",),
    "two-addresses": ("registered_place",),
    "two-telephones": ("other_telephone",),
    "second-name": ("other_name",),
    "second-date": ("entered",),
    "household-kind-column": ("household_kind",),
    "residence-column": ("residence",),
    "meaningless-columns": ("ethnic", "schooling", "grid", "remark"),
}


class Deck:
    """A pile of cards, shuffled; one that does not fit waits for the next table, so that none is forgotten."""

    def __init__(self, cards: Sequence[str], random: Random) -> None:
        self.cards = list(cards)
        self.random = random
        self.pile: list[str] = []

    def draw(self, fits: Callable[[str], bool] = lambda card: True) -> str:
        """Take the first card that fits, mixing in a fresh pile when none does."""
        while True:
            for place, card in enumerate(self.pile):
                if fits(card):
                    return self.pile.pop(place)
            fresh = self.random.sample(self.cards, len(self.cards))
            if not any(map(fits, fresh)):
                raise LookupError(f"no card fits: {self.cards}")
            self.pile += fresh


def goes_on_ground(place: str, ground: str) -> bool:
    """Say whether such a place is written of such ground."""
    if place.startswith("building-in-") or place == "compound-in-sheet-name":
        return ground == "flats"
    return not (place.startswith("place-columns") and ground in ("courtyard", "village"))


def goes_with_shape(place: str, shape: str) -> bool:
    """Say whether rows of this shape can stand in a table whose places are written so."""
    if shape == "number-restarts-per-sheet":
        return place in (
            "address-column",
            "place-columns",
            "building-in-sheet-name",
            "building-in-title",
            "compound-in-sheet-name",
        )
    if shape == "number-restarts-per-building":
        return place in ("address-column", "place-columns", "place-columns-merged", "compound-in-title")
    if shape in ("members-in-one-row", "two-tables-side-by-side"):
        return place in ("address-column", "place-columns", "compound-in-title", "compound-nowhere")
    return not (shape == "merged-household" and place == "address-on-first-row")


def goes_in_file(file: str, shape: str, place: str) -> bool:
    """Say whether a file of this kind can hold it: no merges and no sheets in a csv."""
    if file.startswith("xlsx"):
        return True
    merged = shape == "merged-household" or place == "place-columns-merged"
    return not merged and shape != "number-restarts-per-sheet" and place in ONE_SHEET


def header_goes(header: str, shape: str, head_mark: str) -> bool:
    """Say whether such a header can stand over such rows."""
    if shape == "two-tables-side-by-side":
        return header in ("plain", "title-rows", "starred", "spaced")
    if shape == "members-in-one-row":
        return header in ("plain", "title-rows", "grouped")
    return header != "split-relation" or head_mark not in ("yes-no", "head-name-only")


class Decks:
    """All piles of one run, and the plan of the next table."""

    def __init__(self, random: Random) -> None:
        self.random = random
        names = {
            "file": FILES,
            "shape": SHAPES,
            "place": PLACES,
            "ground": GROUNDS,
            "header": HEADERS,
            "noise": NOISE,
            "head": HEAD_MARKS,
            "other-sheet": OTHER_SHEETS,
            "extra": EXTRAS,
            "special": SPECIALS,
            "doubt": ("doubt", "none"),
            "sheets": ("single", "single", "single", "per-grid"),
            "date": tuple(DATES),
            "telephone": tuple(TELEPHONES),
            "document": tuple(DOCUMENTS),
        }
        self.decks = {name: Deck(cards, random) for name, cards in names.items()}
        self.styles = {ground: Deck(tuple(styles), random) for ground, styles in STYLES.items()}

    def plan(self) -> Plan:
        """Deal one table."""
        draw = self.random
        shape = self.decks["shape"].draw()
        place = self.decks["place"].draw(lambda card: goes_with_shape(card, shape))
        ground = self.decks["ground"].draw(lambda card: self._ground_goes(card, shape, place))
        file = self.decks["file"].draw(lambda card: goes_in_file(card, shape, place))
        head_mark = self._head_mark(shape)
        header = self.decks["header"].draw(lambda card: header_goes(card, shape, head_mark))
        extras = self._several("extra", draw.choice((1, 2))) if shape not in ("members-in-one-row",) else ()
        folded = shape == "merged-household" or place in ("place-columns-merged", "place-columns-until-next")
        plan = Plan(
            file=file,
            shape=shape,
            place=place,
            ground=ground,
            header=header,
            head_mark=head_mark,
            columns=(),
            dates=self._several("date", 2, lambda card: file.startswith("xlsx") or card not in IN_BOOKS_ONLY),
            telephones=self._several("telephone", 2, lambda card: file.startswith("xlsx") or card != "number-cell"),
            documents=self._documents(file),
            addresses=self._addresses(ground, place),
            mixes_spellings=not folded and draw.random() < 0.35,
            head_word=HEAD_WORDS.get(head_mark, draw.choice(("户主", "户 主", "户主"))),
            noise=self._noise(shape),
            sheets=self._sheets(shape, place, file),
            extras=(*extras, *self._other_sheet(file)),
        )
        return with_columns(plan, draw)

    def specials(self, plan: Plan) -> tuple[str, ...]:
        """Deal three special families that this plan can tell apart."""
        usual = self._several("special", 3, lambda card: special_goes(card, plan))
        doubtful = special_goes("floor-or-building", plan) and self.decks["doubt"].draw() == "doubt"
        return (*usual, "floor-or-building") if doubtful else usual

    def _several(self, deck: str, count: int, fits: Callable[[str], bool] = lambda card: True) -> tuple[str, ...]:
        chosen: list[str] = []
        while len(chosen) < count:
            chosen.append(self.decks[deck].draw(lambda card: card not in chosen and fits(card)))
        return tuple(chosen)

    def _ground_goes(self, ground: str, shape: str, place: str) -> bool:
        several = shape != "number-restarts-per-building" or ground not in ("courtyard", "village")
        return several and goes_on_ground(place, ground)

    def _head_mark(self, shape: str) -> str:
        if shape == "members-in-one-row":
            return "head-columns"
        only_by_name = shape == "no-number-head-name-column"
        return self.decks["head"].draw(lambda card: card != "head-name-only" or only_by_name)

    def _documents(self, file: str) -> tuple[str, ...]:
        """Two odd habits beside the plain one; in most tables the plain one is the main one."""
        odd = self._several("document", 2, lambda card: file.startswith("xlsx") or card != "damaged-number")
        mains = ("apostrophe", "equals-quote", "spaces", "full-width", "damaged-number", "trailing-tab")
        return odd if odd[0] in mains else ("text", *odd)

    def _addresses(self, ground: str, place: str) -> tuple[str, ...]:
        styles = styles_of(ground, place)
        if len(styles) == 1 or place.startswith("place-columns"):
            return (styles[0],)
        return tuple(self.styles[ground].draw(styles.__contains__) for _ in range(min(3, len(styles))))

    def _noise(self, shape: str) -> tuple[str, ...]:
        if shape in ("two-tables-side-by-side", "members-in-one-row"):
            feet = ("totals-at-foot", "signatures", "notes-at-foot", "none")
            return (self.decks["noise"].draw(lambda card: card in feet),)
        return self._several("noise", 2)

    def _sheets(self, shape: str, place: str, file: str) -> str:
        """Say how the households are dealt to sheets; any book may be kept by grid."""
        dealt = sheets_of(shape, place)
        by_one = ("members-in-one-row", "two-tables-side-by-side", "number-restarts-per-building")
        if dealt != "single" or shape in by_one or not file.startswith("xlsx"):
            return dealt
        return self.decks["sheets"].draw()

    def _other_sheet(self, file: str) -> tuple[str, ...]:
        return (self.decks["other-sheet"].draw(),) if file.startswith("xlsx") else ()


IN_BOOKS_ONLY = ("date-cell", "serial-general")


def special_goes(card: str, plan: Plan) -> bool:
    """Say whether a table of this plan shows enough to tell this special family as it is."""
    if card == "floor-or-building":
        by_address = plan.place in ("address-column", "address-on-first-row", "compound-in-title")
        return by_address and plan.ground == "flats" and plan.shape != "number-restarts-per-building"
    if card in ("father-and-son-alike", "same-name-same-door"):
        return plan.head_mark != "head-name-only"
    if card == "number-twice":
        return "document" in plan.columns
    if card == "head-not-first":
        return plan.shape in ("number-on-every-row", "no-number-head-name-column")
    return True


def sheets_of(shape: str, place: str) -> str:
    """Say how the households are dealt to sheets."""
    if place.startswith("building-in-"):
        return "per-building"
    if place == "compound-in-sheet-name":
        return "per-compound"
    return "per-grid" if shape == "number-restarts-per-sheet" else "single"


def with_columns(plan: Plan, random: Random) -> Plan:
    """Choose the columns of a plan, in the order of the sheet."""
    in_columns = plan.place.startswith("place-columns")
    if plan.shape == "members-in-one-row":
        own = ("seq", "no", "name", "relation", "document", "telephone")
        return replace(plan, columns=(*own, *(COLUMNS_OF_PLACE if in_columns else ("address",))))
    numbered = not plan.shape.startswith("no-number")
    by_name = plan.shape == "no-number-head-name-column" or (numbered and random.random() < 0.25)
    has_birth = random.random() < 0.75
    columns = ["seq"] if random.random() < 0.7 or plan.header == "example-row" else []
    columns += ["no"] if numbered else []
    columns += ["head_name"] if by_name else []
    columns += ["name"]
    columns += ["is_head"] if plan.head_mark.startswith("yes-no") else []
    columns += ["relation"] if plan.head_mark not in ("yes-no", "head-name-only") else []
    columns += ["sex"] if random.random() < 0.8 else []
    columns += ["birth"] if has_birth else []
    columns += ["age"] if random.random() < 0.3 else []
    columns += ["document"] if not has_birth or random.random() < 0.85 else []
    columns += ["telephone"]
    where = list(COLUMNS_OF_PLACE) if in_columns else ["address"]
    if plan.ground in ("towers", "flats-no-entrance") and len(where) > 1:
        where.remove("entrance")
    columns = [*where, *columns] if random.random() < 0.3 and "seq" not in columns else [*columns, *where]
    for extra in plan.extras:
        columns += EXTRA_COLUMNS.get(extra, ())
    return replace(plan, columns=tuple(columns))
