"""The small forms of a household's life: each asks what its act needs and calls it."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.linkage.duplicates import Candidate
from qiaomen.linkage.sounds import sounds_of
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import household_events
from qiaomen.register.actions.places.by_hand import find_door
from qiaomen.register.models import Act, Dwelling, Household, Person
from qiaomen.register.selectors.minors import shown_name
from qiaomen.register.selectors.possible_duplicates import look_alikes


class LifeForm(DeskForm):
    """What every act asks: when, and why it is noted."""

    title: ClassVar[Any] = ""
    hint: ClassVar[Any] = ""
    on_date = forms.DateField(
        label=_("哪一天"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请写是哪一天的事。")},
    )
    reason = forms.CharField(label=_("怎么知道的（可不填）"), max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        household: Household,
        staff: Staff,
        people: Sequence[UUID] | None = None,
        newcomer: Person | None = None,
        numbers: bool = True,
        **kwargs: Any,
    ) -> None:
        """Offer the people of a household.

        `people`: the keys of those who counted before an act that is corrected; None offers who counts today.
        `newcomer`: whom the act that is corrected had brought into the register. `numbers`: the
        gate has let the numbers that were typed be compared; else the warning of a second record does without them.
        """
        super().__init__(*args, **kwargs)
        self.numbers = numbers
        self.household, self.staff, self.newcomer = household, staff, newcomer
        self.fields["on_date"].initial = clock.today()
        counted = household.people.counted() if people is None else Person.objects.filter(pk__in=people)
        here = counted.order_by("-is_head", "birth_date", "name")
        for name in ("people", "person", "new_head", "remaining_head"):
            if name in self.fields:
                field: Any = self.fields[name]
                field.queryset, field.label_from_instance = here, partial(shown_name, staff=staff)
        self.order_fields([name for name in self.fields if name != "reason"])

    def act(self, actor: Staff, corrects: Act | None = None) -> Act:
        """Do it."""
        raise NotImplementedError

    def _common(self, actor: Staff, corrects: Act | None) -> dict[str, Any]:
        answers = self.cleaned_data
        return {
            "household": self.household,
            "actor": actor,
            "on_date": answers["on_date"],
            "reason": answers["reason"],
            "corrects": corrects,
        }


def _people() -> Any:
    return forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=_("哪些人"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少勾选一个人。")},
    )


def _head(label: Any) -> Any:
    return forms.ModelChoiceField(Person.objects.none(), label=label, required=False, empty_label=_("不换"))


class MoveOutForm(LifeForm):
    """搬走."""

    title = _("搬走")
    hint = _("只搬家、户口还在的，不勾“户口也迁出”。")
    people = _people()
    registration_goes = forms.BooleanField(label=_("户口也迁出"), required=False)
    new_head = _head(_("新的户主（户主迁出时选）"))

    def act(self, actor: Staff, corrects: Act | None = None) -> Act:
        """Move them out."""
        answers = self.cleaned_data
        return household_events.move_out(
            **self._common(actor, corrects),
            people=list(answers["people"]),
            new_head=answers["new_head"],
            registration_goes=answers["registration_goes"],
        )


class MoveWithinForm(LifeForm):
    """社区内搬家."""

    title = _("在社区内搬家")
    hint = _("换到社区里另一扇门，写成“幸福苑3号楼2单元501室”。")
    people = _people()
    address = forms.CharField(
        label=_("搬到哪里"),
        max_length=80,
        error_messages={"required": _("请写搬到哪扇门，例如“幸福苑3号楼2单元501室”。")},
    )

    def clean_address(self) -> Dwelling:
        """Find the door, however it is written."""
        try:
            return find_door(self.household.community, self.cleaned_data["address"])
        except Problem as problem:
            raise forms.ValidationError(problem.in_full()) from problem

    def act(self, actor: Staff, corrects: Act | None = None) -> Act:
        """Move them within."""
        answers = self.cleaned_data
        return household_events.move_within(
            **self._common(actor, corrects), people=list(answers["people"]), dwelling=answers["address"]
        )


def warn_of_alike(community: Organisation, answers: dict[str, Any], staff: Staff, *, numbers: bool) -> None:
    """Ask before a second record of one person is made. `numbers`: the gate lets them be compared.

    Raises ValidationError unless somebody said `surely_new`.
    """
    if answers.get("surely_new") or not answers.get("name"):
        return
    candidate = Candidate(
        key="new",
        name=answers["name"],
        sounds=sounds_of(answers["name"])[0],
        sex=answers.get("sex") or "",
        birth=answers.get("birth_date"),
        id_no=(answers.get("id_no") or "") if numbers else "",
        phone=(answers.get("phone") or "") if numbers else "",
    )
    alike = look_alikes(community, candidate)
    if alike:
        where = "、".join(
            f"{shown_name(p, staff)}（{p.household.dwelling or p.household.head_name}）" for p in alike[:3]
        )
        raise forms.ValidationError(
            _("登记里已有相像的人：{where}。请先核对；确实是另一个人，请勾选下面的“已核对”再提交。").format(where=where)
        )


class NewcomerForm(LifeForm):
    """搬入."""

    kind = "moved_in"
    title = _("搬入")
    hint = _("有人搬来和这一户同住。暂时没有证件的，身份证号可以空着。")
    name = forms.CharField(label=_("姓名"), max_length=60, error_messages={"required": _("请写上姓名。")})
    relation = forms.CharField(
        label=_("与户主关系"), max_length=20, error_messages={"required": _("请写与户主是什么关系，例如“子”“母亲”。")}
    )
    sex = forms.ChoiceField(
        label=_("性别"), choices=[("", _("不清楚")), ("male", _("男")), ("female", _("女"))], required=False
    )
    birth_date = forms.DateField(
        label=_("出生日期"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    id_no = forms.CharField(label=_("身份证号（可不填）"), max_length=18, required=False)
    phone = forms.CharField(label=_("电话（可不填）"), max_length=20, required=False)
    registered = forms.BooleanField(label=_("户口也在这一户"), required=False, initial=True)
    surely_new = forms.BooleanField(label=_("已核对，确实是另一个人"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:  # the question comes with the warning
            del self.fields["surely_new"]
        for name in self._numbers():
            self.fields[name].help_text = _("已经登记，不改就空着。")

    def _numbers(self) -> dict[str, str]:
        """The sealed numbers already told, which a correction keeps and does not show."""
        answers = {name: getattr(self.newcomer, name, "") for name in ("id_no", "phone")}
        return {name: value for name, value in answers.items() if value and name in self.fields}

    def clean(self) -> dict[str, Any]:
        """Warn of a second record of one person, across the whole register of the community."""
        answers: dict[str, Any] = super().clean() or {}
        answers |= {name: value for name, value in self._numbers().items() if not answers.get(name)}
        warn_of_alike(self.household.community, answers, self.staff, numbers=self.numbers)
        return answers

    def act(self, actor: Staff, corrects: Act | None = None) -> Act:
        """Add the person."""
        answers = {**self.cleaned_data}
        more = {
            name: answers[name]
            for name in ("name", "relation", "sex", "id_no", "phone", "registered")
            if name in answers
        }
        birth = answers.get("birth_date") or (answers["on_date"] if self.kind == "born" else None)
        return household_events.add_person(**self._common(actor, corrects), kind=self.kind, birth_date=birth, **more)


class BirthForm(NewcomerForm):
    """出生."""

    kind = "born"
    title = _("出生")
    hint = _("哪一天就是出生日期。身份证号等办下来再补。")
    birth_date = None  # type: ignore[assignment]
    phone = None  # type: ignore[assignment]


class MarriageForm(NewcomerForm):
    """结婚入户."""

    kind = "married"
    title = _("结婚入户")
    hint = _("登记嫁入或入赘到这一户的人；迁去别户的，请用“搬走”。")


class DeathForm(LifeForm):
    """去世."""

    title = _("去世")
    hint = _("登记后，这个人不再出现在走访名单里；原来的记录都保留。")
    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("哪一位"),
        empty_label=_("请选择"),
        error_messages={"required": _("请选是哪一位。")},
    )
    new_head = _head(_("新的户主（去世的是户主时选）"))

    def act(self, actor: Staff, corrects: Act | None = None) -> Act:
        """Record the death."""
        answers = self.cleaned_data
        return household_events.record_death(
            **self._common(actor, corrects), person=answers["person"], new_head=answers["new_head"]
        )


class SplitForm(LifeForm):
    """分户."""

    title = _("分户")
    hint = _("从这一户分出一户，住处不变；要搬家请另外登记。")
    people = _people()
    new_head = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("分出一户的户主"),
        empty_label=_("请选择"),
        error_messages={"required": _("请选谁做分出一户的户主。")},
    )
    household_no = forms.CharField(label=_("新的户号（可不填）"), max_length=30, required=False)
    remaining_head = _head(_("留下一户的新户主（原户主分出时选）"))

    def act(self, actor: Staff, corrects: Act | None = None) -> Act:
        """Split the household."""
        answers = self.cleaned_data
        return household_events.split_household(
            **self._common(actor, corrects),
            people=list(answers["people"]),
            new_head=answers["new_head"],
            household_no=answers["household_no"],
            remaining_head=answers["remaining_head"],
        )


class HeadForm(LifeForm):
    """换户主."""

    title = _("换户主")
    new_head = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("新的户主"),
        empty_label=_("请选择"),
        error_messages={"required": _("请选新的户主。")},
    )

    def act(self, actor: Staff, corrects: Act | None = None) -> Act:
        """Change the head."""
        return household_events.change_head(**self._common(actor, corrects), new_head=self.cleaned_data["new_head"])


class FamilyForm(LifeForm):
    """分开生活."""

    title = _("分开生活")
    hint = _("同在一个户口本上，但不在一起过日子的人，算低保等家庭收入时分开算。")
    people = _people()

    def act(self, actor: Staff, corrects: Act | None = None) -> Act:
        """Part the family."""
        return household_events.part_family(**self._common(actor, corrects), people=list(self.cleaned_data["people"]))


FORMS: dict[str, type[LifeForm]] = {
    "moved_in": NewcomerForm,
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
