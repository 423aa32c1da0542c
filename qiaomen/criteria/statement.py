"""Makes one SQL statement of many rules: a column per criterion, a column per rule, one scan of the facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp

from qiaomen.criteria.language import Criterion


@dataclass(frozen=True)
class Rule:
    """A named "who?": it holds where all its criteria hold."""

    code: str
    criteria: tuple[Criterion, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """The codes of the facts it looks at."""
        return tuple(dict.fromkeys(code for criterion in self.criteria for code in criterion.facts))


def compile_rules(rules: Sequence[Rule], dialect: str = "duckdb") -> str:
    """Return the statement over the table `facts` (id, home, family, household, one column per fact).

    Answer: id, then `r<n>` per rule and `c<n>_<m>` per criterion: TRUE, FALSE or NULL for not known.
    """
    return _statement(tuple(rule.criteria for rule in rules), dialect)


@lru_cache(maxsize=256)
def _statement(rules: tuple[tuple[Criterion, ...], ...], dialect: str) -> str:
    columns: list[exp.Expr] = [exp.column("id")]
    for place, criteria in enumerate(rules):
        compiled = [_compile(criterion.tree) for criterion in criteria]
        columns += [exp.alias_(tree.copy(), f"c{place}_{n}") for n, tree in enumerate(compiled)]
        columns.append(exp.alias_(exp.and_(*compiled), f"r{place}"))
    return exp.select(*columns).from_("facts").sql(dialect=dialect)


def _compile(tree: exp.Expr) -> exp.Expr:
    return exp.paren(tree.copy().transform(_rewrite))


def _rewrite(node: exp.Expr) -> exp.Expr:
    if not isinstance(node, exp.Anonymous):
        return node
    name, (grouping, inner) = str(node.this).lower(), node.expressions
    answer = (
        _known(_over(_PLAIN[name](this=inner.copy()), grouping), inner, grouping)
        if name in _PLAIN
        else _KLEENE[name](inner, grouping)
    )
    nowhere = exp.Is(this=grouping.copy(), expression=exp.null())
    return exp.paren(exp.case().when(nowhere, exp.null()).else_(answer))


def _over(aggregate: exp.Expr, grouping: exp.Expr) -> exp.Expr:
    return exp.Window(this=aggregate, partition_by=[grouping.copy()])


def _anybody(condition: exp.Expr, grouping: exp.Expr) -> exp.Expr:
    return _over(exp.LogicalOr(this=condition), grouping)


def _unknown(inner: exp.Expr) -> exp.Expr:
    return exp.Is(this=exp.paren(inner.copy()), expression=exp.null())


def _any(inner: exp.Expr, grouping: exp.Expr) -> exp.Expr:
    """One who is known to decides it; else one who is not known leaves it open."""
    yes = exp.Coalesce(this=exp.paren(inner.copy()), expressions=[exp.false()])
    case = exp.case().when(_anybody(yes, grouping), exp.true()).when(_anybody(_unknown(inner), grouping), exp.null())
    return case.else_(exp.false())


def _all(inner: exp.Expr, grouping: exp.Expr) -> exp.Expr:
    return exp.not_(exp.paren(_any(exp.not_(exp.paren(inner.copy())), grouping)))


def _count(inner: exp.Expr, grouping: exp.Expr) -> exp.Expr:
    ones = exp.case().when(exp.paren(inner.copy()), exp.Literal.number(1)).else_(exp.Literal.number(0))
    return _known(_over(exp.Sum(this=ones), grouping), inner, grouping)


def _known(answer: exp.Expr, inner: exp.Expr, grouping: exp.Expr) -> exp.Expr:
    """SQL's SUM skips NULL and would read "not asked" as nothing: one unknown member makes the sum unknown."""
    return exp.case().when(_anybody(_unknown(inner), grouping), exp.null()).else_(answer)


_PLAIN: dict[str, type[exp.AggFunc]] = {"sum_in": exp.Sum, "min_in": exp.Min, "max_in": exp.Max}
_KLEENE = {"any_in": _any, "all_in": _all, "count_in": _count}
