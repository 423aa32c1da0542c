"""The small forms of places: an address, a building, a household at a door, a door split or joined."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.forms.household_events import warn_of_alike
from qiaomen.register.models import Dwelling, Household

SEXES = [("", _("不清楚")), ("male", _("男")), ("female", _("女"))]


def _day() -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(
        label=_("从哪一天起"),
        widget=widget,
        initial=clock.today,
        error_messages={"required": _("请写从哪一天起；不清楚就写今天。")},
    )


def _reason() -> forms.CharField:
    return forms.CharField(label=_("原因（可不填）"), max_length=200, required=False)


class AddressForm(DeskForm):
    """One address: whatever of it is not there yet is made."""

    address = forms.CharField(
        label=_("住址"),
        max_length=80,
        help_text=_("例如“幸福苑3号楼2单元501室”“王家村五组12号”“和平路8号院3号”。"),
        error_messages={"required": _("请写住址：哪个小区、几号楼、几单元、几室。")},
    )
    reason = _reason()
    new_compound = forms.BooleanField(label=_("这是新的小区、村或大院"), required=False)


class PlaceForm(DeskForm):
    """A compound, a building or an entrance whose doors nobody knows yet."""

    compound = forms.CharField(
        label=_("小区、村或大院"), max_length=60, error_messages={"required": _("请写是哪个小区、村或大院。")}
    )
    building = forms.CharField(label=_("楼栋或组（可不填）"), max_length=12, required=False)
    entrance = forms.CharField(label=_("单元（可不填）"), max_length=12, required=False)
    new_compound = forms.BooleanField(label=_("这是新的小区、村或大院"), required=False)


class HouseholdForm(DeskForm):
    """A household at a door, by its head; the others are added on its page."""

    name = forms.CharField(label=_("户主姓名"), max_length=60, error_messages={"required": _("请写户主的姓名。")})
    sex = forms.ChoiceField(label=_("性别"), choices=SEXES, required=False)
    birth_date = forms.DateField(
        label=_("出生日期（可不填）"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    id_no = forms.CharField(label=_("身份证号（可不填）"), max_length=18, required=False)
    phone = forms.CharField(label=_("电话（可不填）"), max_length=20, required=False)
    household_no = forms.CharField(label=_("户号（可不填）"), max_length=30, required=False)
    on_date = _day()
    registered = forms.BooleanField(label=_("户口也在这里"), required=False, initial=True)
    reason = _reason()
    surely_new = forms.BooleanField(label=_("已核对，确实是另一个人"), required=False)

    def __init__(self, *args: Any, community: Organisation, staff: Staff, numbers: bool = True, **kwargs: Any) -> None:
        """`numbers`: the gate lets the numbers typed be compared with the register."""
        super().__init__(*args, **kwargs)
        self.community, self.staff, self.numbers = community, staff, numbers
        if not self.is_bound:  # the question comes with the warning
            del self.fields["surely_new"]

    def clean(self) -> dict[str, Any]:
        """Warn of a second record of one person."""
        answers: dict[str, Any] = super().clean() or {}
        warn_of_alike(self.community, answers, self.staff, numbers=self.numbers)
        return answers


class SplitDoorForm(DeskForm):
    """一扇门分成两扇: the new room, and who lives behind it."""

    room = forms.CharField(
        label=_("新门的室号"),
        max_length=12,
        help_text=_("例如 501A。"),
        error_messages={"required": _("请写新门的室号。")},
    )
    households = forms.ModelMultipleChoiceField(
        Household.objects.none(),
        label=_("哪几户住在新门里"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少勾选一户。")},
    )
    on_date = _day()
    reason = _reason()

    def __init__(self, *args: Any, door: Dwelling, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["households"]
        field.queryset = Household.objects.filter(dwelling=door, state="living").order_by("head_name", "pk")


class JoinDoorsForm(DeskForm):
    """两扇门合成一扇: the other door goes, this one stays."""

    goes = forms.ModelChoiceField(
        Dwelling.objects.none(),
        label=_("和哪扇门合成一扇"),
        empty_label=_("请选择"),
        error_messages={"required": _("请选和哪扇门合成一扇。")},
    )
    on_date = _day()
    reason = _reason()

    def __init__(self, *args: Any, door: Dwelling, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["goes"]
        beside = Dwelling.objects.standing().filter(entrance__building=door.entrance.building).exclude(pk=door.pk)
        field.queryset = beside.order_by("walk_order")
