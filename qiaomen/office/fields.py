"""Model fields whose values are sealed at rest."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from qiaomen.kernel import sealing


class SealedField(models.TextField):  # type: ignore[type-arg]
    """Text sealed with the column's own label; it cannot be searched except through a BlindIndex."""

    @property
    def aad(self) -> str:
        """The label bound into the value: table and column."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: Any) -> Any:
        """Seal on the way to the database; None and "" stay as they are."""
        return value if value in (None, "") else sealing.seal(str(value), self.aad)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """Open on the way out. Raises CannotUnseal."""
        return value if value in (None, "") else sealing.unseal(value, self.aad)

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse every lookup but isnull: two seals of one text differ, so a match would silently find nothing."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise TypeError(f"{self.name} is sealed: look it up by its blind index")


class BlindIndex(models.CharField):  # type: ignore[type-arg]
    """Keyed hash of another field, computed in its own pre_save; `filter(id_no_bi="plain text")` just works."""

    def __init__(self, *, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs.update(max_length=32, db_index=True, editable=False, default="", blank=True)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        """Name what a migration must know."""
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "db_index", "editable", "default", "blank"):
            kwargs.pop(key, None)
        return name, path, args, {**kwargs, "of": self.of}

    def mark(self, text: Any) -> str:
        """Return the index value for a plain text."""
        return sealing.blind(str(text), f"{self.model._meta.label_lower}.{self.of}") if text else ""

    def mark_many(self, texts: Sequence[str]) -> list[str]:
        """Return the index values for a column of plain texts, "" where there is none."""
        known = list(dict.fromkeys(text for text in texts if text))
        marks = dict(zip(known, sealing.blind_many(known, f"{self.model._meta.label_lower}.{self.of}"), strict=True))
        return [marks.get(text, "") for text in texts]

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Compute from the neighbour, whatever the order of the columns."""
        value = self.mark(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        """Give exact and in, over plain texts."""
        field = self

        class BlindExact(models.lookups.Exact):
            def get_prep_lookup(self) -> Any:
                return field.mark(self.rhs)

        class BlindIn(models.lookups.In):
            def get_prep_lookup(self) -> Any:
                return [field.mark(text) for text in self.rhs]

        return {"exact": BlindExact, "in": BlindIn}.get(lookup_name) or super().get_lookup(lookup_name)
