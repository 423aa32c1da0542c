"""What is asked of a person: what was told, which sealed field and why, which of two values stays."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.criteria.facts import Fact
from qiaomen.kernel import clock
from qiaomen.kernel.ages import age_on
from qiaomen.kernel.idcheck import check_id_no
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Staff
from qiaomen.register.models import Person
from qiaomen.register.selectors import facts, packs
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

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on_date"].initial = clock.today()
        self.known = facts.known_of(person)
        self.facts = [fact for fact in packs.facts().values() if fact.origin == "told" and _fits(fact, person)]
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
