"""Non-interference: whoever may not read a sealed value gets the same answer whatever the value is.

Every route is called by every role with sensible words, twice: once as things stand, once with one sealed value
replaced. Status, body (without what is random in every answer), its length and the number of ledger lines must be the
same. What a role may read by a look is left to the looks: revealing a field, and looking for a whole number.
"""

import html
import json
import random
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.urls.converters import UUIDConverter

from qiaomen.cases.models import Case
from qiaomen.groups.models import CareGroup
from qiaomen.kernel import clock
from qiaomen.kernel.idcheck import check_digit
from qiaomen.office.models import LedgerEntry, Staff
from qiaomen.register.forms.household_events import FORMS
from qiaomen.register.models import Act, Building, Dwelling, Household, Person, ToldFact
from qiaomen.sheets.selectors.columns import columns_of, views
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Round, RoundDoor
from tests.architecture.test_permissions import routes
from tests.proof import watched_town
from tests.proof.machine import LONG, SEED

NOT_WALKED = {
    "register:reveal": "shows a sealed field, with a reason and a line, to roles that may read it",
    "sheets:reveal": "the same in the grid",
    "imports:commit": "works in a thread with a connection of its own; what it answers is the page of imports:detail",
    "office:logout": "ends the walk of who calls it",
    "office:login": "knows nobody's register",
    "office:ledger": "the ledger is read by head and auditor and holds no value: test_the_ledger_holds_no_value",
}
SHORT = 48
"""Calls a role is given in the short form; in the long form all of them."""


@dataclass(frozen=True)
class Call:
    """One request: a route with its words, a query or a body, and what it types."""

    route: str
    method: str = "GET"
    path: str = ""
    told: Any = None
    as_json: bool = False

    def typed(self) -> str:
        return json.dumps(self.told, ensure_ascii=False, default=str) + self.path


@dataclass(frozen=True)
class Secret:
    """One sealed value and the other one it may as well be; `by`: the roles that may not read it at all."""

    name: str
    put: Callable[[str], None]
    values: tuple[str, str]
    readers: frozenset[str] = frozenset()


@pytest.fixture
def town(db: None, settings: Any) -> dict[str, Any]:
    settings.LOOKS_PER_HOUR = 1_000_000  # the walk is to see what is answered, not that it is stopped
    town = watched_town.make(homes=12)
    person = Person.objects.filter(relation="户主").order_by("pk")[0]
    home = person.household
    team = visits.make_team(
        community=town["community"], name="一组", members=[town["worker"], town["volunteer"]], actor=town["head"]
    )
    made = Round.objects.create(
        community=town["community"], team=team, day=clock.today(), starts_at=team.starts_at, minutes=team.minutes
    )
    RoundDoor.objects.create(round=made, dwelling=home.dwelling, position=1, arrive_minute=10, reason_code="disabled")
    for fact, value in (("disability_kind", "limb"), ("disability_card", "true"), ("receives_dibao", "true")):
        person.told_facts.filter(code=fact).delete()
        ToldFact.objects.create(person=person, code=fact, value=value, from_date=clock.today())
    child = Person.objects.filter(relation="孙子").order_by("pk")[0]
    return {**town, "person": person, "home": home, "round": made, "team": team, "child": child}


def secrets(town: dict[str, Any]) -> list[Secret]:
    person, child = town["person"], town["child"]

    def fact(owner: Person, code: str) -> Callable[[str], None]:
        def put(value: str) -> None:
            row = owner.told_facts.get(code=code, to_date=None)
            row.value = value
            row.save(update_fields=["value"])

        return put

    def column(owner: Person, name: str) -> Callable[[str], None]:
        def put(value: str) -> None:
            setattr(owner, name, value)
            owner.save(update_fields=[name, f"{name}_bi"])

        return put

    first = person.id_no[:14]
    order = f"{(int(person.id_no[14:17]) + 2) % 1000:03d}"
    return [
        Secret("health", fact(person, "disability_kind"), ("limb", "mental")),
        Secret(
            "health that makes a group",
            fact(person, "disability_card"),
            ("true", "false"),
            frozenset({"head", "worker"}),
        ),
        Secret("money", fact(person, "receives_dibao"), ("true", "false"), frozenset({"head", "worker"})),
        Secret("a child's guardian", fact(child, "guardian_name"), ("柳无名", "柳有名")),
        Secret("telephone", column(person, "phone"), (person.phone, f"{person.phone[:3]}0731{person.phone[-4:]}")),
        Secret("identity number", column(person, "id_no"), (person.id_no, first + order + check_digit(first + order))),
    ]


def paths(town: dict[str, Any], route: str, pattern: Any) -> Iterator[str]:
    """Yield addresses of a route: of the records of the person concerned, and of nobody."""
    names = pattern.pattern.converters
    if not names:
        yield reverse(route)
        return
    dwelling = town["home"].dwelling
    own: dict[str, list[Any]] = {
        "register": [town["home"].pk, town["person"].pk, town["child"].pk],
        "rights": [town["person"].pk],
        "visits": [town["home"].pk, dwelling.entrance.building_id, town["round"].pk, town["team"].pk],
        "cases": [town["home"].pk, town["round"].pk, *Case.objects.values_list("pk", flat=True)[:1]],
        "groups": list(
            CareGroup.objects.filter(code__in=("disabled", "frail_elder", "dibao_family")).values_list("pk", flat=True)
        ),
        "sheets": [town["home"].pk, town["person"].pk],
        "office": [town["worker"].pk],
    }
    for key in own.get(route.split(":")[0], []) or [uuid.UUID(int=7)]:
        words: dict[str, Any] = {}
        for name, converter in names.items():
            act = Act.objects.order_by("made_at").values_list("pk", flat=True)[0]
            words[name] = (
                act
                if name == "act"
                else key
                if isinstance(converter, UUIDConverter)
                else {"kind": "moved_in", "of": "person", "code": town["community"].code, "number": 0}.get(name, "x")
            )
        if "kind" in names and route == "register:life":
            for kind in FORMS:
                yield reverse(route, kwargs={**words, "kind": kind})
        else:
            yield reverse(route, kwargs=words)


def calls(town: dict[str, Any], typed: tuple[str, str]) -> list[Call]:
    """Return every route and method, and besides what an attacker would type: the right value and the wrong one."""
    found = [
        Call(route, method, path)
        for route, pattern in sorted(routes().items())
        if route not in NOT_WALKED
        for path in paths(town, route, pattern)
        for method in ("GET", "POST")
    ]
    texts = [
        *typed,
        town["person"].name,
        town["person"].phone[-4:],
        *(f"{town['person'].name} {value}" for value in typed),
    ]
    found += [Call("desk:search", "GET", reverse("desk:search"), {"q": text}) for text in texts]
    found += [
        Call("visits:buildings", "GET", reverse("visits:buildings"), {"group": code, "mark": "never"})
        for code in ("disabled", "dibao_family", "frail_elder", "left_behind_child")
    ]
    building = reverse("visits:building", args=[town["home"].dwelling.entrance.building_id])
    found += [
        Call("visits:building", "GET", building, {"group": code})
        for code in ("disabled", "dibao_family", "frail_elder")
    ]
    found += [
        Call("register:behind-total", "GET", reverse("register:behind-total"), {"by": by})
        for by in ("lifted_out", "town")
    ]
    found += _of_the_grid(town, typed)
    tell = reverse("register:tell", args=[town["person"].pk])
    day = str(clock.today())
    found += [Call("register:tell", "POST", tell, {"on_date": day, "fact-disability_kind": value}) for value in typed]
    life = reverse("register:life", args=[town["home"].pk, "moved_in"])
    found += [
        Call(
            "register:life",
            "POST",
            life,
            {"on_date": day, "name": town["person"].name, "relation": "子", "phone": value},
        )
        for value in typed
    ]
    return found


def _of_the_grid(town: dict[str, Any], typed: tuple[str, str]) -> list[Call]:
    rows, edit, new = (reverse(f"sheets:{name}") for name in ("rows", "edit", "export-new"))
    everything = list(columns_of("person"))
    found = [Call("sheets:rows", "POST", rows, {"view": code, "columns": everything}, True) for code in views()]
    found += [Call("sheets:grid", "GET", reverse("sheets:grid"), {"view": code}) for code in views()]
    found += [
        Call("sheets:rows", "POST", rows, {"sort": way + code, "columns": ["name"]}, True)
        for code in everything
        for way in ("", "-")
    ]
    found += [
        Call("sheets:rows", "POST", rows, {"filters": {code: value}, "columns": ["name"]}, True)
        for code in everything
        for value in (*typed, "空")
    ]
    person, child = town["person"], town["child"]
    for code in (
        "told:disability_kind",
        "told:disability_card",
        "told:receives_dibao",
        "phone",
        "id_no",
        "told:guardian_name",
    ):
        owner = child if code == "told:guardian_name" else person
        for value in {*typed, "是", "肢体"}:
            cell = {"row": str(owner.pk), "column": code, "text": value, "base": "MARK"}
            for dry in (True, False):
                found.append(
                    Call("sheets:edit", "POST", edit, {"cells": [cell], "columns": ["name", code], "dry": dry}, True)
                )
        found.append(Call("sheets:past", "GET", reverse("sheets:past"), {"row": str(owner.pk), "column": code}))
    found += [
        Call("sheets:export-new", "POST", new, {"wish": json.dumps({"filters": {code: value}})})
        for code in ("phone", "id_no")
        for value in typed
    ]
    return found


RANDOM = (
    (r'(csrfmiddlewaretoken" value=|nonce=|nonce-)"?[\w+/=-]+', r"\1"),
    (r'"marks": ?\{[^}]*\}', '"marks"'),
    (r'"base": ?"[0-9a-f]{12}"', '"base"'),
    (r"hx-headers='[^']*'", ""),
    (r"\d\d:\d\d", "TIME"),
)
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@lru_cache(maxsize=4)
def records(community: Any) -> frozenset[str]:
    """The keys of what stands: another one in an answer was made by that very request, and is taken back."""
    kinds: tuple[Any, ...] = (Person, Household, Dwelling, Building)
    return frozenset(
        str(key) for kind in kinds for key in kind.objects.filter(community=community).values_list("pk", flat=True)
    )


def normalised(body: str, known: frozenset[str]) -> str:
    body = re.sub(UUID, lambda found: found[0] if found[0] in known else "UUID", body)
    for pattern, instead in RANDOM:
        body = re.sub(pattern, instead, body)
    return html.unescape(body)


Seen = tuple[int, str, int]


def observe(client: Client, call: Call, known: frozenset[str]) -> Seen:
    """Make one request and take it back; return status, body with where it leads, and how many ledger lines it
    wrote.
    """
    signed_in = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        told = call.told
        if call.route == "sheets:edit" and told:
            told = _with_mark(client, told)
        before = LedgerEntry.objects.count()
        kind = "application/json" if call.as_json else None
        if call.method == "GET":
            answer = client.get(call.path, told or {})
        elif kind:
            answer = client.post(call.path, json.dumps(told), kind)
        else:
            answer = client.post(call.path, told or {})
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        text = (
            body.decode("utf-8", "replace") if "sheet" not in answer.get("Content-Type", "") else str(len(body) // 64)
        )
        text += answer.get("Location", "")
        seen = (answer.status_code, normalised(text, known), LedgerEntry.objects.count() - before)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(
        signed_in
    )  # a language or a size of letters chosen in one request is not for the next
    return seen


def _with_mark(client: Client, told: dict[str, Any]) -> dict[str, Any]:
    """Give a cell the mark its row has now, as the page does."""
    cell = told["cells"][0]
    asked = json.dumps({"columns": [*told["columns"]], "size": 200})
    page = client.post(reverse("sheets:rows"), asked, "application/json")
    rows = page.json().get("data", []) if page.status_code == 200 else []
    marks = next((row["marks"] for row in rows if row["id"] == cell["row"]), {})
    return {**told, "cells": [{**cell, "base": marks.get(cell["column"], "")}]}


def is_a_look(call: Call, role: str, secret: Secret) -> bool:
    """Say whether a role asks by a whole number it may read: that is a look, and must leave a line."""
    number = secret.name in ("telephone", "identity number")
    return number and role in ("head", "worker") and any(value in call.typed() for value in secret.values)


def walk(town: dict[str, Any], secret: Secret, role: str, chosen: list[Call]) -> tuple[list[str], int]:
    """Return the calls whose answer depends on the value, and how many were made."""
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        staff: Staff = town[role]
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    wrong: list[str] = []
    seen: list[list[Seen]] = []
    for value in secret.values:
        secret.put(value)
        seen.append([observe(client, call, records(town["community"].pk)) for call in chosen])
    secret.put(secret.values[0])
    for call, one, other in zip(chosen, *seen, strict=True):
        if is_a_look(call, role, secret):
            if call.route == "desk:search" and not (one[2] and other[2]):
                wrong.append(f"{secret.name} / {role} / {call.told}: looked for without a line")
            continue
        if one != other:
            wrong.append(f"{secret.name} / {role} / {call.method} {call.route} {call.told}: {difference(one, other)}")
    return wrong, len(chosen)


def difference(one: Seen, other: Seen) -> str:
    if one[0] != other[0] or one[2] != other[2]:
        return f"status {one[0]} {other[0]}, lines {one[2]} {other[2]}"
    place = next(
        (n for n, (a, b) in enumerate(zip(one[1], other[1], strict=False)) if a != b), min(len(one[1]), len(other[1]))
    )
    return f"…{one[1][max(0, place - 60) : place + 60]!r} / {other[1][max(0, place - 20) : place + 60]!r}"


ROLES = ("anonymous", "volunteer", "supervisor", "auditor", "admin", "worker", "head")
SHUT = ("anonymous", "supervisor", "auditor", "admin")
"""Roles the permission table keeps from nearly every route: a few calls are enough in the short form."""


def test_no_answer_depends_on_what_may_not_be_read(town: dict[str, Any]) -> None:
    dice, wrong, made, walked = random.Random(SEED), list[str](), 0, set[str]()
    for secret in secrets(town):
        every = calls(town, secret.values)
        told_calls = [call for call in every if call.told is not None]
        for role in ROLES:
            if role in secret.readers or (role == "head" and secret.name.startswith("a child")):
                continue
            if LONG:
                chosen = every
            elif role in SHUT:
                chosen = dice.sample(every, 6)
            else:
                chosen = dice.sample(told_calls, SHORT // 6) + dice.sample(every, SHORT // 12)
            found, count = walk(town, secret, role, chosen)
            wrong, made, walked = wrong + found, made + 2 * count, walked | {call.route for call in chosen}
    print(f"non-interference: {made} requests over {len(walked)} routes, {len(wrong)} answers that depend, seed {SEED}")
    assert not wrong, "\n".join(wrong[:20])


def test_every_route_is_walked_or_has_its_reason(town: dict[str, Any]) -> None:
    walked = {call.route for call in calls(town, ("a", "b"))}
    assert set(routes()) - walked == set(NOT_WALKED)


def test_the_ledger_holds_no_value(town: dict[str, Any]) -> None:
    """What the head and the auditor read of the looks: who, whom, which field, why; never the value."""
    client = Client()
    client.force_login(town["worker"], backend="django.contrib.auth.backends.ModelBackend")
    person = town["person"]
    client.get(reverse("desk:search"), {"q": person.phone})
    client.post(reverse("register:reveal", args=[person.pk]), {"field": "disability_kind", "reason": "核对身份"})
    lines = [{"fields": row.fields, "reason": row.reason, "detail": row.detail} for row in LedgerEntry.objects.all()]
    told = json.dumps(lines, ensure_ascii=False, default=str)
    assert person.phone not in told and person.id_no not in told and "limb" not in told and "肢体" not in told
