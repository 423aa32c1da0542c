"""Names that are on no register: a surname, a length, and a role or a person's doing beside it.

This is a net and not a proof: what it finds is shown to a person, who decides. Names of minorities with a dot between
(阿依古丽·买买提) are found by the dot.
"""

import re
from collections.abc import Iterator

from qiaomen.redaction import words
from qiaomen.redaction.folding import compatible
from qiaomen.redaction.known_names import Surroundings

_SURNAME = re.compile(f"(?:{'|'.join(words.COMPOUND)}|[{''.join(sorted(words.SURNAMES))}])")
_DOTTED = re.compile(r"[\u4e00-\u9fff]{2,7}(?:[·・•‧∙][\u4e00-\u9fff]{2,8}){1,3}")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff〇]+")
_VERBS = frozenset("说称住患家户系属获捐欠领签收同先女男反来表告今现因已正曾被在的是有和与及为将把向从到让给就也都还等")
_NOT_A_PERSON = re.compile(
    "(?:路|街|巷|院|村|县|镇|乡|区|市|省|局|所|站|部|委|办|处|科|队|校|园|厂|店|苑|城|府|里|庄|桥|河|山|湖|楼|社|组|会|法|条|章|节|款|项|号|级|类|期|年|月|日)$"
)
_NO_GIVEN = words.NO_GIVEN - words.GIVEN
_COUNTS = re.compile(r"[\d一二三四五六七八九十百千两几每各这那某本该数半第同多]$")
_TITLED = re.compile(r"[某氏]|老$")


def names_in(around: Surroundings) -> Iterator[tuple[int, int]]:
    """Yield the stretches of the reduced text that are most likely somebody's name."""
    text = around.text.text
    accepted = 0
    for found in _SURNAME.finditer(text):
        start = found.start()
        if start < accepted:
            continue
        end = _best(around, start, len(found[0]))
        if not end and accepted and start == accepted + 1 and text[accepted] == "、":
            end = _next_listed(around, start, len(found[0]))
        if end:
            accepted = end
            yield start, end


def dotted_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield the names with dots between of a text as it was written."""
    yield from ((found.start(), found.end()) for found in _DOTTED.finditer(compatible(text)))


def _best(around: Surroundings, start: int, surname: int) -> int:
    """Return where the name that begins here ends, 0 when none does."""
    if not _may_begin(around, start, surname):
        return 0
    ends = [start + surname + given for given in (2, 1) if _may_be(around, start, start + surname + given, surname)]
    for sure in (_closed_behind, _follows_role, _in_a_list, _built_as_one, _is_said_to_be):
        if end := next((end for end in ends if sure(around, start, end)), 0):
            return end
    return 0


def _next_listed(around: Surroundings, start: int, surname: int) -> int:
    """Return where a name ends that stands right behind another and 、, 0 when it is none."""
    ends = [start + surname + given for given in (2, 1)]
    ends = [end for end in ends if _may_be(around, start, end, surname) and not _is_everyday(around, start, end)]
    return next((end for end in ends if around.begins_word(end) or end == len(around.text.text)), 0)


def _may_begin(around: Surroundings, start: int, surname: int) -> bool:
    """Say whether a word may begin here: not in the middle of another, not with an everyday word of its own."""
    word = around.word_at(start)
    if word is None:
        return True
    if around.text.is_broken(start + 1) and around.text.text[start + 1 : start + 2].isalpha():
        return True
    if word[1] < start:
        return words.LEFT.search(around.before(start)) is not None and len(word[0]) == 2
    return len(word[0]) <= surname or words.is_persons_word(word[0]) or len(word[0]) <= 3


def _may_be(around: Surroundings, start: int, end: int, surname: int) -> bool:
    """Say whether these characters may be a whole name."""
    name = around.text.text[start:end]
    given = name[surname:]
    if len(name) != end - start or not _HAN.fullmatch(name) or any(sign in _NO_GIVEN for sign in given):
        return False
    if given[-1] in "路街巷村苑庄镇乡县区市局厂店站楼":
        return False
    if _TITLED.search(given) or _NOT_A_PERSON.search(around.text.text[start : end + 1]):
        return bool(words.STRONG_RIGHT.match(around.after(end))) and not _TITLED.search(given)
    return True


def _is_everyday(around: Surroundings, start: int, end: int) -> bool:
    """Say whether an everyday word begins where the name would, or runs over its end."""
    word, last = around.word_at(start), around.word_at(end - 1)
    if around.is_spaced(start, end):
        return False
    if word is not None and word[1] == start and not words.is_persons_word(word[0]):
        return True
    if around.text.text[start] in words.EVERYDAY_SURNAMES and words.is_everyday_word(around.text.text[start + 1 : end]):
        return not words.STRONG_LEFT.search(around.before(start))
    return last is not None and last[1] > start and last[2] > end and not words.is_persons_word(last[0])


def _closed_behind(around: Surroundings, start: int, end: int) -> bool:
    """A person's title or doing stands right behind."""
    after, word = around.after(end), around.word_at(start)
    whole = word is None or word[2] <= end or words.is_persons_word(word[0])
    if whole and words.ONLY_A_PERSON.match(after) and around.text.text[start:end] not in words.ORDINARY:
        return True
    if words.STRONG_RIGHT.match(after) and not _is_everyday(around, start, end):
        return True
    if words.RIGHT.match(after):
        return not _is_everyday(around, start, end) and _is_fresh(around, start)
    return False


def _is_fresh(around: Surroundings, start: int) -> bool:
    """Say whether a clause begins here, or a word that goes before a name stands here."""
    before = around.before(start)
    return not before or not before[-1].isalpha() or around.text.is_broken(start) or bool(words.LEFT.search(before))


def _follows_role(around: Surroundings, start: int, end: int) -> bool:
    """A role stands right before, and the name ends where a word may end."""
    if not words.STRONG_LEFT.search(around.before(start)) or _is_everyday(around, start, end):
        return False
    after = around.after(end)
    if not after or not after[0].isalpha() or after[0] in _VERBS or around.text.is_broken(end):
        return True
    return around.begins_word(end)


def _built_as_one(around: Surroundings, start: int, end: int) -> bool:
    """A surname with two signs of given names that no other word takes, which beside no role is still most likely one.

    Behind a number 张 and 段 are measures; a surname that everyday words begin with has to begin its clause, stand
    beside a role, or be followed by signs that make no word together.
    """
    text = around.text.text
    word, last = around.word_at(start), around.word_at(end - 1)
    if end - start != 3 or _COUNTS.search(around.before(start)) or text[start:end] in words.ORDINARY:
        return False
    if word is not None and not (word[2] == end and words.is_persons_word(word[0])):
        return False
    if last is not None and (last[2] > end or last[1] < start):
        return False
    loose = last is None and around.word_at(start + 1) is None
    everyday = text[start] in words.EVERYDAY_SURNAMES
    if not all(sign in words.GIVEN for sign in text[start + 1 : end]) and (everyday or not loose):
        return False
    return not everyday or loose or _is_fresh(around, start) or text[start - 1] in "的由诉请帮找给和与"


def _is_said_to_be(around: Surroundings, start: int, end: int) -> bool:
    """It stands alone behind a colon, as in 新生儿：白若溪, or right behind another name and 、."""
    before, after = around.before(start), around.after(end)
    return (
        before[-1:] == ":"
        and (not after or not after[0].isalpha())
        and not words.is_everyday_word(around.text.text[start:end])
        and not _is_everyday(around, start, end)
    )


def _in_a_list(around: Surroundings, start: int, end: int) -> bool:
    """It stands alone between signs beside another that does, as in 张三、李四、王五."""
    before, after = around.before(start), around.after(end)
    if _is_everyday(around, start, end) or not around.stands_alone(start, end):
        return False
    listed = re.search(r"[\u4e00-\u9fff]{2,4}[、,，]$", before) or re.match(r"[、,，][\u4e00-\u9fff]{2,4}", after)
    word = around.word_at(start)
    return (
        bool(listed)
        and (word is None or words.is_persons_word(word[0]))
        and around.text.text[start] not in words.EVERYDAY_SURNAMES
    )
