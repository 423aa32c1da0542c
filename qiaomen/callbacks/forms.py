"""What is asked of a round, of an answer, and of how a place asks."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.callbacks.models import PURPOSES
from qiaomen.callbacks.rules.asking import HALF, NOT_MINE, NOT_SOLVED, SOLVED
from qiaomen.kernel import clock
from qiaomen.office.form_words import DeskForm

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
SOLVED_TITLES = {
    SOLVED: _("解决了"),
    HALF: _("解决了一半"),
    NOT_SOLVED: _("没有解决"),
    NOT_MINE: _("不是我的事"),
}
WAY_TITLES = {"telephone": _("电话"), "door": _("上门"), "slip": _("纸条")}
CHECK_TITLES = {
    "four_week": _("办结四周后问一次"),
    "month_1": _("一个月后"),
    "month_3": _("三个月后"),
    "month_6": _("六个月后"),
}
COUNT_WORDS = {True: _("算"), False: _("不算"), None: _("不计")}
"""How a level is written to count: as satisfied, as not, in no share."""


class RoundForm(DeskForm):
    """Which list, which days, how wide the range may be."""

    figure = forms.ChoiceField(label=_("问哪个数字背后的事"), error_messages={"required": _("请选一个数字。")})
    start = forms.DateField(label=_("从哪一天起"), widget=DAY, error_messages={"required": _("请写从哪一天起。")})
    end = forms.DateField(label=_("到哪一天为止"), widget=DAY, error_messages={"required": _("请写到哪一天为止。")})
    width_share = forms.TypedChoiceField(
        label=_("估计的范围最宽多少"),
        choices=[(10, _("全部的十分之一（问得多）")), (20, _("全部的五分之一")), (30, _("全部的十分之三（问得少）"))],
        coerce=int,
        initial=20,
        error_messages={"required": _("请选范围最宽多少，要问多少件由它算出来。")},
    )
    by = forms.ChoiceField(
        label=_("分开抽"),
        required=False,
        choices=[("", _("不分")), ("compound", _("按小区")), ("kind", _("按哪类事"))],
    )
    because = forms.CharField(
        label=_("重抽的原因（第一次抽不用写）"),
        max_length=200,
        required=False,
        help_text=_("同一份名单抽第二次，两次都会印出来。"),
    )

    def __init__(self, *args: Any, figures: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["figure"].choices = figures  # type: ignore[attr-defined]
        self.fields["start"].initial = clock.today() - timedelta(days=90)
        self.fields["end"].initial = clock.today()

    def clean(self) -> dict[str, Any]:
        """Refuse days that end before they begin."""
        told = super().clean() or {}
        if told.get("start") and told.get("end") and told["end"] < told["start"]:
            self.add_error("end", _("最后一天在第一天前面，请改一下。"))
        return told


class AnswerForm(DeskForm):
    """Two questions in plain words."""

    solved = forms.ChoiceField(
        label=_("您说的那件事，解决了吗？"),
        widget=forms.RadioSelect,
        choices=list(SOLVED_TITLES.items()),
        error_messages={"required": _("请选解决了没有。")},
    )
    level = forms.ChoiceField(
        label=_("办得满意吗？"), widget=forms.RadioSelect, error_messages={"required": _("请选满意不满意。")}
    )
    words = forms.CharField(
        label=_("还说了什么（可不填）"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    way = forms.ChoiceField(
        label=_("怎么问到的"),
        choices=list(WAY_TITLES.items()),
        error_messages={"required": _("请选怎么问到的。")},
    )

    def __init__(self, *args: Any, levels: list[list[Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(code, title) for code, title, _counts in levels]  # type: ignore[attr-defined]


class KeyForm(AnswerForm):
    """A slip that came back: its code first."""

    code = forms.CharField(label=_("纸条上的编号"), max_length=12, error_messages={"required": _("请写纸条上的编号。")})
    field_order = ("code", "solved", "level", "words", "way")


class RulesForm(DeskForm):
    """How this place asks."""

    levels = forms.CharField(
        label=_("满意不满意的几档，一行一档"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写“满意 算”“不满意 不算”“不了解 不计”：算满意、算不满意、不计入。"),
        error_messages={"required": _("请写几档，一行一档，例如“满意 算”。")},
    )
    months_apart = forms.IntegerField(
        label=_("同一户隔几个月才再问"),
        min_value=0,
        max_value=24,
        error_messages={"required": _("请写同一户隔几个月才再问。")},
    )
    checks = forms.MultipleChoiceField(
        label=_("按日子自动排的回访"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(code, CHECK_TITLES[code]) for code in PURPOSES if code in CHECK_TITLES],
    )

    def clean_levels(self) -> list[list[Any]]:
        """Read a level a line. Raises ValidationError."""
        words = {str(word): counts for counts, word in COUNT_WORDS.items()}
        found: list[list[Any]] = []
        for number, line in enumerate(filter(str.strip, self.cleaned_data["levels"].splitlines()), 1):
            title, _blank, counts = line.strip().rpartition(" ")
            if not title or counts not in words:
                raise forms.ValidationError(_("第 %(n)s 行看不懂。请写成“满意 算”这样。"), params={"n": number})
            found.append([f"l{number}", title.strip()[:20], words[counts]])
        if {row[2] for row in found} < {True, False}:
            raise forms.ValidationError(_("至少要有一档算满意、一档算不满意。"))
        return found
