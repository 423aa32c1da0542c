"""Door addresses: what is finer than a compound or a road number, so that somebody could go and knock."""

import re
from collections.abc import Iterator

from qiaomen.redaction.folding import INVISIBLE, Reduced, folded

_N = r"(?:\d{1,4}|[甲乙丙丁ABCDEFG]\d{0,3}|[十百0-9]{1,4})"
_S = r"[\s,，·-]{0,2}"
_BUILDING = rf"(?:第?{_N}\s?(?:号楼|栋|幢|座|楼(?!层|道|梯|长|栋)|号院))"
_ENTRANCE = rf"(?:第?{_N}\s?(?:单元|门洞|门(?!口|前|诊|市|店|禁)|梯))"
_FLOOR = rf"(?:{_N}\s?(?:层|楼(?!道|梯|长)))"
_ROOM = rf"(?:{_N}\s?(?:室|户(?!籍|口|主|型|数|均|外)|号房|房间|号(?!楼|线|文|令|公告|院|前|起|至|上|下|晚|早)))"
_DOOR = re.compile(
    rf"{_BUILDING}{_S}{_ENTRANCE}?{_S}{_FLOOR}?{_S}{_ROOM}"
    rf"|{_BUILDING}{_S}{_ENTRANCE}{_S}(?:{_FLOOR}|\d{{2,4}}(?!\d|元|人|户|米|号))?(?:东|西|南|北|中|左|右)?户?"
    rf"|{_ENTRANCE}{_S}{_FLOOR}?{_S}{_ROOM}"
    r"|(?<![\d.-])\d{1,3}\s?(?:#|号楼|栋|幢|-)\s?\d{1,2}\s?-\s?\d{3,4}(?![\d-]|元|人|年|月|日|:)"
)
_HOUSE = re.compile(
    r"[\u4e00-\u9fff]{1,6}(?:村|组|社|屯|湾|沟|坡|塬|寨)[\s,，]{0,1}(?:\d{1,3}|[十百0-9]{1,3})(?:号|组\d{1,3}号)(?!楼|文|线|公告|令)"
)
_AHEAD = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9]{1,8}(?:苑|园|里|小区|花园|社区|新村|家园|公寓|院|城|府|庭|湾|村|巷|路\d{1,4}号(?:院)?|街\d{1,4}号(?:院)?)$"
)


def doors_in(text: str, compounds: tuple[str, ...] = ()) -> Iterator[tuple[int, int, str]]:
    """Yield (from, to, as written) of each door address; the compound's name before it belongs to it."""
    seen = Reduced(folded(text), INVISIBLE)
    as_written = Reduced(text, "")
    for form in (_DOOR, _HOUSE):
        for found in form.finditer(seen.text):
            start = found.start()
            origin = seen.span(start, found.end())
            before = as_written.text[max(0, origin[0] - 24) : origin[0]]
            known = next((name for name in compounds if before.rstrip().endswith(name)), "")
            ahead = known or getattr(_AHEAD.search(before), "group", lambda: "")()
            if form is _DOOR and "-" in found[0] and not re.search(r"[栋幢楼单室]", found[0]) and not ahead:
                continue
            yield origin[0], origin[1], text[origin[0] : origin[1]]
