"""Numbers that belong to a person: identity, telephone, bank, other documents, plates, accounts, coordinates.

A digit is what a reader takes for one: of any width, script or frame, a Chinese numeral, an O for a 0. A number goes on
over blanks, line ends, apostrophes and signs without a glyph. What keeps that from alarming at every table is the
check digit, the date inside, and where the pieces begin and end. Source: GB 11643-1999; ISO/IEC 7812 (Luhn).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from qiaomen.kernel.idcheck import check_id_no
from qiaomen.kernel.texts import Text
from qiaomen.kernel.texts import later as _
from qiaomen.redaction.folding import INVISIBLE, Reduced, folded


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of a text that tells something of a person, and why it is thought so. `plain`: it without disguise."""

    kind: str
    start: int
    end: int
    plain: str
    reason: Text


_RUN = re.compile(r"[0-9OoQlI](?:(?:(?!\*{3})[^\w\uffff]|_){0,6}[0-9OoQlIX])+")
"""Digits and what may stand between them; three stars in a row are a mask, whose two ends are no number."""
_READ_AS = str.maketrans("OoQlI", "00011")
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[19])"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID_18 = re.compile(rf"(?=({_PROVINCE}\d{{4}}(?:18|19|20)\d\d{_DAY}\d{{3}}[\dX]))")
_ID_15 = re.compile(rf"{_PROVINCE}\d{{4}}\d\d{_DAY}\d{{3}}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LAND = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
_PIECES = {
    (11,),
    (3, 4, 4),
    (4, 4, 3),
    (3, 8),
    (7, 4),
    (5, 6),
    (6, 5),
    (3, 3, 5),
    (4, 3, 4),
    (1, 10),
    (4, 7),
    (8, 3),
    (2, 9),
    (10, 1),
    (9, 2),
    (3, 5, 3),
    (1, 3, 3, 4),
    (3, 2, 3, 3),
    (3, 2, 2, 2, 2),
    (5, 3, 3),
    (2, 3, 3, 3),
    (3, 3, 3, 2),
}
"""How people break a mobile number; any other way counts only when every break is the same."""
_ACCOUNT_BEFORE = re.compile(r"(?:银行|卡号|账号|帐号|账户|帐户|存折|社保卡|一卡通|惠农)[^\d\n\uffff。；;]{0,16}$")
_DOCUMENT_BEFORE = re.compile(r"(?:护照|通行证|残疾证|证件|医保|学籍|居住证|军官证|士兵证)[^\d\n\uffff。；;]{0,10}$")
_CALL_BEFORE = re.compile(r"(?:电话|座机|固话|联系方式|致电|来电|宅电)[^\d\n\uffff]{0,6}$")
_MONEY_AFTER = re.compile(r"\s?(?:元|万|亿|平方|㎡|公斤|吨|度|人次)")

REASONS = {
    "id_no": _("十八位或十五位，日期和校验位都对得上，是身份证号"),
    "id_shape": _("形状是身份证号，校验位不对，多半是抄错一位"),
    "phone": _("是手机号码"),
    "land": _("是固定电话，不在单位的公开电话里"),
    "bank": _("位数和校验都对得上银行卡号"),
    "bank_said": _("前面写着账号或卡号"),
    "document": _("前面写着证件名"),
    "plate": _("是车牌号"),
    "email": _("是电子邮箱"),
    "chat": _("是微信或 QQ 账号"),
    "coordinates": _("是经纬度，能找到门口"),
    "birth": _("写着出生的年月日"),
}


@dataclass(slots=True)
class _Run:
    """Digits that may belong together: `digits`, where each stands, and which begin a piece."""

    digits: str
    places: list[int]
    begins: list[int]
    heads: frozenset[int]

    def is_piece(self, start: int, end: int) -> bool:
        """Say whether digits start to end begin with a piece and end with one."""
        return start in self.heads and (end == len(self.digits) or end in self.heads)

    def is_tight(self, start: int, end: int) -> bool:
        """Say whether nothing stands between these digits."""
        return self.places[end - 1] - self.places[start] == end - 1 - start

    def sizes(self, start: int, end: int) -> tuple[int, ...]:
        """Return how many digits each piece has."""
        cuts = self.begins[bisect_right(self.begins, start) : bisect_left(self.begins, end)]
        return tuple(there - here for here, there in zip([start, *cuts], [*cuts, end], strict=True))


def _runs(text: str) -> Iterator[_Run]:
    for found in _RUN.finditer(text):
        piece = found[0]
        if sum(map(piece.count, "0123456789")) < 4 or len(piece) < 7:
            continue
        places = [found.start() + n for n, sign in enumerate(piece) if sign in "0123456789OoQlIX"]
        digits = "".join(text[place] for place in places).translate(_READ_AS)
        begins = [n for n, place in enumerate(places) if n == 0 or place != places[n - 1] + 1]
        yield _Run(digits, places, begins, frozenset(begins))


def numbers_in(text: str) -> list[Hit]:
    """Return every number of a person in a text, none overlapping, in their order."""
    flat = folded(text)
    taken: list[Hit] = []
    for run in _runs(flat):
        free = [True] * len(run.digits)
        for kind, start, end, reason in _of_run(run, flat):
            if all(free[start:end]):
                free[start:end] = [False] * (end - start)
                taken.append(
                    Hit(kind, run.places[start], run.places[end - 1] + 1, run.digits[start:end], REASONS[reason])
                )
    taken += [hit for hit in _written(flat) if not any(hit.start < old.end and old.start < hit.end for old in taken)]
    return sorted(taken, key=lambda hit: hit.start)


def _of_run(run: _Run, flat: str) -> Iterator[tuple[str, int, int, str]]:
    """Yield (kind, from, to, reason), the surest first."""
    yield from _identities(run)
    yield from _cards(run, even=True)
    yield from _mobiles(run, flat)
    yield from _cards(run, even=False)
    yield from _accounts(run, flat)
    yield from _lands(run, flat)


def _identities(run: _Run) -> Iterator[tuple[str, int, int, str]]:
    for found in _ID_18.finditer(run.digits):
        start, end = found.start(), found.start() + 18
        if not check_id_no(found[1]).ok:
            if run.is_piece(start, end) and run.sizes(start, end) in ((18,), (6, 8, 4)):
                yield "id_no", start, end, "id_shape"
        elif run.is_piece(start, end) or run.is_tight(start, end):
            while end < len(run.digits) and run.is_tight(start, end + 1):
                end += 1
            yield "id_no", start, end, "id_no"
        elif end - start == 18 and len(run.sizes(start, end)) >= 2 and start in run.begins:
            yield "id_no", start, end, "id_no"
    if len(run.digits) == 15 and _ID_15.fullmatch(run.digits):
        yield "id_no", 0, 15, "id_no"
    else:
        for start, end in _pieces_of(run, 15):
            if run.is_tight(start, end) and _ID_15.fullmatch(run.digits[start:end]):
                yield "id_no", start, end, "id_no"


def _pieces_of(run: _Run, length: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of exactly so many digits that begin and end with a piece."""
    for start in run.begins:
        if start + length in run.heads or start + length == len(run.digits):
            yield start, start + length


def _mobiles(run: _Run, flat: str) -> Iterator[tuple[str, int, int, str]]:
    for lead, length in (("", 11), ("86", 13), ("0086", 15), ("0", 12), ("086", 14)):
        for start, end in _pieces_of(run, length):
            digits = run.digits[start:end]
            if digits.startswith(lead) and _MOBILE.fullmatch(digits[len(lead) :]):
                begin = start + len(lead)
                if _reads_as_mobile(run, begin, end, flat):
                    yield "phone", begin, end, "phone"
    for start, end in zip(run.begins, [*run.begins[1:], len(run.digits)], strict=True):
        if (end - start) % 11 == 0 and end - start > 11:
            pieces = [(n, n + 11) for n in range(start, end, 11)]
            if all(_MOBILE.fullmatch(run.digits[a:b]) for a, b in pieces):
                yield from (("phone", a, b, "phone") for a, b in pieces)


def _reads_as_mobile(run: _Run, start: int, end: int, flat: str) -> bool:
    """Say whether pieces of 11 digits are one number: not a sum with commas, not a row of dates and hours."""
    raw = flat[run.places[start] : run.places[end - 1] + 1]
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", raw) or (
        run.is_tight(start, end) and _MONEY_AFTER.match(flat, run.places[end - 1] + 1)
    ):
        return False
    sizes = run.sizes(start, end)
    if sizes in _PIECES:
        return True
    cuts = run.begins[bisect_right(run.begins, start) : bisect_left(run.begins, end)]
    gaps = {flat[run.places[n - 1] + 1 : run.places[n]] for n in cuts}
    return len(gaps) == 1 or len(sizes) >= 8


def _cards(run: _Run, *, even: bool) -> Iterator[tuple[str, int, int, str]]:
    """Yield numbers of a bank card's length and check digit; `even`: whole, by fours, or a sign or two at a time."""
    for length in (19, 18, 17, 16):
        for start, end in _pieces_of(run, length):
            digits, sizes = run.digits[start:end], run.sizes(start, end)
            as_printed = len(sizes) == 1 or set(sizes[:-1]) == {4} or max(sizes) <= 2
            if as_printed == even and digits.isdigit() and digits[0] in "34569" and _luhn(digits):
                yield "bank", start, end, "bank"


def _accounts(run: _Run, flat: str) -> Iterator[tuple[str, int, int, str]]:
    """Yield what the words before it call an account, a card or a document."""
    for start in run.begins:
        before = flat[max(0, run.places[start] - 24) : run.places[start]]
        if not re.search("卡|账|帐|银|证|照|医|学|惠", before):
            continue
        near = run.begins[bisect_left(run.begins, start + 8) : bisect_right(run.begins, start + 23)]
        ends = near + [len(run.digits)] * (8 <= len(run.digits) - start <= 23)
        if ends and _ACCOUNT_BEFORE.search(before):
            yield "bank", start, max(ends), "bank_said"
        elif ends and _DOCUMENT_BEFORE.search(before):
            yield "document", start, max(ends), "document"


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _lands(run: _Run, flat: str) -> Iterator[tuple[str, int, int, str]]:
    for length in (12, 11, 10):
        for start, end in _pieces_of(run, length):
            if _LAND.fullmatch(run.digits[start:end]) and len(run.sizes(start, end)) <= 3:
                yield "phone", start, end, "land"
    for length in (8, 7):
        for start, end in _pieces_of(run, length):
            before = flat[max(0, run.places[start] - 12) : run.places[start]]
            raw = flat[run.places[start] : run.places[end - 1] + 1]
            if run.digits[start] in "2345678" and re.fullmatch(r"\d+[- ]?\d+", raw) and _CALL_BEFORE.search(before):
                yield "phone", start, end, "land"


_I = rf"[\s{INVISIBLE}·.\-_'’]{{0,3}}"
_SEATS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_WRITTEN = (
    (
        "plate",
        "plate",
        re.compile(rf"[{_SEATS}]{_I}[A-HJ-NP-Z]{_I}(?:[A-HJ-NP-Z0-9]{_I}){{4,5}}[A-HJ-NP-Z0-9挂学警](?![A-Za-z0-9])"),
    ),
    ("account", "email", re.compile(r"[A-Za-z0-9][\w.+-]{1,40}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.A)),
    (
        "account",
        "chat",
        re.compile(r"(?:微信|(?i:wechat|vx|v信))号?(?:账号)?[:\s是为]{0,3}([A-Za-z1][\w-]{5,19})", re.A),
    ),
    ("account", "chat", re.compile(r"(?i:QQ)群?号?[:\s是为]{0,3}(\d{5,11})(?!\d)")),
    ("document", "document", re.compile(r"(?<![A-Z0-9])(?:E[A-Z]\d{7}|[EGDSPK]\d{8}|[HM]\d{8,10})(?![A-Z0-9])")),
    (
        "place",
        "coordinates",
        re.compile(r"(?:7[3-9]|[89]\d|1[0-2]\d|13[0-5])\.\d{4,}\D{1,8}(?:[1-4]\d|5[0-3])\.\d{4,}"),
    ),
    (
        "place",
        "coordinates",
        re.compile(r"(?:1\d|[2-4]\d|5[0-3])\.\d{4,}\D{1,8}(?:7[3-9]|[89]\d|1[0-2]\d|13[0-5])\.\d{4,}"),
    ),
    (
        "birth",
        "birth",
        re.compile(
            r"(?:出生|生于|生日|出生日期)(?:日期|年月|于|为|是)?[:\s]{0,2}((?:18|19|20)\d\d[年./-]\d{1,2}[月./-]\d{1,2}日?)"
        ),
    ),
    ("birth", "birth", re.compile(r"((?:19|20)\d\d[年./-]\d{1,2}[月./-]\d{1,2}日?)\s?(?:出?生(?!效|产|活|成))")),
)


def _written(flat: str) -> list[Hit]:
    """Return what its form or the word before it shows, read without the signs that have no glyph."""
    seen = Reduced(flat, INVISIBLE)
    found = []
    for kind, reason, form in _WRITTEN:
        for match in form.finditer(seen.text):
            group = 1 if form.groups else 0
            plain = re.sub(r"[\s.\-_'’·]", "", match[group]) if kind == "plate" else match[group]
            if kind == "plate" and not any(sign.isdigit() for sign in plain):
                continue
            found.append(Hit(kind, *seen.span(match.start(group), match.end(group)), plain, REASONS[reason]))
    return found
