"""A criterion as rows "fact · comparison · value" joined by all or any, and back: what a screen can build."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

from qiaomen.criteria.facts import GROUPINGS, Fact

DEEPEST = 3
"""So many blocks within each other stay readable on a screen; the deepest shipped rule (留守儿童) needs three."""
COUNT = "count:"
"""Before a grouping: the row speaks of how many there are in it."""
COMPARES: dict[str, type[exp.Expr]] = {
    ">=": exp.GTE,
    "<": exp.LT,
    ">": exp.GT,
    "<=": exp.LTE,
    "=": exp.EQ,
    "<>": exp.NEQ,
}
_CODES = {kind: code for code, kind in COMPARES.items()}
_TURNED = {">=": "<=", "<=": ">=", "<": ">", ">": "<", "=": "=", "<>": "<>"}
_DENIED = {">=": "<", "<": ">=", ">": "<=", "<=": ">", "=": "<>", "<>": "="}
WHO = ("", *(f"{word}:{grouping}" for grouping in GROUPINGS for word in ("any", "none", "all")))
"""Whom a block asks about: the person, or somebody, nobody or everybody of the same door, purse or register."""


@dataclass(frozen=True)
class Row:
    """One comparison. `fact` is a code or "count:<grouping>"; `standard` names a parameter and stands before
    `value`.
    """

    fact: str = ""
    compare: str = ""
    value: str = ""
    standard: str = ""


@dataclass(frozen=True)
class Block:
    """Rows and blocks of which all or any must hold, of the person (`who` "") or of those around the person."""

    join: str = "all"
    who: str = ""
    parts: tuple["Row | Block", ...] = ()


class _NoRow(Exception):
    """This node has no row."""


def kind_of(row: Row, facts: Mapping[str, Fact]) -> str:
    """Return what the row compares: bool, int, code or date; "" when its fact is not known."""
    if row.fact.startswith(COUNT):
        return "int" if row.fact.removeprefix(COUNT) in GROUPINGS else ""
    fact = facts.get(row.fact)
    return fact.kind if fact is not None and fact.kind != "text" else ""


def compares_for(kind: str) -> tuple[str, ...]:
    """Return the comparisons that make sense for a kind; a truth is "is" or "not"."""
    return {"bool": ("is", "not"), "code": ("=", "<>"), "": ()}.get(kind, tuple(COMPARES))


def to_rows(tree: exp.Expr) -> Block | None:
    """Return a checked criterion as rows, or None when it is more than rows can show."""
    try:
        found = _part(tree)
    except _NoRow:
        return None
    if isinstance(found, Row) or found.who:
        found = Block(parts=(found,))
    return found if _depth(found) <= DEEPEST else None


def _depth(block: Block) -> int:
    return 1 + max((_depth(child) for child in block.parts if isinstance(child, Block)), default=0)


def _part(node: exp.Expr) -> Row | Block:
    if isinstance(node, exp.Paren):
        return _part(node.this)
    if isinstance(node, exp.And | exp.Or):
        join = "all" if isinstance(node, exp.And) else "any"
        return Block(join, "", tuple(_part(child) for child in node.flatten()))
    if isinstance(node, exp.Not):
        return _denied(_part(node.this))
    if isinstance(node, exp.Column):
        return Row(node.name, "is")
    if isinstance(node, exp.Anonymous):
        return _around(node)
    return _comparison(node)


def _denied(part: Row | Block) -> Row | Block:
    if isinstance(part, Block):
        word, _, grouping = part.who.partition(":")
        if word not in ("any", "none"):
            raise _NoRow
        return Block(part.join, f"{'none' if word == 'any' else 'any'}:{grouping}", part.parts)
    if part.compare in ("is", "not"):
        return Row(part.fact, "not" if part.compare == "is" else "is")
    return Row(part.fact, _DENIED[part.compare], part.value, part.standard)


def _around(node: exp.Anonymous) -> Block:
    word = {"any_in": "any", "all_in": "all"}.get(str(node.this).lower())
    grouping, inner = node.expressions
    if word is None:
        raise _NoRow
    part = _part(inner)
    if isinstance(part, Block) and not part.who:
        return Block(part.join, f"{word}:{grouping.name}", part.parts)
    return Block("all", f"{word}:{grouping.name}", (part,))


def _comparison(node: exp.Expr) -> Row:
    code = _CODES.get(type(node))
    if code is None:
        raise _NoRow
    left, right = node.this, node.expression
    if isinstance(left, exp.Literal | exp.Placeholder):
        left, right, code = right, left, _TURNED[code]
    if isinstance(right, exp.Placeholder):
        return Row(_subject(left), code, "", str(right.this).replace("__", "."))
    if isinstance(right, exp.Literal):
        return Row(_subject(left), code, str(right.this))
    raise _NoRow


def _subject(node: exp.Expr) -> str:
    if isinstance(node, exp.Column):
        return str(node.name)
    if isinstance(node, exp.Anonymous) and str(node.this).lower() == "count_in":
        grouping, inner = node.expressions
        if isinstance(inner, exp.Boolean) and inner.this:
            return f"{COUNT}{grouping.name}"
    raise _NoRow


def to_text(block: Block, facts: Mapping[str, Fact]) -> str:
    """Return rows as the text of a criterion. Raises ValueError for a row that is not whole."""
    return _text(block, facts)


def _text(part: Row | Block, facts: Mapping[str, Fact]) -> str:
    if isinstance(part, Row):
        return _row_text(part, facts)
    if not part.parts or part.who not in WHO or part.join not in ("all", "any"):
        raise ValueError("an empty block")
    texts = [
        f"({text})" if isinstance(child, Block) and not child.who and len(child.parts) > 1 else text
        for child in part.parts
        for text in [_text(child, facts)]
    ]
    joined = (" AND " if part.join == "all" else " OR ").join(texts)
    word, _, grouping = part.who.partition(":")
    return {
        "": joined,
        "any": f"any_in({grouping}, {joined})",
        "none": f"NOT any_in({grouping}, {joined})",
        "all": f"all_in({grouping}, {joined})",
    }[word]


def _row_text(row: Row, facts: Mapping[str, Fact]) -> str:
    kind = kind_of(row, facts)
    if row.compare not in compares_for(kind):
        raise ValueError(row.fact)
    if kind == "bool":
        return row.fact if row.compare == "is" else f"NOT {row.fact}"
    if kind == "int":
        grouping = row.fact.removeprefix(COUNT)
        left = f"count_in({grouping}, TRUE)" if row.fact.startswith(COUNT) else row.fact
        return f"{left} {row.compare} {f':{row.standard}' if row.standard else int(row.value)}"
    if "'" in row.value or not row.value:
        raise ValueError(row.fact)
    return f"{row.fact} {row.compare} '{row.value}'"


def all_rows(block: Block) -> Iterator[Row]:
    """Yield every row, in the order they are read."""
    for part in block.parts:
        if isinstance(part, Row):
            yield part
        else:
            yield from all_rows(part)
