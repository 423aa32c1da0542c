"""Who joins a household: somebody new, somebody on record from another household, somebody who comes back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.telephones import read_telephones
from qiaomen.linkage.duplicates import Candidate
from qiaomen.linkage.sounds import sounds_of
from qiaomen.office import disclosure
from qiaomen.office.access import key_of
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import household_events
from qiaomen.register.forms.household_events.events import LifeForm, chosen_people
from qiaomen.register.models import Act, Person
from qiaomen.register.selectors.minors import shown_name
from qiaomen.register.selectors.possible_duplicates import look_alikes

MOST_OFFERED = 5
"""So many of those on record may be chosen instead of a new record; the first three stand in the question."""


def warn_of_alike(community: Organisation, answers: dict[str, Any], staff: Staff, *, numbers: bool) -> None:
    """Ask before a second record of one person is made. `numbers`: the gate lets them be compared.

    Whoever is named by the question finds it under 谁看过. Raises ValidationError unless somebody said `surely_new`.
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
        shown = [key for person in alike[:MOST_OFFERED] for key in (person.pk, person.household_id)]
        disclosure.show_names(viewer=staff, community=community, page="register:look-alikes", people=shown)
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


def read_phone(text: str) -> str:
    """Return a telephone as the register writes it; "" for none. Raises ValidationError for what is none."""
    told = read_telephones(text)
    numbers = [one.digits for one in told if one.digits]
    if text.strip() and len(numbers) != 1:
        raise forms.ValidationError(_("这不是一个电话号码，请核对后只填一个；一时不知道就空着。"))
    return numbers[0] if numbers else ""


class JoiningForm(NewcomerForm):
    """搬入, 结婚入户: somebody new, or somebody on record who comes from another household or comes back."""

    same_as = forms.ModelChoiceField(
        Person.objects.none(), label=_("就是已登记的这一位"), required=False, empty_label=_("都不是")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take whom the warning had offered; it is asked only beside the warning."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["same_as"]
        field.label_from_instance = self._words
        said = str(self.data.get(self.add_prefix("same_as"), "")) if self.is_bound else ""
        if not said:
            self.offered = self.fields.pop("same_as")
        else:
            field.queryset = self._on_record().filter(pk=key_of(said))

    def _on_record(self) -> Any:
        return Person.objects.filter(community=self.household.community).recorded().exclude(state="died")

    def _words(self, person: Person) -> str:
        where = person.household.dwelling or person.household.head_name
        return f"{shown_name(person, self.staff)}（{where}）"

    def clean_phone(self) -> str:
        """Read the telephone."""
        return read_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """Take somebody on record, or warn of a second record and offer whom it may be."""
        if self.cleaned_data.get("same_as"):
            return self.cleaned_data
        try:
            return super().clean()
        except forms.ValidationError:
            answers = self.cleaned_data
            alike = look_alikes(self.household.community, self._candidate(answers)) if answers.get("name") else []
            if alike and hasattr(self, "offered"):
                self.fields["same_as"] = self.offered
                offered: Any = self.offered
                offered.queryset = self._on_record().filter(pk__in=[person.pk for person in alike[:MOST_OFFERED]])
            raise

    def _candidate(self, answers: dict[str, Any]) -> Candidate:
        number, phone = (answers.get(name) or "" if self.numbers else "" for name in ("id_no", "phone"))
        sounds, sex = sounds_of(answers["name"])[0], answers.get("sex") or ""
        return Candidate("new", answers["name"], sounds, sex, answers.get("birth_date"), number, phone)

    def act(self, actor: Staff, corrects: Act | None = None) -> Act:
        """Add the person, or let the one on record join."""
        person = self.cleaned_data.get("same_as")
        if person is None:
            return super().act(actor, corrects)
        return household_events.come_back(
            **self._common(actor, corrects),
            people=[person],
            kind=self.kind,
            registered=self.cleaned_data["registered"],
            relation=self.cleaned_data["relation"],
            known={name: self.cleaned_data.get(name) for name in ("sex", "birth_date", "id_no", "phone")},
        )


class ComeBackForm(LifeForm):
    """迁回."""

    title = _("迁回")
    hint = _("以前搬走或迁出的人又回来住。原来住在这里的日子照旧算，不会多出一份登记。")
    people = chosen_people()
    registered = forms.BooleanField(label=_("户口也在这一户"), required=False, initial=True)

    def __init__(self, *args: Any, people: Sequence[UUID] | None = None, **kwargs: Any) -> None:
        """Offer who has gone from the household; `people`: when an act is corrected it is taken back already."""
        super().__init__(*args, people=None, **kwargs)
        field: Any = self.fields["people"]
        gone = self.household.people.filter(state__in=("away", "left"))
        back = Person.objects.filter(pk__in=people or [], household=self.household).exclude(state="died")
        field.queryset = (gone | back).order_by("-is_head", "birth_date", "name")

    def act(self, actor: Staff, corrects: Act | None = None) -> Act:
        """Let them come back."""
        answers = self.cleaned_data
        return household_events.come_back(
            **self._common(actor, corrects), people=list(answers["people"]), registered=answers["registered"]
        )


class BirthForm(NewcomerForm):
    """出生."""

    kind = "born"
    title = _("出生")
    hint = _("哪一天就是出生日期。身份证号等办下来再补。")
    birth_date = None  # type: ignore[assignment]
    phone = None  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        """The day is the birth day: the warning of a second record looks at it."""
        if self.cleaned_data.get("on_date"):
            self.cleaned_data["birth_date"] = self.cleaned_data["on_date"]
        return super().clean()


class MarriageForm(JoiningForm):
    """结婚入户."""

    kind = "married"
    title = _("结婚入户")
    hint = _("登记嫁入或入赘到这一户的人；迁去别户的，请用“搬走”。")
