"""What is asked of a new community, of one that changes, and of a grid."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from qiaomen.office.accounts.forms import TELEPHONE
from qiaomen.office.communities import acts
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Organisation, Staff

CODE = RegexValidator(
    r"^[A-Z0-9][A-Z0-9-]{1,15}$", _("编号用大写字母、数字和短横线，2 到 16 位，例如 SGX-A；不要用中文和空格。")
)
WHICH_NAME = {"required": _("请写社区的名称，居民在公开页上看到的就是它。")}


class ChangeForm(DeskForm):
    """What a community is called and where it is rung."""

    name = forms.CharField(label=_("社区名称"), max_length=60, error_messages=WHICH_NAME)
    telephone = forms.CharField(
        label=_("社区电话（可不填）"),
        max_length=30,
        required=False,
        validators=[TELEPHONE],
        help_text=_("印在到访条上，也写在公开页上。"),
    )


class CommunityForm(ChangeForm):
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
        max_value=acts.MOST_GRIDS,
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
            raise ValidationError(_now("编号 {code} 已经有地方用了，请换一个。").format(code=code))
        return code


class NameForm(DeskForm):
    """What a grid is called."""

    name = forms.CharField(
        label=_("网格名称"), max_length=60, error_messages={"required": _("请写网格的名称，例如 第六网格。")}
    )
