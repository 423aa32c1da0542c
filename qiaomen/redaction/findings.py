"""What was found, why, what is suggested, and what a person decided on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qiaomen.kernel.texts import Text
from qiaomen.kernel.texts import later as _
from qiaomen.redaction.parts import Extract, Spot

MASK, ROLE, REMOVE, KEEP, SEEN = "mask", "role", "remove", "keep", "seen"
"""Ways: cover what tells, call a person by a role, take out, leave as it is, "I have looked at this picture"."""


@dataclass(frozen=True)
class Kind:
    """A kind of private matter. `never_kept`: nobody's consent opens it."""

    code: str
    title: Text
    suggestion: str
    ways: tuple[str, ...]
    never_kept: bool = False


_COVER = (MASK, REMOVE)
_OPEN = (MASK, REMOVE, KEEP)
KINDS = {
    kind.code: kind
    for kind in (
        Kind("id_no", _("身份证号"), MASK, _COVER, never_kept=True),
        Kind("bank", _("银行卡号或账号"), MASK, _COVER, never_kept=True),
        Kind("document", _("证件号"), MASK, _COVER, never_kept=True),
        Kind("phone", _("电话号码"), MASK, _OPEN),
        Kind("plate", _("车牌号"), MASK, _OPEN),
        Kind("account", _("网络账号或邮箱"), REMOVE, (REMOVE, KEEP)),
        Kind("place", _("坐标"), REMOVE, (REMOVE,), never_kept=True),
        Kind("birth", _("出生日期"), MASK, _OPEN),
        Kind("name", _("居民姓名"), ROLE, (ROLE, MASK, REMOVE, KEEP)),
        Kind("other_name", _("像是姓名"), ROLE, (ROLE, MASK, REMOVE, KEEP)),
        Kind("minor", _("未成年人"), ROLE, (ROLE, REMOVE), never_kept=True),
        Kind("relation", _("能认出人的亲属关系"), ROLE, (ROLE, REMOVE, KEEP)),
        Kind("door", _("门牌住址"), MASK, _OPEN),
        Kind("health", _("病情或残疾"), ROLE, (ROLE, REMOVE, KEEP)),
        Kind("income", _("收入或救助"), REMOVE, (REMOVE, KEEP)),
        Kind("small_group", _("人数少得能认出人的格子"), MASK, _OPEN),
        Kind("code_in_picture", _("图片里的二维码"), MASK, _COVER, never_kept=True),
        Kind("face", _("人脸"), MASK, _OPEN),
        Kind("unread", _("没有检查过的图片"), SEEN, (SEEN,)),
    )
}


@dataclass(frozen=True)
class Finding:
    """One private matter. `key` is the same for the same content. `count` above 1: a whole column of a table.

    `found`: the text itself, "" for a column; `spots`: the stretches it covers; `instead`: what mask and role would
    put there; `hidden`: it lies in a part that does not go out, nothing need be decided.
    """

    key: str
    kind: str
    where: str
    found: str
    reason: str
    spots: tuple[Spot, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)
    count: int = 1
    hidden: bool = False
    box: tuple[int, int, int, int] | None = None

    @property
    def title(self) -> str:
        """The kind in words."""
        return str(KINDS[self.kind].title)

    @property
    def suggestion(self) -> str:
        """The way that is suggested."""
        return KINDS[self.kind].suggestion

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways a person may choose; a whole column is nobody's own, so that nobody's consent keeps it."""
        ways = KINDS[self.kind].ways
        is_of_somebody = self.count == 1 and (self.found or self.box is not None)
        return ways if is_of_somebody else tuple(way for way in ways if way != KEEP)


@dataclass(frozen=True)
class Examined:
    """One part with what was found in it. `digest`: SHA-256 of the part as it was checked."""

    extract: Extract
    digest: str
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Choice:
    """What a person decided on one finding. `consent`: the record of the consent under which it stays."""

    way: str
    consent: str = ""


@dataclass(frozen=True)
class Decisions:
    """What was decided, by a finding's key, on the parts whose digests are named.

    `boxes`: what a hand covers in a picture, by its part's name.
    """

    digests: Mapping[str, str]
    choices: Mapping[str, Choice]
    boxes: Mapping[str, Sequence[tuple[int, int, int, int]]] = field(default_factory=dict)


def suggested(examined: Sequence[Examined]) -> Decisions:
    """Return the decisions that follow every suggestion; a picture is never seen by suggestion."""
    choices = {
        finding.key: Choice(finding.suggestion)
        for part in examined
        for finding in part.findings
        if not finding.hidden and finding.suggestion != SEEN
    }
    return Decisions({part.extract.name: part.digest for part in examined}, choices)
