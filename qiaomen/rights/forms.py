"""Forms of what residents ask about their own data, and of the answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.office.form_words import DeskForm
from qiaomen.rights import actions


class RightsForm(DeskForm):
    """What a resident asks about their own data."""

    kind = forms.ChoiceField(
        label=_("要求"),
        choices=list(actions.KINDS.items()),
        error_messages={"required": _("请选居民要什么：看、改、还是删。")},
    )
    words = forms.CharField(
        label=_("居民怎么说的"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写下居民怎么说的。")},
    )


class AnswerForm(DeskForm):
    """How a request was answered."""

    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=[("done", _("已办")), ("refused", _("不能办"))],
        error_messages={"required": _("请选已办还是不能办。")},
    )
    answer = forms.CharField(
        label=_("办了什么，或者为什么不能办"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写办了什么，或者为什么不能办；居民会看到这句话。")},
    )
