"""What the register asks for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.criteria.facts import Fact
from qiaomen.kernel import clock
from qiaomen.register import packs, rights, told
from qiaomen.register.columns import Column
from qiaomen.register.facts import age_on
from qiaomen.register.models import Person

REASONS = [
    ("电话联系", _("电话联系")),
    ("核对身份", _("核对身份")),
    ("代办业务", _("代办业务")),
    ("低保核对", _("低保核对")),
]


class RosterForm(forms.Form):
    """One workbook."""

    roster = forms.FileField(
        label=_("花名册或台账（.xlsx、.xls 或 .csv）"),
        help_text=_(
            "办公室现有的表格直接上传，不用先整理：居民名册、低保、残疾人、老年人、留守儿童、走访记录等台账都认得。先看预览，再决定是否导入。"
        ),
    )


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

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on_date"].initial = clock.today()
        self.known = told.known_of(person)
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


END = "-"
CHILD_AGE = 18


def _fits(fact: Fact, person: Person) -> bool:
    """A child's facts are asked of the young, an elder's of the old; of whom the age is not known, everything."""
    age = age_on(clock.today(), person.birth_date)
    if age is None:
        return True
    if fact.sensitivity == "child":
        return age < CHILD_AGE
    return age >= CHILD_AGE or fact.sensitivity in ("health", "finance")


class RightsForm(forms.Form):
    """What a resident asks about their own data."""

    kind = forms.ChoiceField(label=_("要求"), choices=list(rights.KINDS.items()))
    words = forms.CharField(label=_("居民怎么说的"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(forms.Form):
    """How a request was answered."""

    outcome = forms.ChoiceField(label=_("结果"), choices=[("done", _("已办")), ("refused", _("不能办"))])
    answer = forms.CharField(
        label=_("办了什么，或者为什么不能办"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class DayForm(forms.Form):
    """Any day."""

    day = forms.DateField(label=_("截至哪一天"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


class ExportForm(forms.Form):
    """Why a file leaves, and which sealed columns it must show whole."""

    purpose = forms.CharField(
        label=_("用途"),
        max_length=100,
        help_text=_("写清楚交给谁、做什么，例如“报街道民政办，高龄津贴年审”。"),
    )
    clear = forms.MultipleChoiceField(
        label=_("显示完整内容的列（不选就是打星号的）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    clear_reason = forms.CharField(label=_("为什么要完整内容"), max_length=100, required=False)

    def __init__(self, *args: Any, sealed: Sequence[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sealed:
            self.fields["clear"].choices = [(column.code, column.title) for column in sealed]  # type: ignore[attr-defined]
        else:
            del self.fields["clear"], self.fields["clear_reason"]

    def clean(self) -> dict[str, Any]:
        """What is shown whole has a reason of its own."""
        told: dict[str, Any] = super().clean() or {}
        told.setdefault("clear", [])
        told["clear_reason"] = str(told.get("clear_reason") or "").strip()
        if told["clear"] and not told["clear_reason"]:
            self.add_error("clear_reason", _("选了完整内容的列，要写明为什么需要。"))
        return told
