"""The small forms of a household's life: each asks what its act needs and calls it."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Staff
from qiaomen.register.actions import household_events
from qiaomen.register.actions.places.by_hand import find_door
from qiaomen.register.models import Act, Dwelling, Household, Person
from qiaomen.register.selectors.minors import shown_name


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


def chosen_people() -> Any:
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
    people = chosen_people()
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
    people = chosen_people()
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
    people = chosen_people()
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
    people = chosen_people()

    def act(self, actor: Staff, corrects: Act | None = None) -> Act:
        """Part the family."""
        return household_events.part_family(**self._common(actor, corrects), people=list(self.cleaned_data["people"]))
