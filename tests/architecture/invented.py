"""One invented row of every model in a community, with every key filled and a mark in every text: no story,
just rows.
"""

import uuid
from datetime import UTC, date, datetime, time
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from qiaomen.kernel import clock
from qiaomen.needs.models import HANDLINGS as NEED_HANDLINGS
from qiaomen.needs.models import KINDS, ORIGINS
from qiaomen.office.models import Organisation, Staff
from qiaomen.visits.rules.vocabulary import FINDINGS, HANDLINGS

KNOWN: dict[str, dict[str, Any]] = {
    "office.badge": {"number": lambda tag: f"{sum(map(ord, tag)) % 10**8:08d}"},
    "office.body": {"kind": "partner"},
    "office.campaign": {"purpose": "flood", "state": "asked"},
    "office.handover": {"stand_in": None, "to_date": None, "given": ""},
    "register.consent": {"purpose": "refer", "guardian": None},
    "register.person": {"sex": "female", "state": "here", "birth_date": date(1950, 3, 5)},
    "register.household": {"state": "here"},
    "groups.caregroup": {"tier": "C"},
    "groups.groupchoice": {"kind": "added"},
    "groups.groupdefinition": {"when": "age >= 60"},
    "register.duplicatesearch": {"pairs": lambda _tag: "[]"},
    "visits.round": {"state": "planned"},
    "visits.visit": {"outcome": "met", "origin": "desk"},
    "visits.visitphoto": {"photo_ptr": None},  # a picture of its own
    "visits.visitrequest": {"kind": "promise"},
    "visits.duevisit": {"state": "open", "way": "door"},
    "visits.leave": {"to_date": date(2026, 12, 31)},
    "visits.observation": {"kind": next(iter(FINDINGS)), "handling": next(iter(HANDLINGS))},
    "visits.conflict": {"choice": ""},
    "calls.gobetween": {"kind": "neighbour"},
    "calls.call": {"outcome": "well", "way": "phone"},
    "calls.sweepreply": {"outcome": "answered", "way": "door"},
    "needs.need": {"kind": next(iter(KINDS)), "handling": next(iter(NEED_HANDLINGS)), "origin": next(iter(ORIGINS))},
    "needs.owed": {"channel": "telephone"},
    "cases.case": {"state": "open", "answer": "unanswered"},
    "cases.casestep": {"kind": "step"},
    "cases.nearrelative": {"relation": "parent", "ended_at": clock.now()},
    "cases.mandate": {"proof": "heard", "withdrawn_by": None},
    "cases.original": {"returned_at": None, "returned_by": None},
    "cases.material": {"state": "needed", "settled_at": None, "settled_by": None},
    "cases.trip": {"way": "came"},
    "cases.tracking": {"number": lambda tag: f"{sum(map(ord, tag)) % 10**8:08d}"},
    "cases.formtemplate": {"kind": "receipt"},
    "imports.importbatch": {"state": "previewed"},
    "sheets.export": {"state": "asked"},
    "rights.rightsrequest": {"kind": "see", "state": "open"},
    "bulletins.bulletin": {"state": "draft", "start": date(2026, 3, 2), "as_at": None},
    "publications.publication": {"state": "draft", "published_at": None},
    "publications.publicationpart": {"is_text": True, "covered": [], "digest": "0" * 64},
    "publications.publishedfile": {"kind": "text"},
    "publications.decision": {"way": "mask", "consent": None},
    "office.posted": {"kind": "name"},
    "callbacks.sample": {
        "figure": "needs.heard",
        "of_type": "needs.need",
        "state": "framed",
        "frame": [],
        "quotas": {},
        "levels": [],
        "redraw_of": None,
    },
    "callbacks.callbackrules": {"levels": []},
    "callbacks.call": {"purpose": "round", "of_type": "needs.need", "state": "waiting"},
    "phone.submission": {"state": "quarantined"},
}
"""What a constraint of the database asks of a model; a function takes the mark."""
UNDECIDED = {"decided_by", "settled_by", "closed_by", "undone_by", "published_by"}
"""Whoever decided: nobody did yet."""
SKIPPED = {"office.organisation", "office.staff", "office.ledgerentry", "office.ledgerhead", "office.nightlyrun"}
"""Made by hand or by the code itself; a made-up line of the ledger would break its chain."""


class Invented:
    """The rows of one community: `rows` by record type, `mark` in every text of theirs."""

    def __init__(self, community: Organisation, staff: Staff, mark: str) -> None:
        self.community, self.staff, self.mark, self.rows = community, staff, mark, dict[str, models.Model]()
        for model in _in_order():
            self._make(model)

    def keys(self) -> dict[str, uuid.UUID]:
        """Return the keys an address can name, by record type."""
        rows = {**self.rows, "office.staff": self.staff, "office.organisation": self.community}
        return {kind: row.pk for kind, row in rows.items() if isinstance(row.pk, uuid.UUID)}

    def _make(self, model: Any) -> None:
        kind = model.record_type
        values = {
            field.name: self._value(field)
            for field in model._meta.concrete_fields
            if not field.primary_key or field.remote_field
        }
        if model._meta.pk.name == "pk":
            values.pop("pk", None)
        for name, value in KNOWN.get(kind, {}).items():
            values[name] = value(self.mark) if callable(value) else value
        row = model(**{name: value for name, value in values.items() if value is not _DEFAULT})
        if row.pk is None and isinstance(model._meta.pk, models.UUIDField):
            row.pk = uuid.uuid4()
        if isinstance(model._meta.pk, models.CharField):
            row.pk = f"{self.mark}1"
        row.save(force_insert=True)
        self.rows[kind] = row

    def _value(self, field: Any) -> Any:
        if field.remote_field:
            return self._row_for(field)
        if field.has_default() or not field.editable:
            return _DEFAULT
        if isinstance(field, models.CharField | models.TextField):
            length = getattr(field, "max_length", None) or 40
            return f"{self.mark}{field.name}"[:length]
        made: dict[type, Any] = {
            models.DateTimeField: datetime(2026, 3, 5, 2, tzinfo=UTC),
            models.DateField: date(2026, 3, 5),
            models.TimeField: time(9),
            models.JSONField: _DEFAULT if field.has_default() else {},
            models.BooleanField: False,
            models.IntegerField: 1,
            models.FloatField: 1.0,
            models.UUIDField: uuid.uuid4(),
            models.BinaryField: b"",
        }
        ended = field.null and field.name.split("_")[0] in {"ended", "undone", "closed", "revoked", "settled", "to"}
        if ended or (field.null and field.name in {"until", "withdrawn_at", "decided_at", "taken_at", "taken_back_at"}):
            return None
        return next((made[kind] for kind in made if isinstance(field, kind)), _DEFAULT)

    def _row_for(self, field: Any) -> Any:
        target = field.remote_field.model
        if target is Organisation:
            return self.community
        if target is Staff:
            return None if field.null and field.name in UNDECIDED else self.staff
        return self.rows.get(target.record_type)


_DEFAULT = object()


def _in_order() -> list[Any]:
    """Return every model of ours after those its rows point at."""
    todo = [
        model
        for house in settings.HOUSES
        for model in apps.get_app_config(house).get_models()
        if model.record_type not in SKIPPED  # type: ignore[attr-defined]
    ]
    done: list[Any] = []
    while todo:
        ready = [model for model in todo if not _needs(model) & set(todo) - {model}]
        done += ready
        todo = [model for model in todo if model not in ready]
        assert ready, todo
    return done


def _needs(model: Any) -> set[Any]:
    return {field.remote_field.model for field in model._meta.concrete_fields if field.remote_field}
