"""Model fields whose values are sealed at rest."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast

from django.db import connection, models
from django.db.models.query_utils import DeferredAttribute

from qiaomen.kernel import sealing


class Sealed:
    """A sealed value as it stands in its column; it opens only in its own row: moved to another it stays shut."""

    __slots__ = ("label", "stored")

    def __init__(self, stored: str, label: str) -> None:
        self.stored, self.label = stored, label

    def open(self, *row: Any) -> str:
        """Open it for the row it was read from: its key, or the columns the field is bound to. Raises CannotUnseal."""
        return sealing.unseal(self.stored, aad_of(self.label, row)).rstrip("\0")

    def __str__(self) -> str:
        """Never by accident into a page, a file or a log."""
        raise TypeError(f"{self.label} is sealed: open it with the key of its row")

    __repr__ = object.__repr__


BLOCK = 32
"""Sealed texts are filled to whole blocks of bytes: "true" and "false", a short illness and a long one, look alike."""


class Ready(str):
    """A value that is sealed already, on its way to the database."""


def aad_of(label: str, row: Sequence[Any]) -> str:
    """Return what a value is bound to: its column and its row."""
    return "|".join([label, *map(_key_text, row)])


def _key_text(value: Any) -> str:
    if value is None:
        raise ValueError("a sealed value needs a row that has its key")
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


class _Opening(DeferredAttribute):
    """Opens a value when somebody asks for it; what nobody asks for stays sealed."""

    field: "SealedField"

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        value = super().__get__(instance, owner)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = value.open(*self.field.row_of(instance))
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(models.TextField):  # type: ignore[type-arg]
    """Text sealed with the column's own label and the row's own key; only a BlindIndex can search it.

    `label` is written into every value and never changes, wherever the model moves: old values open by it alone.
    `row`: the columns that name the row and never change; "pk" where the key is known before the row is stored.
    `lasting`: the row is never written again, so the value stays under the key it was sealed with (the ledger).
    """

    non_db_attrs = (*models.TextField.non_db_attrs, "label", "row", "lasting")
    descriptor_class = _Opening

    def __init__(
        self, *args: Any, label: str, row: Sequence[str] = ("pk",), lasting: bool = False, **kwargs: Any
    ) -> None:
        self.label, self.row, self.lasting = label, tuple(row), lasting
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Tell migrations of a plain column: they import no living code."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def clone(self) -> Any:
        """Return a copy that is no part of a model yet."""
        _name, _path, args, kwargs = self.deconstruct()
        return type(self)(*args, label=self.label, row=self.row, lasting=self.lasting, **kwargs)

    def row_of(self, instance: models.Model) -> list[Any]:
        """Return the key of a row, in one form whether it was read or just made."""
        meta = instance._meta
        fields = [meta.pk if name == "pk" else meta.get_field(name) for name in self.row]
        return [field.to_python(getattr(instance, field.attname)) for field in fields]  # type: ignore[union-attr]

    def sealed_for(self, instance: models.Model) -> Any:
        """Return what the column of this row holds: sealed anew under the newest key; Ready as it is."""
        value = getattr(instance, self.attname)
        return value if value is None or isinstance(value, Ready) else self.seal(str(value), *self.row_of(instance))

    def seal(self, text: str, *row: Any) -> str:
        """Return a text sealed for a row that is still to be made: what is stored is known before; "" as it is."""
        return Ready(sealing.seal(sealing.padded(text, BLOCK), aad_of(self.label, row))) if text else text

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seal on the way to the database, for save, bulk_create and insert_new."""
        return self.sealed_for(model_instance)

    def get_prep_value(self, value: Any) -> Any:
        """Let through what is sealed for its row, None and "". Raises TypeError: a bare text belongs to no row yet."""
        if value in (None, ""):
            return value
        if isinstance(value, Ready):
            return str(value)
        raise TypeError(f"{self.name} is sealed row by row: save the row, or write_sealed")

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """Return what can be opened with the key of the row; on an object that happens by itself."""
        return value if value in (None, "") else Sealed(value, self.label)

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse every lookup but isnull: two seals of one text differ, so a match would silently find nothing."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise TypeError(f"{self.name} is sealed: look it up by its blind index")


def open_value(value: Any, *row: Any) -> Any:
    """Open a value of a column read without its object (`values_list`); None and "" stay as they are."""
    return value.open(*row) if isinstance(value, Sealed) else value


def stored_text(value: Any) -> Any:
    """Return what stands in the column, unopened: what a hash over the row covers."""
    return value.stored if isinstance(value, Sealed) else value


def write_sealed(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write sealed columns of many rows of one model at once; what bulk_update does for others."""
    if not rows:
        return
    meta, quote = type(rows[0])._meta, connection.ops.quote_name
    fields = [cast(SealedField, meta.get_field(name)) for name in names]
    sets = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    key = meta.pk
    values = [[*(field.sealed_for(row) for field in fields), key.get_db_prep_save(row.pk, connection)] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(meta.db_table)} SET {sets} WHERE {quote(str(key.column))} = %s",
            values,
        )


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

    def marked_anew(self, row: models.Model) -> str:
        """Return the mark of a row's value under the key marks are made with now."""
        return self.mark(getattr(row, self.of), getattr(row, self.scope) if self.scope else None)

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


class KeyedCode(models.CharField):  # type: ignore[type-arg]
    """A code of a short list that says something of a person: sealed so that equal codes match (sealing.seal_code).

    A raw database shows that rows share a code and how many do, never which: whoever knows how many people have a
    disability card here can guess the large ones. That much every key that can be joined and counted gives away.
    """

    non_db_attrs = (*models.CharField.non_db_attrs, "label")

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        self.label = label
        kwargs["max_length"] = 300
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Tell migrations of a plain column: they import no living code."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def clone(self) -> Any:
        """Return a copy that is no part of a model yet."""
        _name, _path, args, kwargs = self.deconstruct()
        return type(self)(*args, label=self.label, **kwargs)

    def get_prep_value(self, value: Any) -> Any:
        """Seal on the way to the database and in lookups; None and "" stay as they are."""
        if value in (None, "") or isinstance(value, Ready):
            return value
        return sealing.seal_code(str(value), self.label)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """Open on the way out. Raises CannotUnseal."""
        return value if value in (None, "") else sealing.open_code(value, self.label)

    def marked_anew(self, row: models.Model) -> str:
        """Return the code of a row under the key codes are made with now."""
        value = getattr(row, self.attname)
        return sealing.seal_code(str(value), self.label) if value else ""

    def get_lookup(self, lookup_name: str) -> Any:
        """Give exact, in and isnull: a part of a sealed code is no code, and its order is none."""
        if lookup_name in {"exact", "in", "isnull"}:
            return super().get_lookup(lookup_name)
        raise TypeError(f"{self.name} is a keyed code: match it whole")
