"""Asking once, in words, before what cannot be taken back: on a page of its own that works without script."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from qiaomen.office.form_words import DeskForm

SURE = "sure"
"""What the second press says."""


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
