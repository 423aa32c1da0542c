"""What is asked about a door, from the desk or from paper."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qiaomen.office.models import Organisation, Staff

OUTCOME_CHOICES = [
    ("met", _("见面")), ("no_answer", _("没人在")), ("refused", _("拒访")), ("by_phone", _("电话完成")),
    ("moved", _("已迁出")), ("died", _("已故")), ("wrong_address", _("地址错误")), ("shortened", _("见面，提前结束")),
]  # fmt: skip


class VisitForm(forms.Form):
    """One line for one door; `visit_id` is made with the page, so that a double press stays one visit."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput)
    door = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("结果"), choices=OUTCOME_CHOICES)
    note = forms.CharField(label=_("说了什么（可不填）"), max_length=500, required=False)


class TeamForm(forms.Form):
    """A knock team: its name and who walks in it."""

    name = forms.CharField(label=_("小组名称"), max_length=40)
    members = forms.ModelMultipleChoiceField(
        label=_("谁一起走"), queryset=Staff.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, community: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        homes = Q(organisation=community) | Q(organisation__parent=community)
        walkers = Staff.objects.filter(homes, is_active=True, role__in=["head", "worker", "volunteer"])
        self.fields["members"].queryset = walkers.order_by("name")  # type: ignore[attr-defined]
