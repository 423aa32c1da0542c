"""What is asked of a body outside, of a campaign, and of a community."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.office.accounts.forms import TELEPHONE
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.shared import bodies, campaigns, communities

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
        choices=list(bodies.POSTED_KINDS.items()),
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


CODE = RegexValidator(
    r"^[A-Z0-9][A-Z0-9-]{1,15}$", _("编号用大写字母、数字和短横线，2 到 16 位，例如 SGX-A；不要用中文和空格。")
)
WHICH_NAME = {"required": _("请写社区的名称，居民在公开页上看到的就是它。")}


class CommunityChangeForm(DeskForm):
    """What a community is called and where it is rung."""

    name = forms.CharField(label=_("社区名称"), max_length=60, error_messages=WHICH_NAME)
    telephone = forms.CharField(
        label=_("社区电话（可不填）"),
        max_length=30,
        required=False,
        validators=[TELEPHONE],
        help_text=_("印在到访条上，也写在公开页上。"),
    )


class CommunityForm(CommunityChangeForm):
    """A new community."""

    code = forms.CharField(
        label=_("编号"),
        max_length=16,
        validators=[CODE],
        help_text=_("例如 SGX-A。它在公开页的网址里，以后不能改。"),
        error_messages={"required": _("请写编号，例如 SGX-A。")},
    )
    town = forms.CharField(
        label=_("归哪个镇街（可不填）"), max_length=60, required=False, help_text=_("还没有的镇街会一起建立。")
    )
    grids = forms.IntegerField(
        label=_("有几个网格"),
        min_value=0,
        max_value=communities.MOST_GRIDS,
        initial=0,
        help_text=_("先建第一网格、第二网格……，以后可以再加、可以改名。"),
        error_messages={"required": _("请写有几个网格，没有就写 0。")},
    )
    field_order = ("name", "code", "town", "telephone", "grids")

    def __init__(self, *args: Any, keeper: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if keeper.organisation.kind != "county":
            del self.fields["town"]

    def clean_code(self) -> str:
        """Refuse a code another place has."""
        code: str = self.cleaned_data["code"]
        if Organisation.objects.filter(code=code).exists():
            raise ValidationError(gettext("编号 {code} 已经有地方用了，请换一个。").format(code=code))
        return code


class GridForm(DeskForm):
    """What a grid is called."""

    name = forms.CharField(
        label=_("网格名称"), max_length=60, error_messages={"required": _("请写网格的名称，例如 第六网格。")}
    )
