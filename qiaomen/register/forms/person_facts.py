"""What the register asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.criteria.facts import Fact
from qiaomen.kernel import clock
from qiaomen.kernel.ages import age_on
from qiaomen.office.form_words import DeskForm
from qiaomen.register.models import Person
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
