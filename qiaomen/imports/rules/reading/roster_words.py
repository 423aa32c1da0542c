"""Words of rosters: relations to the head and their codes, statuses, sexes. Pure.

Source of the codes: GB/T 4761-2008 家庭关系代码.
"""

import re

from qiaomen.kernel.numerals import narrow

SEXES = {"男": "male", "女": "female", "1": "male", "2": "female", "男性": "male", "女性": "female"}
HEADS = re.compile(r"户主(?:本人)?|本人|本户户主|本户|0|是")
YES = {"是", "√", "✓", "v", "V", "Y", "y", "户主", "有", "对"}
NO = {"否", "×", "X", "x", "N", "n", "不是", "非户主", "无", "家庭成员", "成员"}

CODES = {
    "01": "户主",
    "02": "户主",
    "10": "配偶",
    "11": "夫",
    "12": "妻",
    "20": "子",
    "21": "独生子",
    "22": "长子",
    "23": "次子",
    "24": "三子",
    "25": "四子",
    "26": "五子",
    "27": "养子或继子",
    "28": "儿媳",
    "29": "其他儿子",
    "30": "女",
    "31": "独生女",
    "32": "长女",
    "33": "次女",
    "34": "三女",
    "35": "四女",
    "36": "五女",
    "37": "养女",
    "38": "女婿",
    "39": "其他女儿",
    "40": "孙子、孙女或外孙子、外孙女",
    "41": "孙子",
    "42": "孙女",
    "43": "外孙子",
    "44": "外孙女",
    "45": "孙媳",
    "46": "孙女婿",
    "47": "曾孙子",
    "48": "曾孙女",
    "49": "其他孙辈",
    "50": "父母",
    "51": "父亲",
    "52": "母亲",
    "53": "公公",
    "54": "婆婆",
    "55": "岳父",
    "56": "岳母",
    "57": "继父或养父",
    "58": "继母或养母",
    "59": "其他父母关系",
    "60": "祖父母或外祖父母",
    "61": "祖父",
    "62": "祖母",
    "63": "外祖父",
    "64": "外祖母",
    "70": "兄弟姐妹",
    "71": "兄",
    "72": "嫂",
    "73": "弟",
    "74": "弟媳",
    "75": "姐",
    "76": "姐夫",
    "77": "妹",
    "78": "妹夫",
    "80": "其他",
    "81": "伯父",
    "82": "伯母",
    "83": "叔父",
    "84": "婶母",
    "85": "舅父",
    "86": "舅母",
    "87": "姨父",
    "88": "姨母",
    "97": "其他亲属",
    "98": "保姆",
    "99": "非亲属",
}

STATUSES = (
    ("died", re.compile("死亡|去世|已故|亡故|病故|故$|过世|殁")),
    ("left", re.compile("迁出|注销|迁走|户口.*迁|转出|搬走|搬离|搬出")),
    ("split", re.compile("人在户不在|人户分离|户在外")),
    ("away", re.compile("户在人不在|空挂|外出|在外|务工|不在住|离开|参军|服刑")),
    ("here", re.compile("正常|常住|在住|在册|在户|居住|本地|在家|健在|户籍|现住")),
)


def relation_of(text: str) -> tuple[str, bool | None]:
    """Return (the relation in words, whether it is the head; None when nothing is said).

    1 and 01 are codes of GB/T 4761, written as numbers or texts.
    """
    text = re.sub(r"\s", "", narrow(text)).replace("戶", "户")
    if not text:
        return "", None
    if re.fullmatch(r"\d{1,2}", text) and text != "0":
        text = CODES.get(text.zfill(2), text)
    if HEADS.fullmatch(text):
        return "户主", True
    return text, False


def says_yes(text: str) -> bool | None:
    """Return what a cell of 是否户主 says, None when it is blank or says something else."""
    text = re.sub(r"\s", "", text).replace("戶", "户")
    if text in YES or text == "1":
        return True
    return False if text in NO or text in ("0", "2") else None


def status_of(text: str) -> str:
    """Return here, away, split (lives here, registered elsewhere), left, died; "" when the cell says nothing known."""
    return next((code for code, words in STATUSES if words.search(text)), "") if text else ""
