"""Whatever is done to a case in whatever order: it has exactly one owner, exactly one clock, and no refusal leaves a
trace.

12 sequences of acts by default, 1,000 with QM_PROVE=1.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from qiaomen.cases import actions, selectors
from qiaomen.cases.models import Case, CaseStep
from qiaomen.cases.rules.timing import UNDER_WAY
from qiaomen.cases.selectors import procedures
from qiaomen.cases.tests.test_cases import TUESDAY, household, person, receive  # noqa: F401  a fixture
from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office.models import Body, LedgerEntry
from qiaomen.register.models import Household

SEQUENCES = 1_000 if os.environ.get("QM_PROVE") == "1" else 12
STAFF = st.sampled_from(["k-head", "k-worker"])
KINDS = st.sampled_from(["papers", "resident", "body", "posting"])
DONE_TO_IT = ("errand", "dibao", "referral", "mediation", "relief-urgent", "general")


class Matter(RuleBasedStateMachine):
    """One matter, to which anybody does anything on any day."""

    home: Household
    body: Body

    def __init__(self) -> None:
        super().__init__()
        self.now = TUESDAY
        self.case = receive(self.home, "k-worker", "mine", self.now)
        self.opened = 1

    def attempt(self, act: Callable[..., Any], **told: Any) -> None:
        """Do it; what is refused leaves no step and no ledger line."""
        before = (CaseStep.objects.count(), LedgerEntry.objects.count(), self.row())
        with clock.at(self.now):
            try:
                act(case=self.case, **told)
            except Problem:
                assert before == (CaseStep.objects.count(), LedgerEntry.objects.count(), self.row())
            else:
                assert CaseStep.objects.count() == before[0] + 1 and LedgerEntry.objects.count() > before[1]

    def row(self) -> dict[str, Any]:
        return Case.objects.filter(pk=self.case.pk).values()[0]

    @rule(hours=st.integers(1, 200))
    def time_goes_on(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(who=STAFF, code=st.sampled_from(DONE_TO_IT))
    def choose(self, who: str, code: str) -> None:
        self.attempt(actions.choose_procedure, actor=person(who), code=code)

    @rule(who=STAFF, seed=st.integers(0, 99), number=st.sampled_from(["", "2026-1"]))
    def record(self, who: str, seed: int, number: str) -> None:
        self.case.refresh_from_db()
        dice = Random(seed)
        with clock.at(self.now):
            procedure = procedures.procedure_of(self.case)
        step = dice.choice(procedure.steps)
        result = dice.choice(["", *(found.code for found in step.results)])
        self.attempt(
            actions.record_part, actor=person(who), part=step.code, result=result, number=number, sentence="话"
        )

    @rule(who=STAFF, kind=KINDS, days=st.integers(-2, 20))
    def pause(self, who: str, kind: str, days: int) -> None:
        until = self.now.date() + timedelta(days=days)
        self.attempt(actions.pause_case, actor=person(who), kind=kind, until=until, reason="等")

    @rule(who=STAFF)
    def resume(self, who: str) -> None:
        self.attempt(actions.resume_case, actor=person(who))

    @rule(who=STAFF)
    def extend(self, who: str) -> None:
        self.attempt(actions.extend_case, actor=person(who), reason="要多几天")

    @rule(who=STAFF, agreed=st.booleans())
    def refer(self, who: str, agreed: bool) -> None:
        self.attempt(actions.refer_case, actor=person(who), body=self.body, sentence="转了", agreed=agreed)

    @rule(who=STAFF)
    def reply(self, who: str) -> None:
        self.attempt(actions.record_reply, actor=person(who), sentence="有答复")

    @rule(who=STAFF, to=STAFF)
    def offer(self, who: str, to: str) -> None:
        self.attempt(actions.offer_case, actor=person(who), to=person(to))

    @rule(who=STAFF, yes=st.booleans())
    def decide_on_offer(self, who: str, yes: bool) -> None:
        if yes:
            self.attempt(actions.accept_case, actor=person(who))
        else:
            self.attempt(actions.decline_case, actor=person(who), reason="忙")

    @rule(who=STAFF, to=STAFF)
    def give(self, who: str, to: str) -> None:
        self.attempt(actions.hand_over, actor=person(who), owner=person(to))

    @rule(who=STAFF, outcome=st.sampled_from(["done", "explained", "granted", "refused", "withdrawn"]))
    def close(self, who: str, outcome: str) -> None:
        self.attempt(actions.close_case, actor=person(who), sentence="办结的话", outcome=outcome)

    @rule(who=STAFF, solved=st.booleans())
    def answer(self, who: str, solved: bool) -> None:
        self.attempt(actions.record_answer, actor=person(who), solved=solved)

    @rule(who=STAFF, place=st.integers(0, 30))
    def take_back(self, who: str, place: int) -> None:
        steps = list(self.case.steps.order_by("at", "pk"))
        step = steps[-1 - place % len(steps)]
        self.attempt(lambda case, **told: actions.take_back_step(step=step, **told), actor=person(who), reason="错了")

    @invariant()
    def it_has_exactly_one_owner(self) -> None:
        self.case.refresh_from_db()
        case = self.case
        able = {person("k-head").pk, person("k-worker").pk}
        assert case.owner_id in able and case.offered_to_id in {None, *able} - {case.owner_id}
        assert case.offered_to_id is None or case.state in UNDER_WAY

    @invariant()
    def it_has_exactly_one_clock(self) -> None:
        self.case.refresh_from_db()
        case, steps = self.case, list(self.case.steps.order_by("at", "pk"))
        with clock.at(self.now):
            _procedure, stands = procedures.standing_of(case, steps)
            if case.state in UNDER_WAY:
                assert case.due_on == procedures.due_of(case, procedures.facts_of(case, steps), stands)
                lanes = selectors.counts_in(case.community, ["under_way", "closed"], self.now.date())
            else:
                assert case.paused_until is None
                lanes = selectors.counts_in(case.community, ["under_way", "closed"], self.now.date())
        assert sum(lanes.values()) == Case.objects.filter(community=case.community).count()


def test_any_order_of_acts_leaves_one_owner_and_one_clock(household: Household) -> None:  # noqa: F811
    Matter.home = household
    Matter.body = Body.objects.create(
        community=household.community,
        kind="authority",
        name="区民政局",
        does="低保",
        confirmed_on=TUESDAY.date(),
        confirmed_by=person("k-head"),
    )
    run_state_machine_as_test(
        Matter,
        settings=settings(
            max_examples=SEQUENCES, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
