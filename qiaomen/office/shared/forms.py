"""What is asked of a body outside, and of a campaign."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.office.form_words import DeskForm
from qiaomen.office.shared import bodies, campaigns

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
