"""Forms of what residents ask about their own data, and of the answers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.office.form_words import DeskForm
from qiaomen.rights import actions


class RightsForm(DeskForm):
    """What a resident asks about their own data."""

    kind = forms.ChoiceField(
        label=_("要求"),
        choices=list(actions.KINDS.items()),
        error_messages={"required": _("请选居民要什么：看、改、还是删。")},
    )
    words = forms.CharField(
        label=_("居民怎么说的"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写下居民怎么说的。")},
    )


class EraseForm(DeskForm):
    """What of a record goes, and why: it cannot be undone."""

    what = forms.MultipleChoiceField(label=_("删哪些"), required=False, widget=forms.CheckboxSelectMultiple)
    whole = forms.BooleanField(label=_("整份清除（已经迁出或去世）"), required=False)
    reason = forms.CharField(
        label=_("为什么删"), max_length=200, error_messages={"required": _("请写为什么删，例如“本人要求”。")}
    )

    def __init__(self, *args: Any, can: Sequence[tuple[str, Any]], whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = can  # type: ignore[attr-defined]
        if not whole:
            del self.fields["whole"]
        if not can:
            del self.fields["what"]

    def clean(self) -> dict[str, Any]:
        """Refuse a form that erases nothing."""
        found = super().clean() or {}
        if not found.get("what") and not found.get("whole") and ("what" in self.fields or "whole" in self.fields):
            self.add_error("what" if "what" in self.fields else "whole", _("请勾选要删的内容。"))
        return found


class AnswerForm(DeskForm):
    """How a request was answered."""

    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=[("done", _("已办")), ("refused", _("不能办"))],
        error_messages={"required": _("请选已办还是不能办。")},
    )
    answer = forms.CharField(
        label=_("办了什么，或者为什么不能办"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写办了什么，或者为什么不能办；居民会看到这句话。")},
    )
