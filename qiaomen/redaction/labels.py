"""What stands in the place of something private: a mask, or a label by role that holds within one publication only.

The same person has the same label in one text and another in the next, so that two publications cannot be laid side by
side: labels follow the order of the text, and no name, key or secret goes into them.
"""

import re

from qiaomen.kernel import masking
from qiaomen.redaction.passing import bare

STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROLES = re.compile(
    r"(?:居民|村民|业主|住户|户主|群众|老人|党员|患者|学生|儿童|孩子|志愿者|同学|申请人|家长|监护人)\s?$"
)
LABEL = re.compile(rf"(?:居民|学生)?[{STEMS}](?:\d{{1,4}}(?!\d))?")
COVERED = "＊＊＊"


class Labels:
    """The labels of one publication, given out in the order in which people appear."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def of(self, name: str, before: str = "", *, minor: bool = False) -> str:
        """Return 居民甲, or 甲 where a role stands before the name already; from the eleventh on 居民甲2 and so on."""
        number = self._numbers.setdefault(bare(name), len(self._numbers))
        round_no, place = divmod(number, len(STEMS))
        sign = STEMS[place] + (str(round_no + 1) if round_no else "")
        if _ROLES.search(before):
            return sign
        return ("学生" if minor else "居民") + sign


def masked(kind: str, plain: str) -> str:
    """Return the mask of a value; what a mask leaves is the kernel's one rule. "" never stays: it becomes stars."""
    if kind == "id_no":
        return masking.mask_id_no(plain)
    if kind == "phone":
        return masking.mask_phone(plain)
    if kind in ("name", "other_name"):
        return masking.mask_name(plain)
    if kind == "birth" and plain[:4].isdecimal():
        return f"{plain[:4]}年"
    if kind == "plate":
        return plain[:2] + "*" * 5
    return COVERED
