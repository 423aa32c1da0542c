"""The day a page of totals is asked for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.office.form_words import DeskForm


class DayForm(DeskForm):
    """Any day."""

    day = forms.DateField(
        label=_("截至哪一天"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请选截至哪一天。")},
    )
