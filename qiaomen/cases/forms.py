"""What is asked when a need is heard at the window, and when a case moves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.cases.selectors import may_hold
from qiaomen.kernel.lines import all_outcomes
from qiaomen.needs.models import Need
from qiaomen.needs.rules.vocabulary import KINDS, ORIGINS
from qiaomen.needs.selectors import handling_title, kind_title, origin_title
from qiaomen.office.access import staff_in
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Staff
from qiaomen.visits.rules.vocabulary import HANDLINGS


class HearForm(DeskForm):
    """A need brought to the window or told on the telephone; `need_id` is made with the page."""

    need_id = forms.UUIDField(widget=forms.HiddenInput)
    origin = forms.ChoiceField(
        label=_("怎么来的"), error_messages={"required": _("请选是窗口说的、电话说的还是别的。")}
    )
    kind = forms.ChoiceField(label=_("种类"), error_messages={"required": _("请选这件事属于哪一种。")})
    words = forms.CharField(
        label=_("居民的原话"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("密封保存，每次查看都记台账。"),
        error_messages={"required": _("请写下居民的原话，一句也行。")},
    )
    handling = forms.ChoiceField(label=_("怎么办"), error_messages={"required": _("请选这件事怎么办。")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "kind": [(code, kind_title(code)) for code in KINDS],
            "handling": [(code, handling_title(code)) for code in HANDLINGS],
            "origin": [(code, origin_title(code)) for code in ORIGINS if code != "visit"],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]
        self.fields["handling"].initial = "office"


class WordsForm(DeskForm):
    """The words of a step."""

    sentence = forms.CharField(
        label=_("做了什么"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写这一步做了什么。")},
    )


class StepForm(WordsForm):
    """One step of a case; whether the resident had to come for it."""

    came = forms.BooleanField(label=_("这一步居民自己跑了一趟"), required=False)


class CorrectStepForm(WordsForm):
    """What a step should say, and why it is put right."""

    reason = forms.CharField(
        label=_("为什么更正"),
        max_length=200,
        error_messages={"required": _("请写一句为什么更正，例如“写错了日期”。")},
    )


class CloseForm(DeskForm):
    """What the resident is told when a case is closed, and how it ended."""

    sentence = forms.CharField(
        label=_("给居民的一句话"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写居民听得懂的话：办成了什么、什么时候办的。"),
        error_messages={"required": _("请写给居民的一句话：办成了什么，或者为什么办不成。")},
    )
    outcome = forms.ChoiceField(label=_("结果"), error_messages={"required": _("请选这件事的结果。")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(one.code, one.title) for one in all_outcomes()]  # type: ignore[attr-defined]


class AnswerForm(DeskForm):
    """The resident's word on a closed case."""

    answer = forms.ChoiceField(
        label=_("居民怎么说"),
        choices=[("solved", _("解决了")), ("not_solved", _("没有解决"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选居民说解决了，还是没有解决。")},
    )
    words = forms.CharField(label=_("原话（可不填）"), max_length=500, required=False)


class OwnerForm(DeskForm):
    """Who takes the case over."""

    owner = forms.ModelChoiceField(
        label=_("交给"), queryset=Staff.objects.none(), error_messages={"required": _("请选交给哪位同事。")}
    )

    def __init__(self, need: Need, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [staff.pk for staff in staff_in(need.community, "head", "worker") if may_hold(need, staff)]
        self.fields["owner"].queryset = Staff.objects.filter(pk__in=able)  # type: ignore[attr-defined]
