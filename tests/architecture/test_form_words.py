"""Every form of every house says what is missing in a worker's words, never in a library's."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.urls import get_resolver
from django.utils import translation

from qiaomen.office.form_words import DeskForm, say_in_words

PRODUCT = Path(__file__).resolve().parents[2] / "qiaomen"
GENERIC = [
    "这个字段是必填项",
    "This field is required",
    "必填",
    "选择一个有效的选项",
    "Select a valid choice",
    "输入一个",
    "Enter a",
    "Ensure this value",
    "确保该",
    "字段",
]
"""What Django says of itself; a worker who reads it knows neither what is missing nor what to do."""
GARBAGE = {forms.DateField: "明天", forms.TimeField: "上午", forms.IntegerField: "很多", forms.UUIDField: "zz"}


def _below(kind: type[DeskForm]) -> Iterator[type[DeskForm]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def all_forms() -> list[type[DeskForm]]:
    assert get_resolver().url_patterns  # every view is imported, and with it every form
    found = dict.fromkeys(_below(DeskForm))
    return sorted(
        (form for form in found if form.__module__.startswith("qiaomen.")), key=lambda form: form.__qualname__
    )


def faults_of(field: forms.Field, value: object) -> list[str]:
    say_in_words(field)
    try:
        field.clean(value)
    except forms.ValidationError as error:
        return [str(words) for words in error.messages]
    return []


def asked() -> list[tuple[str, forms.Field]]:
    return [
        (f"{form.__module__}.{form.__name__}.{name}", field)
        for form in all_forms()
        for name, field in form.base_fields.items()
    ]


def test_every_form_is_a_form_of_the_desk() -> None:
    """A form made of `forms.Form` would speak a library's language and let the browser refuse one field at a time."""
    wrong = []
    for house in settings.HOUSES:
        for path in (PRODUCT / house).rglob("*.py"):
            if "tests" in path.parts or path.name == "form_words.py":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef) and "forms.Form" in {ast.unparse(base) for base in node.bases}:
                    wrong.append(f"{path.relative_to(PRODUCT)}: {node.name}")
    assert not wrong


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_missing_is_said_by_the_field_that_misses_it(language: str) -> None:
    wrong = []
    with translation.override(language):
        for name, field in asked():
            said = faults_of(field, None)
            if field.required and (not said or any(word in text for word in GENERIC for text in said)):
                wrong.append(f"{name}: {said}")
    assert not wrong and len(asked()) > 60


def test_what_cannot_be_read_is_said_in_the_same_words() -> None:
    wrong = []
    for name, field in asked():
        garbage = next((text for kind, text in GARBAGE.items() if isinstance(field, kind)), "没有的选项" * 200)
        said = faults_of(field, [garbage] if isinstance(field, forms.MultipleChoiceField) else garbage)
        if any(word in text for word in GENERIC for text in said):
            wrong.append(f"{name}: {said}")
    assert not wrong


def test_nothing_is_chosen_before_somebody_chooses() -> None:
    """A list whose first choice stood there would be chosen by pressing the button: a visit nobody made."""

    class Asked(DeskForm):
        kind = forms.ChoiceField(choices=[("met", "见面"), ("no_answer", "没人在")])

    assert '<option value="" selected>请选择</option>' in str(Asked()["kind"])
    assert "请选择" not in str(Asked(initial={"kind": "met"})["kind"]), "what stands already is shown"
    assert not Asked({"kind": ""}).is_valid()
