"""The words doors are written with: marks of buildings, staircases, rooms; what stands around a door and is none."""

import re
from typing import NamedTuple

from qiaomen.kernel.numerals import chinese_int, narrow
from qiaomen.kernel.recall import recalled


class Token(NamedTuple):
    """A piece of a written door: its kind and its value, digits already plain."""

    kind: str
    value: str
    mark: str


_HAN = "〇零○一二三四五六七八九十百"
_NUM = rf"(?:\d{{1,5}}|[{_HAN}]{{1,5}})"
_NAME = rf"(?:[A-Z]?\d{{1,4}}[A-Z]?|[{_HAN}]{{1,4}}|[A-Z]|[甲乙丙丁戊己])"
_SIDE = "[东西南北中前后左右]"
_ROOM = rf"(?:负?[A-Z]?\d{{1,5}}[A-Z]?|[{_HAN}]{{1,5}})"

_KINDS = (
    ("group", rf"第?(?:{_NUM}|[甲乙丙丁戊己])(?:村民小组|村民组|生产队|小组|组|队)"),
    ("building", rf"第?{_NAME}(?:号楼|#楼|楼栋|栋楼|号栋|号幢|号座|栋|幢|座)|#\d{{1,4}}(?:号楼|楼|栋)?"),
    (
        "word",
        rf"(?:{_SIDE}|[老新主副红白])(?:{_NUM})?楼(?!道|梯)|(?:综合|家属|办公|单身|筒子|教工|职工|宿舍|公寓|安置)楼",
    ),
    ("court", rf"(?:{_NUM}|[A-Z])号?(?:大院|院)(?!子|区|内)"),
    ("row", rf"第?{_NUM}排"),
    ("bungalow", "平房区?|瓦房|窑洞"),
    ("entrance", rf"第?(?:{_NUM}|[A-Z]|[甲乙丙丁戊己]|{_SIDE}(?:{_NUM})?)(?:单元门|单元|单(?!身)|门洞|门栋|梯|楼道)"),
    ("entrance", rf"{_SIDE}门(?![面市口牌诊外里内])"),
    ("floor", rf"(?:负|地下)?{_NUM}(?:层|楼)"),
    ("room", rf"{_ROOM}(?:号房间|号室|室|房间|号房|号户|户|房(?!屋))"),
    ("side", "[东南西北中左右](?:边|侧|首|手)?[户屋室]|(?<=[层楼])[东南西北中左右](?:边|侧|首|手)?$"),
    ("gate", rf"{_NUM}门(?![面市洞牌])"),
    ("shop", "(?:沿街|临街)?(?:商铺|商业房|门面房?|门市房?|底商|铺面|店铺|商店|商网|网点)"),
    ("store", "车库|储藏室|地下室|杂物间|仓房"),
    ("no", rf"第?[A-Z]?{_NUM}[A-Z]?(?:号附{_NUM}号?|(?:号|#)(?!线))"),
    ("bare", rf"负?[A-Z]?\d{{1,5}}[A-Z]?|[{_HAN}]{{3,4}}|[A-Z](?=-)"),
    ("sep", "-+"),
)
_TOKEN = re.compile("|".join(f"(?P<k{place}>{pattern})" for place, (_, pattern) in enumerate(_KINDS)))
_VALUE = re.compile(rf"(负|地下)?([A-Z]?\d+[A-Z]?|[{_HAN}]+|[A-Z]|[甲乙丙丁戊己])")
STARTS = frozenset(
    f"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ第#负{_HAN}甲乙丙丁戊己东西南北中前后左右老新主副红白"
    "综家办单筒教职宿公安平瓦窑沿临商门底铺店网车储地杂仓"
)
"""Characters a written door can begin with."""


def plain_number(text: str) -> str:
    """Return 3 for 三, 03 and 3; B for b; a text that is no number stays."""
    value = chinese_int(text)
    if value is not None:
        return str(value)
    return text.lstrip("0") or "0" if text.isdecimal() else text


def _value(kind: str, text: str) -> str:
    if kind in ("word", "side", "bungalow", "shop", "store", "sep"):
        return text
    if kind == "entrance" and text[0] in "东西南北中前后左右":
        return text[0] + "".join(plain_number(part) for part in re.findall(rf"\d+|[{_HAN}]+", text))
    found = _VALUE.search(text)
    if found is None:
        return text
    if kind == "no" and "附" in text:
        return "附".join(plain_number(part) for part in re.findall(rf"\d+|[{_HAN}]+", text))
    below = "负" if found[1] else ""
    return below + (found[2] if kind in ("bare", "room") and found[2][:1] == "0" else plain_number(found[2]))


def tokens_from(text: str, start: int) -> tuple[list[Token], int]:
    """Return the tokens from a place on, and where the first piece stands that is none."""
    found, place = list[Token](), start
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or not match[0]:
            break
        kind = _KINDS[int((match.lastgroup or "k0")[1:])][0]
        mark = re.sub(rf"[0-9A-Z{_HAN}]", "", match[0])
        found.append(Token(kind, _value(kind, match[0]), mark))
        place = match.end()
    return found, place


# Around the door ----------------------------------------------------------------------------------------------------

_NOTES = {
    "租户": "租户|租客|承租户?|租住|租房户?|租赁户?|出租房?|租用|外租|租",
    "空房": "空置房?|空房|空户|无人居住?|无人住|未入住|未装修|毛坯",
    "自住": "自住|业主自?住?|房主|户主|产权人|自有",
    "借住": "借住|寄住|寄居|暂住|暂居|投靠",
    "常住": "常住|居住|现住|现居|住",
    "老房": "老房|旧房|原住",
}
_NOTE_WORD = "|".join(f"(?:{words})" for words in _NOTES.values())
_NOTE_FRONT = re.compile(
    rf"^(?:({_NOTE_WORD})(?:在|于|址|地址)?[:,]?|(?:家庭|详细|居住|现)?(?:住址|地址|门牌号?)[:,]?)"
)
_NOTE_BACK = re.compile(rf"[,;:。]?({_NOTE_WORD})$")
_BRACKET = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】")
_INSIDE = re.compile(rf"[0-9{_HAN}A-Z]|[期区门]$")
NOTHING = re.compile(r"[-/\\.?0*]*|无|没有|暂无|不详|未知|不清楚|待查|待补|空|N/?A|NULL|同上", re.I)
TWO_DOORS = re.compile(r"(?<![\dA-Z])(\d{3,4})(?:室|号|户)?\s*(?:[、,&+和及/]|-)\s*(\d{3,4})(?:室|号|户)?(?!\d)")


@recalled(maxsize=1 << 14)
def fold(text: str) -> tuple[str, tuple[str, ...], str]:
    """Return the text with one kind of dash and no blank, the notes found around it, and what stood in brackets."""
    text = narrow(text).upper().strip(" '`\"。.,;")
    notes, apart = list[str](), list[str]()

    def inside(found: re.Match[str]) -> str:
        words = next((part for part in found.groups() if part), "")
        name = _note_name(words)
        if name:
            notes.append(name)
            return ""
        if _INSIDE.search(words):
            return words
        apart.append(words)
        return ""

    text = _BRACKET.sub(inside, text).strip()
    while front := _NOTE_FRONT.match(text):
        if front[1] and front.end() < len(text):
            notes.append(_note_name(front[1]))
        elif front[1]:
            break
        text = text[front.end() :]
    while (
        (back := _NOTE_BACK.search(text)) and back.start() and re.match(r"[0-9A-Z室户号房#院 ]", text[back.start() - 1])
    ):
        notes.append(_note_name(back[1]))
        text = text[: back.start()].rstrip(" -,;")
    text = re.sub(r"(?<=[0-9A-Z#])\s+(?=[0-9A-Z])", "-", text)
    text = re.sub(r"\s*[/\\_·,、;|]\s*", "-", text)
    text = re.sub(r"(?<=\d)\.(?=\d)", "-", re.sub(r"\s+", "", text))
    return re.sub(r"(?<=#)-+|-+$|^-+", "", text), tuple(dict.fromkeys(note for note in notes if note)), "".join(apart)


def _note_name(words: str) -> str:
    return next((name for name, pattern in _NOTES.items() if re.fullmatch(pattern, words)), "")


# The place a door is in ---------------------------------------------------------------------------------------------

_LEVELS = (
    (re.compile("^.{2,8}?(?:自治区|省)"), ""),
    (re.compile("^.{1,7}?(?:自治州|地区|市)"), "场政民府花广"),
    (re.compile("^.{1,6}?(?:自治县|县|旗|区)"), "医委政城局中公人供府"),
    (re.compile("^.{1,6}?区"), "委政公人府"),
    (re.compile("^.{1,6}?(?:街道办事处|街道办|街道|镇|乡)"), "政中医卫小村府"),
    (re.compile("^.{1,8}?(?:社区居委会|社区居民委员会|居委会|社区)"), "服医卫"),
)
_NO_DISTRICT = re.compile(r"(?:小|社|园|库|矿|厂|[东西南北中前后老新A-Z0-9一二三四五六七八九十])区$")
_DISTRICTS = re.compile(r"(?:高新|经开|开发|示范|新城|旅游度假)区$")
_GENERIC = re.compile(r"(?:花园|家园|小区|家属院|家属楼|公寓|新村|广场|大院|佳苑|新城|大厦|小院|住宅|村|苑)?")
_STREET = re.compile(r"(?:路|街|巷|道|胡同|弄)(?:[东西南北中])?(?:段|侧)?$")
_HOUSES = re.compile(r"(?:村|庄|堡|屯|沟|塬|寨|营|坡|岭|窑|塘|滩|号院|大院)$|" + _STREET.pattern)


def is_street(place: str) -> bool:
    """Say whether a place is a street, where a number is a plot and not a building."""
    return bool(_STREET.search(place))


def is_phase(place: str) -> bool:
    """Say whether a place is only a part of a compound: 2期, A区."""
    return bool(re.fullmatch(r"\d+期|[A-Z东西南北中]区", place))


def has_houses(place: str) -> bool:
    """Say whether a bare number in this place is a house: a village, a street, a courtyard."""
    return bool(_HOUSES.search(place))


@recalled(maxsize=4096)
def compound_name(text: str, known: tuple[str, ...] = ()) -> str:
    """Return one name for a compound: above it nothing, 小区 dropped, phases in digits; "" when none is said.

    A place that ends with a compound of `known` is that compound when only places and streets stand before it.
    """
    name = narrow(text).upper().replace(" ", "").strip("-,:;。")
    name = re.sub("(村)(?:村民)?委(?:员)?会$", r"\1", name)
    for whole in sorted(known, key=len, reverse=True):
        before = name.removesuffix("小区").removesuffix(whole)
        if before != name.removesuffix("小区") and (not before or re.search("[省市县区镇乡道路街巷村号社区]$", before)):
            return whole
    name = re.sub(rf"小区(?=(?:\d|[{_HAN}])+期|[A-Z东西南北]区)", "", name)
    for level, follows in _LEVELS:
        found = level.match(name)
        district = found is not None and found[0].endswith("区") and not found[0].endswith("社区")
        if found is None or (district and _NO_DISTRICT.search(found[0]) and not _DISTRICTS.search(found[0])):
            continue
        rest = name[found.end() :]
        if rest and rest[0] not in follows and not _GENERIC.fullmatch(rest):
            name = rest
    street = re.match(r"^.{1,10}?(?:路|街|巷|道)(?:[东西南北中]段)?\d{1,4}号(?!院)(.{2,})$", name)
    if street and not _GENERIC.fullmatch(street[1]):
        name = street[1]
    name = re.sub(rf"([{_HAN}]+)(?=期)", lambda found: plain_number(found[0]), name)
    return "" if name in ("小区", "本小区", "本社区") else name.removesuffix("小区")
