"""What a row is called where its kind is written down for good: in the ledger and in acts. No name of a class
or table.
"""

from functools import lru_cache

from django.apps import apps
from django.db import models


def record_type_of(row: models.Model) -> str:
    """Return the `record_type` of a row's model. Raises TypeError for a model that names none."""
    name = getattr(row, "record_type", None)
    if not isinstance(name, str):
        raise TypeError(f"{type(row).__name__} has no record_type")
    return name


@lru_cache(maxsize=1)
def _models() -> dict[str, type[models.Model]]:
    return {name: model for model in apps.get_models() if (name := getattr(model, "record_type", ""))}


def model_of(record_type: str) -> type[models.Model]:
    """Return the model of a record type. Raises KeyError."""
    return _models()[record_type]
