"""What is asked when somebody is owed a sentence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.needs.rules.vocabulary import CHANNELS, KINDS
from qiaomen.needs.selectors import channel_title, kind_title
from qiaomen.office.access import staff_in
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Organisation, Staff


class CorrectNeedForm(DeskForm):
    """What a need should say, and why it is put right."""

    kind = forms.ChoiceField(label=_("种类"), error_messages={"required": _("请选这件事属于哪一种。")})
    words = forms.CharField(
        label=_("居民的原话"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写下居民的原话，一句也行。")},
    )
    reason = forms.CharField(
        label=_("为什么更正"),
        max_length=200,
        error_messages={"required": _("请写一句为什么更正，例如“听错了”。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(code, kind_title(code)) for code in KINDS]  # type: ignore[attr-defined]


class TakeBackForm(DeskForm):
    """Why something that was written down is taken back."""

    reason = forms.CharField(
        label=_("为什么撤销"),
        max_length=200,
        error_messages={"required": _("请写一句为什么撤销，例如“记到别的户了”。")},
    )


class OwedForm(DeskForm):
    """What is to be told, how, by whom and by which day."""

    sentence = forms.CharField(
        label=_("要告诉居民的话"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("密封保存，每次查看都记台账。"),
        error_messages={"required": _("请写要告诉居民的话。")},
    )
    channel = forms.ChoiceField(label=_("怎么告诉"), error_messages={"required": _("请选怎么告诉。")})
    due_on = forms.DateField(
        label=_("哪一天以前"),
        error_messages={"required": _("请写哪一天以前告诉。")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    owner = forms.ModelChoiceField(
        label=_("由谁告诉"), queryset=Staff.objects.none(), error_messages={"required": _("请选由谁告诉。")}
    )

    def __init__(self, community: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [(code, channel_title(code)) for code in CHANNELS]
        self.fields["channel"].choices = ways  # type: ignore[attr-defined]
        self.fields["owner"].queryset = staff_in(community, "head", "worker")  # type: ignore[attr-defined]
