"""A procedure file is read whole or refused, with line and column of what is wrong; nothing is guessed or left out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

import yaml

from qiaomen.cases.rules.procedure import schema
from qiaomen.cases.rules.procedure.schema import Condition, Limit, Procedure, Ref, Step
from qiaomen.kernel.timing import UNITS

CHANNELS = ("door", "telephone", "letter", "page")
ENDS = ("done", "explained")
OF = ("resident", "office", "verified")


@dataclass(frozen=True)
class Fault:
    """What is wrong and where: `line` and `column` from 1; `code` with its words is said by the house."""

    line: int
    column: int
    code: str
    words: str = ""
    allowed: str = ""


class FaultyProcedure(ValueError):
    """A file that is not read, with every fault that was found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults), key=lambda fault: (fault.line, fault.column, fault.code))
        super().__init__("; ".join(f"{fault.line}:{fault.column} {fault.code} {fault.words}" for fault in self.faults))


LIMIT = ({"unit", "amount", "source"}, {"since", "until", "urgent", "extended_to", "moves", "paused_by"})
TELLS = ({"sentence"}, {"channel", "limit"})
RESULT = ({"code", "title"}, {"redo", "tells"})
STEP = (
    {"code", "title", "stage", "who", "source"},
    {"after", "limit", "lasts", "asks", "results", "tells", "optional", "says"},
)
ENDING = ({"code", "title", "ends"}, {"after", "must_say", "channel", "limit", "source"})
MATERIAL = ({"code", "title", "of", "source"}, set[str]())
AMOUNT = ({"title", "parameter"}, set[str]())
PROCEDURE = (
    {"code", "title", "version", "source", "limit", "steps", "endings"},
    {"kinds", "sealed", "materials", "amounts"},
)


class _Reader:
    """Turns the nodes of one file into a procedure and gathers what is wrong with them."""

    def __init__(self, parameters: Collection[str]) -> None:
        self.parameters = parameters
        self.faults: list[Fault] = []
        self.places: dict[str, yaml.Node] = {}

    def fault(self, node: yaml.Node, code: str, words: object = "", allowed: Iterable[str] = ()) -> None:
        mark = node.start_mark
        self.faults.append(Fault(mark.line + 1, mark.column + 1, code, str(words), "、".join(sorted(allowed))))

    def fields(self, node: yaml.Node, known: tuple[set[str], set[str]]) -> dict[str, yaml.Node]:
        """Return the fields of a mapping by name; strangers, doubles and missing ones are faults."""
        needed, may = known
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, "not_a_mapping")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name not in needed | may:
                self.fault(key, "unknown_field", name, needed | may)
            elif name in found:
                self.fault(key, "twice", name)
            else:
                found[name] = value
        for name in sorted(needed - set(found)):
            self.fault(node, "missing_field", name)
        return found

    def text(self, node: yaml.Node | None, among: Iterable[str] = ()) -> str:
        """Return a scalar as text, one of `among` where some are given."""
        if node is None:
            return ""
        allowed = tuple(among)
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.fault(node, "not_a_text")
            return ""
        if allowed and node.value not in allowed:
            self.fault(node, "unknown_word", node.value, allowed)
        return str(node.value).strip()

    def items(self, node: yaml.Node | None) -> list[yaml.Node]:
        """Return the items of a list."""
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, "not_a_list")
            return []
        return list(node.value)

    def words(self, node: yaml.Node | None, among: Iterable[str] = ()) -> tuple[str, ...]:
        allowed = tuple(among)
        return tuple(self.text(item, allowed) for item in self.items(node))

    def claim(self, node: yaml.Node | None) -> bool:
        """Return true or false as the file says it."""
        return node is not None and self.text(node, ("true", "false")) == "true"

    def parameter(self, node: yaml.Node | None) -> str:
        """Return the code of a parameter that some pack declares; a number written here is a fault."""
        code = self.text(node)
        if node is not None and code and code not in self.parameters:
            self.fault(node, "no_parameter", code)
        return code

    def limit(self, node: yaml.Node | None) -> Limit | None:
        if node is None:
            return None
        fields = self.fields(node, LIMIT)
        for name in ("since", "until"):
            if name in fields:
                self.places[f"{name} {fields[name].value}"] = fields[name]
        return Limit(
            unit=self.text(fields.get("unit"), UNITS),
            source=self.text(fields.get("source")),
            since=self.text(fields.get("since")),
            until=self.text(fields.get("until")),
            moves=self.claim(fields.get("moves")),
            paused_by=self.words(fields.get("paused_by"), schema.PAUSES),
            **{name: self.parameter(fields.get(name)) for name in ("amount", "urgent", "extended_to")},
        )

    def tells(self, node: yaml.Node | None) -> schema.Tells | None:
        if node is None:
            return None
        fields = self.fields(node, TELLS)
        channel = self.text(fields.get("channel"), CHANNELS) or "telephone"
        return schema.Tells(self.text(fields.get("sentence")), channel, self.limit(fields.get("limit")))

    def result(self, node: yaml.Node) -> schema.Result:
        fields = self.fields(node, RESULT)
        redo = self.text(fields.get("redo"))
        if redo:
            self.places[f"redo {redo}"] = fields["redo"]
        return schema.Result(
            self.text(fields.get("code")), self.text(fields.get("title")), redo, self.tells(fields.get("tells"))
        )

    def condition(self, node: yaml.Node | None) -> Condition:
        """Read `[a, b:agreed|changed, c or d:no]`: all of them, of `or` at least one."""
        return tuple(
            tuple(self._ref(item, part) for part in self.text(item).split(" or ")) for item in self.items(node)
        )

    def _ref(self, node: yaml.Node, text: str) -> Ref:
        step, _colon, results = text.strip().partition(":")
        ref = Ref(step, frozenset(filter(None, results.split("|"))))
        self.places[f"after {step}:{'|'.join(sorted(ref.results))}"] = node
        return ref

    def step(self, node: yaml.Node) -> Step:
        fields = self.fields(node, STEP)
        code = self.text(fields.get("code"))
        self.places.setdefault(f"step {code}", node)
        return Step(
            code=code,
            title=self.text(fields.get("title")),
            stage=self.text(fields.get("stage")),
            who=self.text(fields.get("who"), schema.WHO),
            source=self.text(fields.get("source")),
            after=self.condition(fields.get("after")),
            limit=self.limit(fields.get("limit")),
            lasts=self.limit(fields.get("lasts")),
            asks=self.words(fields.get("asks"), schema.RECORDED),
            results=tuple(self.result(item) for item in self.items(fields.get("results"))),
            tells=self.tells(fields.get("tells")),
            optional=self.claim(fields.get("optional")),
            says=self.text(fields.get("says")),
        )

    def ending(self, node: yaml.Node) -> schema.Ending:
        fields = self.fields(node, ENDING)
        return schema.Ending(
            code=self.text(fields.get("code")),
            title=self.text(fields.get("title")),
            ends=self.text(fields.get("ends"), ENDS),
            after=self.condition(fields.get("after")),
            must_say=self.text(fields.get("must_say")),
            channel=self.text(fields.get("channel"), CHANNELS) or "telephone",
            limit=self.limit(fields.get("limit")),
            source=self.text(fields.get("source")),
        )

    def number(self, node: yaml.Node | None) -> int:
        text = self.text(node)
        if node is not None and not (text.isdecimal() and int(text) > 0):
            self.fault(node, "not_a_number", text)
        return int(text) if text.isdecimal() else 0

    def procedure(self, node: yaml.Node) -> Procedure:
        fields = self.fields(node, PROCEDURE)
        whole = self.limit(fields.get("limit"))
        materials = [self.fields(item, MATERIAL) for item in self.items(fields.get("materials"))]
        amounts = [self.fields(item, AMOUNT) for item in self.items(fields.get("amounts"))]
        return Procedure(
            code=self.text(fields.get("code")),
            title=self.text(fields.get("title")),
            version=self.number(fields.get("version")),
            source=self.text(fields.get("source")),
            limit=whole or Limit("days", "", ""),
            steps=tuple(self.step(item) for item in self.items(fields.get("steps"))),
            endings=tuple(self.ending(item) for item in self.items(fields.get("endings"))),
            kinds=self.words(fields.get("kinds")),
            sealed=self.claim(fields.get("sealed")),
            materials=tuple(
                schema.Material(
                    self.text(found.get("code")),
                    self.text(found.get("title")),
                    self.text(found.get("of"), OF),
                    self.text(found.get("source")),
                )
                for found in materials
            ),
            amounts=tuple(
                schema.Amount(self.text(found.get("title")), self.parameter(found.get("parameter")))
                for found in amounts
            ),
        )


def read_procedure(text: str, parameters: Collection[str]) -> Procedure:
    """Return the procedure of one file; `parameters`: the codes packs declare. Raises FaultyProcedure."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise FaultyProcedure([Fault(*_position(mark), "not_yaml", getattr(error, "problem", "") or "")]) from error
    if node is None:
        raise FaultyProcedure([Fault(1, 1, "not_a_mapping")])
    reader = _Reader(parameters)
    found = reader.procedure(node)
    if not reader.faults:
        _check_joins(found, reader, node)
    if reader.faults:
        raise FaultyProcedure(reader.faults)
    return found


def _position(mark: Any) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


def _check_joins(procedure: Procedure, reader: _Reader, node: yaml.Node) -> None:
    """Find codes used twice, names of steps and results that are not there, and steps that wait for each other."""
    known = _check_codes(procedure, reader, node)
    for condition in (*(step.after for step in procedure.steps), *(ending.after for ending in procedure.endings)):
        for ref in (ref for part in condition for ref in part):
            _check_ref(ref, known, reader)
    named = [(f"redo {found.redo}", found.redo) for step in procedure.steps for found in step.results if found.redo]
    named += [(f"since {limit.since}", limit.since) for limit in procedure.limits() if limit.since]
    named += [(f"until {limit.until}", limit.until) for limit in procedure.limits() if limit.until]
    for place, code in named:
        if code not in known and code not in schema.BASES:
            reader.fault(reader.places[place], "unknown_step", code)
    circle = _circle(procedure)
    if circle:
        reader.fault(reader.places[f"step {circle[0]}"], "circular", " → ".join([*circle, circle[0]]))


def _check_codes(procedure: Procedure, reader: _Reader, node: yaml.Node) -> dict[str, Step]:
    """Return the steps by code; codes used twice, and a procedure without steps or endings, are faults."""
    known: dict[str, Step] = {}
    for step in procedure.steps:
        if step.code in known or step.code in schema.BASES:
            reader.fault(reader.places[f"step {step.code}"], "twice", step.code)
        known[step.code] = step
    codes = [ending.code for ending in procedure.endings]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        reader.fault(node, "twice", code)
    for name, parts in (("steps", procedure.steps), ("endings", procedure.endings)):
        if not parts:
            reader.fault(node, "missing_field", name)
    return known


def _check_ref(ref: Ref, known: dict[str, Step], reader: _Reader) -> None:
    place = reader.places[f"after {ref.step}:{'|'.join(sorted(ref.results))}"]
    if ref.step not in known:
        reader.fault(place, "unknown_step", ref.step)
        return
    for code in sorted(ref.results):
        if known[ref.step].result(code) is None:
            reader.fault(place, "unknown_result", f"{ref.step}:{code}")


def _circle(procedure: Procedure) -> list[str]:
    """Return the codes of steps of which each waits for the next, round and round; empty where none do."""
    waits = {step.code: [ref.step for part in step.after for ref in part] for step in procedure.steps}
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        found = list(error.args[1])[1:]
        first = min(range(len(found)), key=lambda place: list(waits).index(found[place]))
        return found[first:] + found[:first]
    return []
