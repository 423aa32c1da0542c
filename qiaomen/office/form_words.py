"""The form every page of the office is made of: what is wrong is said in a worker's words, never in a library's.
And the page that asks once, in words and without script, before what cannot be taken back.

What is missing each field says itself (`error_messages={"required": …}`); what cannot be read as a day, a number or a
choice is said here for all. Source: GOV.UK Design System, "Error message"; screens.md §10.3.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.texts import FIRST_DAY, LAST_DAY

STALE = _("这一页的编号不对，多半是页面放得太久。请刷新以后再填一次。")
WORDS: dict[type[forms.Field], dict[str, Any]] = {
    forms.DateField: {"invalid": _("这一天看不懂。请写成 2026-03-05 这样的日期。")},
    forms.TimeField: {"invalid": _("这个时间看不懂。请写成 09:30 这样的时间。")},
    forms.IntegerField: {"invalid": _("这里要写一个整数，例如 12。")},
    forms.FloatField: {"invalid": _("这里要写一个数，例如 12.5。")},
    forms.UUIDField: {"invalid": STALE, "required": STALE},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": _("选的里面有一项已经不能选了，请重新选。"),
        "invalid_pk_value": _("选的里面有一项已经不能选了，请重新选。"),
        "invalid_list": _("请重新选一次。"),
    },
    forms.ModelChoiceField: {"invalid_choice": _("选的这一项已经不能选了，请重新选。")},
    forms.MultipleChoiceField: {
        "invalid_choice": _("选的里面有一项已经不能选了，请重新选。"),
        "invalid_list": _("请重新选一次。"),
    },
    forms.TypedMultipleChoiceField: {"invalid_choice": _("选的里面有一项已经不能选了，请重新选。")},
    forms.ChoiceField: {"invalid_choice": _("选的这一项已经不能选了，请重新选。")},
    forms.FileField: {
        "invalid": _("文件没有传上来，请重新选一次。"),
        "missing": _("文件没有传上来，请重新选一次。"),
        "empty": _("这个文件是空的，请换一个。"),
    },
}
"""The library's other sentences, by the kind of field; the nearest kind in a field's ancestry counts."""
SMALLEST, LARGEST, LONGEST = (
    _("最小是 %(limit_value)s，请改大一些。"),
    _("最大是 %(limit_value)s，请改小一些。"),
    _("最多 %(limit_value)d 个字，现在是 %(show_value)d 个，请写短一些。"),
)
LIMITS = {"min_value": SMALLEST, "max_value": LARGEST, "max_length": LONGEST}


def check_day(day: date) -> None:
    """Refuse a day nothing of ours can be on: every day of every form passes here. Raises ValidationError."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(_("这一天太远了，请核对年份。"), code="far_day")


def _words_of(field: forms.Field) -> dict[str, Any]:
    for kind in type(field).__mro__:
        if kind in WORDS:
            return WORDS[kind]
    return {}


def say_in_words(field: forms.Field) -> None:
    """Give a field our sentences wherever it has none of its own."""
    defaults: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        defaults |= getattr(kind, "default_error_messages", {})
    for code, words in _words_of(field).items():
        if field.error_messages.get(code) == defaults.get(code):
            field.error_messages[code] = words
    for code, words in LIMITS.items():
        field.error_messages.setdefault(code, words)


NO_CHOICE = ("", _("请选择"))
"""What stands in a list of choices until somebody chose: the first choice would be made by pressing the button."""


def choose_nothing(field: forms.Field) -> None:
    """Let a list of choices begin with none of them, where one has to be chosen."""
    if isinstance(field, forms.ModelChoiceField) or not isinstance(field, forms.ChoiceField) or not field.required:
        return
    offered: Any = field.choices
    choices = list(offered)
    if type(field.widget) is forms.Select and choices and choices[0][0] != "":
        field.widget.choices = [NO_CHOICE, *choices]


class DeskForm(forms.Form):
    """A form of the desk, also with fields that were added as it was made.

    The browser checks nothing before it is sent: it would tell one fault at a time, in words of its own. Nothing is
    chosen before somebody chooses: no act is done by pressing a button on what happens to stand there.
    """

    use_required_attribute = False

    def __getitem__(self, name: str) -> BoundField:
        """Return a field as it is drawn."""
        field = self.fields.get(name)
        if field is not None and self.initial.get(name, field.initial) in (None, ""):
            choose_nothing(field)
        return super().__getitem__(name)

    def full_clean(self) -> None:
        """Check everything at once; the words are ours."""
        for field in self.fields.values():
            say_in_words(field)
            if isinstance(field, forms.DateField) and check_day not in field.validators:
                field.validators.append(check_day)
        super().full_clean()


SURE = "sure"
"""What the second press says, on the page that asked once before what cannot be taken back."""


class ReasonForm(DeskForm):
    """Why, in a few words; `name`: what the field is called in the form that was sent."""

    def __init__(self, *args: Any, name: str = "reason", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[name] = forms.CharField(
            label=_("原因"), max_length=200, error_messages={"required": _("请写一句原因，以后看得明白。")}
        )


def _sent(request: HttpRequest, *names: str) -> list[tuple[str, str]]:
    """Return what else was sent, to be sent again."""
    skipped = {"csrfmiddlewaretoken", *names}
    return [(name, value) for name, values in request.POST.lists() if name not in skipped for value in values]


def ask_sure(request: HttpRequest, *, title: Any, words: Sequence[Any], button: Any, back: str) -> HttpResponse | None:
    """Return a page that asks once; None when it was answered. `words`: what will be, a sentence each."""
    if request.POST.get(SURE):
        return None
    context = {"title": title, "words": words, "button": button, "back": back, "sent": _sent(request, SURE)}
    return render(request, "office/ask.html", context)


def ask_why(
    request: HttpRequest, *, title: Any, words: Sequence[Any], button: Any, back: str, name: str = "reason"
) -> HttpResponse | str:
    """Return the reason that was sent, or a page that asks for it with what is wrong on top."""
    form = ReasonForm(request.POST, name=name)
    if form.is_valid():
        return str(form.cleaned_data[name])
    context = {"title": title, "words": words, "button": button, "back": back, "form": form}
    return render(request, "office/ask.html", {**context, "sent": _sent(request, name)})
