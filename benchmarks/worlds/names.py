"""Invented names as unevenly shared as Chinese names are: three surnames for every fifth person, fashions by decade."""

from functools import cache
from itertools import accumulate
from random import Random

from qiaomen.linkage.sounds import sounds_of
from simtown.world.people import DOUBLE, SURNAMES

SURNAME_SHARES = [7.1, 7.0, 6.7, 5.1, 4.6, 3.2, 2.4, 2.3, 2.2, 2.1, 1.5, 1.5, 1.3, 1.2, 1.2, 1.2, 1.1, 1.1, 1.1, 1.0]
"""Per cent of people with each of the twenty commonest surnames, about; the rest fall off by rank."""

FASHIONS = {
    1955: "秀英 桂英 秀兰 玉兰 桂兰 玉珍 凤英 玉梅 桂珍 淑珍 建国 建华 国强 志明 德明 文明 玉华 秀珍 桂芳 玉英 德福 永福 长青 金花 凤霞",
    1975: "伟 芳 敏 静 丽 强 军 勇 艳 杰 涛 红 霞 平 辉 玲 燕 波 建军 志强 海燕 春梅 丽华 红梅 晓东 志刚 小红 建平 玉兰 国庆",
    1992: "娜 磊 洋 超 鹏 婷 浩 鑫 倩 雪 帅 琳 宇 丹 飞 婷婷 丹丹 文静 晓丽 志伟 雪梅 海涛 佳佳 晓明 俊杰",
    2030: "梓涵 浩宇 欣怡 子轩 雨欣 浩然 诗涵 宇轩 子涵 梓萱 一诺 雨桐 欣妍 佳怡 思远 奕辰 沐宸 若汐 铭泽 语桐",
}
"""Born before this year -> given names in fashion, the most usual first."""

CHARS = (
    "明国华建文志玉秀英春海金红平小军丽东永杰德荣林伟新成光云桂生兰珍芳清福学宝庆立梅忠燕凤强利江祥贵晓良峰洪龙世宏少雪"
    "霞俊美爱子艳亮飞胜佳鹏树正辉民景群全淑家振才玲维秋雅振月维思静宇智宁富长兴健天万安大先凯元敬波松瑞萍琴娟莲涛洁莉虹"
    "瑜琪欣怡涵梓轩浩然诗雨晨泽宸睿嘉悦彤萱航博昊旭洋鑫磊超斌勇刚毅超楠琳璐瑶倩颖婷敏慧莹蕾薇岚翔坤乾钧铭锋钰锦锐锡铮"
    "守念慈舒景行若溪和舟知夏望骏骞鸿鹤鹃苑芝芸芬菊萌蓉蓓贤贞赞远通达逸道邦郁里重野钟灵阳陶隆雄雯霖青韬韵顺颂顾飘馨驰高"
)
"""What other given names are made of, the most usual first."""


def _falling(count: int, flatness: int) -> list[float]:
    return list(accumulate(1 / (rank + flatness) for rank in range(count)))


_SURNAMES = [*SURNAMES, *DOUBLE]
_TAIL = [4.0 / rank for rank in range(len(SURNAME_SHARES) - 15, len(_SURNAMES) - 15)]
_SURNAME_SUMS = list(accumulate([*SURNAME_SHARES, *(share * 40 / sum(_TAIL) for share in _TAIL)]))
_IN_FASHION = {until: (names.split(), _falling(len(names.split()), 6)) for until, names in FASHIONS.items()}
_CHAR_SUMS = _falling(len(CHARS), 12)


def surname(random: Random) -> str:
    """Draw a surname."""
    return random.choices(_SURNAMES, cum_weights=_SURNAME_SUMS)[0]


def given(random: Random, year: int) -> str:
    """Draw a given name for somebody born in this year: every fifth is in fashion, the others are put together."""
    kind = random.random()
    if kind < 0.2:
        names, sums = _IN_FASHION[next(until for until in FASHIONS if year < until)]
        return random.choices(names, cum_weights=sums)[0]
    return "".join(random.choices(CHARS, cum_weights=_CHAR_SUMS, k=1 if kind < 0.3 else 2))


def char(random: Random) -> str:
    """Draw one character of a given name."""
    return random.choices(CHARS, cum_weights=_CHAR_SUMS)[0]


@cache
def common_chars() -> dict[str, str]:
    """Return sound -> the common characters read so: level one of GB 2312, which every keyboard offers first."""
    found: dict[str, str] = {}
    for lead in range(0xB0, 0xD8):
        for trail in range(0xA1, 0xFF if lead < 0xD7 else 0xFA):
            one = bytes((lead, trail)).decode("gb2312")
            found[sounds_of(f"王{one}")[0][4:]] = found.get(sounds_of(f"王{one}")[0][4:], "") + one
    return found
