"""What the register asks for."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.criteria.facts import Fact
from qiaomen.kernel import clock
from qiaomen.kernel.ages import age_on
from qiaomen.register.models import CONSENT_PURPOSES, Person
from qiaomen.register.selectors import facts, packs

REASONS = [
    ("电话联系", _("电话联系")),
    ("核对身份", _("核对身份")),
    ("代办业务", _("代办业务")),
    ("低保核对", _("低保核对")),
]


END = "-"
CHILD_AGE = 18


def _fits(fact: Fact, person: Person) -> bool:
    """A child's facts are asked of the young, an elder's of the old; of whom the age is not known, everything."""
    age = age_on(person.birth_date, clock.today())
    if age is None:
        return True
    if fact.sensitivity == "child":
        return age < CHILD_AGE
    return age >= CHILD_AGE or fact.sensitivity in ("health", "finance")


PARTS = {
    "asked": _("要问的"),
    "plain": _("生活"),
    "health": _("身体和残疾"),
    "finance": _("救助和补贴"),
    "child": _("孩子"),
}
"""The groups of questions, one shown at a time: first what is asked of this person, then by what they tell."""


def parts_for(person: Person, asked: Collection[str]) -> dict[str, list[Fact]]:
    """Return the facts of each group that fit this person; `asked`: the codes somebody wants to know now."""
    fitting = [fact for fact in packs.facts().values() if fact.origin == "told" and _fits(fact, person)]
    found = {"asked": [fact for fact in fitting if fact.code in asked]}
    for fact in fitting:
        found.setdefault(fact.sensitivity if fact.sensitivity in PARTS else "plain", []).append(fact)
    return {part: found[part] for part in PARTS if found.get(part)}


class RevealForm(forms.Form):
    """Which sealed field of a person, and why."""

    field = forms.CharField(max_length=40)
    reason = forms.ChoiceField(label=_("查看的理由"), choices=REASONS)

    def clean_field(self) -> str:
        """Take the numbers and the facts that are told; nothing else is sealed."""
        code: str = self.cleaned_data["field"]
        fact = packs.facts().get(code)
        if code not in ("id_no", "phone") and (fact is None or fact.origin != "told"):
            raise forms.ValidationError(_("没有这一项"))
        return code


class TellForm(forms.Form):
    """What was told of a person: an empty answer leaves what stands; “不再适用” ends it."""

    on_date = forms.DateField(label=_("从哪一天起"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    reason = forms.CharField(label=_("怎么知道的（可不填）"), max_length=200, required=False)

    def __init__(self, *args: Any, person: Person, asked: Iterable[Fact] | None = None, **kwargs: Any) -> None:
        """Ask these facts, or (None) all that fit the person."""
        super().__init__(*args, **kwargs)
        self.fields["on_date"].initial = clock.today()
        self.known = facts.known_of(person)
        fitting = (fact for fact in packs.facts().values() if fact.origin == "told" and _fits(fact, person))
        self.facts = list(fitting if asked is None else asked)
        for fact in self.facts:
            self.fields[f"fact-{fact.code}"] = self._field(fact)

    def _field(self, fact: Fact) -> forms.Field:
        stands = fact.code in self.known
        hint: Any = _(fact.ask)
        if stands:
            shown = packs.say(fact, self.known[fact.code]) if fact.sensitivity == "plain" else _("内容已封存")
            hint = _("已登记：{value}。不改就空着。").format(value=shown)
        common: dict[str, Any] = {"label": _(fact.title), "required": False, "help_text": hint}
        end = [(END, _("不再适用"))] if stands else []
        if fact.kind == "bool":
            choices = [("", _("没有问")), ("true", _("是")), ("false", _("否")), *end]
            return forms.ChoiceField(choices=choices, **common)
        if fact.kind == "code":
            return forms.ChoiceField(
                choices=[("", _("没有问")), *((code, _(title)) for code, title in fact.choices.items()), *end], **common
            )
        if fact.kind == "int":
            return forms.IntegerField(min_value=0, max_value=9999, **common)
        if fact.kind == "date":
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **common)
        return forms.CharField(max_length=120, **common)

    def answers(self) -> dict[str, Any]:
        """Return what was answered, by code; None ends what stands."""
        found: dict[str, Any] = {}
        for fact in self.facts:
            value = self.cleaned_data.get(f"fact-{fact.code}")
            if value in (None, ""):
                continue
            if value == END:
                found[fact.code] = None
            else:
                found[fact.code] = value == "true" if fact.kind == "bool" else value
        return found


CONSENT_TITLES: dict[str, Any] = {
    "tell_relative": _("把情况告诉家人"),
    "refer": _("转给外面的单位办"),
    "health_list": _("列入健康服务的名单"),
    "programme": _("参加活动或课程"),
    "publish": _("公开讲本人的事"),
}


class ConsentForm(forms.Form):
    """What a person agrees to, with whom, and by whom when the person is not grown."""

    purpose = forms.ChoiceField(
        label=_("同意什么"), choices=[(code, CONSENT_TITLES[code]) for code in CONSENT_PURPOSES]
    )
    to_whom = forms.CharField(
        label=_("告诉谁、交给谁"), max_length=100, help_text=_("单位名称，或者家人的姓名和关系。")
    )
    until = forms.DateField(
        label=_("到哪一天为止（可不填）"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("空着就是一直有效，本人随时可以撤回。"),
    )
    guardian = forms.ModelChoiceField(label=_("监护人（不满 18 岁时）"), queryset=Person.objects.none(), required=False)
    by_whom = forms.CharField(
        label=_("监护人不在这一户：姓名和关系"), max_length=60, required=False, help_text=_("成年人由本人同意，空着。")
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grown = person.household.people.counted().exclude(pk=person.pk)
        birth = clock.today().replace(year=clock.today().year - CHILD_AGE, day=1)
        self.fields["guardian"].queryset = grown.filter(birth_date__lte=birth)  # type: ignore[attr-defined]
        age = age_on(person.birth_date, clock.today())
        if age is not None and age >= CHILD_AGE:
            del self.fields["guardian"], self.fields["by_whom"]
