"""What is asked of a person: what was told, which sealed field and why, which of two values stays."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.criteria.facts import Fact
from qiaomen.kernel import clock
from qiaomen.kernel.ages import age_on
from qiaomen.kernel.idcheck import check_id_no
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Staff
from qiaomen.register.models import CONSENT_PURPOSES, Person
from qiaomen.register.selectors import facts, packs
from qiaomen.register.selectors.fields import CONSENT_TITLES
from qiaomen.register.selectors.possible_duplicates import side_by_side

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


class RevealForm(DeskForm):
    """Which sealed field of a person, and why."""

    field = forms.CharField(
        max_length=40, error_messages={"required": _("没有说要看哪一项，请从这一户的页面再点一次“显示”。")}
    )
    reason = forms.ChoiceField(
        label=_("查看的理由"), choices=REASONS, error_messages={"required": _("请选为什么要查看。")}
    )

    def clean_field(self) -> str:
        """Take the numbers and the facts that are told; nothing else is sealed."""
        code: str = self.cleaned_data["field"]
        fact = packs.facts().get(code)
        if code not in ("id_no", "phone") and (fact is None or fact.origin != "told"):
            raise forms.ValidationError(_("没有这一项"))
        return code


class TellForm(DeskForm):
    """What was told of a person: an empty answer leaves what stands; “不再适用” ends it."""

    on_date = forms.DateField(
        label=_("从哪一天起"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请写从哪一天起是这样；不清楚就写今天。")},
    )
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


class ConsentForm(DeskForm):
    """What a person agrees to, with whom, and by whom when the person is not grown."""

    purpose = forms.ChoiceField(
        label=_("同意什么"),
        choices=[(code, CONSENT_TITLES[code]) for code in CONSENT_PURPOSES],
        error_messages={"required": _("请选本人同意什么。")},
    )
    to_whom = forms.CharField(
        label=_("告诉谁、交给谁"),
        max_length=100,
        help_text=_("单位名称，或者家人的姓名和关系。"),
        error_messages={"required": _("请写同意告诉谁、交给谁：单位名称，或者家人的姓名和关系。")},
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


HOME = "household"


class MergeForm(DeskForm):
    """A choice for each field of which both records know something else, and for the household."""

    def __init__(self, *args: Any, left: Person, right: Person, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = {"left": left, "right": right}
        self.rows = side_by_side(left, right, staff)
        for row in self.rows:
            if row["differ"]:
                self.fields[row["name"]] = self._choice(row["title"], row["shown"])
        if left.household_id != right.household_id:
            shown = [str(side.household.dwelling or side.household.head_name) for side in (left, right)]
            self.fields[HOME] = self._choice(_("合并后是哪一户的人"), shown)

    def _choice(self, title: Any, shown: list[str]) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=title,
            choices=list(zip(self.sides, shown, strict=True)),
            widget=forms.RadioSelect,
            error_messages={"required": _("两份不一样，请选“{title}”用哪一个。").format(title=title)},
        )

    def clean(self) -> dict[str, Any]:
        """The day of birth that is chosen is the one in the identity number that is chosen."""
        answers: dict[str, Any] = super().clean() or {}
        number, birth = self._chosen("id_no"), self._chosen("birth_date")
        if number and birth and (check := check_id_no(number)).ok and check.birth != birth:
            self.add_error(
                "birth_date" if "birth_date" in self.fields else "id_no",
                _("出生日期和选的身份证号对不上，请选同一份的。"),
            )
        return answers

    def _chosen(self, name: str) -> Any:
        """Return the value of a field after the merge: what was chosen, or what either knows; None: not chosen yet."""
        if name in self.fields:
            side = self.sides.get(self.cleaned_data.get(name, ""))
            return getattr(side, name) if side is not None else None
        return getattr(self.sides["left"], name) or getattr(self.sides["right"], name)

    def result(self) -> dict[str, Any]:
        """Return who stays, who goes, and of which fields the value of the one that goes is taken."""
        home = self.cleaned_data.get(HOME, "left")
        other = "right" if home == "left" else "left"
        taken = [name for name, side in self.cleaned_data.items() if name != HOME and side == other]
        return {"stays": self.sides[home], "goes": self.sides[other], "taken": taken}
