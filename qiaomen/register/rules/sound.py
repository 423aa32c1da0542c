"""How a name is found by its sound: full pinyin and initials, with the surnames that are read differently."""

import re

from pypinyin import Style, lazy_pinyin

SURNAMES = {
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "区": "ou", "查": "zha", "盖": "ge", "朴": "piao", "任": "ren",
    "尉迟": "yu chi", "长孙": "zhang sun", "万俟": "mo qi", "覃": "qin", "乐": "yue", "冼": "xian", "种": "chong",
    "秘": "bi", "折": "she", "缪": "miao", "洗": "xian", "员": "yun", "黑": "he", "那": "na", "召": "shao", "尹": "yin",
}  # fmt: skip


def sounds_of(name: str) -> tuple[str, str]:
    """Return (full pinyin without spaces, initials) of a name, lower case."""
    first: list[str] = []
    rest = name
    for length in (2, 1):
        if name[:length] in SURNAMES:
            first, rest = SURNAMES[name[:length]].split(), name[length:]
            break
    syllables = first + [s for s in lazy_pinyin(rest, style=Style.NORMAL) if re.fullmatch("[a-zA-Zü]+", s)]
    return "".join(syllables).lower()[:120], "".join(s[0] for s in syllables).lower()[:30]
