"""How a matter stands under its procedure: deduced each time from what was done, never typed in and never stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from qiaomen.cases.rules.procedure.facts import AmountFound, Done, Due, Facts, NextStep, Owed, Stop, Whole
from qiaomen.cases.rules.procedure.schema import LETTER, Condition, Ending, Limit, Procedure, Ref, Result, Step, Tells
from qiaomen.criteria.facts import Parameter
from qiaomen.kernel.clock import SHANGHAI
from qiaomen.kernel.timing import Calendar, Clock, Pause, is_announced, is_working_day, last_day, used_of

POSTING = "posting"
LAST_WORDS = Clock("working_days", 2)
"""How long, after its clock has ended or has no number here, a matter has from its last step: the resident is told what
was done within two working days, too (needs/actions.py).
"""


@dataclass(frozen=True)
class Standing:
    """How a matter stands on a day. `told_by`: of each ending that is open, by when the resident has to be told."""

    stage: str
    next_steps: tuple[NextStep, ...]
    whole: Whole
    endings: tuple[Ending, ...]
    owed: tuple[Owed, ...]
    missing: tuple[str, ...]
    amounts: tuple[AmountFound, ...]
    paused_until: date | None = None
    told_by: Mapping[str, Due | None] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        """Whether nobody in the office can do the next thing: somebody outside decides."""
        todo = [found for found in self.next_steps if found.holds_up]
        return bool(todo) and all(found.step.is_outside for found in todo)

    @property
    def letter(self) -> Step | None:
        """The step that is taken by referring the matter, where it can be taken now."""
        return next((found.step for found in self.next_steps if found.step.code == LETTER), None)

    @property
    def due_on(self) -> date | None:
        """The next day by which something has to be done; None where no clock runs."""
        if self.whole.due is not None and self.whole.ended_on is None and self.whole.due.day:
            return self.whole.due.day
        days = [found.due.day for found in self.next_steps if found.due and found.due.day]
        if days or self.whole.ended_on is None or self.whole.due is None or self.whole.due.day is None:
            return min(days, default=None)
        return self.whole.rest_by


def standing(
    procedure: Procedure,
    facts: Facts,
    today: date,
    parameters: Mapping[str, Parameter],
    is_worked: Calendar = is_working_day,
) -> Standing:
    """Say how a matter stands: stage, next steps with who and by when, its clock, how it may end, what is owed."""
    desk = _Desk(procedure, facts, today, parameters, is_worked)
    found = tuple(desk.next_step(step) for step in procedure.steps if desk.is_open(step))
    todo = [item for item in found if item.holds_up] or [item for item in found if not item.again]
    lacking = tuple(
        item.title for item in procedure.materials if item.of == "resident" and item.code not in facts.brought
    )
    return Standing(
        stage=desk.stage(todo),
        next_steps=found,
        whole=desk.whole(),
        endings=tuple(ending for ending in procedure.endings if desk.holds(ending.after)),
        owed=tuple(desk.owed()),
        missing=lacking,
        amounts=tuple(_amount(item.title, desk.parameter(item.parameter)) for item in procedure.amounts),
        paused_until=desk.paused_until(),
        told_by={ending.code: desk.due_since(ending.limit) for ending in procedure.endings if desk.holds(ending.after)},
    )


def standing_done(procedure: Procedure, done: Iterable[Done]) -> dict[str, Done]:
    """Return the steps that stand: a result that has a step taken again takes back what rested on it, and so does a
    step that was recorded anew in a matter that was reopened.
    """
    stands: dict[str, Done] = {}
    for item in done:
        step = procedure.step(item.step)
        if step is None:
            continue
        result = step.result(item.result)
        if result is not None and result.redo:
            for code in _resting_on(procedure, result.redo):
                stands.pop(code, None)
            continue
        if item.step in stands:
            for code in _resting_on(procedure, item.step):
                stands.pop(code, None)
        stands[item.step] = item
    return stands


def _resting_on(procedure: Procedure, code: str) -> set[str]:
    """Return a step with every step that waits for it, directly or not."""
    found = {code}
    for step in procedure.steps * len(procedure.steps):
        if any(ref.step in found for part in step.after for ref in part):
            found.add(step.code)
    return found


def _amount(title: str, parameter: Parameter) -> AmountFound:
    value = parameter.value if parameter.confirmed_by else None
    return AmountFound(title, value, parameter.unit, parameter.source)


class _Desk:
    """One matter on one day, with what every answer about it needs."""

    def __init__(
        self,
        procedure: Procedure,
        facts: Facts,
        today: date,
        parameters: Mapping[str, Parameter],
        is_worked: Calendar,
    ) -> None:
        self.procedure, self.facts, self.today = procedure, facts, today
        self.parameters, self.is_worked = parameters, is_worked
        self.stands = standing_done(procedure, facts.done)
        self.stops = [*facts.stops, *self._postings()]

    def parameter(self, code: str) -> Parameter:
        """Return a parameter; one that is declared no more has no value."""
        return self.parameters.get(code) or Parameter(code, code, None, "", "")

    def _postings(self) -> list[Stop]:
        """Return the pauses that come of steps which last: from the day they begin until the day after they end.

        One that has to be taken again ends when that is found.
        """
        found = []
        for place, item in enumerate(self.facts.done):
            step = self.procedure.step(item.step)
            end = self._lasts_until(step, item) if step is not None else None
            if end is not None:
                over = datetime.combine(end + timedelta(days=1), time(), SHANGHAI)
                later = range(place + 1, len(self.facts.done))
                broken = [self.facts.done[n].at for n in later if item.step in self._taken_again(n)]
                found.append(Stop(POSTING, item.at, max(min([over, *broken]), item.at)))
        return found

    def _taken_again(self, place: int) -> set[str]:
        """Return the steps that stand no more because of how one came out, or because it was recorded anew."""
        item = self.facts.done[place]
        step = self._known(item)
        result = step.result(item.result) if step is not None else None
        if result is not None and result.redo:
            return _resting_on(self.procedure, result.redo)
        is_anew = any(before.step == item.step for before in self.facts.done[:place])
        return _resting_on(self.procedure, item.step) if is_anew else set()

    def _lasts_until(self, step: Step, item: Done) -> date | None:
        if step.lasts is None or (clock := self._clock(step.lasts)) is None:
            return None
        return last_day(clock, item.at, is_worked=self.is_worked)

    def _clock(self, limit: Limit) -> Clock | None:
        """Return a clock with its amounts, None where a parameter has no value here."""
        code = limit.urgent if self.facts.urgent and limit.urgent else limit.amount
        amount, extended = self.parameter(code).value, None
        if amount is None:
            return None
        if limit.extended_to and code == limit.amount:  # what is urgent is not put off
            extended = self.parameter(limit.extended_to).value
        if extended is not None and extended <= amount:
            extended = None
        return Clock(limit.unit, amount, limit.moves, extended)

    def holds(self, condition: Condition) -> bool:
        """Say whether all that a step or an ending waits for was done, and came out so."""
        return all(any(self._done(ref) for ref in part) for part in condition)

    def _done(self, ref: Ref) -> bool:
        item = self.stands.get(ref.step)
        return item is not None and (not ref.results or item.result in ref.results)

    def is_open(self, step: Step) -> bool:
        """Say whether a step can be taken: it was not yet, or only before the matter was reopened."""
        return (step.code not in self.stands or self._is_again(step)) and self.holds(step.after)

    def _is_again(self, step: Step) -> bool:
        return step.code in self.stands and self.stands[step.code].is_past

    def _waited_for(self, step: Step) -> list[Done]:
        return [self.stands[ref.step] for part in step.after for ref in part if self._done(ref)]

    def next_step(self, step: Step) -> NextStep:
        """Return an open step with its day."""
        if self._is_again(step):
            return NextStep(step, None, missing=self._lacks(step), again=True)
        ends = [self._lasts_until(known, item) for item in self._waited_for(step) if (known := self._known(item))]
        days = [end + timedelta(days=1) for end in ends if end is not None and end >= self.today and not step.optional]
        return NextStep(step, self._due_of(step.limit, step), max(days) if days else None, self._lacks(step))

    def _known(self, item: Done) -> Step | None:
        return self.procedure.step(item.step)

    def _lacks(self, step: Step) -> tuple[str, ...]:
        return tuple(name for name in step.asks if name in ("number", "result"))

    def _due_of(self, limit: Limit | None, step: Step) -> Due | None:
        if limit is None:
            return None
        if limit.since:
            start = self._start(limit)
        else:
            begun = []
            for item in self._waited_for(step):
                known = self._known(item)
                end = self._lasts_until(known, item) if known else None
                begun.append(datetime.combine(end, time(), SHANGHAI) if end is not None else item.at)
            start = max([*begun, self.facts.opened])
        return self._due(limit, max([start, *self._found_wanting(step)])) if start is not None else None

    def _found_wanting(self, *steps: Step) -> list[datetime]:
        """Return when it was found that a step, one of any where none is named, has to be taken again."""
        codes = {step.code for step in steps or self.procedure.steps}
        places = range(len(self.facts.done))
        return [
            self.facts.done[n].at for n in places if not self.facts.done[n].is_past and codes & self._taken_again(n)
        ]

    def due_since(self, limit: Limit | None) -> Due | None:
        """Return the day of a limit that names the step it counts from."""
        start = self._start(limit) if limit is not None else None
        return self._due(limit, start) if limit is not None and start is not None else None

    def _start(self, limit: Limit) -> datetime | None:
        """Return when a clock starts; None: the step it counts from was not taken. A matter begun anew starts anew."""
        if limit.since in ("", "opened"):
            return self.facts.opened
        item = self.stands.get(limit.since)
        return max(item.at, self.facts.opened) if item is not None else None

    def _pauses(self, limit: Limit) -> list[Pause]:
        return [Pause(stop.start, stop.end) for stop in self.stops if stop.kind in limit.paused_by]

    def _due(self, limit: Limit, start: datetime, extensions: int = 0) -> Due:
        code = limit.urgent if self.facts.urgent and limit.urgent else limit.amount
        parameter, clock = self.parameter(code), self._clock(limit)
        known = Due(None, code, limit.source, bool(parameter.confirmed_by))
        if clock is None:
            return known
        times = extensions if clock.extended_to is not None else 0
        day = last_day(clock, start, self._pauses(limit), extensions=times, is_worked=self.is_worked)
        return replace(known, day=day, may_move=clock.unit == "working_days" and not is_announced(day))

    def stage(self, todo: Sequence[NextStep]) -> str:
        """Return the stage of the first step to be taken; while something lasts, the stage of that."""
        if not todo:
            return self.procedure.steps[-1].stage
        if todo[0].not_before is not None:
            lasting = [known for item in self._waited_for(todo[0].step) if (known := self._known(item)) and known.lasts]
            return lasting[0].stage if lasting else todo[0].step.stage
        return todo[0].step.stage

    def whole(self) -> Whole:
        """Return the clock of the whole matter."""
        limit, start = self.procedure.limit, self._start(self.procedure.limit)
        if start is None:
            return Whole(limit, rest_by=self._after(self._found_wanting()))
        ended = self.stands.get(limit.until)
        clock, due = self._clock(limit), self._due(limit, start, self.facts.extensions)
        if self.facts.promised_on is not None:
            due = replace(due, day=self._promised(limit, start, due))
        rest_by = self._rest_by(due, ended)
        if clock is None:
            first = start.astimezone(SHANGHAI).date()
            return Whole(limit, due, first, ended.day if ended else None, rest_by=rest_by)
        more = clock.extended_to is not None and self.facts.extensions < clock.most_extensions
        first, until = start.astimezone(SHANGHAI).date(), min(ended.day if ended else self.today, self.today)
        times = self.facts.extensions if clock.extended_to is not None else 0
        return Whole(
            limit,
            due,
            first,
            ended.day if ended else None,
            used_of(clock, first, until, self._pauses(limit), is_worked=self.is_worked),
            clock.amount_after(times),
            more and ended is None,
            rest_by,
        )

    def _rest_by(self, due: Due, ended: Done | None) -> date | None:
        """Return by when what is left is done once the clock has ended, or has no number here: two days for the last
        step, and the clock's own last day. None while it runs, and where it ended before the matter was reopened.
        """
        if (due.day is not None and ended is None) or (ended is not None and ended.is_past):
            return None
        rest = self._after([item.at for item in self.facts.done if not item.is_past])
        return max(filter(None, (due.day, rest)), default=None)

    def _after(self, moments: Sequence[datetime]) -> date | None:
        return last_day(LAST_WORDS, max(moments), is_worked=self.is_worked) if moments else None

    def _promised(self, limit: Limit, start: datetime, due: Due) -> date | None:
        """Return the last day of a matter whose resident was promised a day: pauses move it, an extension is longer."""
        assert self.facts.promised_on is not None
        days = max((self.facts.promised_on - start.astimezone(SHANGHAI).date()).days, 0)
        promised = last_day(Clock("days", days), start, self._pauses(limit), is_worked=self.is_worked)
        return max(promised, due.day) if self.facts.extensions and due.day else promised

    def owed(self) -> Iterable[Owed]:
        """Return the sentences the resident is owed because of what was done."""
        for item in self.facts.done:
            step = self._known(item)
            if step is None:
                continue
            for tells in self.told_of(step, step.result(item.result)):
                due = self._due(tells.limit, item.at) if tells.limit is not None else None
                yield Owed(item.step, tells, due)

    @staticmethod
    def told_of(step: Step, result: Result | None) -> Iterable[Tells]:
        """Return the sentences of a step and of how it came out."""
        return filter(None, (step.tells, result.tells if result else None))

    def paused_until(self) -> date | None:
        """Return the day on which the matter goes on, None where it is not paused today."""
        ends = [stop.end.astimezone(SHANGHAI).date() for stop in self.stops if self._holds_today(stop)]
        return max(ends) if ends else None

    def _holds_today(self, stop: Stop) -> bool:
        return Pause(stop.start, stop.end).holds(self.today)
