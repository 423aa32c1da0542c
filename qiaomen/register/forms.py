"""What the register asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

REASONS = [
    ("电话联系", _("电话联系")),
    ("核对身份", _("核对身份")),
    ("代办业务", _("代办业务")),
    ("低保核对", _("低保核对")),
]


class RosterForm(forms.Form):
    """One workbook."""

    roster = forms.FileField(
        label=_("花名册或台账（.xlsx、.xls 或 .csv）"),
        help_text=_(
            "办公室现有的表格直接上传，不用先整理：居民名册、低保、残疾人、老年人、留守儿童、走访记录等台账都认得。先看预览，再决定是否导入。"
        ),
    )


class RevealForm(forms.Form):
    """Which sealed field, and why."""

    field = forms.ChoiceField(choices=[("id_no", _("身份证号")), ("phone", _("电话"))])
    reason = forms.ChoiceField(label=_("查看的理由"), choices=REASONS)


class DayForm(forms.Form):
    """Any day."""

    day = forms.DateField(label=_("截至哪一天"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
