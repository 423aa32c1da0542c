"""What the desk asks about phones."""

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.office.form_words import DeskForm


class SealedFileForm(DeskForm):
    """The file a phone without signal exported."""

    file = forms.FileField(
        label=_("选文件（qiaomen-sealed.json）"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": _("请选手机导出的文件；走访还在那部手机里。")},
    )
