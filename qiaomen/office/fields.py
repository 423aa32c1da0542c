"""Model fields whose values are sealed at rest."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import models

from qiaomen.kernel import sealing


class SealedField(models.TextField):  # type: ignore[type-arg]
    """Text sealed with the column's own label; it cannot be searched except through a BlindIndex.

    `label` is written into every value and never changes, wherever the model moves: old values open by it alone.
    """

    non_db_attrs = (*models.TextField.non_db_attrs, "label")

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        self.label = label
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Tell migrations of a plain column: they import no living code."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def clone(self) -> Any:
        """Return a copy that is no part of a model yet."""
        _name, _path, args, kwargs = self.deconstruct()
        return type(self)(*args, label=self.label, **kwargs)

    def get_prep_value(self, value: Any) -> Any:
        """Seal on the way to the database; None and "" stay as they are."""
        return value if value in (None, "") else sealing.seal(str(value), self.label)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """Open on the way out. Raises CannotUnseal."""
        return value if value in (None, "") else sealing.unseal(value, self.label)

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse every lookup but isnull: two seals of one text differ, so a match would silently find nothing."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise TypeError(f"{self.name} is sealed: look it up by its blind index")


class Blind(NamedTuple):
    """A plain text to look for in a BlindIndex, within one scope: `filter(id_no_bi=Blind(community.pk, text))`."""

    scope: Any
    text: str


class BlindIndex(models.CharField):  # type: ignore[type-arg]
    """Keyed hash of another field, computed in its own pre_save; each `scope` (a community) has a key of its own.

    So equal numbers in two communities have different marks, and whoever sees the marks of both learns nothing.
    `label` is that of the sealed field; it is part of the key and never changes.
    """

    non_db_attrs = (*models.CharField.non_db_attrs, "label", "of", "scope")

    def __init__(self, *, label: str, of: str, scope: str = "", **kwargs: Any) -> None:
        self.label, self.of, self.scope = label, of, scope
        kwargs.update(max_length=32, db_index=True, editable=False, default="", blank=True)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        """Tell migrations of a plain column: they import no living code."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def clone(self) -> Any:
        """Return a copy that is no part of a model yet."""
        return type(self)(label=self.label, of=self.of, scope=self.scope)

    def _key_name(self, scope: Any) -> str:
        return f"{self.label}:{scope}" if self.scope else self.label

    def mark(self, text: Any, scope: Any = None) -> str:
        """Return the index value for a plain text in a scope."""
        return sealing.blind(str(text), self._key_name(scope)) if text else ""

    def mark_many(self, texts: Sequence[str], scope: Any = None) -> list[str]:
        """Return the index values for a column of plain texts in a scope, "" where there is none."""
        known = list(dict.fromkeys(text for text in texts if text))
        marks = dict(zip(known, sealing.blind_many(known, self._key_name(scope)), strict=True))
        return [marks.get(text, "") for text in texts]

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Compute from the neighbours, whatever the order of the columns."""
        scope = getattr(model_instance, self.scope) if self.scope else None
        value = self.mark(getattr(model_instance, self.of), scope)
        setattr(model_instance, self.attname, value)
        return value

    def sought(self, wanted: Any) -> str:
        """Return the mark of what a lookup asks for. Raises TypeError for a bare text where a scope is needed."""
        if isinstance(wanted, Blind):
            return self.mark(wanted.text, wanted.scope)
        if self.scope:
            raise TypeError(f"{self.name} is kept apart by {self.scope}: look it up with Blind(scope, text)")
        return self.mark(wanted)

    def get_lookup(self, lookup_name: str) -> Any:
        """Give exact and in, over plain texts."""
        field = self

        class BlindExact(models.lookups.Exact):
            def get_prep_lookup(self) -> Any:
                return field.sought(self.rhs)

        class BlindIn(models.lookups.In):
            def get_prep_lookup(self) -> Any:
                return [field.sought(wanted) for wanted in self.rhs]

        return {"exact": BlindExact, "in": BlindIn}.get(lookup_name) or super().get_lookup(lookup_name)
