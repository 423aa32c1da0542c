"""Which papers prove what the register holds: they are not asked for. Source: 社会救助法 第六十二条.

A paper is known by its name as offices write it; what is not in the list is asked for, for nothing is guessed.
"""

from qiaomen.kernel.texts import Text
from qiaomen.kernel.texts import later as _

PROVED_BY: tuple[tuple[tuple[str, ...], str, Text], ...] = (
    (("身份证复印", "身份证明", "身份证号"), "id_no", _("身份证号社区已经登记，不用再交")),
    (
        ("户口本复印", "户口簿复印", "户籍证明", "户口证明", "居住证明"),
        "household",
        _("住在哪一户社区已经登记，不用再交"),
    ),
    (("年龄证明", "出生日期证明"), "birth_date", _("出生日期社区已经登记，不用再交")),
    (("残疾证复印", "残疾人证复印", "残疾证明"), "disability_card", _("残疾人证社区已经登记，不用再交")),
    (("低保证明", "低保证复印"), "receives_dibao", _("享受低保社区已经登记，不用再交")),
)
"""Words of a paper, the fact it proves, and what is said instead of asking."""
TOLD = frozenset({"disability_card", "receives_dibao"})
"""Facts somebody told us: whether they are known is itself a look."""


def fact_proved_by(what: str) -> str:
    """Return the code of the fact a paper proves; "" for one that has to be asked for.

    An original that has to be handed in itself (户口本, 身份证 without 复印 or 证明) proves nothing here.
    """
    bare = _bare(what)
    return next((fact for words, fact, _said in PROVED_BY if any(word in bare for word in words)), "")


def said_of(fact: str) -> Text:
    """Return what is said instead of asking for the paper."""
    return next(said for _words, code, said in PROVED_BY if code == fact)


def _bare(what: str) -> str:
    return what.replace(" ", "").replace("证件", "证").replace("身份证件", "身份证")
