"""The form by which an export is asked for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.office.form_words import DeskForm
from qiaomen.sheets.selectors.columns import Column


class ExportForm(DeskForm):
    """Why a file leaves, and which sealed columns it must show whole."""

    purpose = forms.CharField(
        label=_("用途"),
        max_length=100,
        error_messages={"required": _("请写用途：交给谁、做什么。")},
        help_text=_("写清楚交给谁、做什么，例如“报街道民政办，高龄津贴年审”。"),
    )
    clear = forms.MultipleChoiceField(
        label=_("显示完整内容的列（不选就是打星号的）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    clear_reason = forms.CharField(label=_("为什么要完整内容"), max_length=100, required=False)

    def __init__(self, *args: Any, sealed: Sequence[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sealed:
            self.fields["clear"].choices = [(column.code, column.title) for column in sealed]  # type: ignore[attr-defined]
        else:
            del self.fields["clear"], self.fields["clear_reason"]

    def clean(self) -> dict[str, Any]:
        """What is shown whole has a reason of its own."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned.setdefault("clear", [])
        cleaned["clear_reason"] = str(cleaned.get("clear_reason") or "").strip()
        if cleaned["clear"] and not cleaned["clear_reason"]:
            self.add_error("clear_reason", _("选了完整内容的列，要写明为什么需要。"))
        return cleaned
