"""The stories that stand beside the rules: one Chinese sentence, the facts, one claim. A house with rules may have
them.

A house gets its stories told by a line in TELLERS: how its facts are read and its rule is asked.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from qiaomen.cases.rules import timing
from qiaomen.cases.rules.procedure import Done, Facts, Stop, read_procedure, standing
from qiaomen.criteria.facts import load_entries, load_parameters
from qiaomen.kernel.clock import SHANGHAI
from qiaomen.visits.rules.due import DoorFact, EventFact, GroupFact, PromiseFact, Tier, deduce

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 24)
NATIONAL = ROOT / "packs" / "national"
TIERS = {entry["code"]: Tier(**entry) for entry in load_entries([NATIONAL], "cadence.yaml")}


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def due_visit(story: dict[str, Any]) -> str:
    """Return why a door is due first, or none."""
    facts = dict(story["facts"])
    said: dict[str, Any] = {}
    if "met" in facts:
        day = ago(facts["met"])
        said = {"last_spoken": day, "last_outcome": "met", "last_outcome_day": day}
    if "known_since" in facts:
        said["known_since"] = ago(facts["known_since"])
    said["groups"] = tuple(GroupFact(**one) for one in facts.get("groups", ()))
    said["promises"] = tuple(
        PromiseFact(one["key"], one["kind"], ago(one["due_on"])) for one in facts.get("promises", ())
    )
    said["events"] = tuple(EventFact(one["kind"], ago(one["day"])) for one in facts.get("events", ()))
    found = deduce(DoorFact("d", **said), TODAY, TIERS)
    return found[0].reason if found else "none"


def at(day: date) -> datetime:
    return datetime.combine(day, time(9, 30), SHANGHAI)


def how_a_matter_stands(story: dict[str, Any]) -> str:
    """Return stage, the day of its clock and the next steps with their days; the sentences owed where it asks them."""
    parameters = load_parameters([NATIONAL], story["today"])
    file = NATIONAL / "procedures" / f"{story['procedure']}.yaml"
    procedure = read_procedure(file.read_text(encoding="utf-8"), parameters)
    done = [Done(step, at(day), *result) for step, day, *result in story.get("done", ())]
    stops = [Stop(kind, at(first), at(end)) for kind, first, end in story.get("stops", ())]
    facts = Facts(at(story["opened"]), done, stops, story.get("extensions", 0), story.get("urgent", False))
    found = standing(procedure, facts, story["today"], parameters)
    if story["ask"] == "owed":
        return "；".join(f"{owed.step}：{owed.tells.sentence}" for owed in found.owed) or "none"
    if story["ask"] == "amounts":
        return "；".join(f"{amount.title}：{amount.value or '未确认，空着'}" for amount in found.amounts)
    if story["ask"] == "endings":
        return " ".join(ending.code for ending in found.endings)
    due = found.whole.due.day if found.whole.due and not found.whole.ended_on else None
    steps = [f"{item.step.code}@{(item.due and item.due.day) or item.not_before or '-'}" for item in found.next_steps]
    return f"{found.stage} {due or '-'} {' '.join(steps) or '-'}"


def case_clock(story: dict[str, Any]) -> str:
    """Return a day, or yes or no; how a matter stands for a story that names its procedure."""
    if "procedure" in story:
        return how_a_matter_stands(story)
    if story["ask"] == "due_on":
        return timing.due_on(story["opened"], story["handling"]).isoformat()
    rule = {"is_overdue": timing.is_overdue, "is_due_soon": timing.is_due_soon}[story["ask"]]
    return "yes" if rule(story["state"], story["due"], story["today"]) else "no"


TELLERS: dict[str, Callable[[dict[str, Any]], str]] = {"visits": due_visit, "cases": case_clock}


def told() -> list[Any]:
    """Return (house, story), named by its sentence."""
    return [
        pytest.param(path.parts[-3], story, id=f"{path.parts[-3]}: {story['story']}")
        for path in sorted(ROOT.glob("qiaomen/*/tests/stories.yaml"))
        for story in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("house", "story"), told())
def test_a_story_comes_out_as_it_is_told(house: str, story: dict[str, Any]) -> None:
    assert TELLERS[house](story) == str(story["claim"])


def test_no_two_stories_are_told_in_the_same_words_and_every_house_is_listened_to() -> None:
    stories = [parameters.values for parameters in told()]
    sentences = [(house, story["story"]) for house, story in stories]
    assert len(set(sentences)) == len(sentences) and {house for house, _ in stories} == set(TELLERS)
