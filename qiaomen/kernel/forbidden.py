"""Words no field, label, screen or group may carry: what serves control of people, not service to them.

One list for the tests of the code and for what an office names itself. Source: promises.md 2.1; 个人信息保护法 第二十八条.
"""

import re
import unicodedata
from functools import cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

IN_CODE = (
    "check_in",
    "checkin",
    "leaderboard",
    "ranking",
    "points",
    "track_",
    "geolocation",
    "latitude",
    "longitude",
    "religion",
    "petition",
    "stability",
    "political",
    "person_score",
)
IN_LABELS = (
    "信访",
    "上访",
    "缠访",
    "闹访",
    "访民",
    "维稳",
    "涉稳",
    "稳控",
    "不稳定",
    "重点人员",
    "重点管控",
    "管控对象",
    "宗教",
    "信教",
    "教徒",
    "信徒",
    "邪教",
    "政治面貌",
    "政治倾向",
    "政治立场",
    "异见",
    "积分",
    "签到",
    "排名",
)
FAITH = [
    "法轮功",
    "法轮",
    "全能神",
    "呼喊派",
    "门徒会",
    "东方闪电",
    "基督",
    "天主",
    "穆斯林",
    "伊斯兰",
    "佛教",
    "道教",
    "教会",
    "教堂",
    "教友",
    "教民",
    "教众",
    "教派",
    "信众",
    "居士",
    "清真寺",
    "做礼拜",
    "礼拜点",
    "聚会点",
    "朝觐",
    "受洗",
    "祷告",
    "信仰",
    "修行",
    "练功",
]
PEOPLES = [
    "少数民族",
    "民族人员",
    "民族居民",
    "民族人口",
    "民族户",
    "维吾尔",
    "维族",
    "回族",
    "回民",
    "藏族",
    "藏民",
    "蒙古族",
    "哈萨克",
    "朝鲜族",
    "壮族",
    "苗族",
    "彝族",
    "涉疆",
    "涉藏",
    "新疆籍",
    "西藏籍",
    "疆藏",
    "外籍",
    "境外人员",
    "涉外人员",
]
POLITICS = [
    "政治",
    "党员",
    "党派",
    "党外",
    "民主人士",
    "异议",
    "维权",
    "敏感人",
    "敏感户",
    "民运",
    "反动",
    "反华",
    "政审",
    "退役维",
    "言论",
    "上网人员",
    "网络大v",
]
CONTROL = [
    "不放心",
    "不安定",
    "不托底",
    "重点关注",
    "重点监控",
    "重点稳",
    "重点盯",
    "重点对象",
    "重点户",
    "重点人头",
    "关注对象",
    "关注人员",
    "管控人",
    "管控户",
    "监控人",
    "监控对象",
    "监管对象",
    "布控",
    "盯防",
    "盯梢",
    "帮控",
    "严控",
    "风险人员",
    "高危人员",
    "危险人员",
    "可疑",
    "嫌疑",
    "进京",
    "赴省",
    "越级访",
    "集访",
    "非访",
    "涉访",
    "老访户",
    "访户",
    "群访",
    "告状",
    "举报人",
    "爱投诉",
    "投诉户",
    "投诉人员",
    "闹事",
    "滋事",
    "钉子户",
    "刺头",
    "难缠",
    "麻烦户",
    "捣乱",
    "不配合",
    "不听话",
    "不服管",
    "涉恐",
    "涉暴",
    "反恐",
    "扬言",
    "偏执",
    "失意",
    "三失人员",
    "极端人员",
    "讨薪",
    "网格评分",
    "信用分",
    "评分",
    "打分",
    "低分",
    "黑名单",
    "灰名单",
    "红黑榜",
    "失信",
    "老赖",
]
PAST = [
    "前科",
    "刑满",
    "刑释",
    "两劳",
    "释放人员",
    "安置帮教",
    "吸毒",
    "涉毒",
    "戒毒",
    "社区矫正",
    "矫正对象",
    "矫正人员",
    "服刑",
    "缓刑",
    "假释",
    "劳改",
    "劳教",
    "犯罪",
    "违法",
    "涉案",
    "肇事",
    "肇祸",
    "涉黑",
    "涉黄",
    "涉赌",
    "卖淫",
    "嫖",
    "赌博",
]
PRIVATE = [
    "同性恋",
    "同志人群",
    "性取向",
    "艾滋",
    "性病",
    "未婚先孕",
    "超生",
    "单身女",
    "大龄未婚",
    "离异",
    "离婚户",
    "懒汉",
    "落后户",
    "后进户",
]
IN_TITLES = (
    *IN_LABELS,
    *FAITH,
    *PEOPLES,
    *POLITICS,
    *CONTROL,
    *PAST,
    *PRIVATE,
    "religio",
    "christian",
    "muslim",
    "petition",
    "politic",
    "stability",
    "party member",
    "blacklist",
    "falun",
    "ethnic",
    "dissident",
    "watchlist",
    "suspect",
    "troublemaker",
    "ex-convict",
    "addict",
    "hiv",
    "gay",
)
"""What an office may not call a list of people; some of these words are needed where a screen explains a refusal."""
CLASSES = re.compile("[一二三四五六七八九十两0-9]+[类种](重点)?(人员|对象|人群|人口)")
"""五类人员 and its like: a class of people named by its number, so that nobody has to say what it is."""
READ_ALOUD = 3
"""Of words this long homophones are refused, too (发轮功); shorter ones sound like harmless words (新房, 信访)."""


def tidy(title: str) -> str:
    """Return a title in one writing: simplified, half-width, lower case, without signs, spaces and what cannot
    be seen.
    """
    plain = _to_simplified(unicodedata.normalize("NFKC", title)).casefold()
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LN")


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _to_simplified(text: str) -> str:
    return str(_converter().convert(text))


def _sounds(text: str) -> list[str]:
    return lazy_pinyin(text, style=Style.NORMAL, errors="ignore")


@cache
def _forbidden_sounds() -> list[tuple[str, tuple[str, ...]]]:
    return [(word, tuple(_sounds(word))) for word in IN_TITLES if len(_sounds(word)) == len(word) > 1]


def forbidden_in(title: str) -> str | None:
    """Return the first forbidden word in a title; None is good.

    It is found in traditional and full-width letters, through spaces, signs, foreign letters and what cannot be seen,
    in pinyin, and, from three characters on, in characters that sound the same.
    """
    tight = tidy(title)
    chinese = "".join(sign for sign in tight if "\u3400" <= sign <= "\u9fff")
    letters = "".join(sign for sign in unicodedata.normalize("NFD", tight) if "a" <= sign <= "z")
    for word in IN_TITLES:
        if tidy(word) in tight or tidy(word) in chinese:
            return word
    if found := CLASSES.search(tight):
        return found.group()
    aloud = f" {' '.join(_sounds(chinese))} "
    for word, sounds in _forbidden_sounds():
        if "".join(sounds) in letters or (len(word) >= READ_ALOUD and f" {' '.join(sounds)} " in aloud):
            return word
    return None
