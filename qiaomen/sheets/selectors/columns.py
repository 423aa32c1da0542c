"""The columns a grid may have, and the named views on the register: a title, who is in it, and what is shown first."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from qiaomen.criteria.facts import Fact
from qiaomen.groups.selectors.telling import field_of_group
from qiaomen.kernel.sensitivity import Field
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.fields import SEX_WORDS, field_of

TOLD = "told:"
STATES = {"living": _("在住"), "away": _("已搬走，户口在")}
"""The states of those who stand in the grid: who still counts in the register."""


@dataclass(frozen=True)
class Column:
    """One column. `path` leads from the row to a column of the register; a told fact has none, nor has what is counted.

    `sealed`: shown masked, never compared, never sorted by; a telephone is found by the four digits its mask shows, a
    whole number only by a look. `edits`: what an edit changes; "" nothing.
    """

    code: str
    title: Any
    kind: str = "text"
    path: str = ""
    width: int = 110
    edits: str = ""
    sealed: bool = False
    sort: tuple[str, ...] = ()
    choices: dict[str, Any] = field(default_factory=dict)
    longest: int = 60
    required: bool = False
    fact: Fact | None = None
    help: Any = ""

    @property
    def filterable(self) -> bool:
        """Whether rows may be looked for by this column."""
        return not self.sealed or self.kind in ("id_no", "phone")

    @property
    def field(self) -> Field:
        """What the gate knows of it, as a list shows it: numbers by their masks."""
        return field_of(self.code, masked=self.kind in ("id_no", "phone"))

    @property
    def of_child(self) -> bool:
        """Whether only those who may see children see it."""
        return self.fact is not None and self.fact.sensitivity == "child"


_HOME = "household__dwelling__entrance__building__compound__name"
_DOOR = "household__dwelling__walk_order"
PERSON = (
    Column("name", _("姓名"), path="name", width=96, edits="person", sort=("name_pinyin",), required=True),
    Column("door", _("住址"), "door", width=190, sort=(_HOME, _DOOR)),
    Column("relation", _("与户主关系"), path="relation", width=132, edits="person", longest=20, sort=("relation",)),
    Column("sex", _("性别"), "code", path="sex", width=92, edits="person", choices=SEX_WORDS, sort=("sex",)),
    Column("birth_date", _("出生日期"), "date", path="birth_date", width=136, edits="person", sort=("birth_date",)),
    Column("age_group", _("年龄段"), "band", path="birth_date", width=96),
    Column("age", _("年龄"), "age", path="birth_date", width=84, sort=("birth_date",)),
    Column("id_no", _("身份证号"), "id_no", path="id_no", width=186, edits="person", sealed=True, longest=24),
    Column("phone", _("电话"), "phone", path="phone", width=130, edits="person", sealed=True, longest=24),
    Column(
        "work_place", _("工作的地方"), path="work_place", width=160, edits="person", longest=120, sort=("work_place",)
    ),
    Column("household_no", _("户号"), path="household__household_no", width=120, sort=("household__household_no",)),
    Column("head_name", _("户主姓名"), path="household__head_name", width=100, sort=("household__head_name",)),
    Column("origin_town", _("原乡镇"), path="household__origin_town", width=110, sort=("household__origin_town",)),
    Column(
        "origin_village", _("原村"), path="household__origin_village", width=110, sort=("household__origin_village",)
    ),
    Column("state", _("状态"), "code", path="state", width=130, choices=STATES, sort=("state",)),
)
HOUSEHOLD = (
    Column("head_name", _("户主姓名"), path="head_name", width=100, sort=("head_name",)),
    Column(
        "door",
        _("住址"),
        "door",
        width=190,
        sort=("dwelling__entrance__building__compound__name", "dwelling__walk_order"),
    ),
    Column(
        "household_no", _("户号"), path="household_no", width=130, edits="household", longest=30, sort=("household_no",)
    ),
    Column("people", _("人数"), "count", width=80),
    Column("origin_town", _("原乡镇"), path="origin_town", edits="household", longest=40, sort=("origin_town",)),
    Column("origin_village", _("原村"), path="origin_village", edits="household", longest=40, sort=("origin_village",)),
    Column("lifted_out", _("脱贫户"), "bool", path="lifted_out", width=90, edits="household", sort=("lifted_out",)),
    Column(
        "registered_place",
        _("户籍地址"),
        path="registered_place",
        width=200,
        edits="household",
        longest=120,
        sort=("registered_place",),
    ),
)


@dataclass(frozen=True)
class View:
    """A named view. `holds`: facts of which one must be known with that value; `from_age`: the parameter of an age;
    `group`: the care group whose members are in it, so that the tab and the page of groups count the same.

    `shown`: the columns it opens with: light ones, so that a day's work with it is not counted; the rest is asked for.
    """

    code: str
    title: Any
    of: str = "person"
    shown: tuple[str, ...] = ("name", "door", "relation", "sex", "age_group", "id_no", "phone")
    holds: tuple[tuple[str, Any], ...] = ()
    from_age: str = ""
    group: str = ""

    @property
    def fields(self) -> list[Field]:
        """What standing in this view already tells of a person."""
        group = [field_of_group(self.group)] if self.group else []
        return [*group, *(field_of(code) for code, _value in self.holds)]


_WHO = ("name", "door", "age_group", "phone")
VIEWS = (
    View("residents", _("居民")),
    View(
        "households",
        _("家庭"),
        "household",
        ("head_name", "door", "household_no", "people", "origin_town", "origin_village"),
    ),
    View("elders", _("老年人"), shown=(*_WHO, "relation"), from_age="elder.age"),
    View(
        "alone",
        _("独居老人"),
        shown=(*_WHO, "told:living_arrangement", "told:child_visits_days", "told:emergency_name"),
        group="living_alone_elder",
    ),
    View(
        "disabled",
        _("残疾人"),
        shown=(
            *_WHO,
            "told:disability_card",
            "told:disability_kind",
            "told:disability_grade",
            "told:disability_card_until",
        ),
        holds=(("disability_card", True),),
    ),
    View(
        "dibao",
        _("低保"),
        shown=(*_WHO, "id_no", "told:receives_dibao", "told:dibao_from"),
        holds=(("receives_dibao", True),),
    ),
    View(
        "monitored",
        _("监测对象"),
        shown=(*_WHO, "told:is_monitored", "told:helper_name"),
        holds=(("is_monitored", True),),
    ),
    View(
        "posts",
        _("公益性岗位"),
        shown=(*_WHO, "work_place", "told:public_post", "told:public_post_until"),
        holds=(("public_post", True),),
    ),
)


@lru_cache(maxsize=1)
def views() -> dict[str, View]:
    """Return the named views by code; one whose facts no pack declares is left out."""
    known = packs.facts()
    return {view.code: view for view in VIEWS if all(code in known for code, _value in view.holds)}


def _told(fact: Fact) -> Column:
    kind = {"text": "text", "int": "int", "date": "date", "bool": "bool", "code": "code"}[fact.kind]
    return Column(
        TOLD + fact.code,
        fact.title,
        kind,
        width=max(110, 16 * len(fact.title) + 40),
        edits="told",
        sealed=fact.sensitivity != "plain",
        choices=dict(fact.choices),
        longest=80,
        fact=fact,
        help=fact.purpose,
    )


@lru_cache(maxsize=8)
def columns_of(of: str) -> dict[str, Column]:
    """Return every column rows of a kind may have, by code: the register's own, then one for each told fact."""
    if of == "household":
        return {column.code: column for column in HOUSEHOLD}
    told = [_told(fact) for fact in packs.facts().values() if fact.origin == "told"]
    return {column.code: column for column in (*PERSON, *told)}


def shown_first(view: View) -> list[Column]:
    """Return the columns a view opens with."""
    known = columns_of(view.of)
    return [known[code] for code in view.shown if code in known]
