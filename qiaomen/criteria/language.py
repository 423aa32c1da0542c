"""Reads a criterion: a boolean SQL expression over facts and parameters, checked node by node, never evaluated here."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from qiaomen.criteria.facts import GROUPINGS, Fact
from qiaomen.kernel.texts import Text, say
from qiaomen.kernel.texts import later as _

TOGETHER = {"any_in": "bool", "all_in": "bool", "count_in": "bool", "sum_in": "int", "min_in": "int", "max_in": "int"}
"""Functions over everybody of a grouping, and the kind of what they look at."""
_GIVES = {"any_in": "bool", "all_in": "bool"}
_COMPARES = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


class CannotRead(ValueError):
    """A criterion that cannot be understood; the text says in the reader's language what to change."""


@dataclass(frozen=True)
class Criterion:
    """A criterion as read. `tree` is sqlglot's, said by the text and never changed; `facts` and `parameters` are the
    codes it uses, in order of use.
    """

    text: str
    tree: exp.Expr = field(compare=False)
    facts: tuple[str, ...]
    parameters: tuple[str, ...]

    @property
    def looks_at_others(self) -> bool:
        """Say whether it looks at the other people of a home, a family or a household."""
        return any(True for _node in self.tree.find_all(exp.Anonymous))


def read(text: str, facts: Mapping[str, Fact], groupings: tuple[str, ...] = GROUPINGS) -> Criterion:
    """Read one criterion about people or, with PLACES as `groupings`, about doors. Raises CannotRead with what is
    wrong, in Chinese.
    """
    try:
        return _read(text, facts, groupings)
    except RecursionError as error:
        raise CannotRead(say(_("条件一层套一层太深了，请拆成几个条件。"))) from error


def _read(text: str, facts: Mapping[str, Fact], groupings: tuple[str, ...]) -> Criterion:
    dotted = re.sub(r":([a-z]\w*)\.(\w+)", r":\1__\2", text)
    try:
        trees = _parsed(dotted)
    except SqlglotError as error:
        raise CannotRead(say(_("条件写得不完整，请检查括号和“并且（AND）、或者（OR）”是否成对。"))) from error
    if len(trees) != 1 or trees[0] is None or isinstance(trees[0], exp.Query):
        raise CannotRead(say(_("这里只能写一个条件。")))
    tree = trees[0]
    if _Checker(facts, groupings).kind(tree) != "bool":
        raise CannotRead(say(_("整个条件要么成立要么不成立，请加上比较，如“age >= 60”。")))
    used = dict.fromkeys(column.name for column in tree.find_all(exp.Column) if column.name in facts)
    named = dict.fromkeys(str(placeholder.this).replace("__", ".") for placeholder in tree.find_all(exp.Placeholder))
    return Criterion(text.strip(), tree, tuple(used), tuple(named))


@lru_cache(maxsize=512)
def _parsed(text: str) -> list[exp.Expr | None]:
    """Return sqlglot's trees of a text, to be looked at only; the same few rules are asked all day."""
    return sqlglot.parse(text, dialect="duckdb")


class _Checker:
    """Gives every node its kind, or refuses it. `inside`: within a *_in function, where no second one may stand."""

    def __init__(self, facts: Mapping[str, Fact], groupings: tuple[str, ...]) -> None:
        self.facts, self.groupings = facts, groupings
        self.inside = False

    def kind(self, node: exp.Expr) -> str:
        """Return bool, int, date or a code's own kind "code:<fact>". Raises CannotRead."""
        if isinstance(node, exp.Paren | exp.Neg):
            return self.kind(node.this)
        if isinstance(node, exp.And | exp.Or | exp.Not):
            return self._all(node.iter_expressions(), "bool", _("“并且、或者、不”的两边都要是能成立或不成立的条件。"))
        if isinstance(node, exp.Add | exp.Sub):
            return self._all(node.iter_expressions(), "int", _("只有数才能相加减。"))
        if isinstance(node, (*_COMPARES, exp.Between, exp.In)):
            return self._comparison(node)
        if isinstance(node, exp.Anonymous):
            return self._together(node)
        return self._leaf(node)

    def _leaf(self, node: exp.Expr) -> str:
        if isinstance(node, exp.Boolean):
            return "bool"
        if isinstance(node, exp.Literal):
            return "text" if node.is_string else "int"
        if isinstance(node, exp.Placeholder) and isinstance(node.this, str):
            return "int"
        if isinstance(node, exp.Column) and not node.table:
            fact = self.facts.get(node.name)
            if fact is None:
                raise CannotRead(say(_("没有“{name}”这一项，请从登记的项目里选。"), name=node.name))
            if fact.kind == "text":
                raise CannotRead(say(_("“{title}”是文字，不能用来做条件。"), title=fact.title))
            return f"code:{fact.code}" if fact.kind == "code" else fact.kind
        raise CannotRead(say(_("条件里不能用“{part}”。"), part=node.sql(dialect="duckdb")[:40]))

    def _all(self, nodes: Iterator[exp.Expr], wanted: str, words: Text) -> str:
        if any(self.kind(node) != wanted for node in nodes):
            raise CannotRead(say(words))
        return wanted

    def _comparison(self, node: exp.Expr) -> str:
        if isinstance(node, exp.In) and (node.args.get("query") or node.args.get("unnest")):
            raise CannotRead(say(_("“属于”后面只能列出几个值。")))
        parts = list(node.iter_expressions())
        kinds = {self.kind(part) for part in parts}
        codes = [kind for kind in kinds if kind.startswith("code:")]
        if codes and kinds <= {codes[0], "text"}:
            fact = self.facts[codes[0].removeprefix("code:")]
            for part in parts:
                if isinstance(part, exp.Literal) and part.this not in fact.choices:
                    choices = "、".join(fact.choices)
                    words = _("“{title}”没有“{choice}”这个选项，只有：{choices}。")
                    raise CannotRead(say(words, title=fact.title, choice=part.this, choices=choices))
        elif kinds == {"date", "text"}:
            if not all(re.fullmatch(r"\d{4}-\d\d-\d\d", p.this) for p in parts if isinstance(p, exp.Literal)):
                raise CannotRead(say(_("日期要写成 2026-09-01 这样。")))
        elif len(kinds) != 1 or kinds == {"text"}:
            raise CannotRead(say(_("比较的两边不是同一种东西，例如年龄只能和数比。")))
        return "bool"

    def _together(self, node: exp.Anonymous) -> str:
        name = str(node.this).lower()
        if name not in TOGETHER or len(node.expressions) != 2 or self.inside:
            words = _("不认识“{name}”的这种写法，只能用：{names}，而且不能套着用。")
            raise CannotRead(say(words, name=name, names="、".join(TOGETHER)))
        grouping, inner = node.expressions
        if not isinstance(grouping, exp.Column) or grouping.name not in self.groupings:
            words = _("“{name}”的第一项只能是 home（同住）、family（共同生活）或 household（户口）。")
            raise CannotRead(say(words, name=name))
        self.inside = True
        try:
            if self.kind(inner) != TOGETHER[name]:
                raise CannotRead(say(_("“{name}”的第二项类型不对。"), name=name))
        finally:
            self.inside = False
        return _GIVES.get(name, "int")
