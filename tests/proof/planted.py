"""Run in a process of its own: plants canaries in every sealed column of every table, and is then killed as it
stands.
"""

import json
import os
import sys
import uuid
from datetime import time
from typing import Any

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.db import connection, models  # noqa: E402

from qiaomen.kernel import clock  # noqa: E402
from qiaomen.office.bulk_insert import insert_new  # noqa: E402
from qiaomen.office.fields import KeyedCode, SealedField  # noqa: E402
from qiaomen.office.models import Organisation  # noqa: E402
from qiaomen.office.shared import photo_files  # noqa: E402

EACH = int(sys.argv[1])
SAMPLES: dict[type, Any] = {
    models.DateTimeField: lambda: clock.now(),
    models.DateField: clock.today,
    models.TimeField: lambda: time(9),
    models.BooleanField: lambda: False,
    models.JSONField: dict,
    models.BinaryField: lambda: b"",
    models.FloatField: float,
}


def canary(label: str) -> str:
    return f"canary-{label.replace('.', '-')}-{uuid.uuid4().hex}"


def value_of(field: Any, place: int) -> Any:
    """Return something a column takes; foreign keys and checks are off here."""
    if isinstance(field, (SealedField, KeyedCode)):
        return canary(field.label)
    if isinstance(field, models.ForeignKey):
        return value_of(field.target_field, place)
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, (models.IntegerField, models.BigIntegerField)):
        return place + 1
    for kind, make in SAMPLES.items():
        if isinstance(field, kind):
            return make()
    return uuid.uuid4().hex[: field.max_length or 32]


def plant(model: type[models.Model]) -> list[str]:
    rows, said = [], []
    fields = [field for field in model._meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    for place in range(EACH):
        values = {field.attname: value_of(field, place) for field in fields}
        said += [value for value in values.values() if isinstance(value, str) and value.startswith("canary-")]
        rows.append(model(**values))
    assert len(insert_new(rows)) == EACH, model
    return said


def main() -> None:
    planted: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("PRAGMA ignore_check_constraints=ON")
    for model in apps.get_models():
        if any(isinstance(field, (SealedField, KeyedCode)) for field in model._meta.local_concrete_fields):
            planted += plant(model)
    for _ in range(5):
        planted.append(canary("photo"))
        photo_files.store(uuid.uuid4(), planted[-1].encode())
    Organisation.objects.create(kind="community", name="plain-to-be-found", code="plain")
    print(json.dumps(planted), flush=True)
    os._exit(0)  # the WAL stays as it is


main()
