"""What is asked about a door, from the desk or from paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.office.access import staff_in
from qiaomen.office.models import Organisation, Staff
from qiaomen.visits.rules.vocabulary import OUTCOMES
from qiaomen.visits.selectors import outcome_title


class VisitForm(forms.Form):
    """One line for one door; `visit_id` is made with the page, so that a double press stays one visit."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput)
    door = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("结果"), choices=lambda: [(code, outcome_title(code)) for code in OUTCOMES])
    note = forms.CharField(label=_("说了什么（可不填）"), max_length=500, required=False)


class TeamForm(forms.Form):
    """A knock team: its name and who walks in it."""

    name = forms.CharField(label=_("小组名称"), max_length=40)
    members = forms.ModelMultipleChoiceField(
        label=_("谁一起走"), queryset=Staff.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, community: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        walkers = staff_in(community, "head", "worker", "volunteer").order_by("name")
        self.fields["members"].queryset = walkers  # type: ignore[attr-defined]
