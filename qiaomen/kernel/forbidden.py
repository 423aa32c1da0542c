"""Words no field, label, screen or group may carry: what serves control of people, not service to them.

One list for the tests of the code and for what an office names itself. Source: promises.md 2.1; 个人信息保护法 第二十八条.
"""

import re
import unicodedata

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
IN_TITLES = (
    *IN_LABELS,
    "政治",
    "党员",
    "党派",
    "不放心",
    "基督",
    "天主",
    "穆斯林",
    "伊斯兰",
    "佛教",
    "道教",
    "前科",
    "刑满",
    "吸毒",
    "社区矫正",
    "黑名单",
    "religio",
    "christian",
    "muslim",
    "petition",
    "politic",
    "stability",
    "party member",
    "blacklist",
)
"""What an office may not call a list of people; some of these words are needed where a screen explains a refusal."""


def forbidden_in(title: str) -> str | None:
    """Return the first forbidden word in a title, found through spaces, signs and full-width letters; None is good."""
    plain = unicodedata.normalize("NFKC", title).casefold()
    tight = re.sub(r"[\W_]+", "", plain)
    return next((word for word in IN_TITLES if word in plain or word.replace(" ", "") in tight), None)
