"""Says a criterion as a sentence, so that an office reads what it asks and not SQL."""

from collections.abc import Callable, Mapping

from sqlglot import exp

from qiaomen.criteria.facts import Fact, Parameter

_COMPARES: dict[type[exp.Expr], str] = {
    exp.EQ: "为",
    exp.NEQ: "不是",
    exp.GT: "大于",
    exp.GTE: "满",
    exp.LT: "不满",
    exp.LTE: "不超过",
}
_DATES: dict[type[exp.Expr], str] = {exp.GT: "晚于", exp.GTE: "不早于", exp.LT: "早于", exp.LTE: "不晚于"}
_WHO = {
    "home": "同住的人",
    "family": "共同生活的人",
    "household": "同户口的人",
    "entrance": "同一单元的门",
    "compound": "同一小区的门",
}
_TOGETHER = {
    "any_in": "{who}里有人：{what}",
    "all_in": "{who}都是：{what}",
    "count_in": "{who}里符合“{what}”的人数",
    "sum_in": "{who}的“{what}”合计",
    "min_in": "{who}里最小的“{what}”",
    "max_in": "{who}里最大的“{what}”",
}
WORDS = (
    *_COMPARES.values(),
    *_DATES.values(),
    *_WHO.values(),
    *_TOGETHER.values(),
    "，并且",
    "，或者",
    "不是（{what}）",
    "{what}：否",
    "{who}里没有人：{what}",
    "在 {low} 到 {high} 之间",
    "是其中之一：{list}",
    "{who}一共有几个",
)
"""Every text this module says, for a catalogue of another language."""


class Sayer:
    """Turns trees into words. `translate` gives a text in the reader's language."""

    def __init__(
        self, facts: Mapping[str, Fact], parameters: Mapping[str, Parameter], translate: Callable[[str], str] = str
    ) -> None:
        self.facts, self.parameters, self.translate = facts, parameters, translate

    def say(self, node: exp.Expr, of: Fact | None = None, inside: bool = False) -> str:
        """Return a node in words; `of`: the fact a value is compared with; `inside`: bracket an alternative."""
        if isinstance(node, exp.Paren):
            return self.say(node.this, of, inside)
        if isinstance(node, exp.And | exp.Or):
            return self._joined(node, inside)
        if isinstance(node, exp.Not):
            return self._denied(node.this)
        if isinstance(node, exp.Anonymous):
            return self._together(node)
        if type(node) in _COMPARES:
            fact = self._fact_of(node)
            spoken = {**_COMPARES, **_DATES} if fact is not None and fact.kind == "date" else _COMPARES
            words = self.translate(spoken[type(node)])
            return f"{self.say(node.this, fact)}{words}{self.say(node.expression, fact)}"
        return self._value(node, of)

    def _joined(self, node: exp.Expr, inside: bool) -> str:
        word = self.translate("，或者" if isinstance(node, exp.Or) else "，并且")
        text = word.join(self.say(part, inside=True) for part in node.flatten())
        return f"（{text}）" if inside else text

    def _denied(self, node: exp.Expr) -> str:
        if isinstance(node, exp.Column):
            return self.translate("{what}：否").format(what=self.say(node))
        if isinstance(node, exp.Anonymous) and str(node.this).lower() == "any_in":
            grouping, inner = node.expressions
            return self.translate("{who}里没有人：{what}").format(
                who=self.translate(_WHO[grouping.name]), what=self.say(inner, inside=True)
            )
        return self.translate("不是（{what}）").format(what=self.say(node))

    def _fact_of(self, node: exp.Expr) -> Fact | None:
        return next((self.facts[c.name] for c in node.find_all(exp.Column) if c.name in self.facts), None)

    def _together(self, node: exp.Anonymous) -> str:
        grouping, inner = node.expressions
        name, who = str(node.this).lower(), self.translate(_WHO[grouping.name])
        if name == "count_in" and isinstance(inner, exp.Boolean):
            return self.translate("{who}一共有几个").format(who=who)
        return self.translate(_TOGETHER[name]).format(who=who, what=self.say(inner, inside=True))

    def _value(self, node: exp.Expr, of: Fact | None) -> str:
        if isinstance(node, exp.Column) and node.name in self.facts:
            return self.translate(self.facts[node.name].title)
        if isinstance(node, exp.Placeholder):
            parameter = self.parameters.get(str(node.this).replace("__", "."))
            return (
                f" {parameter.value}{self.translate(parameter.unit)}"
                if parameter and parameter.value is not None
                else f" {node.this}"
            )
        if isinstance(node, exp.Literal):
            known = of.choices.get(node.this) if of else None
            unit = self.translate(of.unit) if of and of.unit and of.kind == "int" else ""
            return f"“{self.translate(known)}”" if known else f" {node.this}{unit}"
        if isinstance(node, exp.Between):
            low, high = self.say(node.args["low"], of).strip(), self.say(node.args["high"], of).strip()
            return self.say(node.this) + self.translate("在 {low} 到 {high} 之间").format(low=low, high=high)
        if isinstance(node, exp.In):
            listed = "、".join(self.say(value, self._fact_of(node)).strip() for value in node.expressions)
            return self.say(node.this) + self.translate("是其中之一：{list}").format(list=listed)
        return node.sql(dialect="duckdb")
