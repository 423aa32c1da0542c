"""What the office writes about a group: its rule as rows or as text, the numbers in it, where it comes from and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.criteria.language import CannotRead, Criterion, read
from qiaomen.criteria.rows import Block, all_rows, to_rows, to_text
from qiaomen.groups.actions.definitions import purposes
from qiaomen.groups.models import GroupDefinition
from qiaomen.groups.problems import ForbiddenTitle
from qiaomen.groups.selectors import criteria, criteria_rows
from qiaomen.kernel import clock
from qiaomen.kernel.forbidden import forbidden_in
from qiaomen.office.form_words import DeskForm
from qiaomen.office.problems import UnknownPurpose
from qiaomen.register.selectors import packs


class RuleForm(DeskForm):
    """A rule from tomorrow on. `act` in the data is a button that changes the rows and saves nothing."""

    when = forms.CharField(
        label=_("条件"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("写法：age >= :elder.age AND NOT any_in(home, age < 60)。项目用英文代码，标准前面加冒号。"),
    )
    source = forms.CharField(
        label=_("依据"), max_length=200, required=False, help_text=_("文件号，或者哪一次会议定的。")
    )
    reason = forms.CharField(label=_("为什么改"), max_length=200, required=False)

    def __init__(self, sent: Any = None, *, definition: GroupDefinition | None = None) -> None:
        self.sent = sent.copy() if sent is not None else None
        super().__init__(self.sent)
        self.definition = definition
        self.act = str(sent.get("act", "")) if sent is not None else ""
        self.by_text, self.block, self.text = self._rule(sent)
        self.criterion: Criterion | None = None
        self.unreadable = ""
        try:
            self.criterion = read(self.text, packs.facts()) if self.text else None
        except CannotRead as error:
            self.unreadable = str(error)
        self._turn()
        self.fields["when"].initial = self.text
        self.fields["source"].initial = definition.source if definition else ""
        self._ask_numbers()

    def _rule(self, sent: Any) -> tuple[bool, Block, str]:
        """Return whether the rule is written as text, its rows, and its text ("" while a row is not whole)."""
        if sent is None:
            return self._started()
        if sent.get("mode") != "rows":
            return True, criteria_rows.EMPTY, str(sent.get("when", "")).strip()
        block = criteria_rows.changed(criteria_rows.read_rows(sent, sent.getlist("part")), self.act)
        return False, block, text_of(block)

    def _started(self) -> tuple[bool, Block, str]:
        if self.definition is None:
            return False, criteria_rows.EMPTY, ""
        block = to_rows(criteria.rule_of(self.definition).criteria[0].tree)
        return block is None, block or criteria_rows.EMPTY, self.definition.when

    def _turn(self) -> None:
        """Go from rows to text, or from text to rows where rows can show it."""
        if self.act == "text":
            self.by_text = True
        elif self.act == "rows" and self.criterion is not None and (block := to_rows(self.criterion.tree)) is not None:
            self.by_text, self.block = False, block

    def _ask_numbers(self) -> None:
        known = packs.parameters(clock.today())
        own = self.definition.numbers if self.definition else {}
        self.codes = [code for code in self.criterion.parameters if code in known] if self.criterion else []
        for code in self.codes:
            parameter = known[code]
            self.fields[f"number-{code}"] = forms.IntegerField(
                label=_("{title}（{unit}）").format(title=_(parameter.title), unit=_(parameter.unit)),
                initial=own.get(code, parameter.value),
                min_value=0,
                max_value=9999,
                required=False,
                help_text=_("通用标准 {value}{unit}，来源：{source}").format(
                    value="—" if parameter.value is None else parameter.value,
                    unit=_(parameter.unit),
                    source=parameter.source,
                ),
            )
            if self.sent is not None and f"number-{code}" not in self.sent:
                self.sent[f"number-{code}"] = own.get(code, parameter.value)  # a standard the rule did not use before

    @property
    def number_fields(self) -> list[Any]:
        """The fields of the numbers the rule uses."""
        return [self[f"number-{code}"] for code in self.codes]

    @property
    def text_only(self) -> bool:
        """Whether the rule, as it is, is more than rows can show."""
        return self.criterion is not None and to_rows(self.criterion.tree) is None

    def numbers(self) -> dict[str, int]:
        """Return this office's own numbers, by code."""
        sent = {
            code: self.cleaned_data.get(f"number-{code}") if self.is_bound else self[f"number-{code}"].initial
            for code in self.codes
        }
        return {code: value for code, value in sent.items() if value is not None}

    def clean(self) -> dict[str, Any]:
        """Refuse a rule that is not whole, saying where."""
        answers: dict[str, Any] = super().clean() or {}
        if not self.act and self.criterion is None:
            self.add_error(None, self.unreadable or self._what_lacks())
        return answers

    def _what_lacks(self) -> Any:
        return (
            _("条件还没有写。") if self.by_text else _("有几行还没有填完，见下面红字。群体的标准没有改动，您填的都在。")
        )


def text_of(block: Block) -> str:
    """Return rows as the text of a criterion, "" while one is not whole."""
    if any(criteria_rows.missing_in(row) for row in all_rows(block)):
        return ""
    try:
        return to_text(block, packs.facts())
    except ValueError:
        return ""


class NewGroupForm(RuleForm):
    """A group of the office's own."""

    title = forms.CharField(
        label=_("群体名称"), max_length=40, required=False, help_text=_("用要提供的服务来命名，例如“需要助浴的老人”。")
    )
    purpose = forms.ChoiceField(
        label=_("为了提供什么服务"), required=False, help_text=_("只能从这些里选；名称、用途和谁提的、谁同意的会公开。")
    )
    tier = forms.ChoiceField(
        label=_("探访"),
        required=False,
        choices=[("general", _("一般")), ("key", _("重点")), ("high", _("高频"))],
    )
    child = forms.BooleanField(label=_("儿童群体（只有主任和儿童主任能看名单）"), required=False)

    def __init__(self, told: Any = None, **kwargs: Any) -> None:
        super().__init__(told, **kwargs)
        chosen = [("", _("请选")), *((code, _(title)) for code, title in purposes().items())]
        self.fields["purpose"].choices = chosen  # type: ignore[attr-defined]

    def clean_purpose(self) -> str:
        """Ask for one of the closed list."""
        if not self.cleaned_data["purpose"] and not self.act:
            raise forms.ValidationError(UnknownPurpose().in_full())
        return str(self.cleaned_data["purpose"])

    def clean_tier(self) -> str:
        """Take the least often when nothing was chosen."""
        return str(self.cleaned_data.get("tier") or "general")

    def clean_title(self) -> str:
        """Refuse a list of people by what no service needs to know (kernel/forbidden.py)."""
        title = " ".join(str(self.cleaned_data["title"]).split())
        if word := forbidden_in(title):
            raise forms.ValidationError(ForbiddenTitle(word=word).in_full())
        if not title and not self.act:
            raise forms.ValidationError(_("请给群体起个名称。"))
        return title
