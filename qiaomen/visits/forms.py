"""What is asked about a door, from the desk or from paper."""

from django import forms
from django.utils.translation import gettext_lazy as _

OUTCOME_CHOICES = [
    ("met", _("见面")), ("no_answer", _("没人在")), ("refused", _("拒访")), ("by_phone", _("电话完成")),
    ("moved", _("已迁出")), ("died", _("已故")), ("wrong_address", _("地址错误")), ("shortened", _("见面,提前结束")),
]  # fmt: skip


class VisitForm(forms.Form):
    """One line for one door; `visit_id` is made with the page, so that a double press stays one visit."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput)
    door = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("结果"), choices=OUTCOME_CHOICES)
    note = forms.CharField(label=_("说了什么(可不填)"), max_length=500, required=False)
