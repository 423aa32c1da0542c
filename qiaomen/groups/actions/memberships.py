"""Care groups by criteria: who belongs is computed and dated, a person may add or exclude with a reason."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from qiaomen.groups.models import CareGroup, GroupChoice, GroupDefinition, GroupRun, Membership, OpenQuestion
from qiaomen.groups.selectors.criteria import _choices, _in_force, _truths, rule_of
from qiaomen.groups.selectors.questions import missing_of
from qiaomen.groups.selectors.telling import field_of_group, telling_groups, tells
from qiaomen.kernel import clock
from qiaomen.office import disclosure, ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts
from qiaomen.register.models import Act, Change, Person
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.facts import fact_columns

CHUNK = 500
EXPLAINED = 400
"""Of more changes than this at once (a roster, a first run) the single causes are not looked up."""


@transaction.atomic
def install(community: Organisation) -> None:
    """Give a community the groups of the packs; a group nobody here has altered follows a changed pack."""
    standing = {group.code: group for group in CareGroup.objects.filter(community=community)}
    defined = GroupDefinition.objects.filter(group__community=community)
    now = {definition.group_id: definition for definition in defined.filter(to_date=None)}
    ended = set(defined.values_list("group", flat=True)) - set(now)
    for entry in packs.entries("groups.yaml"):
        described = {"title": entry["title"], "tier": entry["tier"], "child": entry.get("child", False)}
        group = standing.get(entry["code"]) or CareGroup.objects.create(
            community=community, code=entry["code"], **described
        )
        mine = now.get(group.pk)
        if group.pk in ended or (
            mine is not None
            and (mine.made_by_id is not None or (mine.when, mine.source) == (entry["when"], entry["source"]))
        ):
            continue
        if mine is not None:
            mine.to_date = clock.today()
            mine.save(update_fields=["to_date"])
        GroupDefinition.objects.create(
            group=group,
            when=entry["when"],
            source=entry["source"],
            made_at=clock.now(),
            from_date=clock.today() if mine else None,
        )


def _stamp(community: Organisation) -> str:
    counts = Act.objects.filter(community=community).aggregate(made=Count("pk"), undone=Count("undone_at"))
    definitions = GroupDefinition.objects.filter(group__community=community).count()
    return f"{counts['made']}/{counts['undone']}/{definitions}"


def keep_current(community: Organisation) -> None:
    """Compute the memberships when a day has passed or something was done to the register since they were."""
    run = GroupRun.objects.filter(community=community).first()
    if run is None or run.day != clock.today() or run.stamp != _stamp(community):
        refresh(community)


@transaction.atomic
def refresh(community: Organisation) -> None:
    """Bring every group in line with what is known today; who enters or leaves is noted with the cause."""
    GroupRun.objects.get_or_create(community=community)
    run = GroupRun.objects.select_for_update().get(community=community)
    install(community)
    day = clock.today()
    definitions = _in_force(community, day)
    codes = dict.fromkeys(code for definition in definitions for code in rule_of(definition).facts)
    keys, columns = fact_columns(community, day, codes=codes)
    truths = _truths(definitions, columns, day)
    choices = _choices(community, day)
    standing: dict[UUID, dict[UUID, Membership]] = defaultdict(dict)
    for membership in Membership.objects.filter(group__community=community, to_date=None):
        standing[membership.group_id][membership.person_id] = membership
    enter: list[Membership] = []
    leave: list[Membership] = []
    for definition in definitions:
        wanted = {key for key, truth in zip(keys, truths[definition.group_id], strict=True) if truth}
        for person, kind in choices[definition.group_id].items():
            (wanted.add if kind == "added" else wanted.discard)(person)
        mine = standing[definition.group_id]
        enter += [
            Membership(group=definition.group, person_id=key, definition=definition, from_date=day)
            for key in sorted(wanted - set(mine))
        ]
        leave += [membership for key, membership in mine.items() if key not in wanted]
    going_on = {definition.group_id for definition in definitions}
    leave += [membership for group, mine in standing.items() if group not in going_on for membership in mine.values()]
    explain = _Causes(community, run, definitions, [membership.person_id for membership in (*enter, *leave)])
    for membership in enter:
        membership.entered = explain.cause(membership)
    for membership in leave:
        membership.left, membership.to_date = explain.cause(membership), day
    Membership.objects.bulk_create(enter, batch_size=CHUNK)
    Membership.objects.bulk_update(leave, ["left", "to_date"], batch_size=CHUNK)
    keep_questions(community, missing_of(definitions, keys, columns, truths))
    run.unknown = {str(group): sum(truth is None for truth in found) for group, found in truths.items()}
    run.day, run.stamp, run.at = day, _stamp(community), clock.now()
    run.save()


def keep_questions(community: Organisation, missing: dict[UUID, list[str]]) -> None:
    """Keep what is to be asked of whom; only rows that differ are written."""
    rows = OpenQuestion.objects.filter(community=community)
    standing = {row.person_id: row for row in rows}
    gone = [row for row in standing if row not in missing]
    new, changed = [], []
    for person, codes in missing.items():
        row = standing.get(person)
        if row is None:
            new.append(OpenQuestion(person_id=person, community=community, codes=codes))
        elif row.codes != codes:
            row.codes = codes
            changed.append(row)
    for start in range(0, len(gone), CHUNK):
        rows.filter(pk__in=gone[start : start + CHUNK]).delete()
    OpenQuestion.objects.bulk_create(new, batch_size=CHUNK)
    OpenQuestion.objects.bulk_update(changed, ["codes"], batch_size=CHUNK)


class _Causes:
    """Says why somebody enters or leaves: an act, another definition, a person's choice, or the passing of time."""

    def __init__(
        self, community: Organisation, run: GroupRun, definitions: list[GroupDefinition], people: list[UUID]
    ) -> None:
        self.first, self.few = run.at is None, len(people) <= EXPLAINED
        self.going_on = {definition.group_id for definition in definitions}
        self.new = {definition.group_id for definition in definitions if run.at and definition.made_at > run.at}
        if run.day:
            self.new |= {
                definition.group_id
                for definition in definitions
                if definition.from_date and definition.from_date > run.day
            }
        self.homes: dict[UUID, UUID] = {}
        self.acts: dict[UUID, Act] = {}
        if run.at and people and self.few:
            self.homes = dict(Person.objects.filter(pk__in=people).values_list("pk", "household"))
            since = Q(act__made_at__gt=run.at) | Q(act__undone_at__gt=run.at)
            rows = Change.objects.filter(since, act__community=community, row__in=[*people, *self.homes.values()])
            self.acts = {change.row: change.act for change in rows.order_by("id").select_related("act")}

    def cause(self, membership: Membership) -> dict[str, Any]:
        """Return the cause as kept in the row."""
        if membership.group_id not in self.going_on:
            return {"kind": "ended"}
        if self.first or not self.few:
            return {"kind": "first" if self.first else "many"}
        home = self.homes.get(membership.person_id)
        act = self.acts.get(membership.person_id) or (self.acts.get(home) if home else None)
        if act is not None:
            return {"kind": "act", "act": str(act.pk), "undone": act.undone_at is not None}
        return {"kind": "definition" if membership.group_id in self.new else "time"}


def note_look(*, group: CareGroup, people: Iterable[UUID], actor: Staff) -> None:
    """Write that somebody saw who is in a group that tells more than an age. Raises TooManyLooks."""
    if group.pk in telling_groups(group.community):
        disclosure.show(
            viewer=actor,
            community=group.community,
            code="groups.looked",
            people=people,
            subject=group,
            fields=[field_of_group(group.code)],
        )
    else:
        disclosure.show_names(viewer=actor, community=group.community, page="groups:detail", people=people)


def note_preview(*, group: CareGroup, when: str, people: Iterable[Person], actor: Staff) -> None:
    """Write that somebody saw whom a rule would take in or drop. Raises TooManyLooks."""
    if group.child or tells(when):
        disclosure.show(
            viewer=actor,
            community=group.community,
            code="groups.looked",
            people=[one.pk for one in people],
            fields=[field_of_group(group.code or "new")],
        )
    else:
        named = [one.pk for one in people]
        disclosure.show_names(viewer=actor, community=group.community, page="groups:define", people=named)


@transaction.atomic
def choose(*, group: CareGroup, person: Person, kind: str, reason: str, actor: Staff) -> Act:
    """Add a person to a group, exclude one, or (`kind` "") follow the rule again. Raises ReasonNeeded, ValueError."""
    if kind not in ("added", "excluded", ""):
        raise ValueError(kind)
    if not reason.strip():
        raise problems.ReasonNeeded()
    if person.community_id != group.community_id:
        raise ValueError("a person of another community")
    day = clock.today()
    act = acts.begin(community=group.community, actor=actor, kind="grouped", on_date=day, reason=reason)
    for old in GroupChoice.objects.filter(group=group, person=person, to_date=None):
        acts.change(act, old, to_date=day)
    if kind:
        chosen = GroupChoice.objects.create(
            group=group, person=person, kind=kind, reason=reason.strip()[:200], made_by=actor, from_date=day
        )
        acts.note_made(act, [chosen])
    acts.touch(act, person)
    ledger.record(
        community=group.community,
        actor=actor,
        code="groups.person-chosen",
        subject=person,
        reason=act.reason,
        detail={"group": str(group.pk), "kind": kind or "rule"},
    )
    refresh(group.community)
    return act
