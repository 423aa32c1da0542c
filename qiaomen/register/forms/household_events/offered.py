"""The forms of a household, by the act each records, and the form of a correction."""

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.office.form_words import DeskForm
from qiaomen.register.forms.household_events.events import (
    DeathForm,
    FamilyForm,
    HeadForm,
    LifeForm,
    MoveOutForm,
    MoveWithinForm,
    SplitForm,
)
from qiaomen.register.forms.household_events.joining import (
    BirthForm,
    ComeBackForm,
    JoiningForm,
    MarriageForm,
    read_phone,
)

FORMS: dict[str, type[LifeForm]] = {
    "moved_in": JoiningForm,
    "came_back": ComeBackForm,
    "moved_out": MoveOutForm,
    "moved_within": MoveWithinForm,
    "born": BirthForm,
    "died": DeathForm,
    "married": MarriageForm,
    "split": SplitForm,
    "head_changed": HeadForm,
    "family_parted": FamilyForm,
}


class CorrectForm(DeskForm):
    """更正: an empty field is left as it stands, since sealed values are not shown here."""

    name = forms.CharField(label=_("姓名"), max_length=60, error_messages={"required": _("姓名不能空着。")})
    former_name = forms.CharField(label=_("曾用名"), max_length=60, required=False)
    nickname = forms.CharField(label=_("小名或别名"), max_length=60, required=False)
    relation = forms.CharField(label=_("与户主关系"), max_length=20, required=False)
    phone = forms.CharField(label=_("新的电话（不改就空着）"), max_length=20, required=False)
    id_no = forms.CharField(label=_("新的身份证号（不改就空着）"), max_length=18, required=False)
    work_place = forms.CharField(label=_("工作的地方"), max_length=120, required=False)
    reason = forms.CharField(
        label=_("为什么更正"),
        max_length=200,
        error_messages={"required": _("请写为什么更正，例如“本人拿身份证来改”。")},
    )

    def clean_phone(self) -> str:
        """Read the telephone."""
        return read_phone(self.cleaned_data["phone"])
