"""What is asked of a body outside, and of a campaign."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.office.form_words import DeskForm
from qiaomen.office.shared import bodies, campaigns, posted

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class BodyForm(DeskForm):
    """Whom to ring, for what."""

    kind = forms.ChoiceField(
        label=_("哪一类"), choices=list(bodies.KINDS.items()), error_messages={"required": _("请选是哪一类单位。")}
    )
    name = forms.CharField(label=_("单位名称"), max_length=60, error_messages={"required": _("请写单位名称。")})
    telephone = forms.CharField(label=_("电话"), max_length=30, required=False)
    does = forms.CharField(
        label=_("能办什么"),
        max_length=200,
        help_text=_("居民听得懂的话，例如“办低保、临时救助”。"),
        error_messages={"required": _("请写这个单位能办什么。")},
    )


class CampaignForm(DeskForm):
    """Which purpose of the list, and from when to when."""

    purpose = forms.ChoiceField(
        label=_("哪一项"),
        choices=list(campaigns.PURPOSES.items()),
        error_messages={"required": _("请选是哪一项工作。")},
    )
    from_date = forms.DateField(label=_("从哪一天起"), widget=DAY, error_messages={"required": _("请写从哪一天起。")})
    to_date = forms.DateField(label=_("到哪一天为止"), widget=DAY, error_messages={"required": _("请写到哪一天为止。")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_date"].initial = clock.today()


class PostedForm(DeskForm):
    """What the office posts anyway, and as what."""

    kind = forms.ChoiceField(
        label=_("哪一类"),
        choices=list(posted.KINDS.items()),
        error_messages={"required": _("请选是姓名、电话还是地址。")},
    )
    text = forms.CharField(
        label=_("写法"),
        max_length=60,
        help_text=_("一次一项；空格、全角和换行的写法都认得。"),
        error_messages={"required": _("请写要放行的姓名、电话或地址。")},
    )
    capacity = forms.CharField(
        label=_("为什么该公布"),
        max_length=60,
        help_text=_("例如“一网格网格员”“值班电话”“居委会地址”。"),
        error_messages={"required": _("请写为什么该公布，例如“一网格网格员”。")},
    )
