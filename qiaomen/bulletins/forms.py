"""What is asked when a bulletin is withdrawn."""

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.office.form_words import DeskForm


class WithdrawForm(DeskForm):
    """Why: the public reads it."""

    reason = forms.CharField(
        label=_("撤回的原因（公开页会显示）"),
        max_length=200,
        error_messages={"required": _("请写一句居民看得懂的原因。")},
    )
