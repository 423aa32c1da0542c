"""What is asked at the proxy desk."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.cases.models import Case
from qiaomen.kernel import clock
from qiaomen.office.access import may_see_child, staff_in
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Staff
from qiaomen.register.models import Person
from qiaomen.register.selectors import minors

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
SEALED = _("密封保存，每次查看都记台账。")


def people_of(case: Case, viewer: Staff) -> Any:
    """Return whose papers and words they can be: those of the household, but children sealed to the viewer."""
    found = Person.objects.filter(household=case.need.household_id, state="living").order_by("-is_head", "birth_date")
    return found if may_see_child(viewer) else found.exclude(birth_date__gt=minors.sealed_after(clock.today()))


class MandateForm(DeskForm):
    """Whose words, for what, until when."""

    person = forms.ModelChoiceField(
        label=_("谁委托的"),
        queryset=Person.objects.none(),
        empty_label=_("请选择"),
        error_messages={"required": _("请选是谁委托的。")},
    )
    proof = forms.ChoiceField(
        label=_("凭什么"),
        choices=[("heard", _("当面说的，有人听到")), ("signed", _("签了字（在委托书上）"))],
        error_messages={"required": _("请选是当面说的，还是签了字。")},
    )
    words = forms.CharField(
        label=_("本人怎么说的"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=SEALED,
        error_messages={"required": _("请写下本人的原话，一句也行。")},
    )
    scope = forms.CharField(
        label=_("委托我们办什么"),
        max_length=200,
        error_messages={"required": _("请写委托的范围，例如“代交高龄津贴的申请，代领回执”。")},
    )
    until = forms.DateField(label=_("到哪一天（不写就到办完）"), widget=DAY, required=False)
    witness = forms.ModelChoiceField(
        label=_("还有谁在场听到（可不填）"), queryset=Staff.objects.none(), required=False, empty_label=_("没有别人")
    )

    def __init__(self, case: Case, viewer: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people_of(case, viewer)  # type: ignore[attr-defined]
        self.fields["person"].initial = case.need.person_id
        self.fields["witness"].queryset = staff_in(case.community)  # type: ignore[attr-defined]


class OriginalForm(DeskForm):
    """Which paper, whose, how many sheets of it, where it lies. `key`: pressed twice it is one paper."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)
    person = forms.ModelChoiceField(
        label=_("谁的"),
        queryset=Person.objects.none(),
        empty_label=_("请选择"),
        error_messages={"required": _("请选是谁的原件。")},
    )
    what = forms.CharField(
        label=_("什么原件"),
        max_length=60,
        help_text=SEALED,
        error_messages={"required": _("请写是什么原件，例如“户口本”。")},
    )
    pieces = forms.IntegerField(
        label=_("几件"),
        min_value=1,
        max_value=99,
        initial=1,
        error_messages={"required": _("请写几件，例如 1。")},
    )
    drawer = forms.CharField(
        label=_("放在哪"),
        max_length=20,
        help_text=_("同事找得到的地方，例如“二号柜上层”。"),
        error_messages={"required": _("请写放在哪，同事才找得到。")},
    )

    def __init__(self, case: Case, viewer: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people_of(case, viewer)  # type: ignore[attr-defined]
        self.fields["person"].initial = case.need.person_id


class ReturnForm(DeskForm):
    """To whom a paper was given back."""

    to = forms.CharField(
        label=_("交给了谁"), max_length=60, error_messages={"required": _("请写交给了谁，例如“本人”“女儿”。")}
    )


class MaterialForm(DeskForm):
    """A paper that is needed, and what for."""

    what = forms.CharField(label=_("要什么材料"), max_length=100, error_messages={"required": _("请写要什么材料。")})
    why = forms.CharField(
        label=_("为什么要"), max_length=200, error_messages={"required": _("请写为什么要，居民会问。")}
    )


class SettleForm(DeskForm):
    """What became of a paper."""

    state = forms.ChoiceField(
        label=_("怎么样了"),
        choices=[("brought", _("交来了")), ("waived", _("免交")), ("needed", _("还差（改回来）"))],
        error_messages={"required": _("请选交来了，还是免交。")},
    )
    reason = forms.CharField(label=_("免交的原因（免交才填）"), max_length=200, required=False)


class TripForm(DeskForm):
    """Who went, and when. `key`: pressed twice it is one trip."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)
    way = forms.ChoiceField(
        label=_("谁跑的"),
        choices=[("came", _("居民来了一趟")), ("went", _("我们替居民跑了一趟"))],
        error_messages={"required": _("请选是居民来的，还是我们替居民跑的。")},
    )
    on_date = forms.DateField(label=_("哪一天（不写就是今天）"), widget=DAY, required=False)


class DeliverForm(DeskForm):
    """By which day something is brought home."""

    due_on = forms.DateField(
        label=_("最晚哪一天送到"), widget=DAY, error_messages={"required": _("请写最晚哪一天送到。")}
    )

    def clean_due_on(self) -> date:
        """Refuse a day that is over: nobody can bring anything by then."""
        day: date = self.cleaned_data["due_on"]
        if day < clock.today():
            raise forms.ValidationError(_("这一天已经过去了。请写今天或者以后的一天。"))
        return day
