"""What the register asks for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.register.columns import Column

REASONS = [
    ("电话联系", _("电话联系")),
    ("核对身份", _("核对身份")),
    ("代办业务", _("代办业务")),
    ("低保核对", _("低保核对")),
]


class RosterForm(forms.Form):
    """One workbook."""

    roster = forms.FileField(
        label=_("花名册（.xlsx、.xls 或 .csv）"),
        help_text=_("办公室现有的表格直接上传，不用先整理。先看预览，再决定是否导入。"),
    )


class RevealForm(forms.Form):
    """Which sealed field, and why."""

    field = forms.ChoiceField(choices=[("id_no", _("身份证号")), ("phone", _("电话"))])
    reason = forms.ChoiceField(label=_("查看的理由"), choices=REASONS)


class DayForm(forms.Form):
    """Any day."""

    day = forms.DateField(label=_("截至哪一天"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


class ExportForm(forms.Form):
    """Why a file leaves, and which sealed columns it must show whole."""

    purpose = forms.CharField(
        label=_("用途"),
        max_length=100,
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
        told: dict[str, Any] = super().clean() or {}
        told.setdefault("clear", [])
        told["clear_reason"] = str(told.get("clear_reason") or "").strip()
        if told["clear"] and not told["clear_reason"]:
            self.add_error("clear_reason", _("选了完整内容的列，要写明为什么需要。"))
        return told
